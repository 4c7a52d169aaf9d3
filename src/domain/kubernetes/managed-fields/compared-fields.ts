import { remembered } from '../../remembered.ts'
import { sameValue } from '../../same-value.ts'
import type { Schema } from '../schema.ts'
import { type Fields, type FieldSet, fieldsOf, inOrder, member } from './field-set.ts'
import {
  elementKey,
  fieldValue,
  isObject,
  type Json,
  placeBelow,
  placeOf,
  placeOfElement,
  type TypedPlace,
} from './typed-place.ts'

/** The fields in which two objects differ. What is null is not there. */
export type ComparedFields = { readonly added: FieldSet; readonly modified: FieldSet; readonly removed: FieldSet }

/** What became of the fields of an object of this kind. Whatever comes into being is added, with all that leads to it. */
export const comparedFields =
  (schema: Schema, kind: string) =>
  (before: Json, after: Json): ComparedFields =>
    compared(schema, placeOf(schema, kind), before, after)

const nothing: ComparedFields = { added: null, modified: null, removed: null }

const compared = (schema: Schema, place: TypedPlace, before: unknown, after: unknown): ComparedFields => {
  if (before === after) return nothing
  if (before !== undefined && isBare(before) && isObject(after) && isSpec(place)) return ofNewSpec(schema, place)(after)
  return comparedParts(schema, place, before, after)
}

const isSpec = (place: TypedPlace): place is Fielded => place._tag === 'Struct' && place.definition.endsWith('Spec')

/** All that a new object's spec says; a spec is always there, at first with nothing in it. It is asked of the same spec again when many objects are made of it. */
const ofNewSpec = (schema: Schema, place: TypedPlace): ((spec: Json) => ComparedFields) => {
  const known = ofNewSpecs.get(place)
  if (known !== undefined) return known
  const ofSpec = remembered((spec: Json) => {
    const { added, ...rest } = comparedParts(schema, place, {}, spec)
    return { ...rest, added: added && inOrder(added) }
  })
  ofNewSpecs.set(place, ofSpec)
  return ofSpec
}

const ofNewSpecs = new WeakMap<TypedPlace, (spec: Json) => ComparedFields>()

const comparedParts = (schema: Schema, place: TypedPlace, before: unknown, after: unknown): ComparedFields => {
  switch (place._tag) {
    case 'Leaf':
      return leaf(before, after)
    case 'Map':
    case 'Struct':
      return place.isAtomic || (isBare(before) && isBare(after))
        ? leaf(before, after)
        : ofFields(schema, place, before, after)
    case 'Keyed':
    case 'Set':
      return isBare(before) && isBare(after) ? leaf(before, after) : ofElements(schema, place, before, after)
  }
}

const leaf = (before: unknown, after: unknown): ComparedFields => {
  if (before === undefined) return addedLeaf
  if (after === undefined) return removedLeaf
  return sameValue(before, after) ? nothing : modifiedLeaf
}

const addedLeaf: ComparedFields = { ...nothing, added: member }
const modifiedLeaf: ComparedFields = { ...nothing, modified: member }
const removedLeaf: ComparedFields = { ...nothing, removed: member }

/** Absent, or with nothing in it. */
const isBare = (value: unknown): boolean =>
  value === undefined || (typeof value === 'object' && value !== null && Object.keys(value).length === 0)

type Fielded = Extract<TypedPlace, { _tag: 'Struct' | 'Map' }>
type Listed = Extract<TypedPlace, { _tag: 'Keyed' | 'Set' }>

const ofFields = (schema: Schema, place: Fielded, before: unknown, after: unknown): ComparedFields => {
  const [old, next] = [isObject(before) ? before : undefined, isObject(after) ? after : undefined]
  const value = (object: Json | undefined, field: string) =>
    object === undefined ? undefined : fieldValue(place, object, field)
  const inner: Inner[] = []
  for (const field of fieldsOfBoth(old ?? {}, next ?? {})) {
    const below = placeBelow(schema, place, field)
    if (below === undefined) continue
    const one = compared(schema, below, value(old, field), value(next, field))
    if (one !== nothing) inner.push([`f:${field}`, one])
  }
  return joined(before, after, inner)
}

const fieldsOfBoth = (old: Json, next: Json): ReadonlyArray<string> => {
  const known = Object.keys(old)
  return known.length === 0
    ? Object.keys(next)
    : [...known, ...Object.keys(next).filter((field) => !Object.hasOwn(old, field))]
}

/** An element that is there several times is compared as all of them together. */
const ofElements = (schema: Schema, place: Listed, before: unknown, after: unknown): ComparedFields => {
  const [old, next] = [byKey(place, before), byKey(place, after)]
  const below = placeOfElement(schema, place.item)
  const inner = [...new Set([...old.keys(), ...next.keys()])].map((key): Inner => {
    const [mine = [], theirs = []] = [old.get(key), next.get(key)]
    const isPlain = mine.length < 2 && theirs.length < 2
    return [
      key,
      isPlain
        ? compared(schema, below, mine[0], theirs[0])
        : leaf(mine.length === 0 ? undefined : mine, theirs.length === 0 ? undefined : theirs),
    ]
  })
  return joined(before, after, inner)
}

const byKey = (place: Listed, list: unknown): ReadonlyMap<string, ReadonlyArray<unknown>> => {
  const elements = new Map<string, unknown[]>()
  for (const element of Array.isArray(list) ? list : []) {
    const key = elementKey(place, element)
    if (key === null) continue
    const same = elements.get(key)
    if (same === undefined) elements.set(key, [element])
    else same.push(element)
  }
  return elements
}

type Inner = readonly [key: string, compared: ComparedFields]

const joined = (before: unknown, after: unknown, inner: ReadonlyArray<Inner>): ComparedFields =>
  inner.length === 0 && before !== undefined && after !== undefined
    ? nothing
    : {
        added: gathered(inner, 'added', before === undefined),
        modified: gathered(inner, 'modified', false),
        removed: gathered(inner, 'removed', after === undefined),
      }

const gathered = (inner: ReadonlyArray<Inner>, of: keyof ComparedFields, isSelf: boolean): FieldSet => {
  const below: Array<readonly [string, Fields]> = []
  for (const [key, one] of inner) {
    const fields = one[of]
    if (fields !== null) below.push([key, fields])
  }
  return below.length === 0 && !isSelf ? null : fieldsOf(isSelf, below)
}
