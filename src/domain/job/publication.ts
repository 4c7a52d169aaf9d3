import type { JobEvent } from './events.ts'
import type { JobCounts } from './job-facts.ts'
import type { Job } from './job.ts'
import type { Verdict } from './policies/policy.ts'
import { fallsBack } from './status-refusal.ts'

/** How a sync ends: when, whether all it wanted is done, and when it wants to go on. */
export type SyncEnd = {
  readonly before: Job
  readonly at: number
  readonly complete: boolean
  /** The number of Pods is what it should be: the condition Suspended may turn. */
  readonly managed: boolean
  /** Pods that went with this sync and had not ended: its status still shows them as terminating (P-11). */
  readonly vanished: number
  readonly retryAt: number | null
}

/**
 * Conditions and status, as the last events of a sync: an interim condition, the terminal one once all is done and nothing
 * terminates any more, and `JobSynced`. A status that goes back for a moment, because this append counts only some of the
 * successes that wait, is left to the next sync.
 */
export const publication = (job: Job, outcome: Verdict | null, end: SyncEnd): ReadonlyArray<JobEvent> => {
  const { before, at, complete, managed, vanished, retryAt } = end
  const suspended = outcome === null && managed ? suspensionTurn(job) : null
  const startTime = suspended === true ? null : suspended === false ? at : job.startTime
  const counts = { ...job.counts, terminating: job.counts.terminating + vanished }
  const status = { counts, startTime, at }
  const { podFailures, lastPodFailureAt } = job
  const from = before.unsyncedSince
  const synced = { podFailures, lastPodFailureAt, from, complete, retryAt }
  if (fallsBack(job, counts.succeeded)) return [{ type: 'StatusWithheld', ...synced, at }]
  const events: JobEvent[] = []
  if (outcome !== null && job.interim === null) events.push(interimEvent(outcome, status))
  if (outcome !== null && complete && mayFinish(job, counts)) events.push(terminalEvent(outcome, status))
  events.push({ type: 'JobSynced', suspended, ...synced, ...status })
  return events
}

type Status = { readonly counts: JobCounts; readonly startTime: number | null; readonly at: number }

const interimEvent = (outcome: Verdict, status: Status): JobEvent =>
  outcome._tag === 'Success'
    ? { type: 'SuccessCriteriaMet', reason: outcome.reason, rule: outcome.rule, ...status }
    : { type: 'FailureTargeted', reason: outcome.reason, match: outcome.match, ...status }

const terminalEvent = (outcome: Verdict, status: Status): JobEvent =>
  outcome._tag === 'Success'
    ? { type: 'JobCompleted', reason: outcome.reason, ...status }
    : { type: 'JobFailed', reason: outcome.reason, ...status }

/** [F-14, V-13] Nothing terminates any more, and there is a start time (a suspended Job without completions needs none). */
const mayFinish = ({ startTime, terms }: Job, counts: JobCounts): boolean =>
  counts.terminating === 0 && (startTime !== null || (terms.suspend && terms.completions === 0))

/** [6.1] The condition Suspended turns True (or False, when it exists), else null. */
const suspensionTurn = ({ terms, suspended }: Job): boolean | null => {
  if (terms.suspend) return suspended?.status === true ? null : true
  return suspended?.status === true ? false : null
}
