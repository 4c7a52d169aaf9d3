import { readFileSync, writeFileSync } from 'node:fs'
import { describe } from 'vitest'
import { processesWith, test } from '../support/jobledger.ts'
import { until } from './until.ts'

/** Progress without the time at the end of each line and the random end of Pod names. */
const progressOf = (err: string): ReadonlyArray<string> =>
  err
    .trimEnd()
    .split('\n')
    .map((line) => line.replace(/ {2}\d+s$/, '').replace(/(pod\/[a-z]+)-\w{5}/, '$1-XXXXX'))

describe.concurrent('jobledger run', { timeout: 60_000 }, () => {
  test('tells progress on standard error, a line for each news, and what containers print on standard output', async ({
    jobledger,
    expect,
  }) => {
    const file = jobledger.manifest('plain', 'echo hello; sleep 0.2', { completions: 2 })
    const { code, out, err } = await jobledger.run('run', '-f', file)
    expect(code).toBe(0)
    expect(out).toMatch(/^(\[plain-\w{5}\] hello\n){2}$/)
    expect(progressOf(err)).toStrictEqual([
      'job/plain  1 active, 0/2 succeeded',
      'job/plain  1 active, 1/2 succeeded',
      'job/plain  Complete, 2/2 succeeded',
      'job/plain is Complete: Reached expected number of succeeded pods',
    ])
  })

  test('ends with 1 when the Job fails, and says why each Pod did', async ({ jobledger, expect }) => {
    const file = jobledger.manifest('broken', 'echo out of luck; exit 3', { completions: 1, backoffLimit: 1 })
    const { code, out, err } = await jobledger.run('run', '-f', file, '--pod-backoff', '0.1')
    expect(code).toBe(1)
    expect(out).toBe('out of luck\nout of luck\n')
    expect(progressOf(err)).toStrictEqual([
      'job/broken  1 active, 0/1 succeeded',
      'pod/broken-XXXXX  failed: exit code 3',
      'job/broken  0 active, 0/1 succeeded, 1 failed',
      'job/broken  1 active, 0/1 succeeded, 1 failed',
      'pod/broken-XXXXX  failed: exit code 3',
      'job/broken  Failed, 0/1 succeeded, 2 failed',
      'job/broken has Failed: BackoffLimitExceeded: Job has reached the specified backoff limit',
    ])
  })

  test('names the container that failed when there are several, and its last words', async ({ jobledger, expect }) => {
    const container = (name: string, script: string) => ({ name, image: 'busybox', command: ['sh', '-c', script] })
    const containers = [
      container('good', 'true'),
      { ...container('bad', 'echo no such table; exit 4'), terminationMessagePolicy: 'FallbackToLogsOnError' },
    ]
    const template = { spec: { containers, restartPolicy: 'Never' } }
    const file = jobledger.manifest('two', '', { template, backoffLimit: 0 })
    const { code, err } = await jobledger.run('run', '-f', file)
    expect(code).toBe(1)
    expect(progressOf(err)).toContain('pod/two-XXXXX  failed: container bad exit code 4, no such table')
  })

  test('tells each failure of a container that is run again in its Pod', async ({ jobledger, expect }) => {
    const script = 'test -e /data/seen && exit 0; touch /data/seen; exit 5'
    const template = {
      spec: {
        containers: [
          {
            name: 'main',
            image: 'busybox',
            command: ['sh', '-c', script],
            volumeMounts: [{ name: 'data', mountPath: '/data' }],
          },
        ],
        volumes: [{ name: 'data', emptyDir: {} }],
        restartPolicy: 'OnFailure',
      },
    }
    const file = jobledger.manifest('again', '', { template })
    const { code, err } = await jobledger.run('run', '-f', file, '--pod-backoff', '0.1')
    expect(code).toBe(0)
    expect(progressOf(err).filter((line) => line.includes('failed:'))).toStrictEqual([
      'pod/again-XXXXX  failed: exit code 5',
    ])
  })

  test.for(['SIGINT', 'SIGTERM'] as const)(
    'on %s stops the Pods and ends with 130; the same command goes on with the Job',
    async (signal, { jobledger, expect }) => {
      const mark = `until-${signal.toLowerCase()}-${process.pid}`
      const file = jobledger.manifest('long', `: ${mark}; sleep 3; echo slept well`)
      const first = jobledger.start(['run', '-f', file])
      await first.says('1 active')
      await until('the container runs', () => processesWith(mark).length > 0)
      first.signal(signal)
      expect(await first.ended).toMatchObject({ code: 130, signal: null })
      expect(first.said.err).toContain('stopping the Pods')
      expect(processesWith(mark)).toStrictEqual([])
      const { status } = await jobledger.getJob('long')
      expect(status.conditions ?? []).toStrictEqual([])
      expect(status.failed ?? 0).toBe(0)

      const second = await jobledger.run('run', '-f', file)
      expect(second).toMatchObject({ code: 0, out: 'slept well\n' })
      expect(second.err).toMatch(/^job\/long exists and is not finished: going on with it\n/)
      expect((await jobledger.getJob('long')).status).toMatchObject({ succeeded: 1 })
    },
  )

  test('a second Ctrl-C does not wait for Pods that ignore the first', async ({ jobledger, expect }) => {
    const mark = `stubborn-${process.pid}`
    const script = `: ${mark}; trap "" TERM; echo ready; while :; do sleep 0.1; done`
    const containers = [{ name: 'main', image: 'busybox', command: ['sh', '-c', script] }]
    const spec = { containers, restartPolicy: 'Never', terminationGracePeriodSeconds: 600 }
    const run = jobledger.start(['run', '-f', jobledger.manifest('stubborn', '', { template: { spec } })])
    await until('the container ignores SIGTERM', async () => (await jobledger.run('logs', 'job/stubborn')).out !== '')
    run.signal('SIGINT')
    await run.says('press Ctrl-C again to kill them')
    run.signal('SIGINT')
    expect(await run.ended).toMatchObject({ code: 130 })
    expect(processesWith(mark)).toStrictEqual([])
  })

  test('a finished Job is run anew with --replace only, and its history stays', async ({ jobledger, expect }) => {
    const file = jobledger.manifest('once', 'echo done')
    expect(await jobledger.run('run', '-f', file)).toMatchObject({ code: 0 })
    const { metadata } = await jobledger.getJob('once')
    expect(await jobledger.run('run', '-f', file)).toStrictEqual({
      code: 1,
      signal: null,
      out: '',
      err: 'error: jobs.batch "once" already exists and is Complete; run it anew with --replace, or look at it: jobledger history job/once\n',
    })
    expect(await jobledger.run('run', '-f', file, '--replace')).toMatchObject({ code: 0, out: 'done\n' })
    expect((await jobledger.getJob('once')).metadata.uid).not.toBe(metadata.uid)
    expect(await jobledger.ask('get', 'jobs', '-o', 'name')).toBe('job.batch/once\n')
  })

  test('reads the manifest from standard input with -f -, in YAML or JSON', async ({ jobledger, expect }) => {
    const stdin = readFileSync(jobledger.manifest('piped', 'echo through the pipe'), 'utf8')
    const { ended } = jobledger.start(['run', '-f', '-'], { stdin })
    expect(await ended).toMatchObject({ code: 0, out: 'through the pipe\n' })
  })

  test('a Job with generateName gets a name and says it', async ({ jobledger, expect }) => {
    const file = jobledger.manifest('named', 'echo done')
    const base = `sixty-characters-are-more-than-a-generated-name-takes-of-it-`
    writeFileSync(file, readFileSync(file, 'utf8').replace('"name":"named"', `"generateName":"${base}"`))
    for (let runs = 1; runs <= 2; runs += 1) {
      const { code, err } = await jobledger.run('run', '-f', file)
      expect(code).toBe(0)
      expect(err).toMatch(new RegExp(`^job/${base.slice(0, 58)}[b-df-hj-np-tv-z2-9]{5} created\n`))
    }
    const names = (await jobledger.ask('get', 'jobs', '-o', 'name')).trimEnd().split('\n')
    expect(new Set(names).size).toBe(2)
    const job = await jobledger.getJob((names[0] ?? '').replace('job.batch/', ''))
    expect(job.metadata).toMatchObject({ generateName: base })
  })

  test('the namespace is that of the manifest, or the one of -n; two that differ are refused', async ({
    jobledger,
    expect,
  }) => {
    const file = jobledger.manifest('placed', 'true')
    writeFileSync(file, readFileSync(file, 'utf8').replace('"name":"placed"', '"name":"placed","namespace":"team"'))
    expect(await jobledger.run('run', '-f', file)).toMatchObject({ code: 0 })
    expect(await jobledger.run('-n', 'other', 'run', '-f', file)).toMatchObject({
      code: 1,
      err: `error: ${file}:1: metadata.namespace: the namespace from the provided object "team" does not match the namespace "other"; pass --namespace=team\n`,
    })
    const free = jobledger.manifest('free', 'true')
    expect(await jobledger.run('run', '-f', free, '-n', 'mine')).toMatchObject({ code: 0 })
    expect(await jobledger.ask('get', 'jobs', '-A', '-o', 'name')).toBe('job.batch/placed\njob.batch/free\n')
    expect(await jobledger.ask('get', 'jobs', '-n', 'team', '-o', 'name')).toBe('job.batch/placed\n')
    expect((await jobledger.run('get', 'jobs')).err).toBe('No resources found in default namespace.\n')
    expect(await jobledger.run('logs', 'job/placed')).toMatchObject({
      code: 1,
      err: 'error: jobs.batch "placed" not found\n',
    })
    expect(await jobledger.ask('history', 'job/free', '--namespace', 'mine')).toContain('Job mine/free')
  })

  test('a Job that was read from a cluster runs; what its server had added is left out, and that is said', async ({
    jobledger,
    expect,
  }) => {
    expect(await jobledger.run('run', '-f', jobledger.manifest('round', 'echo once more'))).toMatchObject({ code: 0 })
    const file = `${jobledger.folder}/exported.yaml`
    writeFileSync(file, await jobledger.ask('get', 'job/round', '-o', 'yaml'))
    const again = await jobledger.run('run', '-f', file, '--replace')
    expect(again).toMatchObject({ code: 0, out: 'once more\n' })
    expect(again.err.split('\n')[0]).toBe(
      `${file} comes from a cluster; left out what its server had added: metadata.uid, metadata.resourceVersion, metadata.generation, metadata.creationTimestamp, spec.selector, the generated metadata.labels, the generated spec.template.metadata.labels, status`,
    )
  })

  test('the simulated runtime runs no process', async ({ jobledger, expect }) => {
    const file = jobledger.manifest('pretended', `touch ${jobledger.folder}/ran; exit 9`)
    const { code } = await jobledger.run('run', '-f', file, '--runtime', 'simulated')
    expect(code).toBe(0)
    expect(await jobledger.run('logs', 'job/pretended')).toMatchObject({ out: '' })
  })
})

test('run warns of what Kubernetes warns of, and runs the Job', async ({ jobledger, expect }) => {
  const file = jobledger.manifest('with.dots', 'echo hello')
  const { code, out, err } = await jobledger.run('run', '-f', file)
  expect({ code, out }).toStrictEqual({ code: 0, out: 'hello\n' })
  expect(err).toMatch(
    /^Warning: metadata.name: this is used in Pod names and hostnames, which can result in surprising behavior; a DNS label is recommended: \[must not contain dots\]\n/,
  )
})
