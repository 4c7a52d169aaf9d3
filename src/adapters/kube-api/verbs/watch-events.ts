import type { ApiObject } from '../../../application/api/resource.ts'
import { groupVersion } from '../api-kind.ts'
import type { JsonObject } from '../body/decode-object.ts'
import type { Call } from '../call.ts'
import type { Status } from '../status.ts'
import { columnsOf } from '../tables/columns.ts'
import { metadataOnly, tableOf } from '../tables/present.ts'

/** What a watch has to tell. `version` of an object that went away is that of its going. */
export type Telling =
  | { readonly type: 'ADDED' | 'MODIFIED'; readonly object: ApiObject }
  | { readonly type: 'DELETED'; readonly object: ApiObject; readonly version: bigint }
  | { readonly type: 'BOOKMARK'; readonly version: bigint; readonly endsInitial: boolean }
  | { readonly type: 'ERROR'; readonly status: Status }

/** The events of one watch as lines of JSON, in the form that is wanted. A table tells its columns once. */
export const watchEvents = ({ kind, name, shape, now }: Call): ((telling: Telling) => string) => {
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
  const textOf = (object: ApiObject, isBookmark = false): string => {
    if (shape.form === 'Table') return JSON.stringify(row(object, isBookmark))
    return shape.form === 'Object' ? encoded(object) : encodedMetadata(object)
  }

  return (telling) => {
    switch (telling.type) {
      case 'ADDED':
      case 'MODIFIED':
        return line(telling.type, textOf(telling.object))
      case 'DELETED':
        return line('DELETED', textOf(asOf(telling.object, telling.version)))
      case 'BOOKMARK':
        return line('BOOKMARK', textOf(bookmark(telling.version, telling.endsInitial), true))
      case 'ERROR':
        return line('ERROR', JSON.stringify(telling.status))
    }
  }
}

const line = (type: Telling['type'], object: string): string => `{"type":"${type}","object":${object}}\n`

/** All watches are told of the same object: its text is made once, and goes when the object does. */
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

const encoded = onceFor((object: ApiObject) => JSON.stringify(object))
const encodedMetadata = onceFor((object: ApiObject) => JSON.stringify(metadataOnly(object)))
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
