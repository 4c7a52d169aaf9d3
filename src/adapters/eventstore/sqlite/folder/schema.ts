import { statSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'
import { Refused } from './store-refusal.ts'

/** "JLDG": the mark of our files in SQLite's header. */
const applicationId = 0x4a4c4447

/** Ordered; the n-th brings a log from version n to n + 1. A released one is never edited. */
const migrations: ReadonlyArray<string> = [
  `CREATE TABLE streams (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE) STRICT;
   CREATE TABLE pieces (
     position INTEGER PRIMARY KEY,
     stream_id INTEGER NOT NULL REFERENCES streams (id),
     revision INTEGER NOT NULL,
     count INTEGER NOT NULL,
     events TEXT NOT NULL,
     checksum INTEGER NOT NULL,
     UNIQUE (stream_id, revision)
   ) STRICT;`,
]

/** There is no log yet. Throws `Refused` when only its write-ahead log is left: SQLite would take the log for new and delete that. */
export const isAbsent = (path: string): boolean => {
  // In this order, because a log that another process makes meanwhile has its first page before anything waits beside it.
  const waiting = sizeOf(`${path}-wal`)
  const isEmpty = sizeOf(path) === 0
  if (isEmpty && waiting > 0)
    throw new Refused(
      'Damaged',
      `the log ${path} is missing or empty, but ${path}-wal is not: restore both from one backup`,
    )
  return isEmpty
}

const sizeOf = (path: string): number => statSync(path, { throwIfNoEntry: false })?.size ?? 0

/** Whose file this is: `ours` and readable by this version, or `fresh` (nothing in it yet). Everything else throws `Refused`. */
export const judge = (db: DatabaseSync, path: string): 'ours' | 'fresh' => {
  const id = pragma(db, 'application_id')
  const version = pragma(db, 'user_version')
  if (id === 0 && version === 0 && isEmpty(db)) return 'fresh'
  if (id !== applicationId)
    throw new Refused('NotALedger', `the file ${path} is a SQLite database of something else, not a jobledger log`)
  if (version > migrations.length)
    throw new Refused(
      'NewerVersion',
      `the log ${path} has format ${version}, but this jobledger knows formats up to ${migrations.length}: use a newer jobledger`,
    )
  if (version < 1) throw new Refused('Damaged', `the log ${path} is damaged: it has format ${version}`)
  return 'ours'
}

/** Opens for reading beside a writer; SQLite itself refuses to write through it. */
export const openForReading = (path: string): DatabaseSync =>
  new DatabaseSync(path, { readOnly: true, timeout: busyTimeoutMs })

/** Opens for appending and brings the schema up to date, all in one transaction. */
export const openForWriting = (path: string): DatabaseSync => {
  const db = new DatabaseSync(path, { enableForeignKeyConstraints: false, timeout: busyTimeoutMs })
  try {
    judge(db, path)
    // Of a new file only. Long rows are read faster in large pages, and each commit writes two or three whole ones.
    db.exec('PRAGMA page_size = 8192')
    const mode = db.prepare('PRAGMA journal_mode = WAL').get()?.['journal_mode']
    if (mode !== 'wal')
      throw new Refused('Unavailable', `the log ${path} cannot be opened: its file system has no write-ahead log`)
    db.exec('PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = 0; PRAGMA journal_size_limit = 67108864')
    migrate(db)
    return db
  } catch (cause) {
    db.close()
    throw cause
  }
}

/** Readers hold a lock only for moments (while they recover the write-ahead log). */
const busyTimeoutMs = 5000

const migrate = (db: DatabaseSync): void => {
  const version = pragma(db, 'user_version')
  if (version === migrations.length) return
  db.exec('BEGIN IMMEDIATE')
  for (const migration of migrations.slice(version)) db.exec(migration)
  db.exec(`PRAGMA application_id = ${applicationId}; PRAGMA user_version = ${migrations.length}; COMMIT`)
}

const pragma = (db: DatabaseSync, name: string): number => Number(db.prepare(`PRAGMA ${name}`).get()?.[name])

const isEmpty = (db: DatabaseSync): boolean => db.prepare('SELECT 1 FROM sqlite_schema LIMIT 1').get() === undefined
