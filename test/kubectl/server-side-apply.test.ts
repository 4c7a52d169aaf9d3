import { mkdtempSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe } from 'vitest'
import { test } from '../support/jobledger.ts'
import { serving } from '../support/serving.ts'
import { type Kubectl, kubectlsHere, minorOf, runKubectl } from './kubectls.ts'

const here = kubectlsHere()
/** The newest, and the oldest that moves over from what it has applied by itself. */
const chosen = here.filter((one, place) => place === 0 || minorOf(one) === 27)

test.for(here.length === 0 ? ['there is no kubectl here'] : [])('nothing is applied: %s', (why, { skip }) => skip(why))

const manifest = (label: string, spec = '') => `apiVersion: batch/v1
kind: Job
metadata:
  name: job
  labels: {app: ${label}}
spec:
  suspend: true${spec}
  template:
    spec:
      restartPolicy: Never
      containers:
      - {name: main, image: busybox, resources: {requests: {cpu: 1000m}}}
`

const speaking = (kubectl: Kubectl, kubeconfig: string, folder: string) => {
  const home = mkdtempSync(join(folder, 'home-'))
  const say = (...words: ReadonlyArray<string>) => runKubectl(kubectl, words, { kubeconfig, home })
  const apply = (text: string, ...words: ReadonlyArray<string>) => {
    const file = join(home, 'job.yaml')
    writeFileSync(file, text)
    return say('apply', ...words, '-f', file)
  }
  /** Every manager with its operation, and whether it has the label. */
  const managers = async () => {
    const { out } = await say('get', 'job/job', '-o', 'json', '--show-managed-fields')
    const { managedFields } = (JSON.parse(out) as Shown).metadata
    return managedFields.map(({ manager, operation, fieldsV1 }) => [
      manager,
      operation,
      'f:app' in (fieldsV1['f:metadata']?.['f:labels'] ?? {}),
    ])
  }
  return { say, apply, managers }
}

type Shown = {
  readonly metadata: {
    readonly managedFields: ReadonlyArray<{
      readonly manager: string
      readonly operation: string
      readonly fieldsV1: Readonly<Record<string, Readonly<Record<string, object>>>>
    }>
  }
}

describe.each(chosen)('kubectl $version', { timeout: 60_000 }, (kubectl) => {
  test('applies on the server, sees who else has changed the Job, and has its way by force', async ({
    jobledger,
    expect,
  }) => {
    const { kubeconfig } = await serving(jobledger)
    const { say, apply, managers } = speaking(kubectl, kubeconfig, jobledger.folder)
    const done = { code: 0, out: 'job.batch/job serverside-applied\n', err: '' }
    expect(await apply(manifest('one'), '--server-side')).toStrictEqual(done)
    const { out: before } = await say('get', 'job/job', '-o', 'yaml', '--show-managed-fields')
    expect(await apply(manifest('one'), '--server-side')).toStrictEqual(done)
    expect((await say('get', 'job/job', '-o', 'yaml', '--show-managed-fields')).out).toBe(before)
    expect((await say('get', 'job/job', '-o', 'yaml')).out).not.toContain('managedFields')
    expect(await managers()).toStrictEqual([['kubectl', 'Apply', true]])

    await say('label', 'job/job', 'app=two', '--overwrite')
    expect(await managers()).toStrictEqual([
      ['kubectl', 'Apply', false],
      ['kubectl-label', 'Update', true],
    ])
    const refused = await apply(manifest('one'), '--server-side')
    expect(refused.code).toBe(1)
    expect(refused.err).toContain(
      'Apply failed with 1 conflict: conflict with "kubectl-label" using batch/v1: .metadata.labels.app',
    )
    expect(await apply(manifest('one'), '--server-side', '--force-conflicts')).toStrictEqual(done)
    expect(await managers()).toStrictEqual([['kubectl', 'Apply', true]])
  })

  test('tells what would be different before it applies', async ({ jobledger, expect }) => {
    const { kubeconfig } = await serving(jobledger)
    const { say, apply } = speaking(kubectl, kubeconfig, jobledger.folder)
    await apply(manifest('one'), '--server-side')
    writeFileSync(join(jobledger.folder, 'next.yaml'), manifest('two', '\n  parallelism: 3'))
    const { code, out } = await say('diff', '--server-side', '-f', join(jobledger.folder, 'next.yaml'))
    expect(code).toBe(1)
    expect(out.split('\n').filter((line) => /^[-+] /.test(line))).toStrictEqual([
      '-  generation: 1',
      '+  generation: 2',
      '-    app: one',
      '+    app: two',
      '-  parallelism: 1',
      '+  parallelism: 3',
    ])
    expect((await say('get', 'job/job', '-o', 'jsonpath={.spec.parallelism}')).out).toBe('1')
  })

  test('takes over on the server what it has applied by itself, and gives it back', async ({ jobledger, expect }) => {
    const { kubeconfig } = await serving(jobledger)
    const { apply, managers } = speaking(kubectl, kubeconfig, jobledger.folder)
    await apply(manifest('one'))
    expect(await managers()).toStrictEqual([['kubectl-client-side-apply', 'Update', true]])
    const over = await apply(manifest('two'), '--server-side')
    expect(over).toStrictEqual({ code: 0, out: 'job.batch/job serverside-applied\n', err: '' })
    expect(await managers()).toStrictEqual([
      ['kubectl', 'Apply', true],
      ['kubectl-last-applied', 'Apply', false],
    ])
    expect((await apply(manifest('three'))).out).toBe('job.batch/job configured\n')
    expect(await managers()).toContainEqual(['kubectl-client-side-apply', 'Update', true])
  })
})
