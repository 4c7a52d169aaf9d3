import type { EventStore, StoredEvent, StoreUnavailable } from '../../../application/ports/event-store.ts'
import { E, invariant, type TE } from '../../../prelude.ts'
import { liveLog } from '../live-log.ts'

/** A log that lives as long as this value: for tests, simulations and what-if. Positions count from 1 without gaps. */
export const inMemoryEventStore = (): EventStore => {
  const log: StoredEvent[] = []
  const streams = new Map<string, StoredEvent[]>()
  let closed = false

  const reading =
    (read: () => ReadonlyArray<StoredEvent>): TE.TaskEither<StoreUnavailable, ReadonlyArray<StoredEvent>> =>
    async () =>
      closed ? E.left(storeIsClosed) : E.right(read())

  const live = liveLog(0n, (after, limit) => async () => E.right(forwards(log, Number(after), limit)))

  return {
    append: (stream, expectedRevision, events) => {
      invariant(events.length > 0, 'an append has events')
      return async () => {
        if (closed) return E.left(storeIsClosed)
        const past = streams.get(stream) ?? []
        const actual = past.length - 1
        if (actual !== expectedRevision)
          return E.left({ _tag: 'WrongExpectedRevision', stream, expected: expectedRevision, actual })
        streams.set(stream, past)
        const stored = events.map(
          ({ id, type, data, metadata }, i): StoredEvent => ({
            id,
            type,
            data,
            metadata,
            stream,
            revision: actual + 1 + i,
            position: BigInt(log.length + 1 + i),
          }),
        )
        for (const event of stored) {
          log.push(event)
          past.push(event)
        }
        const position = BigInt(log.length)
        live.publish(position, () => stored)
        return E.right({ revision: past.length - 1, position })
      }
    },
    readStream: (stream, from, limit) => reading(() => forwards(streams.get(stream) ?? [], from, limit)),
    readStreamBackwards: (stream, limit, before) =>
      reading(() => backwards(streams.get(stream) ?? [], limit, before ?? Number.POSITIVE_INFINITY)),
    readAll: (after, limit) => reading(() => forwards(log, Number(after), limit)),
    readAllBackwards: (limit, before) =>
      reading(() => backwards(log, limit, before === undefined ? Number.POSITIVE_INFINITY : Number(before) - 1)),
    subscribeAll: live.subscribeAll,
    close: async () => {
      closed = true
      live.close()
    },
  }
}

const storeIsClosed: StoreUnavailable = { _tag: 'StoreUnavailable', reason: 'the event store is closed' }

/** The event with index `from` and those behind it; the event at position p has index p - 1. */
const forwards = (events: ReadonlyArray<StoredEvent>, from: number, limit: number) => {
  const begin = Math.max(0, from)
  return events.slice(begin, begin + Math.max(0, limit))
}

/** The last `limit` of the first `count` events, newest first. */
const backwards = (events: ReadonlyArray<StoredEvent>, limit: number, count: number) => {
  const end = Math.min(Math.max(0, count), events.length)
  return events.slice(Math.max(0, end - Math.max(0, limit)), end).toReversed()
}
