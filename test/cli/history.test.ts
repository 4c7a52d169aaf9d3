import { describe } from 'vitest'
import { test, userName } from '../support/jobledger.ts'
import { cells, masked } from './tables.ts'

describe.concurrent('jobledger history', { timeout: 60_000 }, () => {
  test('prints every event of a Job with position, time, what it says, who and why', async ({ jobledger, expect }) => {
    expect(await jobledger.run('run', '-f', jobledger.manifest('done', 'true'))).toMatchObject({ code: 0 })
    const user = `user ${userName} (jobledger run)`
    const saga = 'saga ensure-desired-pods-exist'
    const runtime = ['runtime sandbox', 'world sandbox']
    const reached = 'CompletionsReached: Reached expected number of succeeded pods'
    const printed = (await jobledger.ask('history', 'job/done')).replace(/pid \d+/, 'pid N')
    const [header, ...rows] = cells(masked(printed))
    expect(header).toStrictEqual(['POSITION', 'TIME', 'EVENT', 'SAYS', 'ACTOR', 'CAUSE'])
    expect(rows.map(([, time]) => time)).toStrictEqual(rows.map(() => 'TIME'))
    expect(rows.map(([position]) => Number(position))).toStrictEqual(rows.map((_, place) => place + 1))
    const of = (...events: ReadonlyArray<string>) =>
      rows.flatMap(([, , event = '', ...more]) => (events.includes(event) ? [[event, ...more]] : []))
    expect(of('ManifestRecorded', 'JobCreated', 'PodCreated')).toStrictEqual([
      ['ManifestRecorded', 'the manifest, generation 1', user, 'itself'],
      ['JobCreated', 'Job default/done: 1 completion, 1 at a time, backoffLimit 6', user, 'itself'],
      ['PodCreated', 'done-XXXXX', saga, 'event 2'],
    ])
    expect(of('ProcessStarted', 'ContainerExited', 'PodSucceeded')).toStrictEqual([
      ['ProcessStarted', 'pod 0 container 0: pid N', ...runtime],
      ['ContainerExited', 'pod 0 container 0: Completed, exit code 0, 0 bytes of log', ...runtime],
      ['PodSucceeded', 'pod 0', ...runtime],
    ])
    // What woke the saga last: where this machine is slow it counts by then what came after, too.
    const started = rows.findIndex(([, , event]) => event === 'ProcessStarted')
    const ended = rows.findIndex(([, , event]) => event === 'PodSucceeded')
    const [wake = ''] = rows.at(-1)?.slice(-1) ?? []
    expect(rows.slice(started, ended + 1).map(([position]) => `event ${position}`)).toContain(wake)
    expect(rows.slice(-4).map(([, , ...more]) => more)).toStrictEqual([
      ['PodAccounted', 'pod 0 counted as succeeded', saga, wake],
      ['SuccessCriteriaMet', reached, saga, wake],
      ['JobCompleted', reached, saga, wake],
      ['JobSynced', '0 active (0 ready), 1 succeeded, 0 failed', saga, wake],
    ])
    const [json, yaml, wide, wrong] = await Promise.all([
      jobledger.json('history', 'job/done'),
      jobledger.ask('history', 'done', '-o', 'yaml'),
      jobledger.ask('history', 'job', 'done', '-o', 'wide'),
      jobledger.run('history', 'job/done', '-o', 'name'),
    ])
    expect(json).toMatchObject(
      rows.map(([position, , event]) => ({ position, event, time: expect.stringMatching(/^\d{4}-.*Z$/) })),
    )
    expect(yaml.match(/^- /gm)).toHaveLength(rows.length)
    expect(wide.replace(/pid \d+/, 'pid N')).toBe(printed)
    expect(wrong).toMatchObject({
      code: 1,
      err: 'error: unable to match a printer suitable for the output format "name", allowed formats are: json,wide,yaml\n',
    })
  })

  test('tells of a Job that was deleted, and of the last one that had the name', async ({ jobledger, expect }) => {
    expect(await jobledger.run('run', '-f', jobledger.manifest('gone', 'true'))).toMatchObject({ code: 0 })
    await jobledger.ask('delete', 'job/gone')
    expect(await jobledger.run('get', 'job/gone')).toMatchObject({ code: 1 })
    expect(await jobledger.ask('history', 'job/gone')).toMatch(/JobDeletionRequested.*deletion, background/)
    const again = jobledger.manifest('gone', 'exit 1', { backoffLimit: 0 })
    expect(await jobledger.run('run', '-f', again)).toMatchObject({ code: 1 })
    const second = await jobledger.ask('history', 'job/gone')
    expect(second).toContain('JobFailed')
    expect(second).not.toContain('JobDeletionRequested')
  })
})
