import { fork } from 'node:child_process'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { type BenchOptions, type BenchRow, runAlone } from './support/bench-row.ts'
import { jobsPath, jobText } from './support/job-texts.ts'
import { inFolder } from './support/logs.ts'
import { type Measured, type Place, rawClients } from './support/raw-clients.ts'
import { type Served, serveBare, serveFolder } from './support/served.ts'

const watchers = 100

/**
 * What 100 watches of all Jobs are told while 16 clients create Jobs, and what these creations lose by it; beside a bare server that
 * tells its watches the same texts, in the same run.
 */
export const watchFanout = async ({ quick }: BenchOptions): Promise<ReadonlyArray<BenchRow>> =>
  inFolder(async (folder) => {
    const total = quick ? 1500 : 8000
    const alone = await serveFolder(join(folder, 'alone'))
    await create(alone, 'warm', 500)
    const unwatched = await create(alone, 'job', total)
    const text = await jobAsTold(alone)
    await alone.close()
    const served = await serveFolder(join(folder, 'watched'))
    await create(served, 'warm', 500)
    const { deliveries, creations: watched } = await underWatches(served, () => create(served, 'job', total))
    const memory = served.memoryMb()
    await served.close()
    const bareFolder = join(folder, 'bare')
    mkdirSync(bareFolder)
    const bare = await serveBare('bare-server.ts', bareFolder)
    const post = (count: number) => rawClients(bare, asking(count), () => ({ body: text }))
    const bareUnwatched = await post(total)
    const bareMeasured = await underWatches(bare, () => post(total))
    await bare.close()
    const ratio = deliveries / bareMeasured.deliveries
    return [
      { name: 'watch-fanout: the bare server, deliveries', value: bareMeasured.deliveries, unit: 'events/s' },
      {
        name: 'watch-fanout: the bare server, requests as a share of those without watchers',
        value: (100 * bareMeasured.creations.perSecond) / bareUnwatched.perSecond,
        unit: '%',
      },
      {
        name: `watch-fanout: deliveries to ${watchers} watchers`,
        value: deliveries,
        unit: 'events/s',
        ratio,
        goal: 105_000,
      },
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

const asking = (total: number) => ({ method: 'POST', path: jobsPath, clients: 16, total, code: 201 })

const create = (place: Place, prefix: string, total: number): Promise<Measured> =>
  rawClients(place, asking(total), (number) => ({ body: jobText(`${prefix}-${number}`, true) }))

/** A Job as watches are told of it. */
const jobAsTold = async ({ port, token }: Served): Promise<string> => {
  const answer = await fetch(`http://127.0.0.1:${port}${jobsPath}/job-1`, {
    headers: { authorization: `Bearer ${token}` },
  })
  return answer.text()
}

/** What the watches are told in a second while something is created. */
const underWatches = async (served: Served, creating: () => Promise<Measured>) => {
  const counter = await watching(served)
  const before = counter.told()
  const began = performance.now()
  const creations = await creating()
  await counter.settled()
  const seconds = (performance.now() - began) / 1000
  const deliveries = (counter.told() - before) / seconds
  counter.close()
  return { creations, deliveries }
}

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
