import type { DatabaseSync } from 'node:sqlite'
import { noStream } from '../../../../application/ports/event-store.ts'
import { checksum, seedOf } from '../folder/checksum.ts'
import type { CrashPoint } from './crash-points.ts'
import type { AppendRequest, Verdict } from './protocol.ts'
import { primaryCode, sqlite, textOf } from '../folder/store-refusal.ts'

/** Commits a group of appends in one transaction; throws when the outcome is open, and must not be used again then. */
export type GroupCommit = {
  readonly commit: (group: ReadonlyArray<AppendRequest>) => ReadonlyArray<Verdict>
  /** Position of the last event, 0 when there is none. */
  readonly last: () => number
}

type Head = { readonly id: number; readonly revision: number }

/** Streams whose head is remembered; beyond that all are forgotten and read again when needed. */
const headsMax = 100_000

export const groupCommit = (db: DatabaseSync, reach: (place: CrashPoint) => void): GroupCommit => {
  const findStream = db.prepare('SELECT id FROM streams WHERE name = ?')
  const findRevision = db.prepare('SELECT max(revision) AS revision FROM pieces WHERE stream_id = ?')
  const addStream = db.prepare('INSERT INTO streams (name) VALUES (?)')
  const addPiece = db.prepare('INSERT INTO pieces VALUES (?, ?, ?, ?, ?, ?)')
  const begin = db.prepare('BEGIN IMMEDIATE')
  const commit = db.prepare('COMMIT')
  const heads = new Map<string, Head>()
  let last = Number(db.prepare('SELECT coalesce(max(position), 0) AS last FROM pieces').get()?.['last'])

  const storedHead = (stream: string): Head | null => {
    const known = heads.get(stream)
    if (known !== undefined) return known
    const row = findStream.get(stream)
    if (row === undefined) return null
    const id = Number(row['id'])
    return { id, revision: Number(findRevision.get(id)?.['revision'] ?? noStream) }
  }

  const insert = ({ stream, count, pieces }: AppendRequest, { id, revision }: Head, first: number): Head => {
    const seed = seedOf(stream)
    let stored = 0
    for (const [size, events] of pieces) {
      stored += size
      const [position, place] = [first + stored - 1, revision + stored]
      addPiece.run(position, id, place, size, events, checksum(seed, position, place, size, events))
      reach('between-inserts')
    }
    return { id, revision: revision + count }
  }

  const store = (group: ReadonlyArray<AppendRequest>) => {
    const staged = new Map<string, Head>()
    let next = last + 1
    const verdicts = group.map((request): Verdict => {
      const { ticket, stream, expected } = request
      const head = staged.get(stream) ?? storedHead(stream)
      const actual = head?.revision ?? noStream
      if (actual !== expected) return { ticket, _tag: 'Conflict', actual }
      const place = head ?? { id: Number(addStream.run(stream).lastInsertRowid), revision: noStream }
      const first = next
      staged.set(stream, insert(request, place, first))
      next += request.count
      return { ticket, _tag: 'Stored', first }
    })
    return { verdicts, staged, last: next - 1 }
  }

  return {
    commit: (group) => {
      reach('before-begin')
      try {
        begin.run()
        const stored = store(group)
        reach('before-commit')
        commit.run()
        reach('after-commit')
        last = stored.last
        if (heads.size > headsMax) heads.clear()
        for (const [stream, head] of stored.staged) heads.set(stream, head)
        return stored.verdicts
      } catch (cause) {
        const reason = passing(cause)
        if (reason === null || !isRolledBack(db)) throw cause
        return group.map(({ ticket }) => ({ ticket, _tag: 'Unavailable', reason }))
      }
    },
    last: () => last,
  }
}

/** What passes by itself, as a sentence; null after anything else, when the file may not be trusted any more. */
export const passing = (cause: unknown): string | null => {
  switch (primaryCode(cause)) {
    case sqlite.full:
      return `the disk is full: ${textOf(cause)}`
    case sqlite.busy:
      return `another program has locked the log: ${textOf(cause)}`
    default:
      return null
  }
}

const isRolledBack = (db: DatabaseSync): boolean => {
  if (db.isTransaction) db.exec('ROLLBACK')
  return !db.isTransaction
}
