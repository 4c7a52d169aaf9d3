import type { DatabaseSync } from 'node:sqlite'
import { noStream, type StoredEvent } from '../../../../application/ports/event-store.ts'
import { seedOf } from '../folder/checksum.ts'
import { type Piece, type Stream, unpackInto } from '../folder/piece.ts'

type Events = ReadonlyArray<StoredEvent>

/** The port's reads on an open database, at once. They throw what SQLite throws, and when a row is damaged or missing. */
export type EventReader = {
  readonly readStream: (stream: string, from: number, limit: number) => Events
  readonly readStreamBackwards: (stream: string, limit: number, before?: number) => Events
  readonly readAll: (after: bigint, limit: number) => Events
  readonly readAllBackwards: (limit: number, before?: bigint) => Events
  /** Position of the last event, 0 when there is none. */
  readonly last: () => bigint
}

/** Streams whose name is remembered; beyond that all are forgotten and read again when needed. */
const streamsMax = 100_000

export const eventReader = (db: DatabaseSync): EventReader => {
  const piecesWhere = (condition: string) => {
    const statement = db.prepare(
      `SELECT position, stream_id, revision, count, events, checksum FROM pieces WHERE ${condition}`,
    )
    statement.setReturnArrays(true)
    return statement
  }
  // From the row that holds number ?1 to the row that holds number ?2, which is the first that ends there or later.
  const ofAll = piecesWhere(
    `position >= ?1 AND position <= coalesce((SELECT min(position) FROM pieces WHERE position >= ?2), ?2)
     ORDER BY position`,
  )
  const ofStream = piecesWhere(
    `stream_id = ?3 AND revision >= ?1
     AND revision <= coalesce((SELECT min(revision) FROM pieces WHERE stream_id = ?3 AND revision >= ?2), ?2)
     ORDER BY revision`,
  )
  const findStream = db.prepare('SELECT id FROM streams WHERE name = ?')
  const findName = db.prepare('SELECT name FROM streams WHERE id = ?')
  const findLast = db.prepare('SELECT coalesce(max(position), 0) AS last FROM pieces')
  const findLastOf = db.prepare(`SELECT coalesce(max(revision), ${noStream}) AS last FROM pieces WHERE stream_id = ?`)
  const streams = new Map<number, Stream>()

  const streamOf = (id: number): Stream => {
    const known = streams.get(id)
    if (known !== undefined) return known
    const name = String(findName.get(id)?.['name'] ?? '')
    const stream = { name, seed: seedOf(name) }
    if (streams.size >= streamsMax) streams.clear()
    streams.set(id, stream)
    return stream
  }

  /** The events numbered `from` to `to` in these rows; `number` says the number of a row's last event. Numbers have no gaps. */
  const eventsIn = (pieces: unknown, number: (piece: Piece) => number, from: number, to: number): Events => {
    const events: StoredEvent[] = []
    let next = from
    for (const piece of pieces as Piece[]) {
      const count = piece[3]
      const first = number(piece) - count + 1
      if (first > next)
        throw new Error(`the log is damaged: events are missing before position ${piece[0] - count + 1}`)
      unpackInto(events, streamOf(piece[1]), piece, next - first, Math.min(count, to - first + 1))
      next = first + count
    }
    return events
  }

  const inLog = (from: number, to: number): Events =>
    from > to ? [] : eventsIn(ofAll.all(from, to), positionOf, from, to)

  const inStream = (id: number, from: number, to: number): Events =>
    from > to ? [] : eventsIn(ofStream.all(from, to, id), revisionOf, from, to)

  const idOf = (stream: string): number | null => {
    const id = findStream.get(stream)?.['id']
    return id === undefined ? null : Number(id)
  }

  const last = (): number => Number(findLast.get()?.['last'])

  return {
    readStream: (stream, from, limit) => {
      const id = idOf(stream)
      const first = Math.max(0, from)
      return id === null ? [] : inStream(id, first, upTo(first, limit))
    },
    readStreamBackwards: (stream, limit, before = Number.MAX_SAFE_INTEGER) => {
      const id = idOf(stream)
      if (id === null) return []
      const end = Math.min(before - 1, Number(findLastOf.get(id)?.['last']))
      return inStream(id, Math.max(0, downTo(end, limit)), end).toReversed()
    },
    readAll: (after, limit) => {
      const first = Math.max(1, Number(after) + 1)
      return inLog(first, upTo(first, limit))
    },
    readAllBackwards: (limit, before) => {
      const end = Math.min(before === undefined ? Number.MAX_SAFE_INTEGER : Number(before) - 1, last())
      return inLog(Math.max(1, downTo(end, limit)), end).toReversed()
    },
    last: () => BigInt(last()),
  }
}

const positionOf = (piece: Piece): number => piece[0]
const revisionOf = (piece: Piece): number => piece[2]

/** The last of `limit` numbers from `first` on. JavaScript counts exactly to 2^53, and no log is as long. */
const upTo = (first: number, limit: number): number => Math.min(first + limit - 1, Number.MAX_SAFE_INTEGER)

const downTo = (end: number, limit: number): number => end - limit + 1
