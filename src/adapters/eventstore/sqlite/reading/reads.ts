import type { EventStore, StoredEvent, StoreUnavailable } from '../../../../application/ports/event-store.ts'
import { E, type TE } from '../../../../prelude.ts'
import { textOf } from '../folder/store-refusal.ts'
import type { EventReader } from './event-reader.ts'

type Events = ReadonlyArray<StoredEvent>

/** The reading half of the port, and `settled`, which resolves when no read is under way. */
export type Reads = Pick<EventStore, 'readStream' | 'readStreamBackwards' | 'readAll' | 'readAllBackwards'> & {
  readonly settled: () => Promise<void>
}

/** Reads at most `limit` events behind `last`, the last event that this read has found so far (none at first). */
type ReadOn = (limit: number, last: StoredEvent | undefined) => Events

/** So many events are read at once: about 1 ms. */
const eventsPerSlice = 2000

/** How long reads may keep the event loop from everybody else. */
const sliceMsMax = 4

/**
 * Reads on this thread, a slice at a time: a long read, or many in a row, lets others have their turn in between. `reader` answers
 * null for a log that does not exist yet, and throws when nothing can be read.
 */
export const reads = (reader: () => EventReader | null): Reads => {
  const underWay = new Set<Promise<unknown>>()
  let spentMs = 0

  const slice = async (read: () => Events): Promise<Events> => {
    if (spentMs > sliceMsMax) {
      await new Promise((resolve) => setImmediate(resolve))
      spentMs = 0
    }
    const begin = performance.now()
    const events = read()
    spentMs += performance.now() - begin
    return events
  }

  const collect = async (limit: number, readOn: ReadOn): Promise<Events> => {
    const events: StoredEvent[] = []
    for (;;) {
      const size = Math.min(limit - events.length, eventsPerSlice)
      if (size <= 0) return events
      const more = await slice(() => readOn(size, events.at(-1)))
      for (const event of more) events.push(event)
      if (more.length < size) return events
    }
  }

  const answer = async (
    limit: number,
    begin: (open: EventReader) => ReadOn,
  ): Promise<E.Either<StoreUnavailable, Events>> => {
    try {
      const open = reader()
      return E.right(open === null ? [] : await collect(limit, begin(open)))
    } catch (cause) {
      return E.left({ _tag: 'StoreUnavailable', reason: textOf(cause) })
    }
  }

  const reading =
    (limit: number, begin: (open: EventReader) => ReadOn): TE.TaskEither<StoreUnavailable, Events> =>
    () => {
      const answered = answer(limit, begin)
      underWay.add(answered)
      void answered.then(() => underWay.delete(answered))
      return answered
    }

  return {
    readStream: (stream, from, limit) =>
      reading(
        limit,
        (open) => (size, last) => open.readStream(stream, last === undefined ? from : last.revision + 1, size),
      ),
    readStreamBackwards: (stream, limit, before) =>
      reading(limit, (open) => (size, last) => open.readStreamBackwards(stream, size, last?.revision ?? before)),
    readAll: (after, limit) => reading(limit, (open) => (size, last) => open.readAll(last?.position ?? after, size)),
    readAllBackwards: (limit, before) =>
      reading(limit, (open) => (size, last) => open.readAllBackwards(size, last?.position ?? before)),
    settled: async () => {
      await Promise.all(underWay)
    },
  }
}

export const closedReason = 'the event store is closed'
