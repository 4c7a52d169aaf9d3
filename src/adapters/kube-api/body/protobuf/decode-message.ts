import { type Message, type MessageField, messageOf } from '../../../../domain/kubernetes/messages.ts'
import { fieldType, notationOf, schema } from '../../../../domain/kubernetes/schema.ts'
import { isObject } from '../decode-object.ts'
import { emptyScalar, isUnset, listedScalars, runOf, scalarOf } from './scalars.ts'
import { fieldsOf, type WireField, WireProblem } from './wire.ts'

type Members = Record<string, unknown>

/**
 * The object of a message, with the values that its JSON would have: what is empty without having been set is left out, and numbers
 * that are not known are passed over. Throws a WireProblem.
 */
export const decodeMessage = (definition: string, bytes: Uint8Array): Readonly<Members> => {
  const members: Members = {}
  readInto(members, definition, messageOf(definition), bytes)
  return members
}

/** `message` is that of the definition, or one within it. No definition leads back to itself, which bounds the depth. */
const readInto = (members: Members, definition: string, message: Message | undefined, bytes: Uint8Array): void => {
  for (const wire of fieldsOf(bytes)) {
    const member = message?.members.get(wire.number)
    if (member === undefined) continue
    if ('members' in member) readInto(members, definition, member, runOf(wire, definition))
    else readField(members, definition, member, wire)
  }
}

const readField = (members: Members, definition: string, field: MessageField, wire: WireField): void => {
  const { name } = field
  const notation = notationOf(schema[definition] ?? nothingKnown, name)
  if (notation === undefined) return
  const type = fieldType(schema, notation)
  switch (type._tag) {
    case 'Scalar': {
      const value = scalarOf(type.name, wire, name)
      if (isUnset(type.name, value, field.presence)) delete members[name]
      else members[name] = value
      return
    }
    case 'List':
      return void listAt(members, name).push(...itemsOf(type.item, wire, name))
    case 'Map':
      return readEntry(objectAt(members, name), type.value, runOf(wire, name))
    case 'Object':
      return readInto(objectAt(members, name), type.name, messageOf(type.name), runOf(wire, name))
  }
}

const nothingKnown = { fields: {}, required: [] }

const listAt = (members: Members, name: string): unknown[] => {
  const present = members[name]
  if (Array.isArray(present)) return present
  const list: unknown[] = []
  members[name] = list
  return list
}

/** A message that comes in several pieces is the sum of them. */
const objectAt = (members: Members, name: string): Members => {
  const present = members[name]
  if (isObject(present)) return present as Members
  const object: Members = {}
  members[name] = object
  return object
}

const itemsOf = (notation: string, wire: WireField, name: string): ReadonlyArray<unknown> => {
  const type = fieldType(schema, notation)
  return type._tag === 'Object'
    ? [decodeMessage(type.name, runOf(wire, name))]
    : type._tag === 'Scalar'
      ? listedScalars(type.name, wire, name)
      : []
}

/** A message of a key and its value, both of which are left out when they are empty. */
const readEntry = (members: Members, notation: string, entry: Uint8Array): void => {
  const type = fieldType(schema, notation)
  let key = ''
  let value: unknown = type._tag === 'Scalar' ? emptyScalar(type.name) : []
  for (const wire of fieldsOf(entry)) {
    if (wire.number === 1) key = String(scalarOf('string', wire, 'key'))
    if (wire.number !== 2) continue
    if (type._tag === 'Scalar') value = scalarOf(type.name, wire, 'value')
    else if (type._tag === 'List')
      value = [...fieldsOf(runOf(wire, 'value'))].flatMap((item) =>
        item.number === 1 ? itemsOf(type.item, item, 'items') : [],
      )
  }
  if (key === '__proto__') throw new WireProblem('json: a member may not be called "__proto__"')
  members[key] = value
}
