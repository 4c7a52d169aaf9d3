import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe } from 'vitest'
import type { CronJobObject } from '../../src/domain/kubernetes/cron-job-object.ts'
import type { JobObject } from '../../src/domain/kubernetes/job-object.ts'
import { type CommandLine, processesWith, test, userName } from '../support/jobledger.ts'
import { until } from './until.ts'

/** Writes a CronJob whose Jobs run a shell script; answers its path. */
const cronManifest = (
  { folder }: CommandLine,
  name: string,
  script: string,
  spec: Readonly<Record<string, unknown>> = {},
): string => {
  const path = join(folder, `${name}.json`)
  const container = { name: 'main', image: 'busybox:1.28', command: ['sh', '-c', script] }
  const template = { spec: { containers: [container], restartPolicy: 'Never', terminationGracePeriodSeconds: 2 } }
  const cronJob = {
    apiVersion: 'batch/v1',
    kind: 'CronJob',
    metadata: { name },
    spec: { schedule: '@every 2s', jobTemplate: { spec: { template } }, ...spec },
  }
  writeFileSync(path, JSON.stringify(cronJob))
  return path
}

const noWorker = 'nothing works for it yet: start `jobledger work`\n'

describe.concurrent('a CronJob on the command line', { timeout: 60_000 }, () => {
  test('is recorded by apply, and starts its Jobs while something works for it', async ({ jobledger, expect }) => {
    const file = cronManifest(jobledger, 'tick', 'sleep 1; echo tock')
    expect(await jobledger.run('apply', '-f', file)).toMatchObject({
      code: 0,
      out: 'cronjob.batch/tick created\n',
      err: noWorker,
    })
    const watcher = jobledger.start(['get', 'cj', '-w'])
    await watcher.says('tick')
    const worker = jobledger.start(['work'])
    await worker.says('at work for 0 unfinished Jobs and 1 CronJob in')
    await worker.says(/job\/tick-\d+ {2}JobCompleted: CompletionsReached/)
    await worker.says(/cronjob\/tick {2}RunFinished: tick-\d+ is no longer active: Complete/)
    expect(await jobledger.ask('get', 'cj', '--no-headers')).toMatch(/^tick +@every 2s +<none> +False +0 +\ds +\d+s\n$/)
    const cronJob = (await jobledger.json('get', 'cronjob/tick')) as CronJobObject
    expect(cronJob.status.lastSuccessfulTime).toBeDefined()
    const [name] = (await jobledger.ask('get', 'jobs', '-o', 'name')).split('\n')
    const job = (await jobledger.json('get', name ?? '')) as JobObject
    expect(job.metadata.ownerReferences).toMatchObject([{ kind: 'CronJob', name: 'tick', controller: true }])
    expect(await jobledger.ask('logs', `job/${job.metadata.name}`)).toBe('tock\n')
    expect(await jobledger.ask('describe', 'cronjob', 'tick')).toMatch(
      new RegExp(`Normal +SuccessfulCreate .* cronjob-controller +Created job ${job.metadata.name}\n`),
    )
    expect(await jobledger.ask('history', 'cronjob/tick')).toMatch(
      /RunScheduled +tick-\d+ for \S+ +saga ensure-scheduled-jobs-start +clock\n/,
    )
    await watcher.says(/False +1 +\ds +\d+s\ntick .* False +0 /)
    watcher.signal('SIGINT')
    expect(await watcher.ended).toMatchObject({ code: 0 })
    worker.signal('SIGINT')
    expect(await worker.ended).toMatchObject({ code: 0 })
  })

  test('is changed, suspended, resumed and deleted with its Jobs, from another terminal', async ({
    jobledger,
    expect,
  }) => {
    const mark = `cron-${process.pid}-sleeper`
    const script = `: ${mark}; sleep 60`
    const worker = jobledger.start(['work'])
    await worker.says('at work for 0 unfinished Jobs and 0 CronJobs')
    const apply = (spec: Readonly<Record<string, unknown>>) =>
      jobledger.run('apply', '-f', cronManifest(jobledger, 'slow', script, spec))
    const daily = { schedule: '0 0 1 1 *' }
    expect(await apply(daily)).toMatchObject({ code: 0, out: 'cronjob.batch/slow created\n', err: '' })
    expect(await apply(daily)).toMatchObject({ code: 0, out: 'cronjob.batch/slow unchanged\n' })
    expect(await apply({ ...daily, suspend: true })).toMatchObject({ out: 'cronjob.batch/slow configured\n' })
    expect(await apply({ schedule: 'never', suspend: true })).toMatchObject({ code: 1, out: '' })
    expect(await jobledger.ask('resume', 'cronjob/slow')).toBe('cronjob.batch/slow resumed\n')
    expect(await jobledger.ask('resume', 'cronjob', 'slow')).toBe('cronjob.batch/slow resumed (no change)\n')
    expect(await jobledger.ask('suspend', 'cj/slow')).toBe('cronjob.batch/slow suspended\n')
    expect(await jobledger.ask('create', 'job', 'now', '--from=cronjob/slow')).toBe('job.batch/now created\n')
    expect(await jobledger.run('create', 'job', 'now', '--from=cronjob/slow')).toMatchObject({
      code: 1,
      err: 'error: failed to create job: jobs.batch "now" already exists\n',
    })
    await until('the Job of the hand runs', async () => processesWith(mark).length > 0)
    await worker.says('cronjob/slow  UnexpectedJobSeen: now was not started by the schedule')
    expect(await jobledger.ask('delete', 'cronjob/slow', '--cascade', 'foreground')).toBe(
      'cronjob.batch "slow" deleted\n',
    )
    await worker.says('cronjob/slow  CronJobDeleted')
    expect(processesWith(mark)).toStrictEqual([])
    expect(await jobledger.run('get', 'all')).toMatchObject({ code: 0, out: '' })
    const history = await jobledger.ask('history', 'cronjob/slow')
    for (const [type, agent] of [
      ['CronJobCreated', 'apply'],
      ['CronJobChanged', 'resume'],
      ['CronJobDeletionRequested', 'delete'],
    ] as const)
      expect(history).toMatch(new RegExp(`${type} .* user ${userName} \\(jobledger ${agent}\\)`))
    worker.signal('SIGTERM')
    expect(await worker.ended).toMatchObject({ code: 0 })
  })

  test('does without a worker what needs none, and takes its Jobs along', async ({ jobledger, expect }) => {
    await jobledger.ask('apply', '-f', cronManifest(jobledger, 'idle', 'true', { schedule: '0 0 1 1 *' }))
    expect(await jobledger.run('create', 'job', 'now', '--from', 'cj/idle')).toMatchObject({
      code: 0,
      out: 'job.batch/now created\n',
      err: noWorker,
    })
    expect(await jobledger.ask('suspend', 'cronjob/idle')).toBe('cronjob.batch/idle suspended\n')
    expect(await jobledger.ask('get', 'all', '-o', 'name')).toBe('cronjob.batch/idle\njob.batch/now\n')
    expect(await jobledger.ask('delete', 'cronjob/idle')).toBe('cronjob.batch "idle" deleted\n')
    expect(await jobledger.run('get', 'all')).toMatchObject({ code: 0, out: '' })
  })

  test('is no Job: run says what it expected, and which command takes it', async ({ jobledger, expect }) => {
    const file = cronManifest(jobledger, 'tick', 'true')
    expect(await jobledger.run('run', '-f', file)).toMatchObject({
      code: 1,
      out: '',
      err: expect.stringMatching(
        /kind: "CronJob" is not supported: .*\nerror: record a CronJob with: jobledger apply -f \S+\n$/,
      ),
    })
  })
})

describe.concurrent('jobledger apply of a Job', { timeout: 60_000 }, () => {
  test('records it, changes what may change, and refuses the rest; work runs it', async ({ jobledger, expect }) => {
    const apply = (script: string, spec: Readonly<Record<string, unknown>> = {}) =>
      jobledger.run('apply', '-f', jobledger.manifest('later', script, spec))
    const suspended = { suspend: true, completions: 3 }
    expect(await apply('echo ran', suspended)).toMatchObject({
      code: 0,
      out: 'job.batch/later created\n',
      err: noWorker,
    })
    expect(await apply('echo ran', suspended)).toMatchObject({ code: 0, out: 'job.batch/later unchanged\n', err: '' })
    expect(await apply('echo other', suspended)).toMatchObject({
      code: 1,
      err: expect.stringMatching(
        /^error: jobs\.batch "later" is invalid: spec\.template\.spec: Invalid value: .*field is immutable\n$/s,
      ),
    })
    expect(await apply('echo ran', { completions: 3, parallelism: 2 })).toMatchObject({
      code: 0,
      out: 'job.batch/later configured\n',
    })
    const worker = jobledger.start(['work'])
    await worker.says('job/later  JobCompleted: CompletionsReached')
    expect((await jobledger.getJob('later')).status).toMatchObject({ succeeded: 3 })
    worker.signal('SIGINT')
    expect(await worker.ended).toMatchObject({ code: 0 })
  })

  test('a Job that runs when the worker is stopped goes on with the next one', async ({ jobledger, expect }) => {
    const mark = `interrupted-${process.pid}`
    const file = jobledger.manifest('resting', `: ${mark}; test -e ${jobledger.folder}/go || sleep 60`)
    await jobledger.ask('apply', '-f', file)
    const first = jobledger.start(['work'])
    await until('its Pod runs', async () => processesWith(mark).length > 0)
    first.signal('SIGTERM')
    expect(await first.ended).toMatchObject({ code: 0 })
    expect(processesWith(mark)).toStrictEqual([])
    const second = jobledger.start(['work', '--runtime', 'simulated'])
    await second.says('at work for 1 unfinished Job and 0 CronJobs')
    await second.says('job/resting  JobCompleted')
    second.signal('SIGINT')
    expect(await second.ended).toMatchObject({ code: 0 })
  })
})
