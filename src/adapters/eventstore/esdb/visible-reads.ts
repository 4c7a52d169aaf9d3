import type { RecordedEvent } from '@eventstore/db-client'
import type { EventStore, StoredEvent, StoreUnavailable } from '../../../application/ports/event-store.ts'
import { E } from '../../../prelude.ts'
import type { Connection, Read, Way } from './connection.ts'
import { type Names, sealType } from './names.ts'
import { positionOf } from './settled-append.ts'
import { type FromWire, fromWire } from './wire-event.ts'

export type VisibleReads = Pick<EventStore, 'readStream' | 'readStreamBackwards' | 'readAll' | 'readAllBackwards'>

type Events = ReadonlyArray<StoredEvent>
type Answer = E.Either<StoreUnavailable, Events>

/** Large enough that the round trip vanishes, small enough to hold in memory many times. */
const pageSize = 2000
/** The greatest position the protocol can say. */
const lastPosition = 2n ** 63n - 1n

/** The port's reads: pages of what the server has, without what is not the log's. */
export const visibleReads = (connection: Connection, names: Names): VisibleReads => ({
  // Seals make revisions in EventStoreDB greater than ours, never smaller: from the same number on, all that is wanted lies ahead.
  readStream: (stream, from, limit) => () =>
    gather<number>(
      Math.max(0, from),
      limit,
      (revision, count) => connection.readStream(names.wireOf(stream), revision, 'forwards', count),
      (last) => Number(last.revision) + 1,
      (recorded) => wanted(visible(names, recorded), ({ revision }) => revision >= from),
    ),
  readStreamBackwards: (stream, limit, before) => async () => {
    if ((before !== undefined && before <= 0) || limit <= 0) return E.right([])
    const from = before === undefined ? E.right('end' as const) : await placeOf(connection, names, stream, before - 1)
    if (E.isLeft(from)) return from
    return gather<number | 'end'>(
      from.right,
      limit,
      (revision, count) => connection.readStream(names.wireOf(stream), revision, 'backwards', count),
      (last) => Number(last.revision) - 1,
      (recorded) => wanted(visible(names, recorded), ({ revision }) => before === undefined || revision < before),
    )
  },
  readAll: (after, limit) => async () => {
    if (after >= lastPosition) return E.right([])
    const answer = await gatherAll(connection, names, 'forwards', after < 0n ? 'start' : after, limit)
    return E.isLeft(answer) ? answer : E.right(answer.right.map(({ event }) => event))
  },
  readAllBackwards: (limit, before) => async () => {
    if (before !== undefined && before <= 0n) return E.right([])
    const from = before === undefined || before >= lastPosition ? 'end' : before
    const answer = await gatherAll(connection, names, 'backwards', from, limit)
    return E.isLeft(answer) ? answer : E.right(answer.right.map(({ event }) => event))
  },
})

/** The event as the log knows it, or null when it is not the log's: the server's own, the adapter's, or a seal. */
export const visible = (names: Names, recorded: RecordedEvent): FromWire | null => {
  const stream = names.ours(recorded.streamId)
  if (stream === null || recorded.type === sealType || recorded.type.startsWith('$')) return null
  return fromWire(recorded, stream, positionOf(recorded))
}

const wanted = (seen: FromWire | null, isWanted: (event: StoredEvent) => boolean): FromWire | null =>
  seen !== null && isWanted(seen.event) ? seen : null

/** The revision in EventStoreDB of our `revision`, as many seals further on as stand before it; the end when the stream is shorter. */
const placeOf = async (
  connection: Connection,
  names: Names,
  stream: string,
  revision: number,
): Promise<E.Either<StoreUnavailable, number | 'end'>> => {
  for (let from = revision; Number.isSafeInteger(from); ) {
    const page = await connection.readStream(names.wireOf(stream), from, 'forwards', searchSize)
    if (E.isLeft(page)) return page
    const found = page.right.find((recorded) => (visible(names, recorded)?.event.revision ?? -1) >= revision)
    if (found !== undefined) return E.right(Number(found.revision))
    if (page.right.length < searchSize) break
    from = Number(page.right.at(-1)?.revision ?? from) + 1
  }
  return E.right('end')
}

/** Seals are few: what is looked for stands among the next events. */
const searchSize = 4

const gather = async <Place>(
  from: Place,
  limit: number,
  read: (from: Place, count: number) => Promise<Read>,
  next: (last: RecordedEvent) => Place,
  see: (recorded: RecordedEvent) => FromWire | null,
): Promise<Answer> => {
  const events: StoredEvent[] = []
  let place = from
  while (events.length < limit) {
    const count = Math.min(pageSize, limit - events.length)
    if (typeof place === 'number' && place < 0) break
    const page = await read(place, count)
    if (E.isLeft(page)) return page
    for (const recorded of page.right) {
      const seen = see(recorded)
      if (seen !== null) events.push(seen.event)
    }
    const last = page.right.at(-1)
    if (last === undefined || page.right.length < count) break
    place = next(last)
  }
  return E.right(events)
}

/**
 * Pages of the whole log. The server gives the event at a position again when it is asked from there forwards, and may when asked backwards;
 * so one more is asked for and what is not beyond the place is left out.
 */
const gatherAll = async (
  connection: Connection,
  names: Names,
  way: Way,
  from: bigint | 'start' | 'end',
  limit: number,
): Promise<E.Either<StoreUnavailable, ReadonlyArray<FromWire>>> => {
  const seen: FromWire[] = []
  let place = from
  while (seen.length < limit) {
    const count = Math.min(pageSize, limit - seen.length) + 1
    const page = await connection.readAll(place, way, count)
    if (E.isLeft(page)) return page
    for (const recorded of page.right) {
      const position = positionOf(recorded)
      if (typeof place === 'bigint' && (way === 'forwards' ? position <= place : position >= place)) continue
      const event = visible(names, recorded)
      if (event !== null && seen.length < limit) seen.push(event)
    }
    const last = page.right.at(-1)
    if (last === undefined || page.right.length < count) {
      if (way === 'forwards') dropUnfinished(seen)
      break
    }
    place = positionOf(last)
  }
  return E.right(seen)
}

/** At the end of the log an append may be on its way in: it is shown when it is there as a whole. */
const dropUnfinished = (seen: FromWire[]): void => {
  let whole = seen.length
  if ((seen.at(-1)?.more ?? 0) === 0) return
  while (whole > 0 && (seen[whole - 1]?.more ?? 0) > 0) whole -= 1
  seen.length = whole
}
