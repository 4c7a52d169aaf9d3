import type { Schema } from '../schema.ts'
import { elementKey, isObject, type Json, placeBelow, placeOf, placeOfElement, type TypedPlace } from './typed-place.ts'

/** An object of this kind with everything that a configuration says about it. Elements of shared lists stay, others are replaced. */
export const mergedObject =
  (schema: Schema, kind: string) =>
  (live: Json, config: Json): Json => {
    const result = merged(schema, placeOf(schema, kind), live, config)
    return isObject(result) ? result : live
  }

const merged = (schema: Schema, place: TypedPlace, live: unknown, config: unknown): unknown => {
  if (config === undefined) return live
  if (live === undefined || live === null || config === null) return config
  switch (place._tag) {
    case 'Leaf':
      return config
    case 'Struct':
    case 'Map': {
      if (place.isAtomic || !isObject(live) || !isObject(config)) return config
      const result = new Map(Object.entries(live))
      for (const [field, value] of Object.entries(config)) {
        const below = placeBelow(schema, place, field)
        result.set(field, below === undefined ? value : merged(schema, below, result.get(field), value))
      }
      return Object.fromEntries(result)
    }
    case 'Keyed':
    case 'Set':
      return Array.isArray(live) && Array.isArray(config) ? mergedList(schema, place, live, config) : config
  }
}

type Listed = Extract<TypedPlace, { _tag: 'Keyed' | 'Set' }>

/**
 * The elements of both, those of the configuration in its order. An element that only the server has stays behind those before it; one that
 * both have waits until the configuration comes to it.
 */
const mergedList = (
  schema: Schema,
  place: Listed,
  live: ReadonlyArray<unknown>,
  config: ReadonlyArray<unknown>,
): ReadonlyArray<unknown> => {
  const below = placeOfElement(schema, place.item)
  const keyed = (list: ReadonlyArray<unknown>) =>
    list.map((element) => ({ key: elementKey(place, element) ?? JSON.stringify(element), element }))
  const [present, wanted] = [keyed(live), keyed(config)]
  const ofLive = new Map(present.toReversed().map(({ key, element }) => [key, element]))
  const wantedKeys = new Set(wanted.map(({ key }) => key))
  const shared = nextOf(wanted.map(({ key }) => (ofLive.has(key) ? key : undefined)))
  const result: unknown[] = []
  let at = 0
  /** Takes what only the server has, up to the next element that both have. */
  const takeOwn = (next: string | undefined): void => {
    for (let one = present[at]; one !== undefined && one.key !== next; one = present[at]) {
      if (!wantedKeys.has(one.key)) result.push(one.element)
      at += 1
    }
  }
  for (const [index, { key, element }] of wanted.entries()) {
    takeOwn(shared[index])
    result.push(merged(schema, below, ofLive.get(key), element))
    if (present[at]?.key === key) at += 1
  }
  takeOwn(undefined)
  return result
}

/** At each place the first that is there from this place on. */
const nextOf = (keys: ReadonlyArray<string | undefined>): ReadonlyArray<string | undefined> => {
  let next: string | undefined
  return keys
    .toReversed()
    .map((key) => (next = key ?? next))
    .toReversed()
}
