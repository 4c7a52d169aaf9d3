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
  const [presentKeys, wantedKeys] = [new Set(present.map(({ key }) => key)), new Set(wanted.map(({ key }) => key))]
  const result: unknown[] = []
  let rest = present
  /** Takes what only the server has, up to the next element that both have. */
  const takeOwn = (next: string | undefined): void => {
    const end = rest.findIndex(({ key }) => key === next)
    const passed = end < 0 ? rest : rest.slice(0, end)
    for (const { key, element } of passed) if (!wantedKeys.has(key)) result.push(element)
    rest = end < 0 ? [] : rest.slice(end)
  }
  for (const [index, { key, element }] of wanted.entries()) {
    takeOwn(wanted.slice(index).find((one) => presentKeys.has(one.key))?.key)
    result.push(merged(schema, below, present.find((one) => one.key === key)?.element, element))
    if (rest[0]?.key === key) rest = rest.slice(1)
  }
  takeOwn(undefined)
  return result
}
