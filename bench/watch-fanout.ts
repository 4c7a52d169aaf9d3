import { fork } from 'node:child_process'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { type BenchOptions, type BenchRow, runAlone } from './support/bench-row.ts'
import { jobsPath, jobText } from './support/job-texts.ts'
import { inFolder } from './support/logs.ts'
import { type Measured, type Place, rawClients } from './support/raw-clients.ts'
import { type Served, serveFolder } from './support/served.ts'

const watchers = 100

/** What 100 watches of all Jobs are told while 16 clients create Jobs, and what these creations lose by it, in the same run. */
export const watchFanout = async ({ quick }: BenchOptions): Promise<ReadonlyArray<BenchRow>> =>
  inFolder(async (folder) => {
    const total = quick ? 1500 : 8000
    const alone = await serveFolder(join(folder, 'alone'))
    await create(alone, 'warm', 500)
    const unwatched = await create(alone, 'job', total)
    await alone.close()
    const served = await serveFolder(join(folder, 'watched'))
    await create(served, 'warm', 500)
    const counter = await watching(served)
    const before = counter.told()
    const began = performance.now()
    const watched = await create(served, 'job', total)
    await counter.settled()
    const seconds = (performance.now() - began) / 1000
    const deliveries = (counter.told() - before) / seconds
    const memory = served.memoryMb()
    counter.close()
    await served.close()
    return [
      { name: `watch-fanout: deliveries to ${watchers} watchers`, value: deliveries, unit: 'events/s', goal: 105_000 },
      { name: 'watch-fanout: creations meanwhile', value: watched.perSecond, unit: 'Jobs/s' },
      {
        name: 'watch-fanout: as a share of those without watchers',
        value: (100 * watched.perSecond) / unwatched.perSecond,
        unit: '%',
        goal: 70,
      },
      { name: 'watch-fanout: memory of the server then', value: memory, unit: 'MB' },
    ]
  })

const create = (place: Place, prefix: string, total: number): Promise<Measured> =>
  rawClients(place, { method: 'POST', path: jobsPath, clients: 16, total, code: 201 }, (number) => ({
    body: jobText(`${prefix}-${number}`, true),
  }))

/** The watches, when all of them have told what there was. */
const watching = async ({ port, token }: Served) => {
  const child = fork(join(import.meta.dirname, 'support/count-watches.ts'), [String(port), token, String(watchers)])
  let [told, open] = [0, 0]
  child.on('message', (said) => {
    const { told: now, open: opened } = said as { readonly told: number; readonly open: number }
    told = now
    open = opened
  })
  const settled = async (): Promise<void> => {
    for (let last = -1; open < watchers || last !== told; await sleep(50)) last = told
  }
  await settled()
  return { told: () => told, settled, close: () => child.disconnect() }
}

await runAlone(import.meta.url, watchFanout)
