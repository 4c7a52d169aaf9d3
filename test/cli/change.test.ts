import { describe } from 'vitest'
import { processesWith, test, userName } from '../support/jobledger.ts'
import { until } from './until.ts'

describe.concurrent('jobledger suspend, resume, scale and delete', { timeout: 60_000 }, () => {
  test('reach the process that holds the folder, which says what it does about them', async ({ jobledger, expect }) => {
    const mark = `changed-${process.pid}`
    const file = jobledger.manifest('moved', `: ${mark}; sleep 60`, { completions: 4, parallelism: 2 })
    const first = jobledger.start(['run', '-f', file])
    const running = (count: number) =>
      until(`${count} Pods run`, async () => ((await jobledger.getJob('moved')).status.ready ?? 0) === count)
    await first.says('2 active')
    await running(2)
    expect(await jobledger.ask('scale', 'job/moved', '--parallelism', '3')).toBe('job.batch/moved scaled\n')
    await running(3)
    expect(await jobledger.ask('scale', 'job/moved', '--parallelism', '3')).toBe('job.batch/moved scaled (no change)\n')
    expect(await jobledger.ask('suspend', 'job', 'moved')).toBe('job.batch/moved suspended\n')
    await first.says('suspended')
    await running(0)
    expect(await jobledger.ask('get', 'jobs', '--no-headers')).toMatch(/^moved +Suspended +0\/4 /)
    expect(await jobledger.ask('suspend', 'moved')).toBe('job.batch/moved suspended (no change)\n')
    expect(await jobledger.ask('resume', 'job/moved')).toBe('job.batch/moved resumed\n')
    await running(3)
    expect(await jobledger.ask('delete', 'job/moved')).toBe('job.batch "moved" deleted\n')
    expect(await first.ended).toMatchObject({ code: 1 })
    expect(first.said.err).toMatch(/the Job was deleted\n$/)
    expect(processesWith(mark)).toStrictEqual([])
    expect(await jobledger.run('get', 'jobs,pods')).toMatchObject({
      code: 0,
      out: '',
      err: 'No resources found in default namespace.\n',
    })
    const history = await jobledger.ask('history', 'job/moved')
    for (const [event, agent] of [
      ['ParallelismChanged', 'scale'],
      ['JobSuspended', 'suspend'],
      ['JobResumed', 'resume'],
      ['JobDeletionRequested', 'delete'],
    ] as const)
      expect(history).toMatch(new RegExp(`${event} .* user ${userName} \\(jobledger ${agent}\\)`))
  })

  test('work without a holder too: what they say counts when the Job is run again', async ({ jobledger, expect }) => {
    const file = jobledger.manifest('waits', 'echo ran', { suspend: true })
    const first = jobledger.start(['run', '-f', file])
    await first.says('suspended')
    first.signal('SIGTERM')
    expect(await first.ended).toMatchObject({ code: 130 })
    expect(await jobledger.ask('resume', 'waits')).toBe('job.batch/waits resumed\n')
    expect(await jobledger.run('run', '-f', file)).toMatchObject({ code: 0, out: 'ran\n' })
  })

  test('[W-6] delete takes the Pods along, in the background unless told otherwise; in the foreground the Job goes after them', async ({
    jobledger,
    expect,
  }) => {
    for (const cascade of ['background', 'foreground']) {
      expect(await jobledger.run('run', '-f', jobledger.manifest(cascade, 'true'))).toMatchObject({ code: 0 })
      const how = cascade === 'background' ? [] : ['--cascade', cascade]
      expect(await jobledger.ask('delete', `job/${cascade}`, ...how)).toBe(`job.batch "${cascade}" deleted\n`)
      expect(await jobledger.run('get', 'jobs,pods')).toMatchObject({ code: 0, out: '' })
      const events = (await jobledger.ask('history', `job/${cascade}`))
        .split('\n')
        .flatMap((line) => /(JobDeletionRequested|JobDeleted|PodRemoved)/.exec(line)?.[0] ?? [])
      expect(events).toStrictEqual(
        cascade === 'background'
          ? ['JobDeletionRequested', 'JobDeleted', 'PodRemoved']
          : ['JobDeletionRequested', 'PodRemoved', 'JobDeleted'],
      )
    }
  })
})
