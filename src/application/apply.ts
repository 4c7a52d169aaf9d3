import type { ChangeJob } from '../domain/job/commands.ts'
import { changedJob } from '../domain/kubernetes/changed-job.ts'
import type { CronJobManifest } from '../domain/kubernetes/cron-job-object.ts'
import { type FieldErrors, renderFieldError } from '../domain/kubernetes/field-error.ts'
import type { JobManifest, JobObject } from '../domain/kubernetes/job-object.ts'
import { prepareJob } from '../domain/kubernetes/prepare-job.ts'
import type { Shape } from '../domain/kubernetes/schema.ts'
import { validateCronJobUpdate } from '../domain/kubernetes/validate-cron-job.ts'
import { validateJobUpdate } from '../domain/kubernetes/validate-job-update.ts'
import { sameValue } from '../domain/same-value.ts'
import { E, type TE } from '../prelude.ts'
import { jobObject } from '../projections/job-object.ts'
import type { Actor } from '../projections/recorded.ts'
import type { CronJobService } from './cron-job-service.ts'
import { failureText } from './failure-text.ts'
import type { Done, JobService } from './job-service.ts'
import type { Ledger } from './ledger.ts'

/** What became of an object that was to be as its manifest says. */
export type Applied = { readonly uid: string; readonly did: 'created' | 'configured' | 'unchanged' }

/** Makes the Job or CronJob of a manifest, or changes the one that has its name to what the manifest says. Left: why not, as a sentence. */
export const apply =
  (ports: {
    readonly ledger: Ledger
    readonly service: Pick<JobService, 'create' | 'change'>
    readonly cronService: Pick<CronJobService, 'create' | 'change'>
  }) =>
  (manifest: JobManifest | CronJobManifest, actor: Actor): TE.TaskEither<string, Applied> =>
  async () => {
    const { namespace, name } = manifest.metadata
    const subject = subjectOf(manifest)
    if (manifest.kind === 'CronJob') {
      const present = ports.ledger.cronJobs.find(namespace, name)?.state
      if (present?._tag !== 'CronJob') return appliedAs('created', subject, ports.cronService.create(manifest, actor))
      const errors = validateCronJobUpdate(manifest as Shape<'CronJob'>, present.manifest as Shape<'CronJob'>)
      if (errors.length > 0) return E.left(invalidText(subject, errors))
      const change = ports.cronService.change(namespace, name, () => manifest, actor)
      return appliedAs('configured', subject, change)
    }
    const view = ports.ledger.find(namespace, name)
    const present = view === null ? null : jobObject(view)
    if (present === null) return appliedAs('created', subject, ports.service.create(manifest, actor))
    const change = changeTo(manifest, present)
    return E.isLeft(change)
      ? E.left(change.left)
      : appliedAs('configured', subject, ports.service.change(namespace, name, change.right, actor))
  }

/** As kubectl names it in an error: `jobs.batch "pi"`. */
const subjectOf = ({ kind, metadata }: JobManifest | CronJobManifest): string =>
  `${kind.toLowerCase()}s.batch "${metadata.name}"`

const appliedAs = async (
  did: 'created' | 'configured',
  subject: string,
  work: TE.TaskEither<Parameters<typeof failureText>[0], Done>,
): Promise<E.Either<string, Applied>> => {
  const outcome = await work()
  if (E.isLeft(outcome)) return E.left(failureText(outcome.left, subject))
  return E.right({ uid: outcome.right.uid, did: outcome.right.changed ? did : 'unchanged' })
}

const invalidText = (subject: string, errors: FieldErrors): string =>
  `${subject} is invalid: ${[...new Set(errors.map(renderFieldError))].join(', ')}`

type Change = Omit<ChangeJob, 'type'>

/** What has to change for the Job to be as the manifest says; what nobody may change is refused as Kubernetes refuses it. */
const changeTo = (manifest: JobManifest, present: JobObject): E.Either<string, Change> => {
  const before = present as Shape<'Job'>
  const subject = subjectOf(manifest)
  const next = changedJob(prepareJob(manifest as Shape<'Job'>, present.metadata.uid ?? ''), before)
  const errors = validateJobUpdate(next, before)
  if (errors.length > 0) return E.left(invalidText(subject, errors))
  const [wanted, is] = [next.spec ?? {}, before.spec ?? {}]
  const changed = changeable.filter((field) => !sameValue(wanted[field], is[field]))
  const after = { ...is, ...Object.fromEntries(changed.map((field) => [field, wanted[field]])) }
  if (!sameValue(plain(after), plain(wanted)) || !sameValue(plain(next.metadata), plain(before.metadata)))
    return E.left(
      `${subject} differs from the manifest in what jobledger cannot change yet: of a Job that exists, only ${changeable.join(', ')}`,
    )
  return E.right(Object.fromEntries(changed.map((field) => [field, wanted[field] ?? null])) as Change)
}

const changeable = [
  'suspend',
  'parallelism',
  'completions',
  'podReplacementPolicy',
  'maxFailedIndexes',
  'backoffLimit',
  'activeDeadlineSeconds',
  'ttlSecondsAfterFinished',
] as const satisfies ReadonlyArray<keyof Change>

/** Absent and undefined are the same. */
const plain = (value: unknown): unknown => JSON.parse(JSON.stringify(value))
