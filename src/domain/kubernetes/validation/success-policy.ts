import { E, pipe } from '../../../prelude.ts'
import { type FieldErrors, invalid, invalidFor, required, tooLong, tooMany, when } from '../field-error.ts'
import type { Shape } from '../schema.ts'
import { parseIndexList } from './index-list.ts'
import { byteLength, nonNegative } from './names.ts'

/** The rules of 1.5 about `spec.successPolicy`, which only an Indexed Job may have. */
export const successPolicy = ({ spec = {} }: Shape<'Job'>): FieldErrors => {
  if (spec.successPolicy === undefined || spec.completionMode !== 'Indexed') return []
  const rules = spec.successPolicy.rules ?? []
  const at = 'spec.successPolicy.rules'
  return [
    ...when(
      rules.length === 0,
      required(at, 'at least one rules must be specified when the successPolicy is specified'),
    ),
    ...when(rules.length > rulesMax, tooMany(at, rules.length, rulesMax)),
    ...rules.flatMap((rule, index) => successRule(`${at}[${index}]`, rule, spec.completions ?? 0)),
  ]
}

const rulesMax = 20
const indexListBytesMax = 65_536

const successRule = (at: string, rule: Shape<'SuccessPolicyRule'>, completions: number): FieldErrors => {
  const { succeededCount, succeededIndexes } = rule
  const listed = succeededIndexes === undefined ? undefined : parseIndexList(succeededIndexes, completions)
  return [
    ...when(
      succeededCount === undefined && succeededIndexes === undefined,
      required(at, 'at least one of succeededCount or succeededIndexes must be specified'),
    ),
    ...when(
      byteLength(succeededIndexes ?? '') > indexListBytesMax,
      tooLong(`${at}.succeededIndexes`, indexListBytesMax),
    ),
    ...(listed !== undefined && E.isLeft(listed)
      ? [invalid(`${at}.succeededIndexes`, succeededIndexes, `error parsing succeededIndexes: ${listed.left}`)]
      : []),
    ...(succeededCount === undefined ? [] : count(`${at}.succeededCount`, succeededCount, completions, listed)),
  ]
}

const count = (
  at: string,
  value: number,
  completions: number,
  listed: E.Either<string, number> | undefined,
): FieldErrors => {
  const listedCount =
    listed === undefined
      ? undefined
      : pipe(
          listed,
          E.getOrElse(() => 0),
        )
  return [
    ...invalidFor(at, value, nonNegative(value)),
    ...when(
      value > completions,
      invalid(at, value, `must be less than or equal to ${completions} (the number of specified completions)`),
    ),
    ...when(
      listedCount !== undefined && value > listedCount,
      invalid(
        at,
        value,
        `must be less than or equal to ${listedCount} (the number of indexes in the specified succeededIndexes field)`,
      ),
    ),
  ]
}
