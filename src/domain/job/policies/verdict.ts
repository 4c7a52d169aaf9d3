import { type O, pipe, RA } from '../../../prelude.ts'
import { activeDeadline } from './active-deadline.ts'
import { backoffLimit } from './backoff-limit.ts'
import type { Policy, Standing, Verdict } from './policy.ts'

/** The order is the specification: the first policy with an opinion wins, as in the Kubernetes controller (rule 3.1). */
export const policies: ReadonlyArray<Policy> = [backoffLimit, activeDeadline]

/** Whether the Job fails now, and why. */
export const verdictOn = (standing: Standing): O.Option<Verdict> =>
  pipe(
    policies,
    RA.findFirstMap((policy) => policy(standing)),
  )
