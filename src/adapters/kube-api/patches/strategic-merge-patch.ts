import { fieldType, notationOf, schema } from '../../../domain/kubernetes/schema.ts'
import { E } from '../../../prelude.ts'
import { isObject, type JsonObject } from '../body/decode-object.ts'
import { goMap } from './go-map.ts'
import { mergeKeyOf } from './merge-keys.ts'

/**
 * A strategic merge patch of an object of this kind: like a merge patch, but lists whose elements have a key are merged element by
 * element, and directives in the patch (`$patch`, `$retainKeys`, `$setElementOrder/…`, `$deleteFromPrimitiveList/…`) say otherwise.
 * Left: what is wrong with the patch, in the words of Kubernetes.
 */
export const strategicMergePatch = (
  kind: string,
  target: JsonObject,
  patch: JsonObject,
): E.Either<string, JsonObject> => {
  try {
    return E.right(mergeMap(target, patch, kind))
  } catch (problem) {
    if (problem instanceof PatchProblem) return E.left(problem.message)
    throw problem
  }
}

class PatchProblem extends Error {}

const orderPrefix = '$setElementOrder/'
const deletionPrefix = '$deleteFromPrimitiveList/'

/** `type`: the notation of the object's type in the schema, absent where the schema says nothing. */
const mergeMap = (target: JsonObject, given: JsonObject, type: string | undefined): JsonObject => {
  const { $patch: directive, $retainKeys: retained, ...patch } = given
  if (directive === 'replace') return withoutDirectives(patch)
  if (directive === 'delete') return {}
  if (directive !== undefined && directive !== 'merge')
    throw new PatchProblem(`unknown patch type: ${goMap(directive)} in map: ${goMap(given)}`)
  const merged = new Map(Object.entries(retained === undefined ? target : retainedIn(target, patch, retained)))
  for (const [key, value] of Object.entries(patch)) {
    if (key.startsWith(orderPrefix)) {
      const field = key.slice(orderPrefix.length)
      if (!Object.hasOwn(patch, field)) reorder(merged, field, value, type)
    } else if (key.startsWith(deletionPrefix)) removeTexts(merged, key.slice(deletionPrefix.length), value)
    else if (value === null) merged.delete(key)
    else merged.set(key, mergeField(merged, key, value, patch[`${orderPrefix}${key}`], type))
  }
  return Object.fromEntries(merged)
}

const mergeField = (
  merged: ReadonlyMap<string, unknown>,
  field: string,
  value: unknown,
  order: unknown,
  type: string | undefined,
): unknown => {
  const present = merged.get(field)
  const inner = innerType(type, field)
  if (isObject(value)) return mergeMap(isObject(present) ? present : {}, value, inner.type)
  if (!Array.isArray(value)) return value
  const mergeKey = inner.mergeKey
  if (mergeKey === undefined) return value.map(withoutDirectives)
  return mergeList(Array.isArray(present) ? present : [], value, order, mergeKey, inner.type)
}

/** The type of a field's value, or of its elements; by what these are known again. */
const innerType = (
  type: string | undefined,
  field: string,
): { readonly type?: string; readonly mergeKey?: string | null } => {
  if (type === undefined) return {}
  const around = fieldType(schema, type)
  if (around._tag === 'Map') return { type: around.value }
  const notation = around._tag === 'Object' ? notationOf(around.definition, field) : undefined
  if (around._tag !== 'Object' || notation === undefined) return {}
  const inner = fieldType(schema, notation)
  if (inner._tag !== 'List') return { type: notation }
  const mergeKey = mergeKeyOf(around.name, field)
  return { type: inner.item, ...(mergeKey === undefined ? {} : { mergeKey }) }
}

type Items = ReadonlyArray<unknown>

const mergeList = (
  target: Items,
  patch: Items,
  order: unknown,
  mergeKey: string | null,
  type: string | undefined,
): Items => {
  const identity = identityBy(mergeKey)
  const wanted = Array.isArray(order) ? order : null
  const asked = mergeKey === null ? patch : patch.filter((item) => !isDirective(item))
  if (wanted !== null) checkOrder(asked, wanted, identity)
  if (mergeKey === null) return inOrder([...new Set([...target, ...patch])], wanted ?? patch, target, identity)
  const keyless = patch.find(
    (item) => !isObject(item) || !(Object.hasOwn(item, mergeKey) || item['$patch'] === 'replace'),
  )
  if (keyless !== undefined)
    throw new PatchProblem(`map: ${goMap(keyless)} does not contain declared merge key: ${mergeKey}`)
  if (patch.some((item) => isObject(item) && item['$patch'] === 'replace')) return asked.map(withoutDirectives)
  const doomed = new Set(patch.filter((item) => isObject(item) && item['$patch'] === 'delete').map(identity))
  const kept = target.filter((item) => !doomed.has(identity(item)))
  const merged = new Map(kept.map((item) => [identity(item), item]))
  for (const item of asked) {
    const present = merged.get(identity(item))
    merged.set(identity(item), mergeMap(isObject(present) ? present : {}, isObject(item) ? item : {}, type))
  }
  // What is new takes the places of what was deleted: so Kubernetes, which works in the list of the server, takes it for the server's.
  const server = wanted === null ? target : [...merged.values()].slice(0, target.length)
  return inOrder([...merged.values()], wanted ?? asked, server, identity)
}

/** An element that is there for what it says of others. */
const isDirective = (item: unknown): boolean =>
  isObject(item) && (item['$patch'] === 'delete' || item['$patch'] === 'replace')

/** What two elements have in common that are one. */
const identityBy =
  (mergeKey: string | null) =>
  (item: unknown): string =>
    JSON.stringify(mergeKey !== null && isObject(item) ? item[mergeKey] : item) ?? ''

/**
 * The elements that the patch orders in its order, and those of the server alone in theirs: one of these comes before the next of
 * the patch only if that one is on the server as well, behind it.
 */
const inOrder = (items: Items, order: Items, server: Items, identity: (item: unknown) => string): Items => {
  const placesIn = (list: Items) => new Map(list.map((item, place) => [identity(item), place]))
  const [ordered, served] = [placesIn(order), placesIn(server)]
  const by = (places: ReadonlyMap<string, number>) => (a: unknown, b: unknown) =>
    (places.get(identity(a)) ?? 0) - (places.get(identity(b)) ?? 0)
  const asked = items.filter((item) => ordered.has(identity(item))).sort(by(ordered))
  const rest = items.filter((item) => !ordered.has(identity(item))).sort(by(served))
  const result: unknown[] = []
  for (const item of asked) {
    const place = served.get(identity(item))
    while (place !== undefined && rest.length > 0 && (served.get(identity(rest[0])) ?? place) < place)
      result.push(rest.shift())
    result.push(item)
  }
  return [...result, ...rest]
}

/** The elements of a patch come in the order that it tells. */
const checkOrder = (patch: Items, order: Items, identity: (item: unknown) => string): void => {
  const wanted = patch.map(identity)
  let met = 0
  for (const item of order) if (identity(item) === wanted[met]) met += 1
  if (met === wanted.length) return
  const text = (items: Items) => `[${items.map(goMap).join(' ')}]`
  throw new PatchProblem(
    `The order in patch list:\n${text(patch)}\n doesn't match $setElementOrder list:\n${text(order)}\n`,
  )
}

/** An order without a list beside it puts the elements that are there into it. */
const reorder = (merged: Map<string, unknown>, field: string, order: unknown, type: string | undefined): void => {
  const present = merged.get(field)
  const { mergeKey } = innerType(type, field)
  if (!Array.isArray(present) || !Array.isArray(order) || mergeKey === undefined) return
  merged.set(field, inOrder(present, order, present, identityBy(mergeKey)))
}

const removeTexts = (merged: Map<string, unknown>, field: string, doomed: unknown): void => {
  const present = merged.get(field)
  if (!Array.isArray(present) || !Array.isArray(doomed)) return
  const gone = new Set<unknown>(doomed)
  merged.set(
    field,
    present.filter((item) => !gone.has(item)),
  )
}

const retainedIn = (target: JsonObject, patch: JsonObject, retained: unknown): JsonObject => {
  const kept = Array.isArray(retained) ? retained : []
  const strange = Object.keys(patch).some((key) => !key.startsWith('$') && patch[key] !== null && !kept.includes(key))
  if (strange) throw new PatchProblem("key's in retainKeys list don't match the keys of the patch")
  return Object.fromEntries(Object.entries(target).filter(([key]) => kept.includes(key)))
}

/** What is taken over as it is has no directives and nothing to remove. */
const withoutDirectives = <A>(value: A): A => {
  if (Array.isArray(value)) return value.map(withoutDirectives) as A
  if (!isObject(value)) return value
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key, inner]) => inner !== null && !isDirectiveName(key))
      .map(([key, inner]) => [key, withoutDirectives(inner)]),
  ) as A
}

const isDirectiveName = (key: string): boolean =>
  key === '$patch' || key === '$retainKeys' || key.startsWith(orderPrefix) || key.startsWith(deletionPrefix)
