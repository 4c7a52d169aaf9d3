import type { ChangeJob } from '../../domain/job/commands.ts'
import type { JobManifest } from '../../domain/kubernetes/job-object.ts'
import type { JobView } from '../../projections/job-view.ts'
import { E, TE } from '../../prelude.ts'
import type { Actor } from '../../projections/recorded.ts'
import { withGivenName } from './given-name.ts'
import type { Because, CommandFailure, JobWriter } from './job-writer.ts'
import type { Ledger } from '../log/ledger.ts'
import { namesUnderWay } from '../log/names-under-way.ts'
import type { Entropy } from '../ports/entropy.ts'
import { whenApplied } from '../log/when-applied.ts'

/** A user's wish was done: the Job's uid, and whether anything had to change. */
export type Done = { readonly uid: string; readonly changed: boolean }

/** What users do to Jobs, by namespace and name. Answers come when the ledger shows the change. */
export type JobService = {
  /** Refused as JobAlreadyExists while a Job of this name exists. Without a name it is given one from its `generateName`. */
  readonly create: (manifest: JobManifest, actor: Actor) => TE.TaskEither<CommandFailure, Done>
  /** The same under a uid that is known already, for somebody who has a reason. */
  readonly createAs: (uid: string, manifest: JobManifest, because: Because) => TE.TaskEither<CommandFailure, Done>
  readonly change: (
    namespace: string,
    name: string,
    change: Omit<ChangeJob, 'type'>,
    actor: Actor,
  ) => TE.TaskEither<CommandFailure, Done>
  readonly remove: (
    namespace: string,
    name: string,
    propagation: 'Background' | 'Foreground' | 'Orphan',
    actor: Actor,
  ) => TE.TaskEither<CommandFailure, Done>
}

export type ServicePorts = {
  readonly ledger: Ledger
  readonly writer: JobWriter
  readonly entropy: Entropy
  readonly podBackoffBaseMs: number
  /** Clients run the Pods (runtime `external`); absent: a runtime of ours does. */
  readonly podsRunElsewhere?: boolean
  /** Whether Pods that run here go on without their Job; absent: they do not. */
  readonly leavesPods?: boolean
}

export const jobService = ({
  ledger,
  writer,
  entropy,
  podBackoffBaseMs,
  podsRunElsewhere = false,
  leavesPods = false,
}: ServicePorts): JobService => {
  const underWay = namesUnderWay()

  const isTaken = (namespace: string, name: string): boolean =>
    underWay.has(namespace, name) || ledger.find(namespace, name) !== null

  const done = async (uid: string, outcome: Awaited<ReturnType<ReturnType<JobWriter['handle']>>>) => {
    if (E.isLeft(outcome)) return outcome
    const { position, events } = outcome.right
    if (position !== null) await whenApplied(ledger, position)
    return E.right({ uid, changed: events.length > 0 })
  }

  const onExisting = (
    namespace: string,
    name: string,
    act: (uid: string) => ReturnType<JobWriter['handle']>,
  ): TE.TaskEither<CommandFailure, Done> => {
    const state = ledger.find(namespace, name)?.state
    if (state?._tag !== 'Job') return TE.left({ _tag: 'JobNotFound' })
    return async () => done(state.uid, await act(state.uid)())
  }

  const createAs: JobService['createAs'] = (uid, manifest, because) => {
    const { metadata } = manifest
    if (isTaken(metadata.namespace, metadata.name)) return TE.left({ _tag: 'JobAlreadyExists' })
    const create = writer.handle(uid, { type: 'CreateJob', uid, manifest, podBackoffBaseMs, podsRunElsewhere }, because)
    return underWay.during(metadata, async () => done(uid, await create()))
  }

  return {
    create: (manifest, actor) => async () =>
      createAs(entropy.uuid(), withGivenName(manifest, entropy, isTaken), { actor, isNew: true })(),
    createAs,
    change: (namespace, name, change, actor) =>
      onExisting(namespace, name, (uid) => writer.handle(uid, { type: 'ChangeJob', ...change }, { actor })),
    remove: (namespace, name, propagation, actor) =>
      propagation === 'Orphan' && !leavesPods && hasPodsHere(ledger.find(namespace, name))
        ? TE.left({ _tag: 'PodsEndHere' })
        : onExisting(namespace, name, (uid) => writer.handle(uid, { type: 'DeleteJob', propagation }, { actor })),
  }
}

/** Pods of the Job run here, or are about to. */
const hasPodsHere = (view: JobView | null): boolean =>
  view?.state._tag === 'Job' &&
  !view.state.terms.podsRunElsewhere &&
  view.state.counts.active + view.state.counts.terminating > 0
