import type { ChangeJob, DeleteJob, ReportJob } from '../../domain/job/commands.ts'
import { decide } from '../../domain/job/decide.ts'
import { evolveAll } from '../../domain/job/evolve.ts'
import type { Job } from '../../domain/job/job.ts'
import { changedJob, changedJobStatus } from '../../domain/kubernetes/changed-job.ts'
import { deletionFinalizers } from '../../domain/kubernetes/deletion-finalizers.ts'
import type { FieldErrors } from '../../domain/kubernetes/field-error.ts'
import type { JobManifest, JobObject, JobSpec } from '../../domain/kubernetes/job-object.ts'
import { prepareJob } from '../../domain/kubernetes/prepare-job.ts'
import type { Shape } from '../../domain/kubernetes/schema.ts'
import { validateJob } from '../../domain/kubernetes/validate-job.ts'
import { jobUpdateWarnings, jobWarnings } from '../../domain/kubernetes/job-warnings.ts'
import { sameValue } from '../../domain/same-value.ts'
import { validateJobStatusUpdate } from '../../domain/kubernetes/validate-job-status-update.ts'
import { validateJobUpdate } from '../../domain/kubernetes/validate-job-update.ts'
import { withDefaults } from '../../domain/kubernetes/with-defaults.ts'
import { mergePatchBetween } from '../../domain/merge-patch.ts'
import { E, TE } from '../../prelude.ts'
import { jobObject } from '../../projections/job-object.ts'
import { kubernetesTime } from '../../projections/time.ts'
import type { JobView } from '../../projections/job-view.ts'
import type { JobService } from '../jobs/job-service.ts'
import type { JobWriter } from '../jobs/job-writer.ts'
import type { Ledger } from '../log/ledger.ts'
import type { Clock } from '../ports/clock.ts'
import type { Entropy } from '../ports/entropy.ts'
import { whenApplied } from '../log/when-applied.ts'
import { apiFailure } from './failures.ts'
import { oneAtATime } from './one-at-a-time.ts'
import type { ApiFailure, Asked, Removed, Resource } from './resource.ts'

export type JobsPorts = {
  readonly ledger: Ledger
  readonly writer: JobWriter
  readonly service: JobService
  readonly entropy: Entropy
  readonly clock: Clock
}

/** Jobs as the API serves them. */
export const jobsResource = ({ ledger, writer, service, entropy, clock }: JobsPorts): Required<Resource<JobObject>> => {
  const inTurn = oneAtATime(ledger, 'jobs')

  const present = (namespace: string, name: string): { readonly view: JobView; readonly object: JobObject } | null => {
    const view = ledger.find(namespace, name)
    const object = view === null ? null : jobObject(view)
    return view === null || object === null ? null : { view, object }
  }

  /** What the ledger shows of the Job after the change; as it was last when it is gone. */
  const shown = async (uid: string, position: bigint | null, before: JobObject): Promise<Removed<JobObject>> => {
    if (position !== null) await whenApplied(ledger, position)
    const view = ledger.getByUid(uid)
    const object = view === null ? null : jobObject(view)
    return { gone: object === null, object: object ?? before }
  }

  /** The writer knows of a newer version, which the ledger shows in a moment. */
  const whenNewer = async ({ uid, version }: Job): Promise<void> => {
    const state = ledger.getByUid(uid)?.state
    if (state?._tag === 'Job' && state.version === version) await whenApplied(ledger, ledger.position() + 1n)
  }

  const create = (
    namespace: string,
    sent: unknown,
    { actor, warn, dryRun }: Asked,
  ): TE.TaskEither<ApiFailure, JobObject> => {
    const given = withDefaults(sent as Shape<'Job'>)
    const named = { ...given, metadata: { ...given.metadata, namespace } }
    const prepared = prepareJob(named, entropy.uuid()) as Shape<'Job'>
    const errors = validateJob(prepared)
    if (errors.length > 0) return TE.left({ _tag: 'Invalid', errors })
    for (const warning of jobWarnings(prepared)) warn(warning)
    if (dryRun === true)
      return ledger.find(namespace, prepared.metadata?.name ?? '') === null
        ? TE.right(asIfCreated(prepared as JobManifest, clock.now()))
        : TE.left({ _tag: 'AlreadyExists' })
    return async () => {
      const done = await service.create(named as JobManifest, actor)()
      if (E.isLeft(done)) return E.left(apiFailure(done.left))
      const view = ledger.getByUid(done.right.uid)
      const object = view === null ? null : jobObject(view)
      return object === null ? E.left({ _tag: 'NotFound' }) : E.right(object)
    }
  }

  const change: NonNullable<Resource<JobObject>['change']> =
    ({ namespace, name, part }, wanted, { actor, warn, dryRun }) =>
    async () => {
      for (let tries = 1; ; tries += 1) {
        const now = present(namespace, name)
        if (now === null || now.view.state._tag === 'NoJob') return E.left({ _tag: 'NotFound' })
        const sent = wanted(now.object)
        if (E.isLeft(sent)) return sent
        const { changed, validate } = parts[part]
        const next = changed(sent.right as Shape<'Job'>, now.object as Shape<'Job'>)
        const errors: FieldErrors = validate(next, now.object as Shape<'Job'>)
        if (errors.length > 0) return E.left({ _tag: 'Invalid', errors })
        const command = changeBetween(now.object, next as JobObject)
        if (part === 'main')
          for (const warning of jobUpdateWarnings(next, command !== null && isNewGeneration(command))) warn(warning)
        const isReport = part === 'status' && !sameValue(next.status ?? {}, now.object.status)
        if (command === null && !isReport) return E.right(now.object)
        if (dryRun === true) return E.right(asIfChanged(now.object, next as JobObject, command))
        const { uid } = now.view.state
        const reported = isReport ? await writer.handle(uid, reportOf(next as JobObject), { actor })() : null
        if (reported !== null && E.isLeft(reported)) return E.left(apiFailure(reported.left))
        const basedOn = now.view.state.version + (isReport ? 1 : 0)
        const written = command === null ? reported : await writer.handle(uid, { ...command, basedOn }, { actor })()
        if (written === null) return E.right(now.object)
        if (E.isLeft(written) && written.left._tag === 'JobOutdated' && tries < triesMax) {
          await whenNewer(now.view.state)
          continue
        }
        if (E.isLeft(written)) return E.left(apiFailure(written.left))
        return E.right((await shown(uid, written.right.position, now.object)).object)
      }
    }

  const remove: NonNullable<Resource<JobObject>['remove']> =
    (namespace, name, { propagation = null }, { actor, dryRun }) =>
    async () => {
      const now = present(namespace, name)
      if (now === null || now.view.state._tag === 'NoJob') return E.left({ _tag: 'NotFound' })
      const command = { type: 'DeleteJob', propagation } as const
      const { uid } = now.view.state
      if (dryRun === true) return asIfDeleted(now, command, clock.now())
      const written = await writer.handle(uid, command, { actor })()
      if (E.isLeft(written)) return E.left(apiFailure(written.left))
      return E.right(await shown(uid, written.right.position, now.object))
    }

  return {
    get: (namespace, name) => present(namespace, name)?.object ?? null,
    list: listJobs(ledger),
    withDefaults: (sent) => withDefaults(sent as Shape<'Job'>),
    create,
    change: (place, ...asked) => inTurn(place.namespace, place.name, change(place, ...asked)),
    remove,
  }
}

/** The Jobs of a ledger, in the order of lists. */
export const listJobs =
  (ledger: Ledger): Resource<JobObject>['list'] =>
  (namespace) =>
    ledger
      .list()
      .filter(({ state }) => state._tag === 'Job' && (namespace === null || state.namespace === namespace))
      .flatMap((view) => jobObject(view) ?? [])
      .sort(byName)

/** What a part of a Job is made of, and what makes a change of it invalid. */
const parts = {
  main: { changed: changedJob, validate: validateJobUpdate },
  status: { changed: changedJobStatus, validate: validateJobStatusUpdate },
} as const

const reportOf = ({ status }: JobObject): ReportJob => {
  const end = status.conditions?.find(
    ({ type, status: value }) => (type === 'Complete' || type === 'Failed') && value === 'True',
  )
  const finishedAt = end === undefined ? null : Date.parse(end.lastTransitionTime)
  return {
    type: 'ReportJob',
    status: status as ReportJob['status'],
    finishedAt: Number.isNaN(finishedAt) ? null : finishedAt,
  }
}

/** What the answer to a dry run shows that nothing is recorded of. */
const asIfCreated = (job: JobManifest, at: number): JobObject => ({
  ...job,
  metadata: { ...job.metadata, generation: 1, creationTimestamp: kubernetesTime(at) },
  status: {},
})
const asIfChanged = (now: JobObject, next: JobObject, command: ChangeJob | null): JobObject => ({
  ...next,
  metadata: {
    ...next.metadata,
    generation: (now.metadata.generation ?? 1) + (command !== null && isNewGeneration(command) ? 1 : 0),
  },
})

/** What the deletion would leave of the Job. */
const asIfDeleted = (
  { view, object }: { readonly view: JobView; readonly object: JobObject },
  command: DeleteJob,
  at: number,
): E.Either<ApiFailure, Removed<JobObject>> => {
  const decided = decide(command, { at, seed: '' })(view.state)
  if (E.isLeft(decided)) return E.left(apiFailure(decided.left))
  const left = jobObject({ ...view, state: evolveAll(view.state, decided.right) })
  return E.right({ gone: left === null, object: left ?? object })
}

const isNewGeneration = ({ type: _, basedOn: _b, rest, ...terms }: ChangeJob): boolean =>
  Object.keys(terms).length > 0 || (rest !== undefined && 'spec' in rest.patch)

/** As often as an API server tries when others are faster. */
const triesMax = 10

const byName = (a: JobObject, b: JobObject): number =>
  compare(a.metadata.namespace, b.metadata.namespace) || compare(a.metadata.name, b.metadata.name)
const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)

/** The command that makes `next` of the Job as it is now; null when nothing changes. */
const changeBetween = (now: JobObject, next: JobObject): ChangeJob | null => {
  const terms = termsOf(now.spec, next.spec)
  const patch = mergePatchBetween(restOf(now), restOf(next))
  if (Object.keys(terms).length === 0 && patch === null) return null
  const hasFinalizers = ownFinalizers(next).length > 0
  return {
    type: 'ChangeJob',
    ...terms,
    ...(patch === null ? {} : { rest: { patch, hasFinalizers } }),
  }
}

const termFields = [
  'suspend',
  'parallelism',
  'completions',
  'podReplacementPolicy',
  'maxFailedIndexes',
  'backoffLimit',
  'activeDeadlineSeconds',
  'ttlSecondsAfterFinished',
] as const

/** Fields whose changes have events of their own; null unsets. */
const termsOf = (now: JobSpec, next: JobSpec): Partial<ChangeJob> =>
  Object.fromEntries(
    termFields.filter((field) => now[field] !== next[field]).map((field) => [field, next[field] ?? null]),
  )

/** Everything else that a user may change. */
const restOf = ({ metadata, spec }: JobObject): Readonly<Record<string, unknown>> => {
  const { generateName, labels, annotations, ownerReferences, managedFields } = metadata
  const own = ownFinalizers({ metadata })
  const finalizers = own.length === 0 ? undefined : own
  const rest = Object.fromEntries(
    Object.entries(spec).filter(([field]) => !(termFields as ReadonlyArray<string>).includes(field)),
  )
  return withoutAbsent({
    metadata: withoutAbsent({ generateName, labels, annotations, finalizers, ownerReferences, managedFields }),
    spec: rest,
  })
}

/** Without those that only tell how the Job is being deleted. */
const ownFinalizers = ({ metadata }: Pick<JobObject, 'metadata'>): ReadonlyArray<string> =>
  (metadata.finalizers ?? []).filter((name) => !Object.values<string>(deletionFinalizers).includes(name))

const withoutAbsent = (record: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> =>
  Object.fromEntries(Object.entries(record).filter(([, value]) => value !== undefined))
