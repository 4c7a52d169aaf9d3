import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync, statSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { describe } from 'vitest'
import { type CommandLine, type Running, test, userName } from '../support/jobledger.ts'
import { type Serving, serving } from '../support/serving.ts'
import { until } from './until.ts'

const hasKubectl = spawnSync('kubectl', ['version', '--client'], { stdio: 'ignore' }).status === 0
const noKubectl = 'there is no kubectl here'

type Line = {
  readonly type: string
  readonly object: { readonly metadata: { readonly name: string; readonly resourceVersion: string } }
}

const jobs = '/apis/batch/v1/namespaces/default/jobs'

type Ask = Serving['ask']

/** What a watch has told until it has told enough. */
const watched = async (ask: Ask, path: string, isEnough: (lines: ReadonlyArray<Line>) => boolean) => {
  const cut = new AbortController()
  const response = await ask(path, { signal: cut.signal })
  const decoder = new TextDecoder()
  let text = ''
  let lines: ReadonlyArray<Line> = []
  for await (const piece of response.body ?? []) {
    text += decoder.decode(piece, { stream: true })
    lines = text
      .split('\n')
      .slice(0, -1)
      .map((line): Line => JSON.parse(line))
    if (isEnough(lines)) break
  }
  cut.abort()
  return lines.map(({ type, object: { metadata } }) => `${type} ${metadata.name} ${metadata.resourceVersion}`)
}

/** kubectl with the kubeconfig that the server has written, and with nothing else. */
const kubectl = async (jobledger: CommandLine, ...words: ReadonlyArray<string>) => {
  const child = spawn('kubectl', ['--kubeconfig', join(jobledger.dataDir, 'kubeconfig'), ...words], {
    env: { PATH: process.env['PATH'], HOME: jobledger.folder },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let [out, err] = ['', '']
  child.stdout.on('data', (piece) => (out += String(piece)))
  child.stderr.on('data', (piece) => (err += String(piece)))
  const [code] = await once(child, 'close')
  if (code !== 0) throw new Error(`kubectl ${words.join(' ')} ended with ${code}: ${out}${err}`)
  return out
}

const over = async (server: Running) => {
  server.signal('SIGINT')
  return server.ended
}

describe('jobledger serve', { timeout: 90_000 }, () => {
  test('is a cluster to kubectl', async ({ jobledger, expect, skip }) => {
    skip(!hasKubectl, noKubectl)
    const { server } = await serving(jobledger)
    expect(server.said.out).toBe(`kubectl --kubeconfig ${join(jobledger.dataDir, 'kubeconfig')} get jobs\n`)
    expect(statSync(join(jobledger.dataDir, 'kubeconfig')).mode & 0o777).toBe(0o600)
    const file = jobledger.manifest('hello', 'sleep 1')
    expect(await kubectl(jobledger, 'create', '-f', file)).toBe('job.batch/hello created\n')
    expect(await kubectl(jobledger, 'wait', '--for=condition=complete', 'job/hello', '--timeout=30s')).toBe(
      'job.batch/hello condition met\n',
    )
    expect(await kubectl(jobledger, 'get', 'jobs', '--no-headers')).toMatch(/^hello +Complete +1\/1 /)
    expect(await kubectl(jobledger, 'get', 'pods', '--selector=job-name=hello', '--no-headers')).toMatch(
      /^hello-\w{5} +0\/1 +Completed +0 /,
    )
    expect(await kubectl(jobledger, 'describe', 'job', 'hello')).toMatch(/Normal +Completed .* Job completed/)
    expect(await kubectl(jobledger, 'explain', 'job.spec.parallelism')).toContain('FIELD: parallelism <integer>')
    expect(await kubectl(jobledger, 'delete', 'job', 'hello')).toContain('job.batch "hello" deleted')
    expect(await jobledger.ask('history', 'job/hello')).toContain(`${userName} `)
    expect(await over(server)).toMatchObject({ code: 0 })
  })

  test('goes on where it was killed, and watches with it, without a hole', async ({ jobledger, expect }) => {
    const first = await serving(jobledger, '--runtime', 'simulated')
    const create = (ask: Ask, name: string) =>
      ask(jobs, { method: 'POST', body: readFileSync(jobledger.manifest(name, 'true', { suspend: true })) })
    for (const name of ['a', 'b', 'c']) expect((await create(first.ask, name)).status).toBe(201)
    // A suspended Job is created, then marked Suspended; nothing follows.
    const isAt = (name: string) => (lines: ReadonlyArray<Line>) =>
      lines.some((line) => line.type === 'MODIFIED' && line.object.metadata.name === name)
    const before = await watched(first.ask, `${jobs}?watch=1&resourceVersion=1`, isAt('c'))
    first.server.signal('SIGKILL')
    await first.server.ended
    const second = await serving(jobledger, '--runtime', 'simulated')
    expect((await create(second.ask, 'd')).status).toBe(201)
    const after = await watched(second.ask, `${jobs}?watch=1&resourceVersion=1`, isAt('d'))
    expect(after.slice(0, before.length)).toStrictEqual(before)
    expect(after.map((line) => line.split(' ')[1])).toContain('d')
    const [, , version] = before[1]?.split(' ') ?? []
    const resumed = await watched(second.ask, `${jobs}?watch=1&resourceVersion=${version}`, isAt('d'))
    expect(resumed).toStrictEqual(after.slice(2))
    expect(await over(second.server)).toMatchObject({ code: 0 })
  })

  test('has an empty log of a Pod that only seems to run', async ({ jobledger, expect }) => {
    const { server, ask } = await serving(jobledger, '--runtime', 'simulated')
    await ask(jobs, { method: 'POST', body: readFileSync(jobledger.manifest('hello', 'true')) })
    await until('the Pod has a log', async () => {
      const { items } = (await (await ask('/api/v1/pods')).json()) as {
        readonly items: ReadonlyArray<{ readonly metadata: { readonly name: string } }>
      }
      const log = await ask(`/api/v1/namespaces/default/pods/${items[0]?.metadata.name}/log`)
      return log.status === 200 && (await log.text()) === ''
    })
    expect(await over(server)).toMatchObject({ code: 0 })
  })

  test('lets other terminals work beside it, and ends watches when it ends', async ({ jobledger, expect }) => {
    const { server, ask } = await serving(jobledger, '--runtime', 'external')
    const watching = watched(ask, `${jobs}?watch=1`, () => false)
    await jobledger.ask('apply', '-f', jobledger.manifest('hello', 'true'))
    await until('the Job has its Pod', async () => {
      const { items } = (await (await ask('/api/v1/pods')).json()) as { readonly items: ReadonlyArray<unknown> }
      return items.length === 1
    })
    expect(await jobledger.ask('get', 'jobs', '--no-headers')).toMatch(/^hello +Running /)
    await over(server)
    expect((await watching)[0]).toMatch(/^ADDED hello /)
  })

  test('says why it cannot serve', async ({ jobledger, expect }) => {
    const other = createServer().listen(0, '127.0.0.1')
    await once(other, 'listening')
    const taken = String((other.address() as { readonly port: number }).port)
    const [busy, lost] = [
      await jobledger.run('serve', '--port', taken),
      await jobledger.run('serve', '--port', '0', '--token-file', '/nowhere'),
    ]
    other.close()
    expect(busy).toMatchObject({ code: 1, out: '' })
    expect(busy.err).toMatch(/^error: the API cannot listen: .*EADDRINUSE/)
    expect(lost).toMatchObject({ code: 1, err: 'error: there is no /nowhere\n' })
  })
})
