import type { ReplaceCronJobStatus } from '../../domain/cronjob/commands.ts'
import { changedCronJob, changedCronJobStatus } from '../../domain/kubernetes/changed-cron-job.ts'
import type { CronJobManifest, CronJobObject } from '../../domain/kubernetes/cron-job-object.ts'
import { cronJobWithDefaults } from '../../domain/kubernetes/cron-job-with-defaults.ts'
import type { Shape } from '../../domain/kubernetes/schema.ts'
import {
  cronJobUpdateWarnings,
  cronJobWarnings,
  validateCronJob,
  validateCronJobStatusUpdate,
  validateCronJobUpdate,
} from '../../domain/kubernetes/validate-cron-job.ts'
import { userMetadata } from '../../domain/kubernetes/with-defaults.ts'
import { sameValue } from '../../domain/same-value.ts'
import { E, TE } from '../../prelude.ts'
import { cronJobObject } from '../../projections/cron-job-object.ts'
import { kubernetesTime } from '../../projections/time.ts'
import type { CronJobService } from '../cron-jobs/cron-job-service.ts'
import type { CronJobFailure, CronJobWriter } from '../cron-jobs/cron-job-writer.ts'
import type { Ledger } from '../log/ledger.ts'
import type { Clock } from '../ports/clock.ts'
import type { Entropy } from '../ports/entropy.ts'
import { whenApplied } from '../log/when-applied.ts'
import { outdated } from './failures.ts'
import { oneAtATime } from './one-at-a-time.ts'
import type { ApiFailure, Asked, Resource } from './resource.ts'

export type CronJobsPorts = {
  readonly ledger: Ledger
  readonly writer: CronJobWriter
  readonly service: CronJobService
  readonly entropy: Entropy
  readonly clock: Clock
}

/** CronJobs as the API serves them. */
export const cronJobsResource = ({
  ledger,
  writer,
  service,
  entropy,
  clock,
}: CronJobsPorts): Resource<CronJobObject> => {
  const inTurn = oneAtATime(ledger, 'cronjobs')

  const get = (namespace: string, name: string): CronJobObject | null => {
    const view = ledger.cronJobs.find(namespace, name)
    return view === null ? null : cronJobObject(view)
  }

  const create = (namespace: string, sent: unknown, asked: Asked): TE.TaskEither<ApiFailure, CronJobObject> => {
    const given = cronJobWithDefaults(sent as Shape<'CronJob'>)
    const named = { ...given, metadata: { ...given.metadata, namespace } }
    const errors = validateCronJob(named)
    if (errors.length > 0) return TE.left({ _tag: 'Invalid', errors })
    for (const warning of cronJobWarnings(named)) asked.warn(warning)
    const manifest = named as CronJobManifest
    const { name } = manifest.metadata
    if (asked.dryRun !== true) return async () => shown(await service.create(manifest, asked.actor)())
    if (get(namespace, name) !== null) return TE.left({ _tag: 'AlreadyExists' })
    const creationTimestamp = kubernetesTime(clock.now())
    const metadata = { ...manifest.metadata, uid: entropy.uuid(), generation: 1, creationTimestamp }
    return TE.right({ ...manifest, metadata, status: {} })
  }

  /** What the ledger shows after a wish was done. */
  const shown = (outcome: E.Either<CronJobFailure, { readonly uid: string }>): E.Either<ApiFailure, CronJobObject> => {
    if (E.isLeft(outcome)) return E.left(failureOf(outcome.left))
    const view = ledger.cronJobs.getByUid(outcome.right.uid)
    const object = view === null ? null : cronJobObject(view)
    return object === null ? E.left({ _tag: 'NotFound' }) : E.right(object)
  }

  const change: NonNullable<Resource<CronJobObject>['change']> =
    ({ namespace, name, part }, wanted, asked) =>
    async () => {
      const present = get(namespace, name)
      if (present === null) return E.left({ _tag: 'NotFound' })
      const sent = wanted(present)
      if (E.isLeft(sent)) return sent
      const { changed: changedBy, validate } = parts[part]
      const object = changedBy(sent.right as Shape<'CronJob'>, present as Shape<'CronJob'>)
      const errors = validate(object, present as Shape<'CronJob'>)
      if (errors.length > 0) return E.left({ _tag: 'Invalid', errors })
      const next = manifestOf(object, present)
      const isNewGeneration = !sameValue(next.spec, present.spec)
      if (part === 'main')
        for (const warning of cronJobUpdateWarnings(next as Shape<'CronJob'>, isNewGeneration)) asked.warn(warning)
      const status = part === 'status' ? (object.status ?? {}) : null
      if (asked.dryRun === true) return E.right(asIf(present, next, isNewGeneration, status))
      const changed = shown(await service.change(namespace, name, () => next, asked.actor)())
      return status === null || E.isLeft(changed) ? changed : writeStatus(changed.right, status, asked)
    }

  const writeStatus = async (
    { metadata }: CronJobObject,
    status: Shape<'CronJobStatus'>,
    { actor }: Asked,
  ): Promise<E.Either<ApiFailure, CronJobObject>> => {
    const uid = metadata.uid ?? ''
    const written = await writer.handle(uid, statusCommand(status), { actor })()
    if (E.isLeft(written)) return E.left(failureOf(written.left))
    if (written.right.position !== null) await whenApplied(ledger, written.right.position)
    return shown(E.right({ uid }))
  }

  const remove: NonNullable<Resource<CronJobObject>['remove']> =
    (namespace, name, { propagation = 'Background' }, { actor, dryRun }) =>
    async () => {
      const object = get(namespace, name)
      if (object === null) return E.left({ _tag: 'NotFound' })
      if (dryRun === true) return E.right({ gone: propagation !== 'Foreground', object })
      const removed = await service.remove(namespace, name, propagation, actor)()
      if (E.isLeft(removed)) return E.left(failureOf(removed.left))
      const after = shown(removed)
      return E.right(E.isRight(after) ? { gone: false, object: after.right } : { gone: true, object })
    }

  return {
    get,
    list: listCronJobs(ledger),
    withDefaults: (sent) => cronJobWithDefaults(sent as Shape<'CronJob'>),
    create,
    change: (place, ...asked) => inTurn(place.namespace, place.name, change(place, ...asked)),
    remove,
  }
}

/** The CronJobs of a ledger, in the order of lists. */
export const listCronJobs =
  (ledger: Ledger): Resource<CronJobObject>['list'] =>
  (namespace) =>
    ledger.cronJobs
      .list()
      .flatMap((view) => cronJobObject(view) ?? [])
      .filter(({ metadata }) => namespace === null || metadata.namespace === namespace)
      .sort((a, b) => compare(a.metadata.namespace, b.metadata.namespace) || compare(a.metadata.name, b.metadata.name))

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)

/** What a part of a CronJob is made of, and what makes a change of it invalid. */
const parts = {
  main: { changed: changedCronJob, validate: validateCronJobUpdate },
  status: { changed: changedCronJobStatus, validate: validateCronJobStatusUpdate },
} as const

/** The manifest of the object that is wanted. The finalizer of a deletion is not the user's. */
const manifestOf = ({ metadata = {}, spec }: Shape<'CronJob'>, present: CronJobObject): CronJobManifest => {
  const { finalizers = [], ...rest } = userMetadata(metadata)
  const own = present.metadata.deletionTimestamp === undefined ? finalizers : finalizers.filter(isUsers)
  return {
    apiVersion: 'batch/v1',
    kind: 'CronJob',
    metadata: { ...rest, ...(own.length === 0 ? {} : { finalizers: own }) },
    spec,
  } as CronJobManifest
}

const isUsers = (finalizer: string): boolean => finalizer !== 'foregroundDeletion'

const statusCommand = ({
  active = [],
  lastScheduleTime,
  lastSuccessfulTime,
}: Shape<'CronJobStatus'>): ReplaceCronJobStatus => ({
  type: 'ReplaceCronJobStatus',
  active: active.map(({ uid = '', name = '', resourceVersion = '' }) => ({ uid, name, resourceVersion })),
  lastScheduleTime: timeOf(lastScheduleTime),
  lastSuccessfulTime: timeOf(lastSuccessfulTime),
})

const timeOf = (text: string | undefined): number | null => (text === undefined ? null : Date.parse(text))

/** The object as it would be. */
const asIf = (
  present: CronJobObject,
  { metadata, spec }: CronJobManifest,
  isNewGeneration: boolean,
  status: Shape<'CronJobStatus'> | null,
): CronJobObject => {
  const { uid = '', resourceVersion = '', creationTimestamp = '', generation = 1 } = present.metadata
  const system = { uid, resourceVersion, creationTimestamp, generation: generation + (isNewGeneration ? 1 : 0) }
  return {
    ...present,
    metadata: { ...metadata, ...system },
    spec,
    status: status === null ? present.status : (status as CronJobObject['status']),
  }
}

const failureOf = (failure: CronJobFailure): ApiFailure => {
  switch (failure._tag) {
    case 'CronJobNotFound':
      return { _tag: 'NotFound' }
    case 'CronJobAlreadyExists':
      return { _tag: 'AlreadyExists' }
    case 'WrongExpectedRevision':
      return { _tag: 'Conflict', detail: outdated }
    case 'UnknownOutcome':
      return { _tag: 'UnknownOutcome', reason: failure.reason }
    case 'StoreUnavailable':
      return { _tag: 'Unavailable', reason: failure.reason }
  }
}
