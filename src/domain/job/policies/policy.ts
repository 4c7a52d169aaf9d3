import type { O } from '../../../prelude.ts'
import type { FailureReason } from '../events.ts'
import type { Job } from '../job.ts'

/** What a policy looks at: the Job with every ended Pod counted (rules C-3 and C-4), and the time of the sync. */
export type Standing = {
  readonly job: Job
  readonly at: number
  /** Counted failures and those that this sync counts. */
  readonly failed: number
  readonly succeeded: number
}

export type Verdict = { readonly _tag: 'Failure'; readonly reason: FailureReason }

/** A rule that may end a Job. No opinion: none. */
export type Policy = (standing: Standing) => O.Option<Verdict>
