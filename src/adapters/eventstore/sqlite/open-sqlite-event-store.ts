import { join, resolve } from 'node:path'
import type { DatabaseSync } from 'node:sqlite'
import type { EventStore } from '../../../application/ports/event-store.ts'
import { E, invariant } from '../../../prelude.ts'
import { type LiveLog, liveLog } from '../live-log.ts'
import { eventReader } from './reading/event-reader.ts'
import { lockFolder, makePrivateFile, prepareFolder } from './folder/lock-folder.ts'
import { closedReason, reads } from './reading/reads.ts'
import { isAbsent, judge, openForReading } from './folder/schema.ts'
import { refusalOf, type StoreRefusal } from './folder/store-refusal.ts'
import { startWriterThread } from './writing/writer-thread.ts'

export type SqliteStoreOptions = {
  /** Called once when a commit failed with an open outcome: the process must not carry on. */
  readonly onFatal: (reason: string) => void
  /** Tests only: where the process kills itself, such as `before-commit:3`. */
  readonly crashAt?: string
  /** Tests only: pages of 8192 bytes after which the disk counts as full. */
  readonly pagesMax?: number
}

/**
 * The log as the file `ledger.db` in a folder that this process holds alone until it closes the store or dies. Appends are written
 * by a thread of their own, those that wait together in one transaction; reads happen here, on a connection that cannot write.
 */
export const openSqliteEventStore = async (
  folder: string,
  options: SqliteStoreOptions,
): Promise<E.Either<StoreRefusal, EventStore>> => {
  const place = resolve(folder)
  const path = join(place, 'ledger.db')
  let release = (): void => {}
  try {
    prepareFolder(place)
    inspect(path)
    release = lockFolder(place)
    makePrivateFile(path)
    const opened = await openLocked(path, options, release)
    if (E.isLeft(opened)) release()
    return opened
  } catch (cause) {
    release()
    return E.left(refusalOf(cause, path))
  }
}

/** Throws when the file is not for us, before anything was touched. */
const inspect = (path: string): void => {
  if (isAbsent(path)) return
  const db = openForReading(path)
  try {
    judge(db, path)
  } finally {
    db.close()
  }
}

type Reading = { readonly db: DatabaseSync; readonly live: LiveLog; readonly settled: () => Promise<void> }

const openLocked = async (
  path: string,
  { onFatal, crashAt, pagesMax }: SqliteStoreOptions,
  release: () => void,
): Promise<E.Either<StoreRefusal, EventStore>> => {
  let open: Reading | null = null
  const stopReading = async (): Promise<void> => {
    if (open === null) return
    const { db, live, settled } = open
    open = null
    live.close()
    await settled()
    db.close()
  }
  const writer = await startWriterThread(
    { path, crashAt: crashAt ?? null, pagesMax: pagesMax ?? null },
    {
      onCommitted: (last, events) => open?.live.publish(last, events),
      // Only the last connection to close leaves the log as one file, and only one that may write can.
      onDrained: stopReading,
      onFatal: (reason) => {
        if (open === null) return
        open.live.fail(reason)
        onFatal(reason)
      },
    },
  )
  if (E.isLeft(writer)) return writer
  const { append, close, last } = writer.right
  const db = openForReading(path)
  const reader = eventReader(db)
  let closed: Promise<void> | null = null
  const { settled, ...reading } = reads(() => {
    if (closed !== null) throw new Error(closedReason)
    return reader
  })
  const live = liveLog(last, reads(() => reader).readAll)
  open = { db, live, settled }

  const closeAll = async (): Promise<void> => {
    await close()
    await stopReading()
    release()
  }

  return E.right({
    append: (stream, expectedRevision, events) => {
      invariant(events.length > 0, 'an append has events')
      return () => append(stream, expectedRevision, events)
    },
    ...reading,
    subscribeAll: live.subscribeAll,
    close: () => {
      closed ??= closeAll()
      return closed
    },
  })
}
