import { E } from '../../../prelude.ts'
import { sameValue } from '../../same-value.ts'
import { goQuote } from '../go-quote.ts'
import { comparedFields } from './compared-fields.ts'
import { type Entries, type Entry, entryOf, isOf, tidied, type Writer } from './entries.ts'
import { difference, type FieldSet, intersection, pathsOf, union, withNamedFields } from './field-set.ts'
import { fieldsIn } from './fields-in.ts'
import { mergedObject } from './merged-object.ts'
import { objectWithout } from './object-without.ts'
import type { Json } from './typed-place.ts'
import { deprived, manageable, managedChanges, type OfKind, updatedEntries } from './updated-entries.ts'

/** Somebody else manages a field that is to have another value. */
export type ApplyConflict = { readonly entry: Entry; readonly path: string }

export type Applied = { readonly object: Json; readonly entries: Entries }

/**
 * Applies a configuration of one manager: what it says is merged into the object, what it said before and does not say any more is
 * taken away unless somebody else manages it. Left: fields that others have otherwise; by force they are taken from them.
 * `live` is null when the object comes into being.
 */
export const appliedObject = (
  ofKind: OfKind,
  {
    entries,
    live,
    config,
    writer,
    allowed,
    isForced,
  }: {
    readonly entries: Entries
    readonly live: Json | null
    readonly config: Json
    readonly writer: Writer
    /** Fields that may be taken from others without force. */
    readonly allowed: FieldSet
    readonly isForced: boolean
  },
): E.Either<ReadonlyArray<ApplyConflict>, Applied> => {
  const { schema, kind } = ofKind
  const known = entries.length === 0 && live !== null ? firstEntries(ofKind, live, writer) : entries
  const isWriters = isOf('Apply', writer)
  const [own, others] = [known.find(isWriters), known.filter((entry) => !isWriters(entry))]
  const before = live ?? {}
  const wanted = manageable(fieldsIn(schema, kind)(config), writer)
  const merged = mergedObject(schema, kind)(before, config)
  const managed = others.reduce((all: FieldSet, { fieldsV1 }) => union(all, fieldsV1), wanted)
  const givenUp = difference(
    intersection(withNamedFields(own?.fieldsV1 ?? null), withNamedFields(fieldsIn(schema, kind)(merged))),
    withNamedFields(managed),
  )
  const object = objectWithout(schema, kind)(merged, givenUp)
  const { changed, removed } = managedChanges(comparedFields(schema, kind)(before, object), writer)
  const conflicts = others.flatMap((entry) =>
    pathsOf(difference(intersection(entry.fieldsV1, changed), allowed)).map((path) => ({ entry, path })),
  )
  if (conflicts.length > 0 && !isForced) return E.left(conflicts)
  const isSame = own !== undefined && changed === null && removed === null && sameValue(own.fieldsV1, wanted)
  const mine = isSame ? [own] : entryOf('Apply', writer, wanted)
  return E.right({
    object,
    entries: tidied([...deprived(others, union(changed, removed)), ...mine]),
  })
}

/** Whoever wrote the object before anybody asked. */
const firstEntries = (ofKind: OfKind, live: Json, writer: Writer): Entries =>
  updatedEntries(ofKind, {
    entries: [],
    before: null,
    after: live,
    writer: { ...writer, manager: 'before-first-apply', subresource: '' },
  })

/** Who is in the way, as Kubernetes names them: `"carol" with subresource "status" using batch/v1`. */
export const managerText = ({ manager, operation, apiVersion, subresource }: Entry): string => {
  const part = subresource === undefined ? '' : ` with subresource ${goQuote(subresource)}`
  return `${goQuote(manager)}${part}${operation === 'Update' ? ` using ${apiVersion}` : ''}`
}
