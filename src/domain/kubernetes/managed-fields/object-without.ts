import type { Schema } from '../schema.ts'
import { type Fields, type FieldSet, isMember } from './field-set.ts'
import { elementKey, isObject, type Json, placeBelow, placeOf, placeOfElement, type TypedPlace } from './typed-place.ts'

/** An object of this kind without these fields, each with everything below it. */
export const objectWithout =
  (schema: Schema, kind: string) =>
  (object: Json, fields: FieldSet): Json => {
    const left = fields === null ? object : reduced(schema, placeOf(schema, kind), object, fields)
    return isObject(left) ? left : object
  }

const reduced = (schema: Schema, place: TypedPlace, value: unknown, fields: Fields): unknown => {
  const inner = (key: string): Fields | undefined => (Object.hasOwn(fields, key) ? fields[key] : undefined)
  switch (place._tag) {
    case 'Leaf':
      return value
    case 'Struct':
    case 'Map':
      if (place.isAtomic || !isObject(value)) return value
      return Object.fromEntries(
        Object.entries(value).flatMap(([field, one]) => {
          const gone = inner(`f:${field}`)
          const below = placeBelow(schema, place, field)
          if (gone === undefined || below === undefined) return [[field, one]]
          return isMember(gone) ? [] : [[field, reduced(schema, below, one, gone)]]
        }),
      )
    case 'Keyed':
    case 'Set':
      if (!Array.isArray(value)) return value
      return value.flatMap((element: unknown) => {
        const key = elementKey(place, element)
        const gone = key === null ? undefined : inner(key)
        if (gone === undefined) return [element]
        return isMember(gone) ? [] : [reduced(schema, placeOfElement(schema, place.item), element, gone)]
      })
  }
}
