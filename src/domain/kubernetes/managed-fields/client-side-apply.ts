import { comparedFields } from './compared-fields.ts'
import { difference, type FieldSet, union } from './field-set.ts'
import { fieldsIn } from './fields-in.ts'
import { isObject, type Json } from './typed-place.ts'
import type { OfKind } from './updated-entries.ts'

/** Where `kubectl apply` keeps what it applied last, as long as it is not told to apply on the server. */
const lastAppliedAnnotation = 'kubectl.kubernetes.io/last-applied-configuration'

/**
 * The fields that are as `kubectl apply` has left them. kubectl may take them over when it begins to apply on the server, though they are
 * told to be managed by its former self.
 */
export const fieldsLastApplied = ({ schema, kind }: OfKind, live: Json): FieldSet => {
  const applied = lastApplied(live)
  if (applied === null) return null
  const { added, modified, removed } = comparedFields(schema, kind)(live, applied)
  return difference(fieldsIn(schema, kind)(applied), union(union(added, modified), removed))
}

/** The object with this configuration in the annotation, when it has the annotation already. */
export const withLastApplied = (object: Json, config: Json, live: Json): Json => {
  if (lastApplied(live) === null) return object
  const metadata = inner(object, 'metadata')
  const annotations = { ...inner(metadata, 'annotations'), [lastAppliedAnnotation]: textOf(config) }
  return { ...object, metadata: { ...metadata, annotations } }
}

const lastApplied = (live: Json): Json | null => {
  const text = inner(inner(live, 'metadata'), 'annotations')[lastAppliedAnnotation]
  if (typeof text !== 'string') return null
  try {
    const value: unknown = JSON.parse(text)
    return isObject(value) ? value : null
  } catch {
    return null
  }
}

const textOf = (config: Json): string => {
  const metadata = inner(config, 'metadata')
  const { [lastAppliedAnnotation]: _, ...annotations } = inner(metadata, 'annotations')
  const kept = Object.keys(annotations).length === 0 ? {} : { annotations }
  const { annotations: _a, ...rest } = metadata
  return `${JSON.stringify(byKey({ ...config, metadata: { ...rest, ...kept } }))}\n`
}

const byKey = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(byKey)
  if (!isObject(value)) return value
  const entries = Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1))
  return Object.fromEntries(entries.map(([key, one]) => [key, byKey(one)]))
}

const inner = (object: Json, field: string): Json => {
  const value = object[field]
  return isObject(value) ? value : {}
}
