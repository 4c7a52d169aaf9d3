import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { type BenchOptions, type BenchRow, runAlone } from './support/bench-row.ts'
import { jobsPath } from './support/job-texts.ts'
import { inFolder } from './support/logs.ts'
import { type Served, serveFolder } from './support/served.ts'

/** Resident memory of the server's process with a Job of 10 000 Pods that clients run. */
export const serverMemory = async (_: BenchOptions): Promise<ReadonlyArray<BenchRow>> =>
  inFolder(async (folder) => {
    const served = await serveFolder(join(folder, 'data'))
    const empty = served.memoryMb()
    await ask(served, 'POST', jobsPath, JSON.stringify(job))
    while (!(await ask(served, 'GET', `${jobsPath}/big`)).includes('"active":10000')) await sleep(200)
    const full = served.memoryMb()
    await ask(served, 'GET', '/api/v1/pods')
    const listed = served.memoryMb()
    await served.close()
    return [
      { name: 'server-memory: nothing in the log', value: empty, unit: 'MB' },
      { name: 'server-memory: 10 000 Pods', value: full, unit: 'MB', goalMax: 260 },
      { name: 'server-memory: when somebody has listed them in one piece', value: listed, unit: 'MB' },
    ]
  })

const job = {
  metadata: { name: 'big' },
  spec: {
    completionMode: 'Indexed',
    completions: 10_000,
    parallelism: 10_000,
    template: { spec: { restartPolicy: 'Never', containers: [{ name: 'main', image: 'busybox', command: ['true'] }] } },
  },
}

const ask = async ({ port, token }: Served, method: string, path: string, body?: string): Promise<string> => {
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' }
  const answer = await fetch(`http://127.0.0.1:${port}${path}`, {
    method,
    headers,
    ...(body === undefined ? {} : { body }),
  })
  return answer.text()
}

await runAlone(import.meta.url, serverMemory)
