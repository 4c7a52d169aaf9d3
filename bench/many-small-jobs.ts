import { isFinished } from '../src/domain/job/job.ts'
import { E, invariant } from '../src/prelude.ts'
import { type BenchOptions, type BenchRow, runAlone, slope } from './support/bench-row.ts'
import { bareEventsPerSecond, durableWorld, jobManifest } from './support/durable-world.ts'
import { inFolder } from './support/logs.ts'

/**
 * End to end on the wall clock: many Jobs of one Pod each, on the durable SQLite log. `askers` create Jobs one after the other, as fast
 * as they are answered; all Jobs are worked for and stay in the ledger.
 */
export const manySmallJobs = async ({ quick }: BenchOptions): Promise<ReadonlyArray<BenchRow>> => {
  const rows: BenchRow[] = []
  for (const askers of quick ? [100] : [16, 100, 10_000]) {
    const points: Array<readonly [number, number]> = []
    await inFolder((folder) => runOnce(folder, 300, askers))
    for (const jobs of quick ? [1000, 10_000] : [1000, 10_000, 30_000]) {
      const { seconds, events, bare, rssMb } = await inFolder((folder) => runOnce(folder, jobs, askers))
      points.push([jobs, seconds])
      const name = `many-small-jobs ${jobs} Jobs, ${askers} askers`
      rows.push({ name, value: jobs / seconds, unit: 'Jobs/s' })
      rows.push({ name: `${name}: events`, value: events / seconds, unit: 'events/s', ratio: events / seconds / bare })
      rows.push({ name: `${name}: resident memory`, value: rssMb, unit: 'MB' })
    }
    const name = `many-small-jobs growth of time with number, ${askers} askers`
    rows.push({ name, value: slope(points), unit: 'log-log slope', goalMax: 1.1 })
  }
  return rows
}

const runOnce = async (folder: string, jobs: number, askers: number) => {
  const bare = await bareEventsPerSecond(folder, 50_000)
  const world = await durableWorld(folder, { scenario: () => ({}) })
  const { ledger, service, controller } = world
  let finished = 0
  const done = new Promise<void>((resolve) => {
    ledger.news$.subscribe((news) => {
      for (const { view, recorded } of news)
        if (view.state._tag === 'Job' && isFinished(view.state))
          finished += recorded.filter(({ event }) => event.type === 'JobCompleted').length
      if (finished === jobs) resolve()
    })
  })
  const began = performance.now()
  let asked = 0
  const ask = async (): Promise<void> => {
    while (asked < jobs) {
      asked += 1
      const created = await service.create(jobManifest(`small-${asked}`, {}), { kind: 'user', name: 'bench' })()
      invariant(E.isRight(created), 'a Job of a new name is created')
      void controller.drive(created.right.uid)
    }
  }
  await Promise.all(Array.from({ length: Math.min(askers, jobs) }, ask))
  await done
  const seconds = (performance.now() - began) / 1000
  const rssMb = process.memoryUsage().rss / 1e6
  await world.close()
  return { seconds, events: world.watched(), bare, rssMb }
}

await runAlone(import.meta.url, manySmallJobs)
