import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { type BenchOptions, type BenchRow, runAlone } from './support/bench-row.ts'
import { jobsPath, jobText } from './support/job-texts.ts'
import { inFolder } from './support/logs.ts'
import { type Measured, type Place, rawClients } from './support/raw-clients.ts'
import { serveBare, serveFolder } from './support/served.ts'

/** Jobs created over HTTP by 16 clients, each acknowledged when it is durable, beside a bare server that is as durable, in the same run. */
export const httpDurable = async ({ quick }: BenchOptions): Promise<ReadonlyArray<BenchRow>> =>
  inFolder(async (folder) => {
    const total = quick ? 3000 : 15_000
    const bareFolder = join(folder, 'bare')
    mkdirSync(bareFolder)
    const bare = await serveBare('bare-server.ts', bareFolder)
    await create(bare, 'warm', 1000)
    const bareBefore = bare.processorUs()
    const bareMeasured = await create(bare, 'job', total)
    const bareUs = (bare.processorUs() - bareBefore) / total
    await bare.close()
    const served = await serveFolder(join(folder, 'data'))
    await create(served, 'warm', 1000)
    const before = served.processorUs()
    const measured = await create(served, 'job', total)
    const us = (served.processorUs() - before) / total
    const memory = served.memoryMb()
    await served.close()
    const { perSecond, p50Ms, p99Ms } = measured
    const ratio = perSecond / bareMeasured.perSecond
    return [
      { name: 'http-durable: the bare server', value: bareMeasured.perSecond, unit: 'requests/s' },
      { name: 'http-durable: the bare server, p99', value: bareMeasured.p99Ms, unit: 'ms' },
      { name: 'http-durable: the bare server, processor time of a request', value: bareUs, unit: 'µs' },
      { name: 'http-durable: Jobs created by 16 clients', value: perSecond, unit: 'Jobs/s', ratio, goal: 3000 },
      { name: 'http-durable: as a share of the bare server', value: ratio * 100, unit: '%', goal: 60 },
      { name: 'http-durable: p50', value: p50Ms, unit: 'ms' },
      { name: 'http-durable: p99', value: p99Ms, unit: 'ms', goalMax: 10 },
      { name: 'http-durable: processor time of a Job, all threads', value: us, unit: 'µs' },
      { name: 'http-durable: memory of the server then', value: memory, unit: 'MB' },
    ]
  })

const create = (place: Place, prefix: string, total: number): Promise<Measured> =>
  rawClients(place, { method: 'POST', path: jobsPath, clients: 16, total, code: 201 }, (number) => ({
    body: jobText(`${prefix}-${number}`),
  }))

await runAlone(import.meta.url, httpDurable)
