import { type Fields, type FieldSet, inOrder, isFields, union } from './field-set.ts'

/** Who manages which fields of an object: an entry of its `metadata.managedFields`. */
export type Entry = {
  readonly manager: string
  readonly operation: 'Apply' | 'Update'
  readonly apiVersion: string
  readonly time?: string
  readonly fieldsType: 'FieldsV1'
  readonly fieldsV1: Fields
  readonly subresource?: string
}

export type Entries = ReadonlyArray<Entry>

/** Who writes what of an object, and when. */
export type Writer = {
  readonly manager: string
  readonly apiVersion: string
  /** Empty for the object itself. */
  readonly subresource: string
  /** As `metadata.managedFields` tells times. */
  readonly time: string
}

/** Whether an entry tells of the same manager. Who applies stays the same when the version of the kind is another. */
export const isOf =
  (operation: Entry['operation'], { manager, subresource, apiVersion }: Omit<Writer, 'time'>) =>
  (entry: Entry): boolean =>
    entry.manager === manager &&
    entry.operation === operation &&
    (entry.subresource ?? '') === subresource &&
    (operation === 'Apply' || entry.apiVersion === apiVersion)

/** The entry of a writer; none when it manages nothing. */
export const entryOf = (
  operation: Entry['operation'],
  { manager, apiVersion, subresource, time }: Writer,
  fields: FieldSet,
): Entries =>
  fields === null
    ? []
    : [
        {
          manager,
          operation,
          apiVersion,
          time,
          fieldsType: 'FieldsV1',
          fieldsV1: inOrder(fields),
          ...(subresource === '' ? {} : { subresource }),
        },
      ]

/** The entry with other fields; none when these are none. */
export const withFields = (entry: Entry, fields: FieldSet): Entries =>
  fields === null ? [] : fields === entry.fieldsV1 ? [entry] : [{ ...entry, fieldsV1: inOrder(fields) }]

/** In the order in which Kubernetes writes them, those who changed longest ago joined when there are too many. */
export const tidied = (entries: Entries): Entries => joinedOldest(entries).toSorted(byPlace)

/**
 * The entries that a client sent. Null when they are no entries, as which an API server takes none at all; an empty one alone asks to
 * forget every manager.
 */
export const sentEntries = (value: unknown): Entries | 'reset' | null => {
  const sent: ReadonlyArray<unknown> = Array.isArray(value) ? value : []
  const [first] = sent
  if (first === undefined) return null
  if (sent.length === 1 && isRecord(first) && Object.keys(first).length === 0) return 'reset'
  return sent.every(isEntry) ? sent : null
}

/** As many managers that changed an object as are told apart. */
const updatersMax = 10

const joinedOldest = (entries: Entries): Entries => {
  if (entries.length <= updatersMax) return entries
  const updaters = entries.filter(({ operation }) => operation === 'Update').toSorted(byPlace)
  if (updaters.length <= updatersMax) return entries
  const old = updaters.slice(0, updaters.length - updatersMax + 1)
  const joined = [...new Set(old.map(({ apiVersion }) => apiVersion))].flatMap((apiVersion) => {
    const same = old.filter((entry) => entry.apiVersion === apiVersion)
    const fields = same.reduce((all: FieldSet, { fieldsV1 }) => union(all, fieldsV1), null)
    const time = same.at(-1)?.time ?? ''
    return entryOf('Update', { manager: 'ancient-changes', apiVersion, subresource: '', time }, fields)
  })
  return [...entries.filter((entry) => !old.includes(entry)), ...joined]
}

const byPlace = (a: Entry, b: Entry): number =>
  compare(a.operation, b.operation) ||
  compare(a.time ?? '', b.time ?? '') ||
  compare(a.manager, b.manager) ||
  compare(a.apiVersion, b.apiVersion) ||
  compare(a.subresource ?? '', b.subresource ?? '')

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)

const isEntry = (value: unknown): value is Entry =>
  isRecord(value) &&
  isText(value['manager']) &&
  (value['operation'] === 'Apply' || value['operation'] === 'Update') &&
  isText(value['apiVersion']) &&
  value['fieldsType'] === 'FieldsV1' &&
  isFields(value['fieldsV1']) &&
  (value['time'] === undefined || isText(value['time'])) &&
  (value['subresource'] === undefined || typeof value['subresource'] === 'string')

const isText = (value: unknown): boolean => typeof value === 'string' && value !== ''

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
