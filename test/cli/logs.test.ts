import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe } from 'vitest'
import { test } from '../support/jobledger.ts'
import { until } from './until.ts'

const container = (name: string, script: string) => ({ name, image: 'busybox', command: ['sh', '-c', script] })

describe.concurrent('jobledger logs', { timeout: 60_000 }, () => {
  test('prints what a container wrote, whole, in part, and with times', async ({ jobledger, expect }) => {
    const template = {
      spec: {
        containers: [container('one', 'echo 1; echo 2; printf "3"'), container('two', 'echo second >&2')],
        restartPolicy: 'Never',
      },
    }
    expect(await jobledger.run('run', '-f', jobledger.manifest('said', '', { template }))).toMatchObject({ code: 0 })
    const [pod = ''] = (await jobledger.ask('get', 'pods', '-o', 'name')).split('\n')
    const [plain, byPod, second, tail, none, timed, wrong, previous, two] = await Promise.all([
      jobledger.run('logs', 'job/said'),
      jobledger.ask('logs', pod.replace('pod/', '')),
      jobledger.ask('logs', pod, '-c', 'two'),
      jobledger.ask('logs', pod, '--tail', '2'),
      jobledger.ask('logs', pod, '--tail', '0'),
      jobledger.ask('logs', pod, '--timestamps', '-c', 'one'),
      jobledger.run('logs', pod, '-c', 'three'),
      jobledger.run('logs', pod, '-p', '-c', 'one'),
      jobledger.run('logs', 'job/said', 'job/other'),
    ])
    expect(plain).toMatchObject({ code: 0, out: '1\n2\n3', err: 'Defaulted container "one" out of: one, two\n' })
    expect(byPod).toBe('1\n2\n3')
    expect(second).toBe('second\n')
    expect(tail).toBe('2\n3')
    expect(none).toBe('')
    expect(
      timed.split('\n').map((line) => line.replace(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{9}Z /, '@ ')),
    ).toStrictEqual(['@ 1', '@ 2', '@ 3'])
    expect(wrong).toMatchObject({
      code: 1,
      out: '',
      err: `error: container three is not valid for pod ${pod.replace('pod/', '')}; its containers are one, two\n`,
    })
    expect(previous).toMatchObject({
      code: 1,
      out: '',
      err: `error: previous terminated container "one" in pod "${pod.replace('pod/', '')}" not found\n`,
    })
    expect(two).toMatchObject({ code: 1, out: '', err: 'error: name one Pod, or job/NAME\n' })
  })

  test('-f goes on from a second terminal until the container ends', async ({ jobledger, expect }) => {
    const script = 'echo early; until test -e /signs/go; do sleep 0.1; done; echo late'
    const main = { ...container('main', script), volumeMounts: [{ name: 'signs', mountPath: '/signs' }] }
    const signs = join(jobledger.folder, 'signs')
    mkdirSync(signs)
    const volumes = [{ name: 'signs', hostPath: { path: signs } }]
    const template = { spec: { containers: [main], volumes, restartPolicy: 'Never' } }
    const first = jobledger.start(['run', '-f', jobledger.manifest('along', '', { template })])
    await first.says('1 active')
    await until('there is a log', async () => (await jobledger.ask('logs', 'job/along')) !== '')
    const following = jobledger.start(['logs', '-f', 'job/along'])
    await following.says('early')
    expect(following.said.out).toBe('early\n')
    writeFileSync(join(signs, 'go'), '')
    expect(await following.ended).toMatchObject({ code: 0, out: 'early\nlate\n' })
    expect(await first.ended).toMatchObject({ code: 0 })
  })

  test('-p prints the run before the last restart of a container', async ({ jobledger, expect }) => {
    const script = 'if test -e /data/seen; then echo second; else touch /data/seen; echo first; exit 1; fi'
    const main = { ...container('main', script), volumeMounts: [{ name: 'data', mountPath: '/data' }] }
    const template = {
      spec: { containers: [main], volumes: [{ name: 'data', emptyDir: {} }], restartPolicy: 'OnFailure' },
    }
    const file = jobledger.manifest('twice', '', { template })
    expect(await jobledger.run('run', '-f', file)).toMatchObject({ code: 0, out: 'first\nsecond\n' })
    expect(await jobledger.ask('logs', 'job/twice')).toBe('second\n')
    expect(await jobledger.ask('logs', '-p', 'job/twice')).toBe('first\n')
    expect(await jobledger.ask('get', 'pods', '--no-headers')).toMatch(/Completed +1 \(\d+s ago\)/)
  })
})
