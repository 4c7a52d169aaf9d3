import { O } from '../../../prelude.ts'
import { failure, type Policy, type Standing } from './policy.ts'

/** [F-4, O-3] More failed Pods than `backoffLimit`, or under OnFailure as many container restarts, fail the Job. */
export const backoffLimit: Policy = (standing) =>
  standing.failed > standing.job.terms.backoffLimit || hasTooManyRestarts(standing)
    ? O.some(failure('BackoffLimitExceeded'))
    : O.none

/** [O-3] Restarts in place are compared with `>=`, and one is too many when the limit is 0. */
const hasTooManyRestarts = ({ job: { terms, restarts } }: Standing): boolean =>
  terms.restartPolicy === 'OnFailure' && restarts > 0 && restarts >= terms.backoffLimit
