import fc from 'fast-check'
import { type Message, type MessageField, messageOf } from '../../src/domain/kubernetes/messages.ts'
import { definitionName, fieldType, type ScalarName, schema } from '../../src/domain/kubernetes/schema.ts'

type Value = Readonly<Record<string, unknown>>

/** A body as a Go client sends it: four bytes, then the object with version and kind around it. */
export const protobufBody = (object: Value): Uint8Array => {
  const [apiVersion, kind] = [String(object['apiVersion']), String(object['kind'])]
  const group = apiVersion.includes('/') ? apiVersion.slice(0, apiVersion.indexOf('/')) : ''
  return Uint8Array.from([
    ...[0x6b, 0x38, 0x73, 0],
    ...run(1, [...run(1, utf8(apiVersion)), ...run(2, utf8(kind))]),
    ...run(2, encodeMessage(definitionName({ group, kind }), object)),
    ...run(3, []),
    ...run(4, []),
  ])
}

/** A message as Go clients write it: all numbers and texts that cannot be unset are there, even when they are empty. */
export const encodeMessage = (definition: string, value: Value): ReadonlyArray<number> =>
  encodeMembers(definition, messageOf(definition), value)

const encodeMembers = (definition: string, message: Message | undefined, value: Value): ReadonlyArray<number> =>
  [...(message?.members ?? [])].flatMap(([number, member]) =>
    'members' in member
      ? run(number, encodeMembers(definition, member, value))
      : encodeField(definition, number, member, value[member.name]),
  )

const encodeField = (
  definition: string,
  number: number,
  { name, presence }: MessageField,
  value: unknown,
): ReadonlyArray<number> => {
  const type = fieldType(schema, schema[definition]?.fields[name] ?? 'string')
  switch (type._tag) {
    case 'Object':
      return value === undefined ? [] : run(number, encodeMessage(type.name, value as Value))
    case 'List':
      return (value === undefined ? [] : (value as ReadonlyArray<unknown>)).flatMap((item) =>
        encodeItem(type.item, number, item),
      )
    case 'Map':
      return Object.entries((value ?? {}) as Value).flatMap(([key, item]) =>
        run(number, [...run(1, utf8(key)), ...encodeItem(type.value, 2, item)]),
      )
    case 'Scalar':
      if (value !== undefined) return encodeScalar(type.name, number, value)
      return presence === 'WhenNotEmpty' && Object.hasOwn(zeroes, type.name)
        ? encodeScalar(type.name, number, zeroes[type.name])
        : []
  }
}

const zeroes: Readonly<Record<string, unknown>> = { string: '', boolean: false, int32: 0, int64: 0 }

const encodeItem = (notation: string, number: number, item: unknown): ReadonlyArray<number> => {
  const type = fieldType(schema, notation)
  if (type._tag === 'Scalar') return encodeScalar(type.name, number, item)
  return run(
    number,
    type._tag === 'Object'
      ? encodeMessage(type.name, item as Value)
      : (item as ReadonlyArray<unknown>).flatMap((text) => run(1, utf8(text))),
  )
}

const encodeScalar = (name: ScalarName, number: number, value: unknown): ReadonlyArray<number> => {
  switch (name) {
    case 'boolean':
    case 'int32':
    case 'int64':
      return numbered(number, BigInt(Number(value)))
    case 'string':
      return run(number, utf8(value))
    case 'bytes':
      return run(number, [...Buffer.from(String(value), 'base64')])
    case 'quantity':
      return run(number, run(1, utf8(value)))
    case 'intOrString':
      return run(
        number,
        typeof value === 'number'
          ? [...numbered(1, 0n), ...numbered(2, BigInt(value)), ...run(3, [])]
          : [...numbered(1, 1n), ...numbered(2, 0n), ...run(3, utf8(value))],
      )
    case 'time':
    case 'microTime': {
      const micros =
        BigInt(Date.parse(String(value).replace(/\.[0-9]+/, ''))) * 1000n +
        BigInt(/\.([0-9]{6})/.exec(String(value))?.[1] ?? 0)
      const seconds = micros / 1_000_000n - (micros % 1_000_000n < 0n ? 1n : 0n)
      return run(number, [...numbered(1, seconds), ...numbered(2, (micros - seconds * 1_000_000n) * 1000n)])
    }
    case 'any':
      return run(number, run(1, utf8(JSON.stringify(value))))
  }
}

export const varint = (value: bigint): ReadonlyArray<number> => {
  const bytes: number[] = []
  let rest = BigInt.asUintN(64, value)
  for (; rest > 0x7fn; rest >>= 7n) bytes.push(Number(rest & 0x7fn) | 0x80)
  return [...bytes, Number(rest)]
}

const numbered = (number: number, value: bigint): ReadonlyArray<number> => [
  ...varint(BigInt(number) << 3n),
  ...varint(value),
]

export const run = (number: number, bytes: ReadonlyArray<number>): ReadonlyArray<number> => [
  ...varint((BigInt(number) << 3n) | 2n),
  ...varint(BigInt(bytes.length)),
  ...bytes,
]

const utf8 = (text: unknown): ReadonlyArray<number> => [...new TextEncoder().encode(String(text))]

/** Objects as the JSON of a definition has them after Kubernetes has read and written it; a few fields of each at a time. */
export const normalObject = (definition: string, depth = 6): fc.Arbitrary<Value> => {
  const known = messageOf(definition)?.fields
  const fields = Object.entries(schema[definition]?.fields ?? {}).filter(([name]) => known?.has(name))
  const always = fields.filter(([name]) => known?.get(name)?.presence === 'Always')
  const others = fields.filter(([name]) => known?.get(name)?.presence !== 'Always')
  return fc
    .subarray(others, { maxLength: Math.min(others.length, depth > 0 ? 4 : 0) })
    .chain((chosen) =>
      fc
        .tuple(
          ...[...always, ...chosen].map(([name, notation]) =>
            normalValue(notation, depth - 1, known?.get(name)?.presence === 'WhenNotEmpty').map(
              (value) => [name, value] as const,
            ),
          ),
        )
        .map((pairs): Value => Object.fromEntries(pairs)),
    )
}

const normalValue = (notation: string, depth: number, isNeverEmpty: boolean): fc.Arbitrary<unknown> => {
  const type = fieldType(schema, notation)
  switch (type._tag) {
    case 'Object':
      return normalObject(type.name, depth)
    case 'List':
      return fc.array(normalValue(type.item, depth, false), { minLength: 1, maxLength: 3 })
    case 'Map':
      return fc.dictionary(key, normalValue(type.value, depth, false), { minKeys: 1, maxKeys: 3 })
    case 'Scalar':
      return scalars[type.name].filter(
        (value) => !isNeverEmpty || (value !== '' && value !== 0 && value !== false) || type.name === 'intOrString',
      )
  }
}

const key = fc.string({ unit: 'grapheme' }).filter((text) => text !== '__proto__')
const int32 = fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 })
const time = fc
  .date({ min: new Date('0001-01-01T00:00:00Z'), max: new Date('9999-12-31T23:59:59Z'), noInvalidDate: true })
  .map((date) => date.toISOString().slice(0, 19))

const scalars: Readonly<Record<ScalarName, fc.Arbitrary<unknown>>> = {
  string: fc.string({ unit: 'grapheme' }),
  boolean: fc.boolean(),
  int32,
  int64: fc.maxSafeInteger().map((number) => (Object.is(number, -0) ? 0 : number)),
  quantity: fc.constantFrom('0', '1', '500m', '2Gi', '-3', '1.5'),
  intOrString: fc.oneof(int32, fc.string({ unit: 'grapheme' })),
  time: time.map((text) => `${text}Z`),
  microTime: fc
    .tuple(time, fc.integer({ min: 0, max: 999_999 }))
    .map(([text, micros]) => `${text}.${String(micros).padStart(6, '0')}Z`),
  bytes: fc.uint8Array({ maxLength: 8 }).map((bytes) => Buffer.from(bytes).toString('base64')),
  any: fc.constantFrom({ a: 1 }, { 'f:spec': { 'f:replicas': {} } }, [null, 'x']),
}
