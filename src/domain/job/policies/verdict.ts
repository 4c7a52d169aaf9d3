import { type O, pipe, RA } from '../../../prelude.ts'
import { activeDeadline } from './active-deadline.ts'
import { backoffLimit } from './backoff-limit.ts'
import { failedIndexes } from './failed-indexes.ts'
import { maxFailedIndexes } from './max-failed-indexes.ts'
import { podFailurePolicy } from './pod-failure-policy.ts'
import type { Policy, Standing, Verdict } from './policy.ts'
import { successPolicy } from './success-policy.ts'

/** The order is the specification: the first policy with an opinion wins, as in the Kubernetes controller (rule 3.1). */
export const policies: ReadonlyArray<Policy> = [
  podFailurePolicy,
  backoffLimit,
  activeDeadline,
  maxFailedIndexes,
  failedIndexes,
  successPolicy,
]

/** Whether the Job is over now, whatever its number of Pods, and why. */
export const verdictOn = (standing: Standing): O.Option<Verdict> =>
  pipe(
    policies,
    RA.findFirstMap((policy) => policy(standing)),
  )
