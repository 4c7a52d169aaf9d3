import { O } from '../../../prelude.ts'
import { failure, type Policy } from './policy.ts'

/** [F-6] More failed indexes than `maxFailedIndexes` fail the Job. */
export const maxFailedIndexes: Policy = ({ job: { terms, failedIndexes } }) =>
  terms.backoffLimitPerIndex !== null && terms.maxFailedIndexes !== null && failedIndexes.size > terms.maxFailedIndexes
    ? O.some(failure('MaxFailedIndexesExceeded'))
    : O.none
