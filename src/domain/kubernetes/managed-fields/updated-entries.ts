import type { Schema } from '../schema.ts'
import { type ComparedFields, comparedFields } from './compared-fields.ts'
import { type Entries, type Entry, entryOf, isOf, tidied, withFields, type Writer } from './entries.ts'
import { belowOf, difference, type Fields, type FieldSet, fieldsOf, intersection, member, union } from './field-set.ts'
import type { Json } from './typed-place.ts'

/** The kind of an object, and where it is described. */
export type OfKind = { readonly schema: Schema; readonly kind: string }

/**
 * Who manages an object after a write: the writer has what it changed, and nobody else has that any more. `before` is null when the object
 * comes into being. An object whose managers are not known stays so: who changes it is not asked about the rest.
 */
export const updatedEntries = (
  { schema, kind }: OfKind,
  {
    entries,
    before,
    after,
    writer,
  }: { readonly entries: Entries; readonly before: Json | null; readonly after: Json; readonly writer: Writer },
): Entries => {
  if (before !== null && entries.length === 0) return entries
  const { changed, removed } = managedChanges(comparedFields(schema, kind)(before ?? {}, after), writer)
  if (changed === null && removed === null) return entries
  const isWriters = isOf('Update', writer)
  const own = entries.find(isWriters)
  const kept = difference(own?.fieldsV1 ?? null, removed)
  const mine =
    changed === null && own !== undefined ? withFields(own, kept) : entryOf('Update', writer, union(kept, changed))
  const others = entries.filter((entry) => !isWriters(entry))
  return tidied([...deprived(others, union(changed, removed)), ...mine])
}

/** Entries that lose these fields. */
export const deprived = (entries: Entries, fields: FieldSet): Entries =>
  entries.flatMap((entry) =>
    intersection(entry.fieldsV1, fields) === null ? [entry] : withFields(entry, difference(entry.fieldsV1, fields)),
  )

/** The fields of a change that anybody can manage there, and those that are gone. */
export const managedChanges = (
  { added, modified, removed }: ComparedFields,
  writer: Pick<Writer, 'subresource'>,
): { readonly changed: FieldSet; readonly removed: FieldSet } => ({
  changed: manageable(union(added, modified), writer),
  removed: manageable(removed, writer),
})

/** Without what is the server's, and without the part of the object that is not written there. */
export const manageable = (set: FieldSet, { subresource }: Pick<Writer, 'subresource'>): FieldSet => {
  const notWritten = subresource === 'status' ? 'f:spec' : 'f:status'
  return fieldsOf(
    false,
    belowOf(set ?? member).flatMap(([key, fields]): ReadonlyArray<readonly [string, Fields]> => {
      if (key === 'f:apiVersion' || key === 'f:kind' || key === notWritten) return []
      if (key !== 'f:metadata') return [[key, fields]]
      const own = fieldsOf(
        false,
        belowOf(fields).filter(([field]) => !serversOwn.has(field)),
      )
      return own === null ? [] : [[key, own]]
    }),
  )
}

/** Of the metadata. */
const serversOwn: ReadonlySet<string> = new Set(
  [
    'name',
    'namespace',
    'selfLink',
    'uid',
    'creationTimestamp',
    'deletionTimestamp',
    'deletionGracePeriodSeconds',
    'generation',
    'resourceVersion',
    'managedFields',
  ].map((field) => `f:${field}`),
)

export type { Entries, Entry, Writer }
