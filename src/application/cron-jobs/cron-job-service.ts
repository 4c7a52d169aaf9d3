import type { Propagation } from '../../domain/cronjob/events.ts'
import type { CronJobManifest } from '../../domain/kubernetes/cron-job-object.ts'
import { E, TE } from '../../prelude.ts'
import type { Actor } from '../../projections/recorded.ts'
import type { CronJobFailure, CronJobWriter } from './cron-job-writer.ts'
import { withGivenName } from '../jobs/given-name.ts'
import type { Done } from '../jobs/job-service.ts'
import type { Ledger } from '../log/ledger.ts'
import { namesUnderWay } from '../log/names-under-way.ts'
import type { Entropy } from '../ports/entropy.ts'
import { whenApplied } from '../log/when-applied.ts'

/** What users do to CronJobs, by namespace and name. Answers come when the ledger shows the change. */
export type CronJobService = {
  /** Refused as CronJobAlreadyExists while a CronJob of this name exists. Without a name it is given one from its `generateName`. */
  readonly create: (manifest: CronJobManifest, actor: Actor) => TE.TaskEither<CronJobFailure, Done>
  /** `change` makes the manifest that is wanted from the present one; both are valid and have their defaults. */
  readonly change: (
    namespace: string,
    name: string,
    change: (present: CronJobManifest) => CronJobManifest,
    actor: Actor,
  ) => TE.TaskEither<CronJobFailure, Done>
  readonly remove: (
    namespace: string,
    name: string,
    propagation: Propagation,
    actor: Actor,
  ) => TE.TaskEither<CronJobFailure, Done>
}

export const cronJobService = (ports: {
  readonly ledger: Ledger
  readonly writer: CronJobWriter
  readonly entropy: Entropy
}): CronJobService => {
  const { ledger, writer, entropy } = ports
  const underWay = namesUnderWay()

  const isTaken = (namespace: string, name: string): boolean =>
    underWay.has(namespace, name) || ledger.cronJobs.find(namespace, name) !== null

  const done = async (uid: string, outcome: Awaited<ReturnType<ReturnType<CronJobWriter['handle']>>>) => {
    if (E.isLeft(outcome)) return outcome
    const { position, events } = outcome.right
    if (position !== null) await whenApplied(ledger, position)
    return E.right({ uid, changed: events.length > 0 })
  }

  const onExisting = (
    namespace: string,
    name: string,
    act: (uid: string, present: CronJobManifest) => ReturnType<CronJobWriter['handle']>,
  ): TE.TaskEither<CronJobFailure, Done> => {
    const state = ledger.cronJobs.find(namespace, name)?.state
    if (state?._tag !== 'CronJob') return TE.left({ _tag: 'CronJobNotFound' })
    return async () => done(state.uid, await act(state.uid, state.manifest)())
  }

  return {
    create: (given, actor) => async () => {
      const manifest = withGivenName(given, entropy, isTaken)
      if (isTaken(manifest.metadata.namespace, manifest.metadata.name)) return E.left({ _tag: 'CronJobAlreadyExists' })
      const uid = entropy.uuid()
      const create = writer.handle(uid, { type: 'CreateCronJob', uid, manifest }, { actor, isNew: true })
      return underWay.during(manifest.metadata, async () => done(uid, await create()))()
    },
    change: (namespace, name, change, actor) =>
      onExisting(namespace, name, (uid, present) =>
        writer.handle(uid, { type: 'ChangeCronJob', manifest: change(present) }, { actor }),
      ),
    remove: (namespace, name, propagation, actor) =>
      onExisting(namespace, name, (uid) => writer.handle(uid, { type: 'DeleteCronJob', propagation }, { actor })),
  }
}
