/** What an unquoted YAML word can mean; a number that JSON cannot write is named as such. */
export type PlainScalar = null | boolean | number | string | typeof notANumber

export const notANumber = Symbol('notANumber')

/**
 * Reads an unquoted word as Kubernetes' own tools do (the rules of go-yaml v2): `yes` and `on` are booleans, `012` and `0o14`
 * are octal, `1_000` is a number, while dates and `12:30` stay texts.
 */
export const plainScalar = (word: string): PlainScalar => {
  const known = words.get(word)
  if (known !== undefined) return known
  if (!/^[-+.0-9]/.test(word)) return word
  const digits = word.replaceAll('_', '')
  return integer(digits) ?? decimal(digits) ?? word
}

/** Decimal, or in base 2, 8, 16 by prefix; a leading zero alone means base 8. */
const integer = (digits: string): number | undefined => {
  const sign = digits.startsWith('-') ? -1 : 1
  const magnitude = digits.replace(/^[-+]/, '')
  if (/^(0|[1-9][0-9]*)$/.test(magnitude)) return sign * Number(magnitude) + 0
  if (/^0[0-7]+$/.test(magnitude)) return sign * Number(`0o${magnitude.slice(1)}`) + 0
  if (/^0([xX][0-9a-fA-F]+|[oO][0-7]+|[bB][01]+)$/.test(magnitude)) return sign * Number(magnitude) + 0
  return undefined
}

/** A number too large for a machine stays a text. */
const decimal = (digits: string): number | undefined =>
  float.test(digits) && Number.isFinite(Number(digits)) ? Number(digits) : undefined

const float = /^[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?$/

const meaning = (value: PlainScalar, ...all: ReadonlyArray<string>): ReadonlyArray<[string, PlainScalar]> =>
  all.map((word) => [word, value])

const words: ReadonlyMap<string, PlainScalar> = new Map([
  ...meaning(true, 'y', 'Y', 'yes', 'Yes', 'YES', 'true', 'True', 'TRUE', 'on', 'On', 'ON'),
  ...meaning(false, 'n', 'N', 'no', 'No', 'NO', 'false', 'False', 'FALSE', 'off', 'Off', 'OFF'),
  ...meaning(null, '', '~', 'null', 'Null', 'NULL'),
  ...meaning(notANumber, '.nan', '.NaN', '.NAN', '.inf', '.Inf', '.INF'),
  ...meaning(notANumber, '+.inf', '+.Inf', '+.INF', '-.inf', '-.Inf', '-.INF'),
])
