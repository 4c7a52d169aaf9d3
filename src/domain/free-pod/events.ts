import * as t from 'io-ts'
import { int, nullable } from '../codecs.ts'
import { PodObservation } from '../job/observations.ts'
import { PodPlace } from '../job/pod-run.ts'

/**
 * Everything that can have happened to a Pod while no Job controls it: the events of a `pod-<uid>` stream, version 1. A user created
 * it, or a Job left it behind or let it go; a Job may take it over, and then its story goes on in that Job's stream.
 */
const at = { at: t.number }

export const freePodEvents = {
  /** Payload: the Pod's object without what its state adds. Stands before the event that says why it is here. */
  FreePodFormRecorded: t.strict(
    { type: t.literal('FreePodFormRecorded'), form: t.UnknownRecord, ...at },
    'FreePodFormRecorded',
  ),
  /**
   * No Job controls the Pod from now on. `from`: the Job that had it and its number there, null when a user created it.
   * `gracePeriodSeconds` is its own; `deletion`: it was being deleted already.
   */
  FreePodReceived: t.strict(
    {
      type: t.literal('FreePodReceived'),
      uid: t.string,
      namespace: t.string,
      name: t.string,
      from: nullable(PodPlace),
      gracePeriodSeconds: int,
      hasNode: t.boolean,
      hasEnded: t.boolean,
      hasFinalizers: t.boolean,
      deletion: nullable(t.strict({ at: t.number, graceSeconds: int })),
      ...at,
    },
    'FreePodReceived',
  ),
  /** Payload: the smallest merge patch of the form. */
  FreePodChanged: t.strict(
    {
      type: t.literal('FreePodChanged'),
      patch: t.UnknownRecord,
      hasNode: t.boolean,
      hasFinalizers: t.boolean,
      ...at,
    },
    'FreePodChanged',
  ),
  /** Payload: the status as a client that runs the Pod wrote it. */
  FreePodStatusRecorded: t.strict(
    { type: t.literal('FreePodStatusRecorded'), status: t.UnknownRecord, hasEnded: t.boolean, ...at },
    'FreePodStatusRecorded',
  ),
  /** The Pod is to run here, on this node. */
  FreePodPlaced: t.strict({ type: t.literal('FreePodPlaced'), node: t.string, ...at }, 'FreePodPlaced'),
  /** The Pod that a Job has let go runs here already, under this place. */
  FreePodRunTakenOver: t.strict(
    { type: t.literal('FreePodRunTakenOver'), node: t.string, place: PodPlace, ...at },
    'FreePodRunTakenOver',
  ),
  /** What a runtime saw of a Pod that runs here; of one that a Job has let go, also what was seen before. */
  FreePodObserved: t.strict(
    { type: t.literal('FreePodObserved'), observation: PodObservation, ...at },
    'FreePodObserved',
  ),
  FreePodDeletionRequested: t.strict(
    { type: t.literal('FreePodDeletionRequested'), graceSeconds: int, ...at },
    'FreePodDeletionRequested',
  ),
  /** The Pod object is gone. */
  FreePodRemoved: t.strict({ type: t.literal('FreePodRemoved'), ...at }, 'FreePodRemoved'),
  /** This Job takes the Pod over; it is shown here until that Job's stream has it. */
  FreePodGivenAway: t.strict({ type: t.literal('FreePodGivenAway'), to: t.string, ...at }, 'FreePodGivenAway'),
  /** The Job did not take it after all. */
  FreePodTakenBack: t.strict({ type: t.literal('FreePodTakenBack'), ...at }, 'FreePodTakenBack'),
}

export const freePodEventVersion = 1

type Codecs = typeof freePodEvents
export type FreePodEvent = { [K in keyof Codecs]: t.TypeOf<Codecs[K]> }[keyof Codecs]
export type FreePodEventOf<K extends keyof Codecs> = t.TypeOf<Codecs[K]>
