import { E } from '../../prelude.ts'
import type { ChangeJob } from './commands.ts'
import type { JobEvent } from './events.ts'
import type { JobTerms } from './job-facts.ts'
import { isIndexed, type Job } from './job.ts'
import type { JobRefusal } from './refusals.ts'

/** [1.6] The events of what a user changes in a Job's spec, in one generation; what is so already changes nothing. */
export const changeJob =
  (change: ChangeJob, at: number) =>
  (job: Job): E.Either<JobRefusal, ReadonlyArray<JobEvent>> => {
    if (job.deleted) return E.left({ _tag: 'JobNotFound' })
    if (change.basedOn !== undefined && change.basedOn !== job.version) return E.left({ _tag: 'JobOutdated' })
    const refusal = negativeField(change) ?? tooParallel(change, job) ?? fixedCompletions(change, job)
    if (refusal !== null) return E.left(refusal)
    const { type: _, rest, basedOn: _basedOn, ...fields } = change
    const next = { generation: job.generation + 1, at }
    const changed = Object.entries(fields) as ReadonlyArray<Changed>
    const events = changed.filter(([field, value]) => value !== job.terms[field]).map((one) => eventOf(one, next))
    if (rest !== undefined) events.push(changedRest(rest, events.length > 0 || 'spec' in rest.patch, job, at))
    return E.right(isReleased(job, rest) ? [...events, { type: 'JobDeleted', at }] : events)
  }

type Rest = NonNullable<ChangeJob['rest']>

const changedRest = ({ patch, hasFinalizers }: Rest, isNewGeneration: boolean, job: Job, at: number): JobEvent => ({
  type: 'JobChanged',
  patch,
  hasFinalizers,
  generation: isNewGeneration ? job.generation + 1 : job.generation,
  at,
})

/** The last finalizer of a deleted Job goes, and nothing of ours keeps it. */
const isReleased = ({ hasFinalizers, deletion }: Job, rest: Rest | undefined): boolean =>
  hasFinalizers &&
  rest?.hasFinalizers === false &&
  (deletion?.propagation === 'Background' || deletion?.isSettled === true)

type Field = Exclude<keyof ChangeJob, 'type' | 'rest' | 'basedOn'>
/** A field with its new value. */
type Changed = { readonly [K in Field]: readonly [field: K, value: JobTerms[K]] }[Field]

const eventOf = (changed: Changed, next: { readonly generation: number; readonly at: number }): JobEvent => {
  const [field, value] = changed
  switch (field) {
    case 'suspend':
      return { type: value ? 'JobSuspended' : 'JobResumed', ...next }
    case 'parallelism':
      return { type: 'ParallelismChanged', parallelism: value, ...next }
    case 'completions':
      return { type: 'CompletionsChanged', completions: value ?? 0, ...next }
    case 'podReplacementPolicy':
      return { type: 'PodReplacementPolicyChanged', podReplacementPolicy: value, ...next }
    case 'maxFailedIndexes':
      return { type: 'MaxFailedIndexesChanged', maxFailedIndexes: value, ...next }
    case 'backoffLimit':
      return { type: 'BackoffLimitChanged', backoffLimit: value, ...next }
    case 'activeDeadlineSeconds':
      return { type: 'ActiveDeadlineChanged', activeDeadlineSeconds: value, ...next }
    case 'ttlSecondsAfterFinished':
      return { type: 'TtlChanged', ttlSecondsAfterFinished: value, ...next }
  }
}

const invalid = (field: string, value: unknown, detail: string): JobRefusal => ({
  _tag: 'FieldInvalid',
  field,
  value: `${String(value)}`,
  detail,
})

/** [1.3] No number of a Job's spec is negative. */
const negativeField = (change: ChangeJob): JobRefusal | null => {
  for (const [field, value] of Object.entries(change))
    if (typeof value === 'number' && value < 0)
      return invalid(`spec.${field}`, value, 'must be greater than or equal to 0')
  return null
}

/** [1.3] */
const tooParallel = ({ parallelism }: ChangeJob, job: Job): JobRefusal | null =>
  parallelism !== undefined && parallelism > 100_000 && isIndexed(job)
    ? invalid('spec.parallelism', parallelism, 'must be less than or equal to 100000 when completion mode is Indexed')
    : null

/** [U-1, U-2] Completions of an Indexed Job move together with its parallelism, others not at all. */
const fixedCompletions = ({ completions, parallelism }: ChangeJob, job: Job): JobRefusal | null => {
  if (completions === undefined || completions === job.terms.completions) return null
  if (!isIndexed(job)) return invalid('spec.completions', completions, 'field is immutable')
  return completions === (parallelism ?? job.terms.parallelism)
    ? null
    : invalid('spec.completions', completions, 'can only be modified in tandem with spec.parallelism')
}
