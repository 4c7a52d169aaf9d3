import * as t from 'io-ts'
import { parseGoDuration } from '../../../../domain/cronjob/schedule/go-duration.ts'
import { E } from '../../../../prelude.ts'

/** Each of these codecs says in one sentence what it wants instead of what it was given. */
const reading = <A>(name: string, wanted: string, read: (given: unknown) => A | undefined): t.Type<A, A, unknown> =>
  new t.Type<A, A, unknown>(
    name,
    (_): _ is A => false,
    (given, context) => {
      const value = read(given)
      return value === undefined
        ? t.failure(given, context, `must be ${wanted}, not ${shown(given)}`)
        : t.success(value)
    },
    t.identity,
  )

const shown = (given: unknown): string => {
  if (typeof given !== 'object') return JSON.stringify(given)
  return given === null ? 'nothing' : Array.isArray(given) ? 'a list' : 'a mapping'
}

export const text = reading('text', 'a text', (given) => (typeof given === 'string' ? given : undefined))

export const word = <W extends string>(...words: ReadonlyArray<W>): t.Type<W, W, unknown> =>
  reading('word', words.join(' or '), (given) => words.find((one) => one === given))

const inRange = (given: unknown, least: number, most: number): number | undefined =>
  typeof given === 'number' && given >= least && given <= most ? given : undefined

export const wholeNumber = reading('whole number', 'a whole number, 0 or more', (given) =>
  Number.isSafeInteger(given) ? inRange(given, 0, Number.MAX_SAFE_INTEGER) : undefined,
)

export const exitCode = reading('exit code', 'a whole number from 0 to 255', (given) =>
  Number.isSafeInteger(given) ? inRange(given, 0, 255) : undefined,
)

export const share = reading('share', 'a number from 0 to 1', (given) => inRange(given, 0, 1))

/** An instant, in epoch milliseconds. */
export const time = reading('time', 'a time such as 2026-03-29T00:30:00Z', (given) => {
  if (typeof given !== 'string' || !/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2})?(Z|[+-]\d{2}:\d{2})$/.test(given))
    return undefined
  const instant = Date.parse(given)
  return Number.isNaN(instant) ? undefined : instant
})

const durationOf = (given: unknown): number | undefined => {
  if (typeof given === 'number') return inRange(given * 1000, 0, longestMs)
  if (typeof given !== 'string') return undefined
  const parsed = parseGoDuration(given)
  return E.isLeft(parsed) ? undefined : inRange(Math.round(parsed.right), 0, longestMs)
}

/** A hundred years. */
const longestMs = 36_525 * 86_400_000

export const durationMs = reading('duration', 'a duration such as 1m30s', durationOf)

/** Milliseconds, always the same or drawn for each run; `Infinity` is `never`. */
export type Span = { readonly leastMs: number; readonly mostMs: number }

export const span = reading(
  'span',
  'a duration such as 1m30s, never, or {min: 1s, max: 5s}',
  (given): Span | undefined => {
    if (given === 'never') return { leastMs: Number.POSITIVE_INFINITY, mostMs: Number.POSITIVE_INFINITY }
    if (typeof given !== 'object') return spanBetween(durationOf(given), durationOf(given))
    if (given === null || Object.keys(given).some((key) => key !== 'min' && key !== 'max')) return undefined
    const { min, max } = given as { readonly min?: unknown; readonly max?: unknown }
    return spanBetween(durationOf(min ?? 0), durationOf(max))
  },
)

const spanBetween = (leastMs: number | undefined, mostMs: number | undefined): Span | undefined =>
  leastMs === undefined || mostMs === undefined || leastMs > mostMs ? undefined : { leastMs, mostMs }

/** Whole numbers as a test: `3`, or a text such as `0-4,7,9-`. */
export type Numbers = ReadonlyArray<{ readonly from: number; readonly to: number }>

export const numbers = reading(
  'numbers',
  'a whole number or a list such as "0-4,7,9-"',
  (given): Numbers | undefined => {
    const parts = typeof given === 'number' || typeof given === 'string' ? `${given}`.split(',') : []
    const intervals = parts.flatMap((part) => {
      const [, from = '', dash, to = ''] = /^\s*(\d{1,9})\s*(?:(-)\s*(\d{1,9})?)?\s*$/.exec(part) ?? []
      if (from === '') return []
      const last = to === '' ? (dash === undefined ? Number(from) : Number.POSITIVE_INFINITY) : Number(to)
      return last < Number(from) ? [] : [{ from: Number(from), to: last }]
    })
    return parts.length > 0 && intervals.length === parts.length ? intervals : undefined
  },
)

export const hasNumber = (list: Numbers, number: number): boolean =>
  list.some(({ from, to }) => number >= from && number <= to)

/** A list without holes. */
export const listOf = <A>(codec: t.Type<A, A, unknown>): t.Type<ReadonlyArray<A>, ReadonlyArray<A>, unknown> =>
  new t.Type<ReadonlyArray<A>, ReadonlyArray<A>, unknown>(
    'list',
    (_): _ is ReadonlyArray<A> => false,
    (given, context) =>
      Array.isArray(given)
        ? t.readonlyArray(codec).validate(given, context)
        : t.failure(given, context, `must be a list, not ${shown(given)}`),
    t.identity,
  )

type Present<P extends t.Props> = { readonly [K in keyof P]: t.TypeOf<P[K]> }
type Maybe<P extends t.Props> = { readonly [K in keyof P]?: t.TypeOf<P[K]> }

/** A mapping with these fields and no others. */
export const closed = <R extends t.Props, P extends t.Props>(
  name: string,
  required: R,
  optional: P,
): t.Type<Present<R> & Maybe<P>, Present<R> & Maybe<P>, unknown> => {
  const props: t.Props = { ...required, ...optional }
  type Fields = Present<R> & Maybe<P>
  return new t.Type<Fields, Fields, unknown>(
    name,
    (_): _ is Fields => false,
    (given, context) => {
      if (typeof given !== 'object' || given === null || Array.isArray(given))
        return t.failure(given, context, `must be a mapping, not ${shown(given)}`)
      const errors: t.Errors = []
      const fields: Record<string, unknown> = {}
      for (const key of Object.keys(required))
        if (!Object.hasOwn(given, key)) errors.push({ value: given, context, message: `needs the field ${key}` })
      for (const [key, actual] of Object.entries(given)) {
        const codec = props[key]
        const here = t.appendContext(context, key, codec ?? t.unknown, actual)
        if (codec === undefined || !Object.hasOwn(props, key)) {
          errors.push({
            value: actual,
            context: here,
            message: `unknown field; there are ${Object.keys(props).join(', ')}`,
          })
          continue
        }
        const read = codec.validate(actual, here)
        if (E.isLeft(read)) errors.push(...read.left)
        else fields[key] = read.right
      }
      return errors.length > 0 ? t.failures(errors) : t.success(fields as Fields)
    },
    t.identity,
  )
}
