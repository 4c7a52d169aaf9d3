import type { DatabaseSync } from 'node:sqlite'
import { type MessagePort, parentPort, receiveMessageOnPort, workerData } from 'node:worker_threads'
import { crashPoints } from './crash-points.ts'
import { groupCommit, passing } from './group-commit.ts'
import type { AppendRequest, FromWriter, ToWriter, WriterStart } from './protocol.ts'
import { charactersIn } from '../folder/piece.ts'
import { openForWriting } from '../folder/schema.ts'
import { refusalOf, textOf } from '../folder/store-refusal.ts'

/** Beyond that a transaction keeps those who wait for the next one waiting too long (about 5 ms of work). */
const eventsPerTransactionMax = 2000

/**
 * Characters written since the last checkpoint that make the next one due: about 16 MB of write-ahead log, whose move stops the
 * writing for 20 ms. So when nobody waits at the moment, a tenth of that is moved already, as long as that is ten times a second.
 */
const charactersPerCheckpoint = 8_000_000
const charactersPerEarlyCheckpoint = 800_000
const earlyCheckpointMs = 100

const run = (port: MessagePort, db: DatabaseSync, { crashAt }: WriterStart): void => {
  const { commit, last } = groupCommit(db, crashPoints(crashAt))
  const queue: AppendRequest[] = []
  let closing = false
  let sinceCheckpoint = 0
  let checkpointedAt = 0

  const take = (message: ToWriter): void => {
    if (message === 'close') closing = true
    else queue.push(...message)
  }

  /** What is committed is safe in the write-ahead log; when there is no room to move it, that only grows until the next time. */
  const checkpoint = (): void => {
    sinceCheckpoint = 0
    checkpointedAt = performance.now()
    try {
      db.exec('PRAGMA wal_checkpoint(PASSIVE)')
    } catch (cause) {
      if (passing(cause) === null) throw cause
    }
  }

  const isEarlyDue = (): boolean =>
    sinceCheckpoint > charactersPerEarlyCheckpoint && performance.now() - checkpointedAt > earlyCheckpointMs

  const work = (): void => {
    for (;;) {
      for (let more = receiveMessageOnPort(port); more !== undefined; more = receiveMessageOnPort(port))
        take(more.message as ToWriter)
      if (queue.length === 0) {
        if (isEarlyDue()) checkpoint()
        return
      }
      const group = nextGroup(queue)
      try {
        tell(port, { _tag: 'Done', verdicts: commit(group) })
        sinceCheckpoint += charactersOf(group)
        if (sinceCheckpoint > charactersPerCheckpoint) checkpoint()
      } catch (cause) {
        tell(port, { _tag: 'Fatal', reason: textOf(cause), lost: group.map(({ ticket }) => ticket) })
        port.close()
        return
      }
    }
  }

  port.on('message', (message: ToWriter) => {
    take(message)
    work()
    if (!closing) return
    db.close()
    tell(port, { _tag: 'Closed' })
    port.close()
  })
  tell(port, { _tag: 'Ready', last: last() })
}

/** Takes what fits into one transaction off the front; at least one append, however large. */
const nextGroup = (queue: AppendRequest[]): ReadonlyArray<AppendRequest> => {
  let events = 0
  let count = 0
  for (const append of queue) {
    events += append.count
    if (count > 0 && events > eventsPerTransactionMax) break
    count += 1
  }
  return queue.splice(0, count)
}

const charactersOf = (group: ReadonlyArray<AppendRequest>): number =>
  group.reduce((sum, { pieces }) => sum + charactersIn(pieces), 0)

const tell = (port: MessagePort, message: FromWriter): void => port.postMessage(message)

if (parentPort !== null) {
  const start = workerData as WriterStart
  try {
    const db = openForWriting(start.path)
    if (start.pagesMax !== null) db.exec(`PRAGMA max_page_count = ${start.pagesMax}`)
    run(parentPort, db, start)
  } catch (cause) {
    tell(parentPort, { _tag: 'Refused', refusal: refusalOf(cause, start.path) })
    parentPort.close()
  }
}
