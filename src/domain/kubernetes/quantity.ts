import { E, pipe } from '../../prelude.ts'

/** A resource amount, exact to a billionth: `nano` counts billionths, `format` remembers how it likes to be written. */
export type Quantity = {
  readonly nano: bigint
  readonly format: 'DecimalSI' | 'BinarySI' | 'DecimalExponent'
}

/** Reads a quantity such as `500m`, `1.5Gi` or `1e3`; a Left is Kubernetes' sentence about what is wrong with it. */
export const parseQuantity = (text: string): E.Either<string, Quantity> => {
  const { negative, whole, fraction, suffix, rest } = scan(text)
  if (text === '' || rest !== '' || (whole === '' && fraction === '' && suffix === '')) return E.left(wrongFormat)
  if (whole === '' && fraction === '') return E.left('unable to parse numeric part of quantity')
  const unit = unitOf(suffix)
  if (unit === undefined) return E.left("unable to parse quantity's suffix")
  const amount = scaled(whole, fraction, unit)
  return E.right({ nano: negative ? -amount : amount, format: unit.format })
}

/** What is wrong with the text as a quantity, absent when nothing is. */
export const quantityProblem = (text: string): string | undefined =>
  pipe(
    parseQuantity(text),
    E.fold<string, Quantity, string | undefined>(
      (problem) => problem,
      () => undefined,
    ),
  )

/** The canonical spelling [D-10]: no fraction, the largest suffix that keeps it exact: `0.5` is `500m`, `1024Mi` is `1Gi`. */
const renderQuantity = ({ nano, format }: Quantity): string => {
  const size = nano < 0n ? -nano : nano
  const sign = nano < 0n ? '-' : ''
  if (size === 0n) return '0'
  if (format === 'BinarySI' && size >= 1024n * one) return sign + renderBinary(ceilingOfDivision(size, one))
  return sign + renderDecimal(size, format === 'DecimalExponent')
}

/** The canonical spelling of a text that is a quantity; any other text stays as it is. */
export const canonicalQuantity = (text: string): string =>
  pipe(
    parseQuantity(text),
    E.fold(() => text, renderQuantity),
  )

/** The amount in billionths, 0 for a text that is no quantity. */
export const nanoOf = (text: string | number): bigint =>
  pipe(
    parseQuantity(String(text)),
    E.fold(
      () => 0n,
      ({ nano }) => nano,
    ),
  )

const wrongFormat = "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'"

const one = 1_000_000_000n
/** Kubernetes clips larger amounts to the largest 64-bit integer. */
const largest = (2n ** 63n - 1n) * one

type Unit = { readonly base: 2 | 10; readonly exponent: number; readonly format: Quantity['format'] }

const units: Readonly<Record<string, Unit>> = {
  n: { base: 10, exponent: -9, format: 'DecimalSI' },
  u: { base: 10, exponent: -6, format: 'DecimalSI' },
  m: { base: 10, exponent: -3, format: 'DecimalSI' },
  '': { base: 10, exponent: 0, format: 'DecimalSI' },
  k: { base: 10, exponent: 3, format: 'DecimalSI' },
  M: { base: 10, exponent: 6, format: 'DecimalSI' },
  G: { base: 10, exponent: 9, format: 'DecimalSI' },
  T: { base: 10, exponent: 12, format: 'DecimalSI' },
  P: { base: 10, exponent: 15, format: 'DecimalSI' },
  E: { base: 10, exponent: 18, format: 'DecimalSI' },
  Ki: { base: 2, exponent: 10, format: 'BinarySI' },
  Mi: { base: 2, exponent: 20, format: 'BinarySI' },
  Gi: { base: 2, exponent: 30, format: 'BinarySI' },
  Ti: { base: 2, exponent: 40, format: 'BinarySI' },
  Pi: { base: 2, exponent: 50, format: 'BinarySI' },
  Ei: { base: 2, exponent: 60, format: 'BinarySI' },
}

const decimalSuffixes = ['n', 'u', 'm', '', 'k', 'M', 'G', 'T', 'P', 'E']
const binarySuffixes = ['', 'Ki', 'Mi', 'Gi', 'Ti', 'Pi', 'Ei']

const unitOf = (suffix: string): Unit | undefined => {
  if (Object.hasOwn(units, suffix)) return units[suffix]
  if (!/^[eE][-+]?[0-9]{1,9}$/.test(suffix)) return undefined
  return { base: 10, exponent: Number(suffix.slice(1)), format: 'DecimalExponent' }
}

/** By hand, one step per character: a regular expression for this grammar could go back and forth over long digits. */
const scan = (text: string) => {
  let at = 0
  const take = (accepted: string): string => {
    const from = at
    while (at < text.length && accepted.includes(text.charAt(at))) at++
    return text.slice(from, at)
  }
  const sign = text.startsWith('-') || text.startsWith('+') ? text.charAt(at++) : ''
  const whole = take(digits)
  const fraction = text.charAt(at) === '.' ? (at++, take(digits)) : ''
  const letters = take('eEinumkKMGTP')
  const exponentSign = text.charAt(at) === '-' || text.charAt(at) === '+' ? text.charAt(at++) : ''
  const suffix = letters + exponentSign + take(digits)
  return { negative: sign === '-', whole, fraction, suffix, rest: text.slice(at) }
}

const digits = '0123456789'

/** Billionths, rounded up; clipped before a giant exponent could make a giant number. */
const scaled = (whole: string, longFraction: string, { base, exponent }: Unit): bigint => {
  const fraction = shortened(longFraction)
  const significant = (whole + fraction).replace(/^0+/, '')
  if (significant === '') return 0n
  const decimalShift = (base === 10 ? exponent : 0) + 9 - fraction.length
  const magnitude = significant.length + decimalShift
  if (magnitude > 30) return largest
  if (magnitude < -20) return 1n
  const amount = BigInt(significant) * (base === 2 ? 2n ** BigInt(exponent) : 1n)
  const nano =
    decimalShift >= 0 ? amount * 10n ** BigInt(decimalShift) : ceilingOfDivision(amount, 10n ** BigInt(-decimalShift))
  return nano > largest ? largest : nano
}

/** Digits this far behind the point can only round up. */
const shortened = (fraction: string): string =>
  fraction.length <= 40 ? fraction : `${fraction.slice(0, 40)}${/[1-9]/.test(fraction.slice(40)) ? '1' : ''}`

const renderDecimal = (nano: bigint, asExponent: boolean): string => {
  let amount = nano
  let step = 0
  while (step < decimalSuffixes.length - 1 && amount % 1000n === 0n) {
    amount /= 1000n
    step++
  }
  const exponent = (step - 3) * 3
  if (asExponent) return exponent === 0 ? `${amount}` : `${amount}e${exponent}`
  return `${amount}${decimalSuffixes[step]}`
}

const renderBinary = (whole: bigint): string => {
  let amount = whole
  let step = 0
  while (step < binarySuffixes.length - 1 && amount % 1024n === 0n) {
    amount /= 1024n
    step++
  }
  return `${amount}${binarySuffixes[step]}`
}

const ceilingOfDivision = (amount: bigint, by: bigint): bigint => (amount + by - 1n) / by
