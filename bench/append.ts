import { join } from 'node:path'
import type { EventStore, NewEvent } from '../src/application/ports/event-store.ts'
import { E } from '../src/prelude.ts'
import { type Bench, type BenchRow, runAlone } from './support/bench-row.ts'
import { median, secondsOf } from './support/measure.ts'
import { inFolder, madeUpEvents, openBareLog, openStore } from './support/logs.ts'

const streams = 8

/** Durable appends in batches, several streams with one append in flight each, against a bare loop with the same bytes. */
export const appendBench: Bench = async ({ quick }) => {
  const rows: BenchRow[] = []
  for (const [batch, events] of [
    [1, 8_000],
    [10, 80_000],
    [100, 200_000],
    [1000, 400_000],
  ] as const) {
    const count = quick ? events / 10 : events
    const made = madeUpEvents(batch)
    const bare: number[] = []
    const ours: number[] = []
    for (let round = 0; round < 3; round += 1) {
      bare.push(count / (await inFolder((folder) => bareSeconds(folder, made, count))))
      ours.push(count / (await inFolder((folder) => storeSeconds(folder, made, count))))
    }
    const value = median(ours)
    const ratio = median(ours.map((rate, i) => rate / (bare[i] ?? Number.NaN)))
    rows.push({ name: `append, batches of ${batch}`, value, unit: 'events/s', ratio })
    if (batch === 1000)
      rows.push({ name: 'append, batches of 1000, of the bare loop', value: 100 * ratio, unit: '%', goal: 60 })
  }
  return rows
}

const bareSeconds = async (folder: string, events: ReadonlyArray<NewEvent>, count: number): Promise<number> => {
  const { db, append } = openBareLog(join(folder, 'bare.db'))
  const seconds = await secondsOf(() => {
    for (let n = 0; n < count / events.length; n += 1)
      append(n % streams, Math.floor(n / streams) * events.length, events)
  })
  db.close()
  return seconds
}

const storeSeconds = async (folder: string, events: ReadonlyArray<NewEvent>, count: number): Promise<number> => {
  const store = await openStore(folder)
  const appends = Math.ceil(count / events.length / streams)
  const seconds = await secondsOf(() =>
    Promise.all(Array.from({ length: streams }, (_, s) => fill(store, `job-${s}`, events, appends))),
  )
  await store.close()
  return seconds
}

const fill = async (store: EventStore, stream: string, events: ReadonlyArray<NewEvent>, appends: number) => {
  for (let n = 0; n < appends; n += 1) {
    const outcome = await store.append(stream, n * events.length - 1, events)()
    if (E.isLeft(outcome)) throw new Error(JSON.stringify(outcome.left))
  }
}

await runAlone(import.meta.url, appendBench)
