import type { ApiObject } from '../../application/api/resource.ts'
import { type Entries, sentEntries, type Writer } from '../../domain/kubernetes/managed-fields/entries.ts'
import { updatedEntries } from '../../domain/kubernetes/managed-fields/updated-entries.ts'
import { schema } from '../../domain/kubernetes/schema.ts'
import { byteLength } from '../../domain/kubernetes/validation/names.ts'
import { kubernetesTime } from '../../projections/time.ts'
import { groupVersion } from './api-kind.ts'
import { metadataOf } from './body/body-object.ts'
import { isObject, type JsonObject } from './body/decode-object.ts'
import type { Call, ObjectPlace } from './call.ts'
import type { WriteOptions } from './options/write-options.ts'

/** Who writes a part of an object by this request. */
export const writerOf = (call: Call, { fieldManager }: WriteOptions, part: ObjectPlace['part']): Writer => ({
  manager: fieldManager || managerFromAgent(call.request.headers['user-agent'] ?? ''),
  apiVersion: groupVersion(call.kind),
  subresource: part === 'main' ? '' : part,
  time: kubernetesTime(call.now()),
})

/** A new object with its creator as the manager of all that it says. */
export const createdByWriter = (call: Call, options: WriteOptions, sent: JsonObject): JsonObject => {
  const entries = updatedEntries(ofKind(call), {
    entries: [],
    before: null,
    after: asRead(call, sent),
    writer: writerOf(call, options, 'main'),
  })
  return entries.length === 0 ? withoutEntries(sent) : withEntries(sent, entries)
}

/**
 * The wanted object with those who manage its fields, the writer those that it changes. Who sends other managers of the whole object
 * sets them.
 */
export const changedByWriter = (
  call: Call,
  options: WriteOptions,
  part: ObjectPlace['part'],
  present: ApiObject,
  wanted: JsonObject,
): JsonObject => {
  const known = entriesOf(present)
  const sent = part === 'main' ? sentEntries(metadataOf(wanted)['managedFields']) : null
  const entries = updatedEntries(ofKind(call), {
    entries: sent === null ? known : sent === 'reset' ? [] : sent,
    before: jsonOf(present),
    after: part === 'main' ? asRead(call, wanted) : wanted,
    writer: writerOf(call, options, part),
  })
  return known.length + entries.length === 0 ? withoutEntries(wanted) : withEntries(wanted, entries)
}

/** Who manages the fields of an object. */
export const entriesOf = (object: ApiObject): Entries => {
  const entries = sentEntries(metadataOf(jsonOf(object))['managedFields'])
  return entries === null || entries === 'reset' ? [] : entries
}

export const withEntries = (object: JsonObject, entries: Entries): JsonObject => ({
  ...object,
  metadata: { ...metadataOf(object), managedFields: entries },
})

const withoutEntries = (object: JsonObject): JsonObject => {
  const { managedFields, ...metadata } = metadataOf(object)
  return managedFields === undefined ? object : { ...object, metadata }
}

/** The kind of the call with all that there is to know of its fields. */
export const ofKind = ({ kind }: Call) => ({ schema, kind: kind.kind })

/** An object of the API as what it is in JSON. */
export const jsonOf = (object: ApiObject): JsonObject => (isObject(object) ? object : {})

/** What the resource reads in what was sent. */
const asRead = ({ resource }: Call, sent: JsonObject): JsonObject => {
  const read = resource.withDefaults?.(sent)
  return isObject(read) ? read : sent
}

const managerBytesMax = 128

/** The first word of a user agent; what cannot be printed is left out. */
const managerFromAgent = (agent: string): string => {
  let manager = ''
  for (const sign of agent.split('/', 1)[0] ?? '') {
    if (!/^\P{C}$/u.test(sign)) continue
    if (byteLength(manager + sign) > managerBytesMax) break
    manager += sign
  }
  return manager || 'unknown'
}
