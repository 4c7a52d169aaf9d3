import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { describe } from 'vitest'
import { processesWith, test } from '../support/jobledger.ts'
import { until } from './until.ts'

describe.concurrent('while a first terminal holds the folder, a second one', { timeout: 60_000 }, () => {
  test('reads beside it', async ({ jobledger, expect }) => {
    const first = jobledger.start(['run', '-f', jobledger.manifest('held', 'echo there; sleep 60')])
    await first.says('1 active')
    await until('the Pod runs', async () => (await jobledger.getJob('held')).status.ready === 1)
    await until('it has said something', async () => (await jobledger.ask('logs', 'job/held')) !== '')
    const [jobs, text, log, history] = await Promise.all([
      jobledger.ask('get', 'jobs', '--no-headers'),
      jobledger.ask('describe', 'job/held'),
      jobledger.ask('logs', 'job/held'),
      jobledger.ask('history', 'job/held'),
    ])
    expect(jobs).toMatch(/^held +Running +0\/1 /)
    expect(text).toMatch(/Pods Statuses: +1 Active \(1 Ready\)/)
    expect(log).toBe('there\n')
    expect(history).toContain('PodStarted')
    first.signal('SIGINT')
    expect(await first.ended).toMatchObject({ code: 130 })
  })

  test('runs its Job there, and follows it to its end; the first waits for it', async ({ jobledger, expect }) => {
    const first = jobledger.start(['run', '-f', jobledger.manifest('short', 'true', { suspend: true })])
    await first.says('suspended')
    const longer = jobledger.manifest('longer', 'echo through the other', { suspend: true })
    const second = jobledger.start(['run', '-f', longer])
    await second.says('suspended')
    await jobledger.ask('resume', 'job/short')
    await first.says('waiting for the Jobs that other terminals started')
    await jobledger.ask('resume', 'job/longer')
    expect(await second.ended).toMatchObject({ code: 0, out: 'through the other\n' })
    expect(await first.ended).toMatchObject({ code: 0, out: '' })
  })

  test('follows the Job of the first, and leaves it running on Ctrl-C', async ({ jobledger, expect }) => {
    const file = jobledger.manifest('shared', 'echo done', { suspend: true })
    const first = jobledger.start(['run', '-f', file])
    await first.says('suspended')
    const [second, third] = [jobledger.start(['run', '-f', file]), jobledger.start(['run', '-f', file])]
    await second.says('suspended')
    await third.says('suspended')
    second.signal('SIGINT')
    expect(await second.ended).toMatchObject({ code: 130 })
    expect(second.said.err).toContain('the Job goes on in the process that holds the data folder\n')
    await jobledger.ask('resume', 'job/shared')
    expect(await third.ended).toMatchObject({ code: 0, out: 'done\n' })
    expect(await first.ended).toMatchObject({ code: 0, out: 'done\n' })
    const history = await jobledger.ask('history', 'job/shared')
    expect(history.match(/PodCreated/g)).toHaveLength(1)
  })

  test('is refused what a finished Job of the name is in the way of, unless it says --replace', async ({
    jobledger,
    expect,
  }) => {
    const done = jobledger.manifest('done', 'echo once')
    expect(await jobledger.run('run', '-f', done)).toMatchObject({ code: 0 })
    const first = jobledger.start(['run', '-f', jobledger.manifest('holds', 'true', { suspend: true })])
    await first.says('suspended')
    expect(await jobledger.run('run', '-f', done)).toMatchObject({
      code: 1,
      err: 'error: jobs.batch "done" already exists and is Complete; run it anew with --replace, or look at it: jobledger history job/done\n',
    })
    expect(await jobledger.run('run', '-f', done, '--replace')).toMatchObject({ code: 0, out: 'once\n' })
    first.signal('SIGINT')
    expect(await first.ended).toMatchObject({ code: 130 })
  })

  test('learns the name that the first gives to its Job', async ({ jobledger, expect }) => {
    const first = jobledger.start(['run', '-f', jobledger.manifest('holds', 'true', { suspend: true })])
    await first.says('suspended')
    const file = jobledger.manifest('named', 'echo done')
    writeFileSync(file, readFileSync(file, 'utf8').replace('"name":"named"', '"generateName":"named-"'))
    const second = await jobledger.run('run', '-f', file)
    expect(second).toMatchObject({ code: 0, out: 'done\n' })
    expect(second.err).toMatch(/^job\/named-\w{5} created\n/)
    expect(await jobledger.ask('get', 'jobs', '-o', 'name')).toMatch(/^job\.batch\/holds\njob\.batch\/named-\w{5}\n$/)
    first.signal('SIGINT')
    expect(await first.ended).toMatchObject({ code: 130 })
  })

  test('takes over when the first is killed, and the Job runs to its end', async ({ jobledger, expect }) => {
    const mark = `taken-over-${process.pid}`
    const file = jobledger.manifest('orphaned', `: ${mark}; sleep 2; echo done`)
    const first = jobledger.start(['run', '-f', file, '--pod-backoff', '0.1'])
    await first.says('1 active')
    const second = jobledger.start(['run', '-f', file])
    await second.says('1 active')
    await until('the container runs', () => processesWith(mark).length > 0)
    first.signal('SIGKILL')
    await second.says('the process that held the data folder has ended: going on here')
    expect(await second.ended).toMatchObject({ code: 0, out: 'done\n' })
    expect(second.said.err).toMatch(/pod\/orphaned-\w{5} {2}failed: NodeLost/)
    expect((await jobledger.getJob('orphaned')).status).toMatchObject({ succeeded: 1, failed: 1 })
    expect(processesWith(mark)).toStrictEqual([])
  })

  test('is refused with the name of the holder when that does not answer', async ({ jobledger, expect }) => {
    expect(await jobledger.run('run', '-f', jobledger.manifest('there', 'true'))).toMatchObject({ code: 0 })
    mkdirSync(jobledger.dataDir, { recursive: true })
    const lock = new DatabaseSync(join(jobledger.dataDir, 'lock.db'))
    lock.exec('PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE')
    try {
      const [run, change] = await Promise.all([
        jobledger.run('run', '-f', jobledger.manifest('shut-out', 'true')),
        jobledger.run('suspend', 'job/there'),
      ])
      for (const refused of [run, change]) {
        expect(refused).toMatchObject({ code: 1, out: '' })
        expect(refused.err).toMatch(/^error: the data folder \/\S+ is in use by [^;]+; it does not answer: .+\n$/)
      }
      expect(await jobledger.ask('get', 'jobs', '-o', 'name')).toBe('job.batch/there\n')
    } finally {
      lock.close()
    }
  })
})
