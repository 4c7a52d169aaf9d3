import { readdirSync, readFileSync } from 'node:fs'
import { describe } from 'vitest'
import { test } from '../support/jobledger.ts'
import { type Serving, serving } from '../support/serving.ts'

const jobs = '/apis/batch/v1/namespaces/default/jobs'
const spec = { template: { spec: { restartPolicy: 'Never', containers: [{ name: 'main', image: 'a' }] } } }

/** Milliseconds of a processor that a process has used since it began, and how often its threads have waked up. */
const spent = (pid: number) => {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? []
  const wakes = readdirSync(`/proc/${pid}/task`).map((task) => {
    const [, count] =
      /^voluntary_ctxt_switches:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/task/${task}/status`, 'utf8')) ?? []
    return Number(count)
  })
  // The kernel counts in hundredths of a second.
  return { cpuMs: (Number(fields[11]) + Number(fields[12])) * 10, wakes: wakes.reduce((sum, count) => sum + count, 0) }
}

/** What it needs in some seconds, with somebody who watches: at most one percent of a core, and waking up less often than any poll would. */
const spentIdle = async ({ ask, server }: Serving) => {
  const cut = new AbortController()
  await ask(`${jobs}?watch=1`, { signal: cut.signal })
  await sleep(2000)
  const before = spent(server.pid)
  await sleep(4000)
  const after = spent(server.pid)
  cut.abort()
  return { isQuiet: after.cpuMs - before.cpuMs <= 40, wakesSeldom: after.wakes - before.wakes < 80 }
}
const nothing = { isQuiet: true, wakesSeldom: true }

const over = async ({ server }: Serving): Promise<void> => {
  server.signal('SIGINT')
  await server.ended
}

const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))

describe.skipIf(process.platform !== 'linux')(
  'a server with nothing to do (its use of the processor is read from Linux)',
  () => {
    test('sleeps, with a thousand finished Jobs and somebody who watches them, whoever runs the Pods', {
      timeout: 60_000,
    }, async ({ jobledger, expect }) => {
      const simulated = await serving(jobledger, '--runtime', 'simulated')
      const { ask } = simulated
      let made = 0
      const create = async (): Promise<void> => {
        while (made < 1000) {
          made += 1
          const body = Buffer.from(JSON.stringify({ metadata: { name: `job-${made}` }, spec }))
          const { status } = await ask(jobs, { method: 'POST', headers: { 'content-type': 'application/json' }, body })
          if (status !== 201) throw new Error(`a Job was refused: ${status}`)
        }
      }
      await Promise.all(Array.from({ length: 32 }, create))
      const finished = async () => {
        const { items } = (await (await ask(jobs)).json()) as {
          readonly items: ReadonlyArray<{ readonly status: { readonly completionTime?: string } }>
        }
        return items.filter(({ status }) => status.completionTime !== undefined).length
      }
      await expect.poll(finished, { timeout: 30_000, interval: 300 }).toBe(1000)
      expect(await spentIdle(simulated)).toStrictEqual(nothing)
      await over(simulated)
      const sandboxed = await serving(jobledger)
      expect(await spentIdle(sandboxed)).toStrictEqual(nothing)
      await over(sandboxed)
    })
  },
)
