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

/** One merge patch that does what the first and then the second do. */
export const composeMergePatches = (first: Json, second: Json): Json => {
  if (!isObject(first) || !isObject(second)) return second
  const composed = new Map(Object.entries(first))
  for (const [key, value] of Object.entries(second)) composed.set(key, composeMergePatches(composed.get(key), value))
  return Object.fromEntries(composed)
}

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
