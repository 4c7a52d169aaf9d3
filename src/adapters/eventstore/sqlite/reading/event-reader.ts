import type { DatabaseSync } from 'node:sqlite'
import type { StoredEvent } from '../../../../application/ports/event-store.ts'
import { checksum, seedOf } from '../folder/checksum.ts'

type Events = ReadonlyArray<StoredEvent>

/** The port's reads on an open database, at once. They throw what SQLite throws, and when a row does not match its checksum. */
export type EventReader = {
  readonly readStream: (stream: string, from: number, limit: number) => Events
  readonly readStreamBackwards: (stream: string, limit: number, before?: number) => Events
  readonly readAll: (after: bigint, limit: number) => Events
  readonly readAllBackwards: (limit: number, before?: bigint) => Events
  /** Position of the last event, 0 when there is none. */
  readonly last: () => bigint
}

type Row = [
  position: number,
  streamId: number,
  revision: number,
  id: string,
  type: string,
  data: string,
  metadata: string,
  checksum: number,
]

type Stream = { readonly name: string; readonly seed: number }

/** Streams whose name is remembered; beyond that all are forgotten and read again when needed. */
const streamsMax = 100_000

export const eventReader = (db: DatabaseSync): EventReader => {
  const pages = (rest: string) => {
    const statement = db.prepare(
      `SELECT position, stream_id, revision, id, type, data, metadata, checksum FROM events WHERE ${rest} LIMIT ?`,
    )
    statement.setReturnArrays(true)
    return statement
  }
  const ofStream = pages('stream_id = ? AND revision >= ? ORDER BY revision')
  const ofStreamBackwards = pages('stream_id = ? AND revision < ? ORDER BY revision DESC')
  const ofAll = pages('position > ? ORDER BY position')
  const ofAllBackwards = pages('position < ? ORDER BY position DESC')
  const findStream = db.prepare('SELECT id FROM streams WHERE name = ?')
  const findName = db.prepare('SELECT name FROM streams WHERE id = ?')
  const findLast = db.prepare('SELECT coalesce(max(position), 0) AS last FROM events')
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

  // By index, not taken apart: this runs for every event of a replay, and an array pattern costs a sixth of the whole.
  const toEvent = (row: Row): StoredEvent => {
    const { name, seed } = streamOf(row[1])
    if (checksum(seed, row[0], row[2], row[3], row[4], row[5], row[6]) !== row[7])
      throw new Error(`the event at position ${row[0]} is damaged: it does not match its checksum`)
    return {
      id: row[3],
      type: row[4],
      data: row[5],
      metadata: row[6],
      stream: name,
      revision: row[2],
      position: BigInt(row[0]),
    }
  }

  const toEvents = (rows: unknown): Events => (rows as Row[]).map(toEvent)

  return {
    readStream: (stream, from, limit) => {
      const id = findStream.get(stream)?.['id']
      return id === undefined ? [] : toEvents(ofStream.all(id, from, most(limit)))
    },
    readStreamBackwards: (stream, limit, before) => {
      const id = findStream.get(stream)?.['id']
      return id === undefined ? [] : toEvents(ofStreamBackwards.all(id, before ?? Number.MAX_SAFE_INTEGER, most(limit)))
    },
    readAll: (after, limit) => toEvents(ofAll.all(withinSqlite(after), most(limit))),
    readAllBackwards: (limit, before) => toEvents(ofAllBackwards.all(withinSqlite(before ?? largest), most(limit))),
    last: () => BigInt(Number(findLast.get()?.['last'])),
  }
}

const largest = 2n ** 63n - 1n

/** SQLite's integers have 64 bits; a position may be anything. */
const withinSqlite = (position: bigint): bigint =>
  position > largest ? largest : position < -largest ? -largest : position

/** SQLite takes a negative limit for none at all. */
const most = (limit: number): number => Math.min(Math.max(0, limit), Number.MAX_SAFE_INTEGER)
