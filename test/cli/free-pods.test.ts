import { readFileSync } from 'node:fs'
import { describe } from 'vitest'
import { processesWith, test } from '../support/jobledger.ts'
import { type Serving, serving } from '../support/serving.ts'
import { until } from './until.ts'

const pods = '/api/v1/namespaces/default/pods'
const jobs = '/apis/batch/v1/namespaces/default/jobs'

const json = { 'content-type': 'application/json' }

type Pod = { readonly metadata: { readonly name: string }; readonly status: { readonly phase: string } }

const phaseOf = async ({ ask }: Serving, name: string): Promise<string> =>
  ((await (await ask(`${pods}/${name}`)).json()) as Pod).status.phase

const logOf = async ({ ask }: Serving, name: string): Promise<string> => (await ask(`${pods}/${name}/log`)).text()

describe('Pods of nobody, as processes', { timeout: 60_000 }, () => {
  test('a Pod that a user creates runs, and can be read', async ({ jobledger, expect }) => {
    const served = await serving(jobledger)
    const container = { name: 'main', image: 'busybox', command: ['sh', '-c', 'echo hello; sleep 0.3; exit 3'] }
    const pod = { metadata: { name: 'alone' }, spec: { restartPolicy: 'Never', containers: [container] } }
    expect((await served.ask(pods, { method: 'POST', headers: json, body: JSON.stringify(pod) })).status).toBe(201)
    await until('it has ended', async () => (await phaseOf(served, 'alone')) === 'Failed')
    expect(await logOf(served, 'alone')).toBe('hello\n')
    expect(await jobledger.ask('logs', 'alone')).toBe('hello\n')
    expect(await jobledger.ask('get', 'pods')).toMatch(/^alone +0\/1 +Error +0 /m)
    expect(await jobledger.ask('get', 'pod/alone', '-o', 'name')).toBe('pod/alone\n')
    expect(await jobledger.ask('describe', 'pod/alone')).toMatch(/^Status: +Failed$/m)
    expect((await served.ask(`${pods}/alone`, { method: 'DELETE' })).status).toBe(200)
    expect((await served.ask(`${pods}/alone`)).status).toBe(404)
  })

  test('a Pod that its Job leaves behind runs on to its own end', async ({ jobledger, expect }) => {
    const served = await serving(jobledger)
    const mark = `left-behind-${process.pid}`
    const script = `echo begun; while ! [ -e /tmp/${mark} ]; do sleep 0.1; done`
    const manifest = readFileSync(jobledger.manifest('parent', script))
    await served.ask(jobs, { method: 'POST', headers: json, body: manifest })
    const listed = async () => ((await (await served.ask(pods)).json()) as { readonly items: ReadonlyArray<Pod> }).items
    await until('it runs', async () => (await listed())[0]?.status.phase === 'Running')
    const name = (await listed())[0]?.metadata.name ?? ''
    expect(await jobledger.ask('delete', 'job/parent', '--cascade=orphan')).toContain('deleted')
    await until('the Job is gone', async () => (await served.ask(`${jobs}/parent`)).status === 404)
    expect(processesWith(mark)).not.toStrictEqual([])
    expect(await phaseOf(served, name)).toBe('Running')
    expect(await logOf(served, name)).toBe('begun\n')
    expect((await served.ask(`${pods}/${name}?gracePeriodSeconds=0`, { method: 'DELETE' })).status).toBe(200)
    await until('it is gone', async () => (await served.ask(`${pods}/${name}`)).status === 404)
    await until('nothing of it runs', async () => processesWith(mark).length === 0)
  })

  test('a Pod that another Job takes over runs on, is read and described there, and completes that Job', async ({
    jobledger,
    expect,
  }) => {
    const served = await serving(jobledger)
    const labels = { app: 'calc' }
    const template = JSON.parse(readFileSync(jobledger.manifest('old', 'echo begun; sleep 4; echo done'), 'utf8'))
    template.spec.template.metadata = { labels }
    const create = (name: string, spec: object) => {
      const body = { ...template, metadata: { name }, spec: { ...template.spec, ...spec } }
      return served.ask(jobs, { method: 'POST', headers: json, body: JSON.stringify(body) })
    }
    const listed = async () => ((await (await served.ask(pods)).json()) as { readonly items: ReadonlyArray<Pod> }).items
    await create('old', {})
    await until('it runs', async () => (await listed())[0]?.status.phase === 'Running')
    const name = (await listed())[0]?.metadata.name ?? ''
    await jobledger.ask('delete', 'job/old', '--cascade=orphan')
    await until('the Job is gone', async () => (await served.ask(`${jobs}/old`)).status === 404)
    expect((await create('new', { manualSelector: true, selector: { matchLabels: labels } })).status).toBe(201)
    await until('it is taken', async () => (await jobledger.ask('describe', 'job/new')).includes('1 Active (1 Ready)'))
    expect((await listed()).map(({ metadata }) => metadata.name)).toStrictEqual([name])
    expect(await jobledger.ask('get', 'pods')).toContain(name)
    expect(await logOf(served, name)).toBe('begun\n')
    await until('the Job is complete', async () => (await jobledger.ask('get', 'job/new')).includes('Complete'))
    expect(await logOf(served, name)).toBe('begun\ndone\n')
    expect(await jobledger.ask('logs', 'job/new')).toBe('begun\ndone\n')
    expect(await jobledger.ask('logs', name)).toBe('begun\ndone\n')
    expect((await listed()).map(({ metadata, status }) => [metadata.name, status.phase])).toStrictEqual([
      [name, 'Succeeded'],
    ])
  })
})
