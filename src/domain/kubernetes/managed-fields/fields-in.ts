import type { Schema } from '../schema.ts'
import { type Fields, type FieldSet, fieldsOf, member } from './field-set.ts'
import { elementKey, isObject, type Json, placeBelow, placeOf, placeOfElement, type TypedPlace } from './typed-place.ts'

/** The fields that an object of this kind says something about; what leads to them is none of them, but for elements of lists. */
export const fieldsIn =
  (schema: Schema, kind: string) =>
  (object: Json): FieldSet =>
    within(schema, placeOf(schema, kind), object)

/** What is null says so, and so does what has nothing in it. */
const within = (schema: Schema, place: TypedPlace, value: unknown): FieldSet => {
  if (value === null || value === undefined) return member
  switch (place._tag) {
    case 'Leaf':
      return member
    case 'Struct':
    case 'Map': {
      if (place.isAtomic || !isObject(value) || Object.keys(value).length === 0) return member
      return fieldsOf(
        false,
        Object.entries(value).flatMap(([field, inner]) => {
          const below = placeBelow(schema, place, field)
          const fields = below === undefined ? null : within(schema, below, inner)
          return fields === null ? [] : [[`f:${field}`, fields] as const]
        }),
      )
    }
    case 'Keyed':
    case 'Set':
      return fieldsOf(
        false,
        (Array.isArray(value) ? value : []).flatMap((element): ReadonlyArray<readonly [string, Fields]> => {
          const key = elementKey(place, element)
          if (key === null) return []
          const below = within(schema, placeOfElement(schema, place.item), element) ?? member
          return [[key, below === member ? member : { '.': member, ...below }]]
        }),
      )
  }
}
