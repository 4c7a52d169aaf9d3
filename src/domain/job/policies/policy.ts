import type { O } from '../../../prelude.ts'
import type { FailureReason, PolicyMatch, SuccessReason } from '../job-facts.ts'
import type { Job } from '../job.ts'

/** What a policy looks at: the Job with every ended Pod counted (rules C-3 and C-4), and the time of the sync. */
export type Standing = {
  readonly job: Job
  readonly at: number
  /** Counted failures, those that this sync counts, and those that are held back. */
  readonly failed: number
}

/** What ends a Job, with what its message needs: the match of `podFailurePolicy`, the rule of `successPolicy`. */
export type Verdict =
  | { readonly _tag: 'Failure'; readonly reason: FailureReason; readonly match: PolicyMatch | null }
  | { readonly _tag: 'Success'; readonly reason: SuccessReason; readonly rule: number | null }

/** A rule that may end a Job. No opinion: none. */
export type Policy = (standing: Standing) => O.Option<Verdict>

/** A failure whose message needs nothing more. */
export const failure = (reason: FailureReason): Verdict => ({ _tag: 'Failure', reason, match: null })
