import { E } from '../../../prelude.ts'

/**
 * One field of a schedule: the values at which it fires, and whether it was written as "any", which decides how day of month and
 * day of week go together.
 */
export type ScheduleField = { readonly values: ReadonlySet<number>; readonly any: boolean }

/** What a field may hold. The first of `names` means `min`. */
export type Bounds = { readonly min: number; readonly max: number; readonly names: ReadonlyArray<string> }

/** A list such as `1-10/2,MON`. A list without items fires never, and is no error. */
export const parseField = (text: string, bounds: Bounds): E.Either<string, ScheduleField> => {
  const values = new Set<number>()
  let any = false
  for (const item of text.split(',').filter((part) => part !== '')) {
    const range = parseRange(item, bounds)
    if (E.isLeft(range)) return range
    for (let value = range.right.low; value <= range.right.high; value += range.right.step) values.add(value)
    any ||= range.right.any
  }
  return E.right({ values, any })
}

export const only = (value: number): ScheduleField => ({ values: new Set([value]), any: false })

export const anyOf = ({ min, max }: Bounds): ScheduleField => ({
  values: new Set(Array.from({ length: max - min + 1 }, (_, place) => min + place)),
  any: true,
})

type Range = { readonly low: number; readonly high: number; readonly step: number; readonly any: boolean }

const parseRange = (text: string, bounds: Bounds): E.Either<string, Range> => {
  const [rangeText = '', stepText, ...moreSlashes] = text.split('/')
  const ends = parseEnds(text, rangeText, bounds)
  if (E.isLeft(ends)) return ends
  if (moreSlashes.length > 0) return E.left(`too many slashes: ${text}`)
  const step = stepText === undefined ? E.right(1) : parseNumber(stepText)
  if (E.isLeft(step)) return step
  const { low, any, isSingle } = ends.right
  const high = isSingle && stepText !== undefined ? bounds.max : ends.right.high
  if (low < bounds.min) return E.left(`beginning of range (${low}) below minimum (${bounds.min}): ${text}`)
  if (high > bounds.max) return E.left(`end of range (${high}) above maximum (${bounds.max}): ${text}`)
  if (low > high) return E.left(`beginning of range (${low}) beyond end of range (${high}): ${text}`)
  if (step.right === 0) return E.left(`step of range should be a positive number: ${text}`)
  return E.right({ low, high, step: step.right, any: any && step.right === 1 })
}

type Ends = Omit<Range, 'step'> & { readonly high: number; readonly isSingle: boolean }

const parseEnds = (text: string, rangeText: string, { min, max, names }: Bounds): E.Either<string, Ends> => {
  const [lowText = '', highText, ...moreHyphens] = rangeText.split('-')
  const isSingle = highText === undefined
  if (lowText === '*' || lowText === '?') return E.right({ low: min, high: max, any: true, isSingle })
  const low = parseValue(lowText, min, names)
  if (E.isLeft(low)) return low
  if (moreHyphens.length > 0) return E.left(`too many hyphens: ${text}`)
  const high = isSingle ? low : parseValue(highText, min, names)
  return E.isLeft(high) ? high : E.right({ low: low.right, high: high.right, any: false, isSingle })
}

const parseValue = (text: string, min: number, names: Bounds['names']): E.Either<string, number> => {
  const place = names.indexOf(text.toLowerCase())
  return place < 0 ? parseNumber(text) : E.right(min + place)
}

/** A decimal number as Go reads it, a sign allowed. */
const parseNumber = (text: string): E.Either<string, number> => {
  const problem = /^[+-]?[0-9]+$/.test(text) ? (isInt64(BigInt(text)) ? null : 'value out of range') : 'invalid syntax'
  if (problem !== null)
    return E.left(`failed to parse int from ${text}: strconv.Atoi: parsing ${JSON.stringify(text)}: ${problem}`)
  const value = Number(text)
  return value < 0 ? E.left(`negative number (${value}) not allowed: ${text}`) : E.right(value)
}

const isInt64 = (value: bigint): boolean => BigInt.asIntN(64, value) === value
