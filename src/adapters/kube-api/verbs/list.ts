import type { ApiObject, Resource } from '../../../application/api/resource.ts'
import { E } from '../../../prelude.ts'
import { type ApiAnswer, jsonAnswer, statusAnswer } from '../answer.ts'
import { groupVersion } from '../api-kind.ts'
import type { JsonObject } from '../body/decode-object.ts'
import type { Call } from '../call.ts'
import { renderToken } from '../lists/continue-token.ts'
import type { Snapshot } from '../lists/snapshots.ts'
import { type ListOptions, listOptions } from '../options/list-options.ts'
import { fieldSelector, selectedName } from '../selectors/field-selector.ts'
import { labelSelector } from '../selectors/label-selector.ts'
import { badRequest, expired, expiredPage, type Status, versionTooLarge } from '../status.ts'
import { metadataList, tableOf } from '../tables/present.ts'

/** GET of a collection, whole or page by page: all pages show it as it was at the first one. */
export const listObjects = async (call: Call, namespace: string | null): Promise<ApiAnswer> => {
  const selector = selectorOf(call)
  if (E.isLeft(selector)) return statusAnswer(selector.left)
  const options = listOptions(call.request.query)
  if (E.isLeft(options)) return statusAnswer(options.left)
  const snapshot = await snapshotOf(call, namespace, selector.right, options.right)
  return E.isLeft(snapshot)
    ? statusAnswer(snapshot.left)
    : jsonAnswer(200, pageOf(call, namespace, snapshot.right, selector.right, options.right))
}

/** Whether an object is selected; `isAll` when every one is. `name`: the only one that it can have; null: any. */
export type Selector = {
  readonly selects: (object: ApiObject) => boolean
  readonly isAll: boolean
  readonly name: string | null
}

/** By both selectors of the query. */
export const selectorOf = ({ kind, request }: Call): E.Either<Status, Selector> => {
  const { query } = request
  const [labels, fields] = [query.get('labelSelector') ?? '', query.get('fieldSelector') ?? '']
  const byLabels = labelSelector(labels)
  if (E.isLeft(byLabels)) return E.left(badRequest(byLabels.left))
  const byFields = fieldSelector(kind)(fields)
  if (E.isLeft(byFields)) return E.left(badRequest(byFields.left))
  return E.right({
    selects: (object) => byLabels.right(object.metadata.labels ?? {}) && byFields.right(object),
    isAll: labels === '' && fields === '',
    name: selectedName(fields),
  })
}

/** Among these are the objects of a collection that are selected: who waits for one of many by its name does not go through all. */
export const candidates = (
  { kind }: Call,
  { get, list }: Resource,
  namespace: string | null,
  { name }: Selector,
): ReadonlyArray<ApiObject> => {
  if (name === null || (kind.isNamespaced && namespace === null)) return list(namespace)
  const object = get(namespace ?? '', name)
  return object === null ? [] : [object]
}

/** The collection at the time that is asked for. */
const snapshotOf = async (
  call: Call,
  namespace: string | null,
  selector: Selector,
  { from, version, isExact }: ListOptions,
): Promise<E.Either<Status, Snapshot>> => {
  const { resource, position, snapshots, kind } = call
  const current = position()
  const asked = from?.version ?? version
  if (asked > current) return E.left(versionTooLarge(asked, current))
  const wanted = from === null ? (isExact ? version : null) : from.version
  const shown = (of: Resource) => candidates(call, of, namespace, selector)
  const kept = wanted === null ? null : snapshots.find(collectionOf(kind.plural, namespace), wanted)
  if (kept !== null) return E.right(kept)
  if (wanted === null || wanted === current) return E.right({ version: current, objects: shown(resource) })
  const past = await call.past(wanted)
  if (E.isRight(past)) return E.right({ version: wanted, objects: shown(past.right) })
  return from === null || past.left !== expired
    ? past
    : E.left(expiredPage(renderToken({ version: null, start: from.start })))
}

const collectionOf = (plural: string, namespace: string | null): string => `${plural}/${namespace ?? '*'}`

const pageOf = (
  call: Call,
  namespace: string | null,
  snapshot: Snapshot,
  { selects, isAll }: Selector,
  { from, limit }: ListOptions,
): JsonObject => {
  const start = from?.start ?? ''
  const left = snapshot.objects.filter((object) => (from === null || isBehind(object, start)) && selects(object))
  const items = limit === 0 ? left : left.slice(0, limit)
  const last = items.at(-1)
  if (items.length === left.length || last === undefined) return listOf(call, items, snapshot.version)
  call.snapshots.keep(collectionOf(call.kind.plural, namespace), snapshot)
  return listOf(call, items, snapshot.version, {
    continue: renderToken({ version: snapshot.version, start: keyOf(last) }),
    ...(isAll ? { remainingItemCount: left.length - items.length } : {}),
  })
}

/** In the order of lists: by namespace, then by name. */
const isBehind = ({ metadata: { namespace = '', name } }: ApiObject, start: string): boolean => {
  const slash = start.indexOf('/')
  const [home, last] = [start.slice(0, slash), start.slice(slash + 1)]
  return namespace === home ? name > last : namespace > home
}

const keyOf = ({ metadata: { namespace = '', name } }: ApiObject): string => `${namespace}/${name}`

/** In the form that is wanted. The items of a list do not repeat what the list says of their kind. */
export const listOf = (
  { kind, name, shape, now }: Call,
  objects: ReadonlyArray<ApiObject>,
  version: bigint,
  more: { readonly continue?: string; readonly remainingItemCount?: number } = {},
): JsonObject => {
  const metadata = { resourceVersion: `${version}`, ...more }
  if (shape.form === 'Table') return tableOf(name, objects, metadata, { beside: shape.beside, now: now() })
  if (shape.form === 'PartialObjectMetadataList') return metadataList(objects, metadata)
  return {
    kind: `${kind.kind}List`,
    apiVersion: groupVersion(kind),
    metadata,
    items: objects.map(({ kind: _kind, apiVersion: _apiVersion, ...item }) => item),
  }
}
