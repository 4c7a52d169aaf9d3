import { O } from '../../../prelude.ts'
import type { SuccessRule } from '../job-facts.ts'
import { type IndexSet, parseIndexes } from '../index-set.ts'
import type { Policy } from './policy.ts'

/** How far a rule of `successPolicy` is: `done` counts the completed ones among the listed indexes, or among all. */
export type SuccessProgress = {
  /** null: any index counts. */
  readonly listed: IndexSet | null
  /** So many make the rule hold. */
  readonly wanted: number
  readonly done: number
}

/** [F-8, 5.8] The first rule that enough completed indexes make true. */
export const successPolicy: Policy = ({ job: { successProgress } }) => {
  const rule = successProgress.findIndex(({ done, wanted }) => done > 0 && done >= wanted)
  return rule < 0 ? O.none : O.some({ _tag: 'Success', reason: 'SuccessPolicy', rule })
}

/** The rules of a Job as they stand before anything has succeeded. */
export const noSuccess = (rules: ReadonlyArray<SuccessRule>): ReadonlyArray<SuccessProgress> =>
  rules.map(({ indexes, count }) => {
    const listed = indexes === null ? null : parseIndexes(indexes)
    return { listed, wanted: count ?? listed?.size ?? 0, done: 0 }
  })
