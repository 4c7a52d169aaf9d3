import { O } from '../../../prelude.ts'
import { failure, type Policy } from './policy.ts'

/** [F-7] Every index is decided, and some have failed. */
export const failedIndexes: Policy = ({ job: { terms, failedIndexes: failed, completed } }) =>
  terms.backoffLimitPerIndex !== null && failed.size > 0 && failed.size + completed.size >= (terms.completions ?? 0)
    ? O.some(failure('FailedIndexes'))
    : O.none
