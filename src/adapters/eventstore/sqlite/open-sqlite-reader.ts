import { statSync } from 'node:fs'
import { join, resolve } from 'node:path'
import type { DatabaseSync } from 'node:sqlite'
import { Observable } from 'rxjs'
import type { EventStore } from '../../../application/ports/event-store.ts'
import { E, invariant } from '../../../prelude.ts'
import { type LiveLog, liveLog } from '../live-log.ts'
import { type EventReader, eventReader } from './reading/event-reader.ts'
import { closedReason, reads } from './reading/reads.ts'
import { isAbsent, judge, openForReading } from './folder/schema.ts'
import { refusalOf, Refused, type StoreRefusal, textOf } from './folder/store-refusal.ts'

/** How long news of another process may wait: below what a person notices, at a cost of a few microseconds each time. */
const pollMs = 50

/** A store that cannot append, beside the process that holds the folder or alone. A log that does not exist reads as empty until it does. */
export const openSqliteReader = async (folder: string): Promise<E.Either<StoreRefusal, EventStore>> => {
  const path = join(resolve(folder), 'ledger.db')
  const source = readOnlySource(path)
  let last = 0n
  try {
    checkFolder(folder)
    last = source.reader()?.last() ?? 0n
  } catch (cause) {
    return E.left(refusalOf(cause, path))
  }
  const { settled, ...reading } = reads(source.reader)
  const live = liveLog(last, reading.readAll)
  const tail = tailOf(source, live, last)

  return E.right({
    append: (_stream, _expectedRevision, events) => {
      invariant(events.length > 0, 'an append has events')
      return async () => E.left({ _tag: 'StoreUnavailable', reason: 'the log was opened for reading only' })
    },
    ...reading,
    subscribeAll: (after) =>
      new Observable((subscriber) => {
        const stop = tail.follow()
        const subscription = live.subscribeAll(after).subscribe(subscriber)
        return () => {
          subscription.unsubscribe()
          stop()
        }
      }),
    close: async () => {
      live.close()
      source.refuse()
      await settled()
      source.close()
    },
  })
}

/** A folder that is not there has no log yet; something else in its place never will. */
const checkFolder = (folder: string): void => {
  if (statSync(folder, { throwIfNoEntry: false })?.isDirectory() === false)
    throw new Refused('NotWritable', `the data folder ${folder} is no folder`)
}

type Source = {
  /** Null while there is no log. Throws when it cannot be read or the source is closed. */
  readonly reader: () => EventReader | null
  /** Changes whenever another connection has committed. */
  readonly version: () => number
  /** New reads are refused from now on. */
  readonly refuse: () => void
  readonly close: () => void
}

const readOnlySource = (path: string): Source => {
  let open: { readonly db: DatabaseSync; readonly reader: EventReader; readonly version: () => number } | null = null
  let closed = false

  const tryOpen = (): void => {
    if (open !== null || isAbsent(path)) return
    const db = openForReading(path)
    try {
      if (judge(db, path) === 'fresh') return db.close()
      const version = db.prepare('PRAGMA data_version')
      open = { db, reader: eventReader(db), version: () => Number(version.get()?.['data_version']) }
    } catch (cause) {
      db.close()
      throw cause
    }
  }

  return {
    reader: () => {
      if (closed) throw new Error(closedReason)
      tryOpen()
      return open?.reader ?? null
    },
    version: () => open?.version() ?? 0,
    refuse: () => {
      closed = true
    },
    close: () => {
      open?.db.close()
      open = null
    },
  }
}

/** Looks for news while somebody follows, and publishes what was appended behind position `told`. */
const tailOf = (source: Source, live: LiveLog, told: bigint) => {
  let followers = 0
  let timer: NodeJS.Timeout | null = null
  let version = -1
  let last = told

  /** What the open log says; a log that cannot be read is lost to all who follow. */
  const asking = (ask: (reader: EventReader) => void): void => {
    try {
      const reader = source.reader()
      if (reader !== null) ask(reader)
    } catch (cause) {
      stop()
      live.fail(textOf(cause))
    }
  }

  const look = (): void =>
    asking((reader) => {
      const now = source.version()
      if (now === version) return
      version = now
      // One read sees whole transactions, so it ends where an append ends.
      const news = reader.readAll(last, Number.MAX_SAFE_INTEGER)
      const end = news.at(-1)
      if (end === undefined) return
      last = end.position
      live.publish(last, () => news)
    })

  /** What came while nobody followed is left to the first follower's own reading, so that `look` finds little at a time. */
  const skip = (): void =>
    asking((reader) => {
      last = reader.last()
      live.skipTo(last)
    })

  const stop = (): void => {
    if (timer !== null) clearInterval(timer)
    timer = null
  }

  return {
    /** Answers what ends it. */
    follow: () => {
      if (followers === 0) skip()
      followers += 1
      timer ??= setInterval(look, pollMs)
      return () => {
        followers -= 1
        if (followers === 0) stop()
      }
    },
  }
}
