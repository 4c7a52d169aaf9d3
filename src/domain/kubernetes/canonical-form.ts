import { canonicalMicroTime, canonicalTime } from './go-time.ts'
import { messageOf } from './messages.ts'
import { canonicalQuantity } from './quantity.ts'
import { type Definition, fieldType, notationOf, type ScalarName, schema } from './schema.ts'

/**
 * What is left of a value after Kubernetes has read and written it [D-8, D-10]: unknown fields, nulls and empty things are
 * gone, quantities and times have their canonical spelling. Takes a value whose shape was checked.
 */
export const canonicalForm =
  (definitionName: string) =>
  (value: unknown): unknown =>
    canonical(definitionName, value)

const canonical = (notation: string, value: unknown): unknown => {
  const type = fieldType(schema, notation)
  switch (type._tag) {
    case 'Scalar':
      return scalar(type.name, value)
    case 'List':
      return Array.isArray(value) ? value.map((item) => canonical(type.item, item)) : value
    case 'Map':
      return Object.fromEntries(Object.entries(value ?? {}).map(([key, item]) => [key, canonical(type.value, item)]))
    case 'Object':
      return canonicalObject(type.name, type.definition, value ?? {})
  }
}

const scalar = (name: ScalarName, value: unknown): unknown => {
  if (name === 'quantity') return quantity(value)
  if (typeof value !== 'string') return value ?? zeroes[name]
  return name === 'time' ? canonicalTime(value) : name === 'microTime' ? canonicalMicroTime(value) : value
}

const canonicalObject = (name: string, definition: Definition, value: object): unknown => {
  const left: Record<string, unknown> = {}
  for (const [field, item] of Object.entries(value)) {
    const notation = notationOf(definition, field)
    if (notation === undefined || item === null || item === undefined) continue
    const kept = canonical(notation, item)
    if (!isDropped(name, definition, field, notation, kept)) left[field] = kept
  }
  return left
}

const isDropped = (name: string, definition: Definition, field: string, notation: string, value: unknown): boolean => {
  if (notation.startsWith('[]')) return Array.isArray(value) && value.length === 0
  if (notation.startsWith('map[')) return Object.keys(value ?? {}).length === 0
  if (notation === 'intOrString' || (value !== '' && value !== 0 && value !== false)) return false
  const known = messageOf(name)?.fields.get(field)
  return known === undefined ? value === '' && !definition.required.includes(field) : known.presence === 'WhenNotEmpty'
}

/** JSON may write a quantity as a number. */
const quantity = (value: unknown): string =>
  typeof value === 'string' || typeof value === 'number' ? canonicalQuantity(String(value)) : '0'

const zeroes: Readonly<Record<Exclude<ScalarName, 'quantity'>, unknown>> = {
  string: '',
  boolean: false,
  int32: 0,
  int64: 0,
  intOrString: 0,
  time: null,
  microTime: null,
  bytes: '',
  any: null,
}
