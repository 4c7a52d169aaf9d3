import { O } from '../../prelude.ts'
import type { FailureReason, JobCounts, JobEvent } from './events.ts'
import { evolveAll } from './evolve.ts'
import { isFinished, type Job, type Outcome } from './job.ts'
import { lifecycleOf, succeededPhase } from './pod-columns.ts'
import { isComplete } from './policies/completions.ts'
import { backoffAfter } from './policies/pod-backoff.ts'
import { verdictOn } from './policies/verdict.ts'
import { deletePods, podsToDelete } from './pods-to-delete.ts'
import { podsToCreate } from './pods-to-create.ts'

/**
 * One sync: everything the rules want of the Job at this moment, as one append. It counts ended Pods, creates and deletes Pods,
 * decides whether the Job is over, publishes the status, and ends with `JobSynced`. Nothing to do and nothing new to say: no
 * events. What does not fit into one append is left to the next sync (`complete: false`).
 */
export const reconcile = (before: Job, at: number): ReadonlyArray<JobEvent> => {
  if (isFinished(before) || before.deletion !== null) return []
  const counting = before.uncounted.slice(0, eventsMax / 4)
  const counted = counting.flatMap((pod) => countPod(before, pod, at))
  const afterCounting = evolveAll(before, counted) as Job
  const backoff = backoffAfter(before, counting)
  const job: Job = { ...afterCounting, ...backoff, startTime: startTimeAt(afterCounting, at) }
  const plan = planFor(job, at)
  const after = evolveAll(job, plan.pods) as Job
  const outcome = plan.outcome ?? reached(after)
  const done = plan.complete && after.uncounted.length === 0
  const events = [...counted, ...plan.pods, ...publication(after, done ? outcome : null, at, before, done)]
  return events.length === 1 && changesNothing(before, after) ? [] : events
}

/** Bounds one append: a thousand events, and well under a mebibyte. */
const eventsMax = 900

/** [C-2, T-3] The Pod's end goes into the counters; a Pod that was to be deleted and has ended goes with it. */
const countPod = (job: Job, pod: number, at: number): ReadonlyArray<JobEvent> => {
  const { phase, deleting } = lifecycleOf(job.pods, pod)
  const as = phase === succeededPhase ? 'succeeded' : 'failed'
  const accounted: JobEvent = { type: 'PodAccounted', pod, as, at }
  return deleting && phase >= succeededPhase ? [accounted, { type: 'PodRemoved', pod, at }] : [accounted]
}

/** [C-7] The first sync of a Job that is not suspended starts it. */
const startTimeAt = ({ startTime, terms }: Job, at: number): number | null => startTime ?? (terms.suspend ? null : at)

type Plan = {
  readonly pods: ReadonlyArray<JobEvent>
  /** The interim verdict that holds before the number of Pods is looked at (F-1 to F-5). */
  readonly outcome: Verdict | null
  /** Whether everything the rules want fitted into this append. */
  readonly complete: boolean
}

type Verdict = Pick<Outcome, '_tag' | 'reason'>

const planFor = (job: Job, at: number): Plan => {
  const verdict = job.interim ?? failureOf(job, at)
  if (verdict !== null) {
    const pods = deletePods(job, at, verdict._tag === 'Failure' ? 'failed' : 'tracked', eventsMax / 2)
    return { ...pods, outcome: verdict }
  }
  const excess = podsToDelete(job, at, eventsMax / 2)
  if (excess.pods.length > 0) return { ...excess, outcome: null }
  return { ...podsToCreate(job, at, eventsMax / 2), outcome: null }
}

const failureOf = (job: Job, at: number): Verdict | null => {
  const { failed, succeeded } = job.counts
  const verdict = verdictOn({ job, at, failed, succeeded })
  return O.isSome(verdict) ? verdict.value : null
}

/** [F-9] Evaluated after the number of Pods was brought to what is wanted. */
const reached = (job: Job): Verdict | null =>
  isComplete(job) ? { _tag: 'Success', reason: 'CompletionsReached' } : null

/** Conditions and status: an interim condition, the terminal one once nothing terminates any more, and the end of the sync. */
const publication = (
  job: Job,
  outcome: Verdict | null,
  at: number,
  before: Job,
  complete: boolean,
): ReadonlyArray<JobEvent> => {
  const suspended = outcome === null && complete ? suspensionTurn(job) : null
  const startTime = suspended === true ? null : suspended === false ? at : job.startTime
  const counts: JobCounts = job.counts
  const status = { counts, startTime, at }
  const events: JobEvent[] = []
  if (outcome !== null && job.interim === null) events.push(interimEvent(outcome, status))
  if (outcome !== null && mayFinish(job)) events.push(terminalEvent(outcome, status))
  const { podFailures, lastPodFailureAt } = job
  const from = before.unsyncedSince
  events.push({ type: 'JobSynced', suspended, podFailures, lastPodFailureAt, from, complete, ...status })
  return events
}

type Status = { readonly counts: JobCounts; readonly startTime: number | null; readonly at: number }

const interimEvent = ({ _tag, reason }: Verdict, status: Status): JobEvent =>
  _tag === 'Success'
    ? { type: 'SuccessCriteriaMet', reason: 'CompletionsReached', ...status }
    : { type: 'FailureTargeted', reason: reason as FailureReason, ...status }

const terminalEvent = ({ _tag, reason }: Verdict, status: Status): JobEvent =>
  _tag === 'Success'
    ? { type: 'JobCompleted', reason: 'CompletionsReached', ...status }
    : { type: 'JobFailed', reason: reason as FailureReason, ...status }

/** [F-14, V-13] Nothing terminates any more, and there is a start time (a suspended Job without completions needs none). */
const mayFinish = ({ counts, startTime, terms }: Job): boolean =>
  counts.terminating === 0 && (startTime !== null || (terms.suspend && terms.completions === 0))

/** [6.1] The condition Suspended turns True (or False, when it exists), else null. */
const suspensionTurn = ({ terms, suspended }: Job): boolean | null => {
  if (terms.suspend) return suspended?.status === true ? null : true
  return suspended?.status === true ? false : null
}

/** No fact waited for this sync, and it publishes what is published already. */
const changesNothing = (before: Job, after: Job): boolean =>
  before.unsyncedSince === null && before.startTime === after.startTime && before.published.synced
