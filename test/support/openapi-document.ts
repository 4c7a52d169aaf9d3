import { fieldsOf } from '../../src/adapters/kube-api/body/protobuf/wire.ts'

/** How a member of a document of OpenAPI 2 is written in protobuf. */
type Form =
  | { readonly _tag: 'Text' | 'Texts' }
  | { readonly _tag: 'One'; readonly of: () => Message }
  /** The only member of a message around it. */
  | { readonly _tag: 'Within'; readonly number: number; readonly of: () => Message }
  | { readonly _tag: 'Named'; readonly number: number; readonly of: () => Message }
type Message = Readonly<Record<number, readonly [name: string, form: Form]>>

const text: Form = { _tag: 'Text' }

const schema: Message = {
  1: ['$ref', text],
  2: ['format', text],
  4: ['description', text],
  19: ['required', { _tag: 'Texts' }],
  21: ['additionalProperties', { _tag: 'Within', number: 1, of: () => schema }],
  22: ['type', { _tag: 'Within', number: 1, of: () => ({}) }],
  23: ['items', { _tag: 'Within', number: 1, of: () => schema }],
  25: ['properties', { _tag: 'Named', number: 1, of: () => schema }],
}

const operation: Message = { 5: ['operationId', text] }

const documentForm: Message = {
  1: ['swagger', text],
  2: ['info', { _tag: 'One', of: () => ({ 1: ['title', text], 2: ['version', text] }) }],
  8: ['paths', { _tag: 'Named', number: 2, of: () => ({ 8: ['patch', { _tag: 'One', of: () => operation }] }) }],
  9: ['definitions', { _tag: 'Named', number: 1, of: () => schema }],
}

/** The JSON for which a document in protobuf stands. Answers have no content there, so what JSON says of them is supplied. */
export const protobufJson = (bytes: Uint8Array): unknown => read(documentForm, bytes)

const read = (message: Message, bytes: Uint8Array): Record<string, unknown> => {
  const members: Record<string, unknown> = {}
  for (const { number, value } of fieldsOf(bytes)) {
    if (!(value instanceof Uint8Array)) throw new Error('a document has texts and messages only')
    const [name, form] = message[number] ?? []
    if (name !== undefined && form !== undefined) members[name] = readForm(form, value, members[name])
    else if (number === 31 || number === 13) {
      const [key, extension] = pair(value)
      members[key] = JSON.parse(utf8([...fieldsOf(extension)][0]!.value))
    } else if (number === 8) members['parameters'] = [...((members['parameters'] ?? []) as unknown[]), parameter(value)]
    else throw new Error(`number ${number} is unknown`)
  }
  return message === operation ? { ...members, responses: { 200: { description: 'OK' } } } : members
}

const readForm = (form: Form, bytes: Uint8Array, present: unknown): unknown => {
  switch (form._tag) {
    case 'Text':
      return utf8(bytes)
    case 'Texts':
      return [...((present ?? []) as unknown[]), utf8(bytes)]
    case 'One':
      return read(form.of(), bytes)
    case 'Within': {
      const inner = [...fieldsOf(bytes)][0]!.value as Uint8Array
      return Object.keys(form.of()).length === 0 ? utf8(inner) : read(form.of(), inner)
    }
    case 'Named':
      return Object.fromEntries(
        [...fieldsOf(bytes)].map(({ number, value }) => {
          if (number !== form.number) throw new Error(`number ${number} instead of ${form.number}`)
          const [key, inner] = pair(value as Uint8Array)
          return [key, read(form.of(), inner)]
        }),
      )
  }
}

/** parameter, non-body, query: in, name, type. */
const parameter = (bytes: Uint8Array): unknown => {
  const innermost = [1, 2, 3].reduce((around) => pairs(around)[0]?.[1] ?? around, bytes)
  const fields = new Map(pairs(innermost))
  return { name: utf8(fields.get(4)), in: utf8(fields.get(2)) }
}

const pairs = (bytes: Uint8Array): ReadonlyArray<readonly [number, Uint8Array]> =>
  [...fieldsOf(bytes)].map(({ number, value }) => [number, value as Uint8Array])

/** A name and what is under it. */
const pair = (bytes: Uint8Array): readonly [string, Uint8Array] => {
  const fields = new Map(pairs(bytes))
  return [utf8(fields.get(1)), fields.get(2) ?? new Uint8Array()]
}

const utf8 = (bytes: unknown): string => new TextDecoder().decode(bytes as Uint8Array)
