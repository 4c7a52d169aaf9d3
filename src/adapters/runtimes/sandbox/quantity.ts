import { O, pipe } from '../../../prelude.ts'

/**
 * A Kubernetes quantity ("500m", "1.5Gi", "1e3") in billionths of its unit, rounded up; none when it is not a quantity.
 * A bigint, because bytes in billionths leave the exact range of numbers.
 */
export const parseQuantity = (text: string): O.Option<bigint> =>
  pipe(
    O.fromNullable(quantity.exec(text)),
    O.map(([, sign, whole = '', fraction = '', exponent, suffix = '']) => {
      const digits = BigInt(`${whole}${fraction}` || '0')
      const power = nano + Number(exponent ?? decimal[suffix] ?? 0) - fraction.length
      const factor = binary[suffix] ?? 1n
      const size = power >= 0 ? digits * factor * 10n ** BigInt(power) : ceilDiv(digits * factor, 10n ** BigInt(-power))
      return sign === '-' ? -size : size
    }),
  )

/** How many times `divisor` goes into `amount` (both in billionths, not negative), rounded up. */
export const ceilDiv = (amount: bigint, divisor: bigint): bigint => (amount + divisor - 1n) / divisor

/** Whole units of a quantity in billionths, rounded up: bytes of a memory limit. */
export const wholeUnits = (billionths: bigint): number => Number(ceilDiv(billionths, 10n ** BigInt(nano)))

const nano = 9
/** Digits are bounded so that no text makes a huge number: Kubernetes itself keeps quantities within 63 bits. */
const quantity =
  /^([+-])?(?=\.?\d)(\d{0,30})(?:\.(\d{0,30}))?(?:[eE]([+-]?\d{1,2})|(n|u|m|k|M|G|T|P|E|Ki|Mi|Gi|Ti|Pi|Ei))?$/
const decimal: Readonly<Record<string, number>> = { n: -9, u: -6, m: -3, k: 3, M: 6, G: 9, T: 12, P: 15, E: 18 }
const binary: Readonly<Record<string, bigint>> = {
  Ki: 2n ** 10n,
  Mi: 2n ** 20n,
  Gi: 2n ** 30n,
  Ti: 2n ** 40n,
  Pi: 2n ** 50n,
  Ei: 2n ** 60n,
}
