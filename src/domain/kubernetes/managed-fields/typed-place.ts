import { fieldType, notationOf, type ScalarName, type Schema } from '../schema.ts'
import { elementKeys, isAlwaysThere, isAtomic, isAtomicMap, keyDefaults } from './list-types.ts'

/** What the values at one place of an object are, to those who share it: a leaf has one manager as a whole. */
export type TypedPlace =
  | { readonly _tag: 'Leaf'; readonly scalar: ScalarName | null; readonly isList: boolean }
  | {
      readonly _tag: 'Struct'
      readonly definition: string
      readonly fields: Readonly<Record<string, string>>
      readonly isAtomic: boolean
    }
  | { readonly _tag: 'Map'; readonly value: string; readonly isAtomic: boolean }
  | { readonly _tag: 'Keyed'; readonly item: string; readonly keys: ReadonlyArray<string> }
  | { readonly _tag: 'Set'; readonly item: string }

export type Json = Readonly<Record<string, unknown>>

/** The place of a whole object of this kind. */
export const placeOf = (schema: Schema, kind: string): TypedPlace => placeFor(schema, kind, '', '')

/** The place of one of the fields of a structure or map; undefined when there is no such field. */
export const placeBelow = (schema: Schema, place: TypedPlace, field: string): TypedPlace | undefined => {
  if (place._tag === 'Map') return placeFor(schema, place.value, '', '')
  if (place._tag !== 'Struct') return undefined
  const known = knownBelow.get(place)?.get(field)
  if (known !== undefined) return known
  const notation = notationOf(place, field)
  return notation === undefined ? undefined : noted(place, field, placeFor(schema, notation, place.definition, field))
}

/** The places of the fields of structures: looked for with every write. */
const knownBelow = new WeakMap<TypedPlace, Map<string, TypedPlace>>()

const noted = (place: TypedPlace, field: string, below: TypedPlace): TypedPlace => {
  const fields = knownBelow.get(place) ?? new Map<string, TypedPlace>()
  knownBelow.set(place, fields.set(field, below))
  return below
}

/** The place of an element of a list. */
export const placeOfElement = (schema: Schema, item: string): TypedPlace => placeFor(schema, item, '', '')

/** What is at a field of a structure that is there: some structures are there with nothing in them. */
export const fieldValue = (place: TypedPlace, value: Json, field: string): unknown => {
  const own = Object.hasOwn(value, field) ? (value[field] ?? undefined) : undefined
  if (own !== undefined || place._tag !== 'Struct') return own
  const notation = place.fields[field] ?? ''
  return isAlwaysThere(place.definition, field, notation) ? (notation.startsWith('[]') ? [] : {}) : undefined
}

/** The key of a set of fields under which an element of a list is known; null when the element lacks one of its keys. */
export const elementKey = (place: Extract<TypedPlace, { _tag: 'Keyed' | 'Set' }>, element: unknown): string | null => {
  if (place._tag === 'Set') return `v:${JSON.stringify(element)}`
  if (!isObject(element)) return null
  const keys = place.keys.toSorted().map((key) => [key, element[key] ?? keyDefaults[key]] as const)
  return keys.some(([, value]) => value === undefined) ? null : `k:${JSON.stringify(Object.fromEntries(keys))}`
}

export const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** Each place of a schema is made once: objects have a hundred of them, and are compared with every write. */
const knownPlaces = new WeakMap<Schema, Map<string, TypedPlace>>()

const placeFor = (schema: Schema, notation: string, definition: string, field: string): TypedPlace => {
  const places = knownPlaces.get(schema) ?? new Map<string, TypedPlace>()
  knownPlaces.set(schema, places)
  const key = `${definition}.${field} ${notation}`
  const known = places.get(key) ?? newPlace(schema, notation, definition, field)
  places.set(key, known)
  return known
}

const newPlace = (schema: Schema, notation: string, definition: string, field: string): TypedPlace => {
  const type = fieldType(schema, notation)
  switch (type._tag) {
    case 'Scalar':
      return { _tag: 'Leaf', scalar: type.name, isList: false }
    case 'Map':
      return { _tag: 'Map', value: type.value, isAtomic: isAtomicMap(definition, field) }
    case 'Object':
      return {
        _tag: 'Struct',
        definition: type.name,
        fields: type.definition.fields,
        isAtomic: isAtomic(type.name),
      }
    case 'List': {
      const keys = elementKeys(definition, field)
      if (keys === null) return { _tag: 'Leaf', scalar: null, isList: true }
      return keys === 'set' ? { _tag: 'Set', item: type.item } : { _tag: 'Keyed', item: type.item, keys }
    }
  }
}
