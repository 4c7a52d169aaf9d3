import { join } from 'node:path'
import type { DatabaseSync } from 'node:sqlite'
import { beginning, type EventStore, noStream } from '../src/application/ports/event-store.ts'
import { readEvent } from '../src/application/log/read-event.ts'
import { E } from '../src/prelude.ts'
import { type Bench, type BenchRow, runAlone } from './support/bench-row.ts'
import { median, secondsOf } from './support/measure.ts'
import { inFolder, madeUpEvents, openBareLog, openStore } from './support/logs.ts'

const pageSize = 5000
const streams = 20
const goal = 900_000

/**
 * What a log looks like while large Jobs run: four of five appends carry the 200 to 1000 events of a window, the others are those
 * of small Jobs, of retries and of single facts.
 */
const mixedSizes = [1000, 640, 200, 870, 60, 410, 950, 330, 720, 3]

/** Reads and decodes a whole log as at start-up, against a bare scan of the same bytes (a row for each event) that parses the same texts. */
export const replayBench: Bench = async ({ quick }) => {
  const count = quick ? 40_000 : 400_000
  return [
    ...(await replayOf(count, [1000], { name: 'appends of 1000', goal })),
    ...(await replayOf(count, mixedSizes, { name: 'mixed appends', goal })),
    ...(await replayOf(count / 4, [10], { name: 'appends of 10' })),
    ...(await replayOf(count / 8, [1], { name: 'appends of 1' })),
  ]
}

/** `sizes` are the numbers of events of the appends, in turn. */
const replayOf = (
  count: number,
  sizes: ReadonlyArray<number>,
  { name, ...wanted }: { readonly name: string; readonly goal?: number },
): Promise<ReadonlyArray<BenchRow>> =>
  inFolder(async (folder) => {
    const { db, append } = openBareLog(join(folder, 'bare.db'))
    const store = await openStore(folder)
    await fill(store, append, count, sizes)
    const bare: number[] = []
    const ours: number[] = []
    for (let round = 0; round < 7; round += 1) {
      bare.push(count / (await secondsOf(() => scan(db))))
      ours.push(count / (await secondsOf(() => replay(store))))
    }
    await store.close()
    db.close()
    const ratio = median(ours.map((rate, i) => rate / (bare[i] ?? Number.NaN)))
    return [
      { name: `bare scan, ${name}`, value: median(bare), unit: 'events/s' },
      { name: `replay, ${name}`, value: median(ours), unit: 'events/s', ratio, ...wanted },
    ]
  })

/** Stores the same in both logs, an append to each stream in turn. */
const fill = async (
  store: EventStore,
  append: ReturnType<typeof openBareLog>['append'],
  count: number,
  sizes: ReadonlyArray<number>,
): Promise<void> => {
  const made = madeUpEvents(1000)
  const revisions = Array.from({ length: streams }, () => noStream)
  let waiting: Array<Promise<E.Either<unknown, unknown>>> = []
  for (let stored = 0, n = 0; stored < count; n += 1) {
    const events = made.slice(0, Math.min(sizes[n % sizes.length] ?? 1, count - stored))
    const stream = n % streams
    const revision = revisions[stream] ?? noStream
    append(stream, revision + 1, events)
    waiting.push(store.append(`job-${stream}`, revision, events)())
    revisions[stream] = revision + events.length
    stored += events.length
    if (waiting.length < streams && stored < count) continue
    for (const outcome of await Promise.all(waiting))
      if (E.isLeft(outcome)) throw new Error(JSON.stringify(outcome.left))
    waiting = []
  }
}

const scan = (db: DatabaseSync): number => {
  const statement = db.prepare(
    'SELECT position, stream, revision, id, type, data, metadata FROM events WHERE position > ? ORDER BY position LIMIT ?',
  )
  statement.setReturnArrays(true)
  let kinds = 0
  for (let after = -1; ; ) {
    const rows = statement.all(after, pageSize) as unknown as ReadonlyArray<ReadonlyArray<string | number>>
    for (const row of rows) kinds += (JSON.parse(String(row[5])) as { readonly type: string }).type.length
    const end = rows.at(-1)
    if (end === undefined) return kinds
    after = Number(end[0])
  }
}

const replay = async (store: EventStore): Promise<number> => {
  let kinds = 0
  for (let after = beginning; ; ) {
    const page = await store.readAll(after, pageSize)()
    if (E.isLeft(page)) throw new Error(page.left.reason)
    for (const stored of page.right) kinds += readEvent(stored).event.type.length
    const end = page.right.at(-1)
    if (end === undefined) return kinds
    after = end.position
  }
}

await runAlone(import.meta.url, replayBench)
