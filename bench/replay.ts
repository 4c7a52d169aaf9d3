import { join } from 'node:path'
import type { DatabaseSync } from 'node:sqlite'
import { beginning, type EventStore, noStream } from '../src/application/ports/event-store.ts'
import { E } from '../src/prelude.ts'
import { type Bench, runAlone } from './support/bench-row.ts'
import { median, secondsOf } from './support/measure.ts'
import { inFolder, madeUpEvents, openBareLog, openStore } from './support/logs.ts'

const pageSize = 5000

/** Reads a whole log and folds it, against a bare scan of the same bytes that parses the same texts. */
export const replayBench: Bench = ({ quick }) =>
  inFolder(async (folder) => {
    const count = quick ? 50_000 : 500_000
    const { db, append } = openBareLog(join(folder, 'bare.db'))
    const store = await openStore(folder)
    const events = madeUpEvents(1000)
    for (let n = 0; n < count / 1000; n += 1) {
      append(n, 0, events)
      const outcome = await store.append(`job-${n}`, noStream, events)()
      if (E.isLeft(outcome)) throw new Error(JSON.stringify(outcome.left))
    }
    const bare: number[] = []
    const ours: number[] = []
    for (let round = 0; round < 5; round += 1) {
      bare.push(count / (await secondsOf(() => scan(db))))
      ours.push(count / (await secondsOf(() => replay(store))))
    }
    await store.close()
    db.close()
    const ratio = median(ours.map((rate, i) => rate / (bare[i] ?? Number.NaN)))
    return [
      { name: 'bare scan', value: median(bare), unit: 'events/s' },
      { name: 'replay', value: median(ours), unit: 'events/s', ratio, goal: 900_000 },
    ]
  })

/** Stands for a fold: counts something of every parsed event. */
const podsOf = (data: string): number => {
  const { pod } = JSON.parse(data) as { readonly pod: number }
  return pod
}

const scan = (db: DatabaseSync): number => {
  const statement = db.prepare(
    'SELECT position, stream, revision, id, type, data, metadata FROM events WHERE position > ? ORDER BY position LIMIT ?',
  )
  statement.setReturnArrays(true)
  let pods = 0
  for (let after = -1; ; ) {
    const rows = statement.all(after, pageSize) as unknown as ReadonlyArray<ReadonlyArray<string | number>>
    for (const row of rows) pods += podsOf(String(row[5]))
    const end = rows.at(-1)
    if (end === undefined) return pods
    after = Number(end[0])
  }
}

const replay = async (store: EventStore): Promise<number> => {
  let pods = 0
  for (let after = beginning; ; ) {
    const page = await store.readAll(after, pageSize)()
    if (E.isLeft(page)) throw new Error(page.left.reason)
    for (const { data } of page.right) pods += podsOf(data)
    const end = page.right.at(-1)
    if (end === undefined) return pods
    after = end.position
  }
}

await runAlone(import.meta.url, replayBench)
