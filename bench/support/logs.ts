import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { openSqliteEventStore } from '../../src/adapters/eventstore/sqlite/open-sqlite-event-store.ts'
import type { EventStore, NewEvent } from '../../src/application/ports/event-store.ts'
import { E } from '../../src/prelude.ts'

/** Events as large as those of a Job's Pods: short facts, long metadata. */
export const madeUpEvents = (count: number): ReadonlyArray<NewEvent> =>
  Array.from({ length: count }, (_, n) => ({
    id: `00000000-0000-8000-a000-${String(n).padStart(12, '0')}`,
    type: n % 2 === 0 ? 'PodCreated' : 'PodSucceeded',
    data: JSON.stringify({
      type: 'PodCreated',
      pod: n,
      uid: `pod-${n}`,
      name: `pi-${n}`,
      index: n,
      at: 1_700_000_000_000 + n,
    }),
    metadata: JSON.stringify({
      $correlationId: `request-${n >> 10}`,
      $causationId: `event-${n}`,
      actor: { kind: 'saga', name: 'ensure-desired-pods-exist' },
      commandId: `command-${n >> 8}`,
      seed: n,
      schemaVersion: 1,
      previous: 'a'.repeat(64),
      hash: 'b'.repeat(64),
    }),
  }))

export const openStore = async (folder: string): Promise<EventStore> => {
  const opened = await openSqliteEventStore(folder, {
    onFatal: (reason) => {
      throw new Error(reason)
    },
  })
  if (E.isLeft(opened)) throw new Error(opened.left.message)
  return opened.right
}

/** What anyone would write first: a table, a prepared insert, a transaction per batch. As durable as ours. */
export const openBareLog = (path: string) => {
  const db = new DatabaseSync(path)
  db.exec(`PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;
    CREATE TABLE events (position INTEGER PRIMARY KEY, stream INTEGER NOT NULL, revision INTEGER NOT NULL, id TEXT NOT NULL,
      type TEXT NOT NULL, data TEXT NOT NULL, metadata TEXT NOT NULL, UNIQUE (stream, revision)) STRICT`)
  const insert = db.prepare('INSERT INTO events (stream, revision, id, type, data, metadata) VALUES (?, ?, ?, ?, ?, ?)')
  return {
    db,
    append: (stream: number, revision: number, events: ReadonlyArray<NewEvent>): void => {
      db.exec('BEGIN')
      for (const [i, { id, type, data, metadata }] of events.entries())
        insert.run(stream, revision + i, id, type, data, metadata)
      db.exec('COMMIT')
    },
  }
}

/** Gives `work` an empty folder and removes it afterwards. */
export const inFolder = async <A>(work: (folder: string) => Promise<A>): Promise<A> => {
  const folder = await mkdtemp(join(tmpdir(), 'jobledger-bench-'))
  try {
    return await work(folder)
  } finally {
    await rm(folder, { recursive: true })
  }
}
