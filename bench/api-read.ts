import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { type BenchOptions, type BenchRow, runAlone } from './support/bench-row.ts'
import { jobsPath, jobText } from './support/job-texts.ts'
import { inFolder } from './support/logs.ts'
import { type Measured, type Place, rawClients } from './support/raw-clients.ts'
import { serveBare, serveFolder } from './support/served.ts'

/** One of a thousand Jobs read over HTTP by 16 clients, beside a bare server that answers a text of the same length, in the same run. */
export const apiRead = async ({ quick }: BenchOptions): Promise<ReadonlyArray<BenchRow>> =>
  inFolder(async (folder) => {
    const total = quick ? 5000 : 30_000
    const jobs = 1000
    const served = await serveFolder(join(folder, 'data'))
    const asking = { method: 'POST', path: jobsPath, clients: 16, total: jobs, code: 201 }
    await rawClients(served, asking, (number) => ({ body: jobText(`job-${number}`) }))
    const one = (number: number) => ({ path: `${jobsPath}/job-${1 + (number % jobs)}`, body: '' })
    await read(served, one, 2000)
    const { perSecond, p50Ms, p99Ms } = await read(served, one, total)
    const text = await (
      await fetch(`http://127.0.0.1:${served.port}${jobsPath}/job-1`, {
        headers: { authorization: `Bearer ${served.token}` },
      })
    ).text()
    await served.close()
    mkdirSync(join(folder, 'bare'))
    const bare = await serveBare('bare-server.ts', join(folder, 'bare'))
    await rawClients(bare, { ...asking, clients: 1, total: 1 }, () => ({ body: text }))
    const there = () => ({ body: '' })
    await read(bare, there, 2000)
    const bareMeasured = await read(bare, there, total)
    await bare.close()
    const ratio = perSecond / bareMeasured.perSecond
    return [
      { name: 'api-read: the bare server', value: bareMeasured.perSecond, unit: 'requests/s' },
      { name: 'api-read: Jobs read by 16 clients', value: perSecond, unit: 'Jobs/s', ratio, goal: 3600 },
      { name: 'api-read: p50', value: p50Ms, unit: 'ms' },
      { name: 'api-read: p99', value: p99Ms, unit: 'ms', goalMax: 5 },
    ]
  })

const read = (
  place: Place,
  next: (number: number) => { readonly path?: string; readonly body: string },
  total: number,
): Promise<Measured> => rawClients(place, { method: 'GET', path: '/', clients: 16, total, code: 200 }, next)

await runAlone(import.meta.url, apiRead)
