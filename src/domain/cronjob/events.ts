import * as t from 'io-ts'
import { int, nullable } from '../codecs.ts'

/**
 * Everything that can have happened to a CronJob: the events of a `cronjob-<uid>` stream, version 1. A run is one Job that the
 * schedule asked for; what happens to that Job stands in its own stream. `at` is the event's own time and `scheduledAt` the time the
 * schedule named, both in epoch milliseconds.
 */
const at = { at: t.number }
const run = { uid: t.string, name: t.string }

export const Propagation = t.keyof({ Background: null, Foreground: null, Orphan: null }, 'Propagation')
export type Propagation = t.TypeOf<typeof Propagation>

/** Why a schedule cannot be followed (or, if unsupported, is followed with a warning). */
export const ScheduleProblem = t.keyof(
  { UnknownTimeZone: null, UnsupportedSchedule: null, UnparseableSchedule: null, InvalidSchedule: null },
  'ScheduleProblem',
)
export type ScheduleProblem = t.TypeOf<typeof ScheduleProblem>

export const cronJobEvents = {
  /** Payload: the user's metadata and spec with its defaults. Stands before the event that says what it is for. */
  CronJobManifestRecorded: t.strict(
    { type: t.literal('CronJobManifestRecorded'), generation: int, manifest: t.UnknownRecord, ...at },
    'CronJobManifestRecorded',
  ),
  /** Uids of the CronJob's Jobs derive from `seed` and the scheduled time. */
  CronJobCreated: t.strict(
    { type: t.literal('CronJobCreated'), uid: t.string, namespace: t.string, name: t.string, seed: t.string, ...at },
    'CronJobCreated',
  ),
  /** The manifest before this event holds from now on; `next` as in `CronJobSynced`. */
  CronJobChanged: t.strict(
    { type: t.literal('CronJobChanged'), generation: int, next: nullable(t.number), ...at },
    'CronJobChanged',
  ),
  CronJobDeletionRequested: t.strict(
    { type: t.literal('CronJobDeletionRequested'), propagation: Propagation, ...at },
    'CronJobDeletionRequested',
  ),
  /** The CronJob object is gone; requests to delete its Jobs may follow. */
  CronJobDeleted: t.strict({ type: t.literal('CronJobDeleted'), ...at }, 'CronJobDeleted'),

  /** A Job is to be created under this name and uid. Answered by `RunStarted`, `RunBlocked` or `RunRefused`. */
  RunScheduled: t.strict({ type: t.literal('RunScheduled'), ...run, scheduledAt: t.number, ...at }, 'RunScheduled'),
  /** The Job exists. `found`: it had been there before, under a name that two scheduled times share. */
  RunStarted: t.strict(
    {
      type: t.literal('RunStarted'),
      ...run,
      scheduledAt: t.number,
      resourceVersion: t.string,
      found: t.boolean,
      ...at,
    },
    'RunStarted',
  ),
  /** Somebody else's Job has the name: nothing is said of it, and this time is not started. */
  RunBlocked: t.strict({ type: t.literal('RunBlocked'), name: t.string, scheduledAt: t.number, ...at }, 'RunBlocked'),
  /** The Job could not be created; tried again at `retryAt`. */
  RunRefused: t.strict(
    {
      type: t.literal('RunRefused'),
      name: t.string,
      scheduledAt: t.number,
      message: t.string,
      retryAt: t.number,
      ...at,
    },
    'RunRefused',
  ),
  /** `concurrencyPolicy: Forbid` while a Job is active. */
  RunForbidden: t.strict({ type: t.literal('RunForbidden'), scheduledAt: t.number, ...at }, 'RunForbidden'),
  /** More than a hundred times went by; the latest of them is started all the same. */
  TooManyTimesMissed: t.strict({ type: t.literal('TooManyTimesMissed'), count: t.number, ...at }, 'TooManyTimesMissed'),
  ScheduleRefused: t.strict(
    { type: t.literal('ScheduleRefused'), reason: ScheduleProblem, message: t.string, ...at },
    'ScheduleRefused',
  ),

  /** An active Job was seen finished. */
  RunFinished: t.strict(
    {
      type: t.literal('RunFinished'),
      ...run,
      condition: t.keyof({ Complete: null, Failed: null }),
      ...at,
    },
    'RunFinished',
  ),
  /** A Job of the CronJob, active or not, completed later than any before. */
  RunSucceeded: t.strict({ type: t.literal('RunSucceeded'), ...run, completedAt: t.number, ...at }, 'RunSucceeded'),
  /** An active Job is not there any more. */
  RunVanished: t.strict({ type: t.literal('RunVanished'), ...run, ...at }, 'RunVanished'),
  /** An unfinished Job names the CronJob as its controller, but was not started by it. */
  UnexpectedJobSeen: t.strict({ type: t.literal('UnexpectedJobSeen'), ...run, ...at }, 'UnexpectedJobSeen'),
  /** The Job is to be deleted: a limit of the history, `concurrencyPolicy: Replace`, or the end of the CronJob. */
  RunDeletionRequested: t.strict(
    {
      type: t.literal('RunDeletionRequested'),
      ...run,
      by: t.keyof({ history: null, replace: null, collector: null }),
      propagation: t.keyof({ Background: null, Foreground: null }),
      ...at,
    },
    'RunDeletionRequested',
  ),
  /** A Job whose deletion was requested is gone. */
  RunRemoved: t.strict({ type: t.literal('RunRemoved'), ...run, ...at }, 'RunRemoved'),
  /** A user wrote the status, as a backup that is restored does. */
  CronJobStatusReplaced: t.strict(
    {
      type: t.literal('CronJobStatusReplaced'),
      active: t.readonlyArray(t.strict({ ...run, resourceVersion: t.string })),
      lastScheduleTime: nullable(t.number),
      lastSuccessfulTime: nullable(t.number),
      ...at,
    },
    'CronJobStatusReplaced',
  ),
  /** The end of a sync. `next`: when the CronJob is looked at again if nothing else happens; null: not before. */
  CronJobSynced: t.strict({ type: t.literal('CronJobSynced'), next: nullable(t.number), ...at }, 'CronJobSynced'),
}

type Codecs = typeof cronJobEvents
export type CronJobEventType = keyof Codecs
export type CronJobEvent = { [K in CronJobEventType]: t.TypeOf<Codecs[K]> }[CronJobEventType]
export type CronJobEventOf<K extends CronJobEventType> = t.TypeOf<Codecs[K]>

/** All types are at version 1. */
export const cronJobEventVersion = 1
