import { jobEventVersion } from '../../domain/job/events.ts'
import type { Origin } from '../../projections/recorded.ts'
import type { NewEvent } from '../ports/event-store.ts'

/** The hash before the first event of a stream. */
export const chainStart = '0'.repeat(64)

/**
 * Events as the log keeps them: JSON texts, and the stream's hash chain in the metadata. The hash of an event is the SHA-256 of the hash before
 * it, its type, its data and its metadata up to the hash itself, each on a line of its own; its id is made of that hash, so the
 * same events at the same place always have the same ids.
 */
export const seal = (
  events: ReadonlyArray<{ readonly type: string }>,
  origin: Origin,
  previous: string,
  digest: (text: string) => string,
  schemaVersion: number = jobEventVersion,
): { readonly sealed: ReadonlyArray<NewEvent>; readonly hash: string } => {
  const head = metadataHead(origin, schemaVersion)
  let hash = previous
  const sealed = events.map((event): NewEvent => {
    const data = JSON.stringify(event)
    const open = `${head},"previous":"${hash}"`
    hash = digest(`${hash}\n${event.type}\n${data}\n${open}`)
    return { id: eventId(hash), type: event.type, data, metadata: `${open},"hash":"${hash}"}`, decided: event }
  })
  return { sealed, hash }
}

const metadataHead = ({ correlationId, causationId, actor, commandId, seed }: Origin, schemaVersion: number): string =>
  JSON.stringify({
    $correlationId: correlationId,
    $causationId: causationId,
    actor,
    commandId,
    seed,
    schemaVersion,
  }).slice(0, -1)

/** A UUID (version 8: its bits are ours) from the first 32 digits of a hash. */
const eventId = (hash: string): string =>
  `${hash.slice(0, 8)}-${hash.slice(8, 12)}-8${hash.slice(13, 16)}-a${hash.slice(17, 20)}-${hash.slice(20, 32)}`
