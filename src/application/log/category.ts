import type { RecordedEvent } from '../../projections/recorded.ts'
import type { StoredEvent } from '../ports/event-store.ts'

/** One kind of stream: how its streams are named, and how its events are read and versioned. */
export type Category<Event> = {
  /** The version that its events are stored with. */
  readonly version: number
  /** The stream of the object with this uid: the name of the category before the first dash. */
  readonly stream: (uid: string) => string
  /** The uid of the object whose stream this is; null for streams of another kind. */
  readonly uidOf: (stream: string) => string | null
  /**
   * A stored event as the domain knows it. The embedded log wrote and checked the row itself, so it is recognised by its tag; what was decided in this process is not read again. An
   * unknown type throws `UnreadableEvent`: nothing may be decided on a log that is only partly understood.
   */
  readonly read: (stored: StoredEvent) => RecordedEvent<Event>
}

/** The category of this name with its event types, all of them at one version. */
export const category = <Event>(
  name: string,
  types: Readonly<Record<string, unknown>>,
  version: number,
): Category<Event> => {
  const prefix = `${name}-`
  const presentVersion = `${versionMark}${version},`
  return {
    version,
    stream: (uid) => `${prefix}${uid}`,
    uidOf: (stream) => (stream.startsWith(prefix) ? stream.slice(prefix.length) : null),
    read: (stored) => {
      if (!Object.hasOwn(types, stored.type))
        throw new UnreadableEvent(stored, 'a type that this version of jobledger does not know')
      if (!stored.metadata.includes(presentVersion))
        throw new UnreadableEvent(stored, 'a version newer than this jobledger')
      const { id, stream, revision, position, data, decided } = stored
      return { id, stream, revision, position, event: (decided ?? JSON.parse(data)) as Event }
    },
  }
}

/**
 * How the metadata of every event tells its version; users' text cannot contain it, since its quotes are escaped. Without the
 * first quote it is found in half the time, because a text of JSON is full of them.
 */
const versionMark = 'schemaVersion":'

/** The log holds something this version cannot read: start-up stops before anything is written. */
export class UnreadableEvent extends Error {
  constructor({ position, type }: StoredEvent, reason: string) {
    super(`the event at position ${position} (${type}) has ${reason}: use a newer jobledger; nothing was changed`)
  }
}
