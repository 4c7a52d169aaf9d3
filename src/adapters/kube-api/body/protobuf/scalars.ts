import type { Presence } from '../../../../domain/kubernetes/messages.ts'
import type { ScalarName } from '../../../../domain/kubernetes/schema.ts'
import { E } from '../../../../prelude.ts'
import { readJson } from '../read-json.ts'
import { fieldsOf, packedNumbers, type WireField, WireProblem } from './wire.ts'

/** The value in JSON of what stands in a message; undefined for a time, or anything, that is not set. Throws a WireProblem. */
export const scalarOf = (name: ScalarName, wire: WireField, field: string): unknown => {
  switch (name) {
    case 'boolean':
      return numberOf(wire, field) !== 0n
    case 'int32':
      return Number(BigInt.asIntN(32, numberOf(wire, field)))
    case 'int64':
      return Number(BigInt.asIntN(64, numberOf(wire, field)))
    case 'string':
      return textOf(runOf(wire, field))
    case 'bytes':
      return Buffer.from(runOf(wire, field)).toString('base64')
    case 'quantity':
      return quantityIn(runOf(wire, field))
    case 'intOrString':
      return intOrStringIn(runOf(wire, field))
    case 'time':
      return timeIn(runOf(wire, field), 0)
    case 'microTime':
      return timeIn(runOf(wire, field), 6)
    case 'any':
      return jsonIn(runOf(wire, field))
  }
}

/** The items that one field brings to a list: numbers may come many at once. */
export const listedScalars = (name: ScalarName, wire: WireField, field: string): ReadonlyArray<unknown> =>
  (name === 'int32' || name === 'int64' || name === 'boolean') && wire.value instanceof Uint8Array
    ? packedNumbers(wire.value).map((value) => scalarOf(name, { number: wire.number, wireType: 0, value }, field))
    : [scalarOf(name, wire, field)]

/** What a value is in a map that gives none. */
export const emptyScalar = (name: ScalarName): unknown => (name === 'quantity' ? '0' : '')

/** Whether a field is as if it were not there; the scalars that are messages say so themselves. */
export const isUnset = (name: ScalarName, value: unknown, presence: Presence): boolean =>
  value === undefined ||
  (presence === 'WhenNotEmpty' && name !== 'intOrString' && (value === '' || value === 0 || value === false))

/** The bytes of a field. Throws a WireProblem when it is of another form. */
export const runOf = ({ value, wireType }: WireField, field: string): Uint8Array => {
  if (value instanceof Uint8Array) return value
  throw wrongForm(wireType, field)
}

const numberOf = ({ value, wireType }: WireField, field: string): bigint => {
  if (typeof value === 'bigint') return value
  throw wrongForm(wireType, field)
}

const wrongForm = (wireType: number, field: string): WireProblem =>
  new WireProblem(`proto: wrong wireType = ${wireType} for field ${field.charAt(0).toUpperCase()}${field.slice(1)}`)

/** Bytes that are no UTF-8 are replaced, as they are in JSON. */
const textOf = (bytes: Uint8Array): string => decoder.decode(bytes)

const decoder = new TextDecoder('utf-8', { ignoreBOM: true })

const quantityIn = (bytes: Uint8Array): string => {
  let text = '0'
  for (const wire of fieldsOf(bytes)) if (wire.number === 1) text = textOf(runOf(wire, 'string'))
  return text
}

const intOrStringIn = (bytes: Uint8Array): number | string => {
  let [isText, number, text] = [false, 0, '']
  for (const wire of fieldsOf(bytes)) {
    if (wire.number === 1) isText = numberOf(wire, 'type') === 1n
    if (wire.number === 2) number = Number(BigInt.asIntN(32, numberOf(wire, 'intVal')))
    if (wire.number === 3) text = textOf(runOf(wire, 'strVal'))
  }
  return isText ? text : number
}

/** A time that is not set is a message of nothing; one that is set gives its seconds even when they are 0. */
const timeIn = (bytes: Uint8Array, digits: 0 | 6): string | undefined => {
  if (bytes.length === 0) return undefined
  let [seconds, nanos] = [0n, 0n]
  for (const wire of fieldsOf(bytes)) {
    if (wire.number === 1) seconds = BigInt.asIntN(64, numberOf(wire, 'seconds'))
    if (wire.number === 2) nanos = BigInt.asIntN(32, numberOf(wire, 'nanos'))
  }
  if (seconds < secondsMin || seconds > secondsMax || nanos < 0n || nanos >= 1_000_000_000n)
    throw new WireProblem('Time.MarshalJSON: year outside of range [0,9999]')
  const whole = new Date(Number(seconds) * 1000).toISOString().slice(0, 'yyyy-mm-ddThh:mm:ss'.length)
  const fraction = digits === 0 ? '' : `.${String(nanos / 1000n).padStart(digits, '0')}`
  return `${whole}${fraction}Z`
}

const secondsMin = BigInt(Date.parse('0000-01-01T00:00:00Z') / 1000)
const secondsMax = BigInt(Date.parse('9999-12-31T23:59:59Z') / 1000)

/** JSON within a message. */
const jsonIn = (bytes: Uint8Array): unknown => {
  let raw: Uint8Array = new Uint8Array()
  for (const wire of fieldsOf(bytes)) if (wire.number === 1) raw = runOf(wire, 'raw')
  if (raw.length === 0) return undefined
  const read = readJson(textOf(raw))
  if (E.isLeft(read)) throw new WireProblem(read.left)
  return read.right.value
}
