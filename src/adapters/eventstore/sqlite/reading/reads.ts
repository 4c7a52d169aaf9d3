import type { EventStore, StoreUnavailable } from '../../../../application/ports/event-store.ts'
import { E, type TE } from '../../../../prelude.ts'
import type { EventReader } from './event-reader.ts'
import { textOf } from '../folder/store-refusal.ts'

type Reads = Pick<EventStore, 'readStream' | 'readStreamBackwards' | 'readAll' | 'readAllBackwards'>

/** The reading half of the port. `reader` answers null for a log that does not exist yet, and throws when nothing can be read. */
export const reads = (reader: () => EventReader | null): Reads => {
  const reading =
    <A>(read: (reader: EventReader) => ReadonlyArray<A>): TE.TaskEither<StoreUnavailable, ReadonlyArray<A>> =>
    async () => {
      try {
        const open = reader()
        return E.right(open === null ? [] : read(open))
      } catch (cause) {
        return E.left({ _tag: 'StoreUnavailable', reason: textOf(cause) })
      }
    }
  return {
    readStream: (stream, from, limit) => reading((open) => open.readStream(stream, from, limit)),
    readStreamBackwards: (stream, limit, before) => reading((open) => open.readStreamBackwards(stream, limit, before)),
    readAll: (after, limit) => reading((open) => open.readAll(after, limit)),
    readAllBackwards: (limit, before) => reading((open) => open.readAllBackwards(limit, before)),
  }
}

export const closedReason = 'the event store is closed'
