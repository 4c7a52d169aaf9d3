import { E } from '../../../prelude.ts'

/**
 * A duration as Go reads it (`1h30m`, `-1.5s`), in milliseconds with fractions. Left: Go's words, which name the whole text.
 */
export const parseGoDuration = (text: string): E.Either<string, number> => {
  const invalid = E.left(`time: invalid duration ${quoted(text)}`)
  const sign = text.startsWith('-') ? -1 : 1
  let rest = text.replace(/^[+-]/, '')
  if (rest === '0') return E.right(0)
  if (rest === '') return invalid
  let ms = 0
  while (rest !== '') {
    const [number = ''] = /^[0-9]*\.?[0-9]*/.exec(rest) ?? []
    if (!/[0-9]/.test(number)) return invalid
    const [unit = ''] = /^[^.0-9]*/.exec(rest.slice(number.length)) ?? []
    if (unit === '') return E.left(`time: missing unit in duration ${quoted(text)}`)
    const unitMs = unitsMs.get(unit)
    if (unitMs === undefined) return E.left(`time: unknown unit ${quoted(unit)} in duration ${quoted(text)}`)
    ms += Number(number) * unitMs
    if (ms >= longestMs) return invalid
    rest = rest.slice(number.length + unit.length)
  }
  return E.right(sign * ms)
}

const unitsMs: ReadonlyMap<string, number> = new Map([
  ['ns', 1e-6],
  ['us', 1e-3],
  ['µs', 1e-3],
  ['μs', 1e-3],
  ['ms', 1],
  ['s', 1000],
  ['m', 60_000],
  ['h', 3_600_000],
])

/** Go counts nanoseconds in 63 bits: not quite 300 years. */
const longestMs = 2 ** 63 / 1e6

const quoted = (text: string): string => `"${[...text].map(quotedCharacter).join('')}"`

const quotedCharacter = (character: string): string => {
  if (character === '"' || character === '\\') return `\\${character}`
  if (character >= ' ' && character < '\u0080') return character
  return [...new TextEncoder().encode(character)].map((byte) => `\\x${byte.toString(16).padStart(2, '0')}`).join('')
}
