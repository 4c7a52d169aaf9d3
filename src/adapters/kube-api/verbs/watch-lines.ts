import type { Changes } from '../../../application/api/change-feed.ts'
import type { ApiObject } from '../../../application/api/resource.ts'
import { groupVersion } from '../api-kind.ts'
import type { JsonObject } from '../body/decode-object.ts'
import type { Call } from '../call.ts'
import type { Status } from '../status.ts'
import { columnsOf } from '../tables/columns.ts'
import { metadataOnly, tableOf } from '../tables/present.ts'
import type { Selection } from './watch-selection.ts'

/** What a watch has to tell. `version` of an object that went away is that of its going. */
export type Telling =
  | { readonly type: 'ADDED' | 'MODIFIED'; readonly object: ApiObject }
  | { readonly type: 'DELETED'; readonly object: ApiObject; readonly version: bigint }
  | { readonly type: 'BOOKMARK'; readonly version: bigint; readonly endsInitial: boolean }
  | { readonly type: 'ERROR'; readonly status: Status }

export type WatchLines = {
  readonly of: (tellings: ReadonlyArray<Telling>) => Uint8Array
  /** Of a piece of the log, as far as it lies behind a position: made once for all watches that select and show the same. */
  readonly shared: (selection: Selection, changes: Changes, behind: bigint) => Uint8Array
}

/** The events of one watch as lines of JSON, in the form that is wanted. A table tells its columns once. */
export const watchLines = ({ kind, name, shape, now }: Call): WatchLines => {
  let hasColumns = false

  const bookmark = (version: bigint, endsInitial: boolean): ApiObject => ({
    kind: kind.kind,
    apiVersion: groupVersion(kind),
    metadata: {
      resourceVersion: `${version}`,
      ...(endsInitial ? { annotations: { 'k8s.io/initial-events-end': 'true' } } : {}),
    } as unknown as ApiObject['metadata'],
  })
  /** A bookmark is the row of nothing. */
  const row = (object: ApiObject, isBookmark: boolean): JsonObject => {
    const { resourceVersion } = object.metadata
    const metadata = resourceVersion === undefined ? {} : { resourceVersion }
    const objects = isBookmark ? [] : [object]
    const printed = tableOf(name, objects, metadata, { beside: shape.beside, now: now() })
    const cells = columnsOf(name).columns.map(({ type }) => (type === 'integer' ? 0 : ''))
    const table = isBookmark ? { ...printed, rows: [{ cells, object: metadataOnly(object) }] } : printed
    const shown = hasColumns ? { ...table, columnDefinitions: null } : table
    hasColumns = true
    return shown
  }
  const encodedAs = (object: ApiObject, isBookmark = false): Uint8Array => {
    if (shape.form === 'Table') return bytesOf(row(object, isBookmark))
    return shape.form === 'Object' ? encoded(object) : encodedMetadata(object)
  }
  const objectOf = (telling: Telling): Uint8Array => {
    switch (telling.type) {
      case 'ADDED':
      case 'MODIFIED':
        return encodedAs(telling.object)
      case 'DELETED':
        return encodedAs(asOf(telling.object, telling.version))
      case 'BOOKMARK':
        return encodedAs(bookmark(telling.version, telling.endsInitial), true)
      case 'ERROR':
        return bytesOf(telling.status)
    }
  }
  const of: WatchLines['of'] = (tellings) =>
    Buffer.concat(tellings.flatMap((telling) => [heads[telling.type], objectOf(telling), lineEnd]))

  return {
    of,
    shared: (selection, changes, behind) => {
      if (latest.changes !== changes) latest = { changes, pieces: new Map() }
      // Ages in tables are told to the second.
      const form = shape.form === 'Table' ? [shape.beside, hasColumns, Math.floor(now() / 1000)].join(' ') : shape.form
      const key = `${behind} ${form} ${selection.key}`
      const piece = latest.pieces.get(key) ?? of(selection.tellingsOf(changes.all(), behind))
      latest.pieces.set(key, piece)
      if (piece.length > 0) hasColumns = true
      return piece
    },
  }
}

/** The piece of the log that is being told, and how: all who follow are told the same one after the other. */
let latest: { readonly changes: Changes | null; readonly pieces: Map<string, Uint8Array> } = {
  changes: null,
  pieces: new Map(),
}

const bytesOf = (value: unknown): Uint8Array => Buffer.from(JSON.stringify(value))

const headOf = (type: Telling['type']): Uint8Array => Buffer.from(`{"type":"${type}","object":`)
const heads: Readonly<Record<Telling['type'], Uint8Array>> = {
  ADDED: headOf('ADDED'),
  MODIFIED: headOf('MODIFIED'),
  DELETED: headOf('DELETED'),
  BOOKMARK: headOf('BOOKMARK'),
  ERROR: headOf('ERROR'),
}
const lineEnd: Uint8Array = Buffer.from('}\n')

/** All watches are told of the same object: its JSON is made once, and goes when the object does. */
const onceFor = <A extends object, B>(make: (key: A) => B): ((key: A) => B) => {
  const made = new WeakMap<A, B>()
  return (key) => {
    const known = made.get(key)
    if (known !== undefined) return known
    const fresh = make(key)
    made.set(key, fresh)
    return fresh
  }
}

const encoded = onceFor((object: ApiObject) => bytesOf(object))
const encodedMetadata = onceFor((object: ApiObject) => bytesOf(metadataOnly(object)))
const goneForms = onceFor((_: ApiObject) => new Map<bigint, ApiObject>())

/** An object as it last was, at the version at which it went. */
const asOf = (object: ApiObject, version: bigint): ApiObject => {
  const forms = goneForms(object)
  const form = forms.get(version) ?? {
    ...object,
    metadata: { ...object.metadata, resourceVersion: `${version}` },
  }
  forms.set(version, form)
  return form
}
