import type { ApiObject } from '../../../application/api/resource.ts'
import { E } from '../../../prelude.ts'
import { type ApiAnswer, jsonAnswer, statusAnswer } from '../answer.ts'
import { groupVersion } from '../api-kind.ts'
import type { JsonObject } from '../body/decode-object.ts'
import type { Call } from '../call.ts'
import { renderToken } from '../lists/continue-token.ts'
import type { Snapshot } from '../lists/snapshots.ts'
import { type ListOptions, listOptions } from '../options/list-options.ts'
import { fieldSelector } from '../selectors/field-selector.ts'
import { labelSelector } from '../selectors/label-selector.ts'
import { badRequest, expired, expiredPage, type Status, versionTooLarge } from '../status.ts'
import { metadataList, tableOf } from '../tables/present.ts'

/** GET of a collection, whole or page by page: all pages show it as it was at the first one. */
export const listObjects = async (call: Call, namespace: string | null): Promise<ApiAnswer> => {
  const selector = selectorOf(call)
  if (E.isLeft(selector)) return statusAnswer(selector.left)
  const options = listOptions(call.request.query)
  if (E.isLeft(options)) return statusAnswer(options.left)
  const snapshot = await snapshotOf(call, namespace, options.right)
  return E.isLeft(snapshot)
    ? statusAnswer(snapshot.left)
    : jsonAnswer(200, pageOf(call, namespace, snapshot.right, selector.right, options.right))
}

/** Whether an object is selected; `isAll` when every one is. */
export type Selector = { readonly selects: (object: ApiObject) => boolean; readonly isAll: boolean }

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
  })
}

/** The collection at the time that is asked for. */
const snapshotOf = async (
  call: Call,
  namespace: string | null,
  { from, version, isExact }: ListOptions,
): Promise<E.Either<Status, Snapshot>> => {
  const { resource, position, snapshots, kind } = call
  const current = position()
  const asked = from?.version ?? version
  if (asked > current) return E.left(versionTooLarge(asked, current))
  const wanted = from === null ? (isExact ? version : null) : from.version
  if (wanted === null || wanted === current) return E.right({ version: current, objects: resource.list(namespace) })
  const kept = snapshots.find(collectionOf(kind.plural, namespace), wanted)
  if (kept !== null) return E.right(kept)
  const past = await call.past(wanted)
  if (E.isRight(past)) return E.right({ version: wanted, objects: past.right.list(namespace) })
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
