import { type JobEvent, jobEvents, jobEventVersion } from '../domain/job/events.ts'
import type { Origin, Recorded } from '../projections/recorded.ts'
import type { StoredEvent } from './ports/event-store.ts'

/** The log holds something this version cannot read: start-up stops before anything is written. */
export class UnreadableEvent extends Error {
  constructor({ position, type }: StoredEvent, reason: string) {
    super(`the event at position ${position} (${type}) has ${reason}: use a newer jobledger; nothing was changed`)
  }
}

/**
 * A stored event as the domain knows it. The embedded log wrote and checked the row itself, so it is recognised by its tag. An
 * unknown type throws `UnreadableEvent`: nothing may be decided on a log that is only partly understood.
 */
export const readEvent = (stored: StoredEvent): Recorded => {
  if (!Object.hasOwn(jobEvents, stored.type))
    throw new UnreadableEvent(stored, 'a type that this version of jobledger does not know')
  if (!stored.metadata.includes(presentVersion))
    throw new UnreadableEvent(stored, 'a version newer than this jobledger')
  const { id, stream, revision, position } = stored
  return { id, stream, revision, position, event: JSON.parse(stored.data) as JobEvent }
}

/**
 * How the metadata of every event tells its version; users' text cannot contain it, since its quotes are escaped. Without the
 * first quote it is found in half the time, because a text of JSON is full of them.
 */
const presentVersion = `schemaVersion":${jobEventVersion},`

/** Who, why and which version: the metadata of a stored event. */
export type Metadata = Origin & { readonly schemaVersion: number; readonly previous: string; readonly hash: string }

export const readMetadata = (stored: StoredEvent): Metadata => {
  const { $correlationId, $causationId, ...rest } = JSON.parse(stored.metadata) as Omit<
    Metadata,
    'correlationId' | 'causationId'
  > & { readonly $correlationId: string; readonly $causationId: string }
  return { ...rest, correlationId: $correlationId, causationId: $causationId }
}

/** The stream of a Job: a category before the first dash. */
export const jobStream = (uid: string): string => `job-${uid}`

/** The uid of the Job whose stream this is; null for streams of another kind. */
export const jobOfStream = (stream: string): string | null => (stream.startsWith('job-') ? stream.slice(4) : null)
