import { sameValue } from './same-value.ts'

type Json = unknown
type JsonObject = Readonly<Record<string, Json>>

/** [RFC 7396] The value that a merge patch makes of `target`: null takes a field away, anything but an object replaces. */
export const applyMergePatch = (target: Json, patch: Json): Json => {
  if (!isObject(patch)) return patch
  const merged = new Map(Object.entries(isObject(target) ? target : {}))
  for (const [key, value] of Object.entries(patch))
    if (value === null) merged.delete(key)
    else merged.set(key, applyMergePatch(merged.get(key), value))
  return Object.fromEntries(merged)
}

/** Merge patches one after the other, as two: what they take away, then what they give. No single one could put an object in the place of another. */
export type MergePatches = { readonly takes: JsonObject; readonly gives: JsonObject }

/** The same with one more patch behind them; undefined: it is the first. */
export const withMergePatch = (before: MergePatches | undefined, patch: JsonObject): MergePatches => {
  const takes = new Map(Object.entries(before?.takes ?? {}))
  const gives = new Map(Object.entries(before?.gives ?? {}))
  for (const [key, value] of Object.entries(patch)) {
    const [taken, given] = [takes.get(key), gives.get(key)]
    if (value === null) {
      takes.set(key, null)
      gives.delete(key)
    } else if (!isObject(value)) gives.set(key, value)
    else if (taken === null || (given !== undefined && !isObject(given))) {
      takes.set(key, null)
      gives.set(key, applyMergePatch(given, value))
    } else {
      const inner = withMergePatch({ takes: isObject(taken) ? taken : {}, gives: isObject(given) ? given : {} }, value)
      takes.set(key, inner.takes)
      gives.set(key, inner.gives)
    }
  }
  return { takes: Object.fromEntries(takes), gives: Object.fromEntries(gives) }
}

/** What all of them make of `target`. */
export const applyMergePatches = (target: Json, { takes, gives }: MergePatches): Json =>
  applyMergePatch(applyMergePatch(target, takes), gives)

/** The smallest merge patch that makes `after` of `before`, null when they are the same. Neither holds a null. */
export const mergePatchBetween = (before: JsonObject, after: JsonObject): JsonObject | null => {
  const patch = new Map<string, Json>()
  for (const key of Object.keys(before)) if (!Object.hasOwn(after, key)) patch.set(key, null)
  for (const [key, value] of Object.entries(after)) {
    const old = Object.hasOwn(before, key) ? before[key] : undefined
    if (isObject(old) && isObject(value)) {
      const inner = mergePatchBetween(old, value)
      if (inner !== null) patch.set(key, inner)
    } else if (!sameValue(old, value)) patch.set(key, value)
  }
  return patch.size === 0 ? null : Object.fromEntries(patch)
}

const isObject = (value: Json): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
