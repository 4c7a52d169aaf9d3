import type { CronJobManifest } from '../domain/kubernetes/cron-job-object.ts'
import { type FieldErrors, renderFieldError } from '../domain/kubernetes/field-error.ts'
import type { JobManifest, JobObject } from '../domain/kubernetes/job-object.ts'
import { prepareJob } from '../domain/kubernetes/prepare-job.ts'
import type { Shape } from '../domain/kubernetes/schema.ts'
import { validateCronJobUpdate } from '../domain/kubernetes/validate-cron-job.ts'
import { E, type TE } from '../prelude.ts'
import type { Actor } from '../projections/recorded.ts'
import type { ApiFailure, Resource } from './api/resource.ts'
import type { CronJobService } from './cron-jobs/cron-job-service.ts'
import { failureText } from './failure-text.ts'
import type { Done, JobService } from './jobs/job-service.ts'
import type { Ledger } from './log/ledger.ts'

/** What became of an object that was to be as its manifest says. */
export type Applied = { readonly uid: string; readonly did: 'created' | 'configured' | 'unchanged' }

export type ApplyPorts = {
  readonly ledger: Ledger
  readonly service: Pick<JobService, 'create'>
  /** Jobs as the API changes them. */
  readonly jobs: Pick<Required<Resource<JobObject>>, 'get' | 'change'>
  readonly cronService: Pick<CronJobService, 'create' | 'change'>
}

/**
 * Makes the Job or CronJob of a manifest, or changes the one that has its name to what the manifest says. What that does not name takes its
 * default; owners and finalizers stay. Left: why not, as a sentence.
 */
export const apply =
  (ports: ApplyPorts) =>
  (manifest: JobManifest | CronJobManifest, actor: Actor): TE.TaskEither<string, Applied> =>
    manifest.kind === 'Job' ? applyJob(ports, manifest, actor) : applyCronJob(ports, manifest, actor)

const applyJob =
  ({ service, jobs }: ApplyPorts, manifest: JobManifest, actor: Actor): TE.TaskEither<string, Applied> =>
  async () => {
    const { namespace, name } = manifest.metadata
    const subject = subjectOf(manifest)
    const before = jobs.get(namespace, name)
    if (before === null) return appliedAs('created', subject, service.create(manifest, actor))
    const wanted = (present: JobObject) => E.right(asWanted(manifest, present))
    const asked = { actor, warn: () => {} }
    const after = await jobs.change({ namespace, name, part: 'main' }, wanted, asked)()
    if (E.isLeft(after)) return E.left(apiFailureText(after.left, subject))
    const { uid = '', resourceVersion } = after.right.metadata
    return E.right({ uid, did: resourceVersion === before.metadata.resourceVersion ? 'unchanged' : 'configured' })
  }

/** What a client would send: the manifest, with what only the server gave the Job. */
const asWanted = (manifest: JobManifest, { metadata }: JobObject): Shape<'Job'> => {
  const { ownerReferences, finalizers } = metadata
  const prepared = prepareJob(manifest as Shape<'Job'>, metadata.uid ?? '')
  return {
    ...prepared,
    metadata: {
      ...(ownerReferences === undefined ? {} : { ownerReferences }),
      ...(finalizers === undefined ? {} : { finalizers }),
      ...prepared.metadata,
    },
  }
}

const applyCronJob =
  ({ ledger, cronService }: ApplyPorts, manifest: CronJobManifest, actor: Actor): TE.TaskEither<string, Applied> =>
  async () => {
    const { namespace, name } = manifest.metadata
    const subject = subjectOf(manifest)
    const present = ledger.cronJobs.find(namespace, name)?.state
    if (present?._tag !== 'CronJob') return appliedAs('created', subject, cronService.create(manifest, actor))
    const errors = validateCronJobUpdate(manifest as Shape<'CronJob'>, present.manifest as Shape<'CronJob'>)
    if (errors.length > 0) return E.left(invalidText(subject, errors))
    return appliedAs(
      'configured',
      subject,
      cronService.change(namespace, name, (now) => withManagersOf(now, manifest), actor),
    )
  }

/** Who manages which fields is no manifest's to say. */
const withManagersOf = (
  { metadata: { managedFields } }: CronJobManifest,
  manifest: CronJobManifest,
): CronJobManifest =>
  managedFields === undefined ? manifest : { ...manifest, metadata: { ...manifest.metadata, managedFields } }

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

/** What is left to `default` cannot come of a manifest that was read: a patch, or a body of the wrong shape. */
const apiFailureText = (failure: ApiFailure, subject: string): string => {
  switch (failure._tag) {
    case 'NotFound':
      return `${subject} not found`
    case 'AlreadyExists':
      return `${subject} already exists`
    case 'Invalid':
      return invalidText(subject, failure.errors)
    case 'Conflict':
      return `${subject}: ${failure.detail}`
    case 'BadRequest':
    case 'Forbidden':
      return failure.message
    case 'Unavailable':
      return `the log is not available: ${failure.reason}`
    case 'UnknownOutcome':
      return `nobody knows whether ${subject} was changed: ${failure.reason}`
    default:
      return `${subject} could not be changed: ${failure._tag}`
  }
}
