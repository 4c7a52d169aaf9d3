import { type FieldErrors, forbidden, invalid, when } from '../field-error.ts'
import type { Shape } from '../schema.ts'
import { annotations, labels, metadata, ownerReferences } from './metadata.ts'

/**
 * Everything wrong with the metadata of a changed object, as often as the server says it [U-6]: each of its two checks runs for
 * every kind, and again where the kind has checks of its own: `times` counts those of the whole and those of the change.
 */
export const changedMetadataErrors = (
  next: Shape<'ObjectMeta'>,
  present: Shape<'ObjectMeta'>,
  times: { readonly whole: number; readonly change: number },
): FieldErrors => [
  ...repeated(times.whole, metadata(next, true)),
  ...repeated(times.change, metadataChange(next, present)),
]

const repeated = (times: number, errors: FieldErrors): FieldErrors => Array.from({ length: times }, () => errors).flat()

const metadataChange = (next: Shape<'ObjectMeta'>, present: Shape<'ObjectMeta'>): FieldErrors => [
  ...newFinalizers(next, present),
  ...(['uid', 'deletionTimestamp'] as const).flatMap((field) =>
    when(next[field] !== present[field], invalid(`metadata.${field}`, next[field], 'field is immutable')),
  ),
  ...labels('metadata.labels', next.labels),
  ...annotations('metadata.annotations', next.annotations),
  ...ownerReferences(next.ownerReferences),
]

/** What waits for its end gets no further reasons to wait. */
const newFinalizers = (next: Shape<'ObjectMeta'>, present: Shape<'ObjectMeta'>): FieldErrors => {
  if (present.deletionTimestamp === undefined) return []
  const known = new Set(present.finalizers)
  const added = (next.finalizers ?? []).filter((finalizer) => !known.has(finalizer))
  return when(
    added.length > 0,
    forbidden(
      'metadata.finalizers',
      `no new finalizers can be added if the object is being deleted, found new finalizers []string{${added
        .toSorted()
        .map((finalizer) => JSON.stringify(finalizer))
        .join(', ')}}`,
    ),
  )
}
