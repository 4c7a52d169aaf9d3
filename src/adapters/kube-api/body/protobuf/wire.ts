/** What stands in a message under a number, as far as it can be told without knowing the message. */
export type WireField = {
  readonly number: number
  /** A number, a run of bytes, or neither: a form that Kubernetes uses nowhere. */
  readonly value: bigint | Uint8Array | null
  readonly wireType: number
}

/** Bytes that are no message; caught by who decodes. */
export class WireProblem extends Error {}

/** The fields of a message in their order, each read when it is asked for. Throws a WireProblem, in the words of Kubernetes' decoder. */
export function* fieldsOf(bytes: Uint8Array): Generator<WireField> {
  const reading: Reading = { bytes, at: 0 }
  while (reading.at < bytes.length) {
    const tag = readVarint(reading)
    const number = Number(BigInt.asUintN(32, tag >> 3n))
    const wireType = Number(tag & 7n)
    if (wireType === endGroup) throw new WireProblem('proto: wiretype end group for non-group')
    if (number === 0 || number > numberMax)
      throw new WireProblem(`proto: illegal tag ${number | 0} (wire type ${wireType})`)
    yield { number, wireType, value: readValue(reading, wireType) }
  }
}

/** The numbers of a repeated field that was packed into one run of bytes. */
export const packedNumbers = (bytes: Uint8Array): ReadonlyArray<bigint> => {
  const reading: Reading = { bytes, at: 0 }
  const numbers: bigint[] = []
  while (reading.at < bytes.length) numbers.push(readVarint(reading))
  return numbers
}

type Reading = { readonly bytes: Uint8Array; at: number }

const endGroup = 4
const numberMax = 2 ** 29 - 1

const readValue = (reading: Reading, wireType: number): bigint | Uint8Array | null => {
  switch (wireType) {
    case 0:
      return readVarint(reading)
    case 1:
      return skip(reading, 8)
    case 2:
      return readRun(reading)
    case 3:
      return skipGroup(reading)
    case 5:
      return skip(reading, 4)
    default:
      throw new WireProblem(`proto: illegal wireType ${wireType}`)
  }
}

/** Seven bits to the byte, the lowest first. */
const readVarint = (reading: Reading): bigint => {
  let value = 0n
  for (let shift = 0n; shift < 64n; shift += 7n) {
    const byte = reading.bytes[reading.at]
    if (byte === undefined) throw endsTooSoon()
    reading.at += 1
    value |= BigInt(byte & 0x7f) << shift
    if (byte < 0x80) return BigInt.asUintN(64, value)
  }
  throw new WireProblem('proto: integer overflow')
}

const readRun = (reading: Reading): Uint8Array => {
  const length = BigInt.asIntN(64, readVarint(reading))
  if (length < 0n) throw new WireProblem('proto: negative length found during unmarshaling')
  const begin = reading.at
  skip(reading, Number(length))
  return reading.bytes.subarray(begin, reading.at)
}

const skip = (reading: Reading, length: number): null => {
  if (length > reading.bytes.length - reading.at) throw endsTooSoon()
  reading.at += length
  return null
}

/** Groups are no part of any message; however deep they are, they are passed over without recursion. */
const skipGroup = (reading: Reading): null => {
  for (let depth = 1; depth > 0; ) {
    const wireType = Number(readVarint(reading) & 7n)
    if (wireType === 3) depth += 1
    else if (wireType === endGroup) depth -= 1
    else readValue(reading, wireType)
  }
  return null
}

const endsTooSoon = (): WireProblem => new WireProblem('unexpected EOF')
