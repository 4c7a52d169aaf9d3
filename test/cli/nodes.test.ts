import { execFile, spawnSync } from 'node:child_process'
import { promisify } from 'node:util'
import { describe } from 'vitest'
import { test } from '../support/jobledger.ts'
import { type Serving, serving } from '../support/serving.ts'
import { until } from './until.ts'

const hasKubectl = spawnSync('kubectl', ['version', '--client'], { stdio: 'ignore' }).status === 0

type Pod = {
  readonly metadata: { readonly name: string }
  readonly spec: { readonly nodeName?: string }
  readonly status: { readonly phase: string }
}

const podsOf = async ({ ask }: Serving): Promise<ReadonlyArray<Pod>> =>
  ((await (await ask('/api/v1/namespaces/default/pods')).json()) as { readonly items: ReadonlyArray<Pod> }).items

const kubectl = async ({ kubeconfig }: Serving, ...words: ReadonlyArray<string>): Promise<string> =>
  (await promisify(execFile)('kubectl', ['--kubeconfig', kubeconfig, ...words], { timeout: 40_000 })).stdout

describe('jobledger serve --nodes', { timeout: 90_000 }, () => {
  test('is a cluster whose nodes can be drained', async ({ jobledger, expect, skip }) => {
    skip(!hasKubectl, 'there is no kubectl here')
    const served = await serving(jobledger, '--nodes', '2')
    expect(await kubectl(served, 'get', 'nodes', '--no-headers')).toMatch(/^local +Ready .*\nlocal-2 +Ready .*\n$/)
    const job = jobledger.manifest('keep', 'trap "exit 3" TERM; while true; do sleep 0.1; done', {
      parallelism: 4,
      completions: 4,
      backoffLimit: 0,
      podFailurePolicy: { rules: [{ action: 'Ignore', onPodConditions: [{ type: 'DisruptionTarget' }] }] },
    })
    await kubectl(served, 'create', '-f', job)
    const running = async () => (await podsOf(served)).filter(({ status }) => status.phase === 'Running')
    const nodes = async () => (await running()).map(({ spec }) => `${spec.nodeName}`).toSorted()
    await until('all Pods run', async () => (await running()).length === 4)
    expect(await nodes()).toStrictEqual(['local', 'local', 'local-2', 'local-2'])
    expect(await kubectl(served, 'drain', 'local-2', '--ignore-daemonsets')).toContain('local-2 drained')
    expect(await kubectl(served, 'get', 'node', 'local-2', '--no-headers')).toContain('SchedulingDisabled')
    expect(await nodes()).toStrictEqual(['local', 'local'])
    expect(JSON.parse(await kubectl(served, 'get', 'job', 'keep', '-o', 'json')).status.failed).toBeUndefined()
  })

  test('wants a number that makes sense', async ({ jobledger, expect }) => {
    for (const count of ['0', '101', 'two'])
      expect(await jobledger.run('serve', '--nodes', count)).toMatchObject({
        code: 1,
        err: expect.stringContaining('a number, 1 to 100.'),
      })
  })
})
