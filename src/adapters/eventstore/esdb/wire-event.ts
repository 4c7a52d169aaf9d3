import { createHash } from 'node:crypto'
import type { EventData, RecordedEvent } from '@eventstore/db-client'
import type { NewEvent, StoredEvent } from '../../../application/ports/event-store.ts'

/** What our event needs to be itself again that EventStoreDB has no field for. It stands under `jobledger` in the metadata, when needed. */
type Header = {
  /** How many events of the same append stand behind this one. */
  readonly more?: number
  /** How many seals stand before it in its stream: by so much its revision in EventStoreDB is greater. */
  readonly seals?: number
  /** An id that is no UUID. */
  readonly id?: string
  /** Metadata that would not come back byte for byte as JSON. */
  readonly text?: string
}

/** An event from the wire, and how many events of its append follow it. */
export type FromWire = { readonly event: StoredEvent; readonly more: number }

/**
 * Events of one append as EventStoreDB takes them, behind `seals` seals of their stream. JSON stays JSON there, for its own pages and
 * projections.
 */
export const toWire = (events: ReadonlyArray<NewEvent>, seals: number): ReadonlyArray<EventData> =>
  events.map(({ id, type, data, metadata }, i): EventData => {
    const more = events.length - 1 - i
    const header: Header = { ...(more > 0 && { more }), ...(seals > 0 && { seals }), ...(!isUuid(id) && { id }) }
    const common = { id: wireId(id), type, metadata: encode(dressed(metadata, header)) }
    const value = parsed(data)
    return value !== undefined && JSON.stringify(value) === data
      ? { ...common, contentType: 'application/json', data: value as Record<string, unknown> }
      : { ...common, contentType: 'application/octet-stream', data: encode(data) }
  })

/** The id an event has on the wire: its own, or a UUID made of it. */
export const wireId = (id: string): string => {
  if (isUuid(id)) return id
  const hex = createHash('sha256').update(id).digest('hex')
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`
}

/** The event as it was given to `toWire`, with its place; `stream` is its name without what the adapter put before it. */
export const fromWire = (recorded: RecordedEvent, stream: string, position: bigint): FromWire => {
  const { header, text } = undressed(recorded.metadata)
  const data = recorded.isJson ? JSON.stringify(recorded.data) : decode(recorded.data)
  return {
    event: {
      id: header.id ?? recorded.id,
      type: recorded.type,
      data,
      metadata: text,
      stream,
      revision: Number(recorded.revision) - (header.seals ?? 0),
      position,
    },
    more: header.more ?? 0,
  }
}

const isUuid = (id: string): boolean => /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/.test(id)

const dressed = (metadata: string, header: Header): string => {
  const value = parsed(metadata)
  const comesBack = isObject(value) && !('jobledger' in value) && JSON.stringify(value) === metadata
  if (!comesBack) return JSON.stringify({ jobledger: { ...header, text: metadata } })
  if (Object.keys(header).length === 0) return metadata
  return `{"jobledger":${JSON.stringify(header)}${metadata === '{}' ? '' : ','}${metadata.slice(1)}`
}

/** The client has read JSON already; what is none, or nothing, cannot be ours and is kept as it is. */
const undressed = (metadata: unknown): { readonly header: Header; readonly text: string } => {
  if (metadata === undefined) return { header: {}, text: '' }
  if (metadata instanceof Uint8Array) return { header: {}, text: decode(metadata) }
  if (!isObject(metadata) || !isObject(metadata['jobledger'])) return { header: {}, text: JSON.stringify(metadata) }
  const { jobledger, ...rest } = metadata
  const { more, seals, id, text } = jobledger as Readonly<Record<string, unknown>>
  return {
    header: {
      ...(typeof more === 'number' && { more }),
      ...(typeof seals === 'number' && { seals }),
      ...(typeof id === 'string' && { id }),
    },
    text: typeof text === 'string' ? text : JSON.stringify(rest),
  }
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** The object or array that a JSON text is; undefined when it is none. */
const parsed = (text: string): unknown => {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null ? value : undefined
  } catch {
    return undefined
  }
}

/** The client looks for exactly a `Uint8Array` and takes nothing that merely extends it. */
const encode = (text: string): Uint8Array => new TextEncoder().encode(text)

const decode = (bytes: Uint8Array): string => Buffer.from(bytes).toString('utf8')
