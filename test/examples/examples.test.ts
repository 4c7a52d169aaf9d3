import { spawnSync } from 'node:child_process'
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { describe } from 'vitest'
import type { JobObject } from '../../src/domain/kubernetes/job-object.ts'
import { repository, test } from '../support/jobledger.ts'

const manifests = readdirSync(join(repository, 'examples'), { recursive: true, encoding: 'utf8' })
  .filter((path) => path.endsWith('.yaml') && !path.startsWith('simulations/'))
  .sort()

const jobOf: Readonly<Record<string, string>> = Object.fromEntries(
  manifests.map((path) => {
    const name = path.replace(/^.*\//, '').replace(/\.yaml$/, '')
    return [path, path.includes('job-per-item') ? `process-item-${name}` : name]
  }),
)

const conditionsOf = ({ status }: JobObject): ReadonlyArray<string> =>
  (status.conditions ?? []).map(({ type, reason }) => `${type} ${reason}`)

const complete = ['SuccessCriteriaMet CompletionsReached', 'Complete CompletionsReached']
const failed = (reason: string) => [`FailureTarget ${reason}`, `Failed ${reason}`]

/** Manifests that end by themselves: exit code, conditions, counts, and what their containers print, in any order. */
const table: ReadonlyArray<
  readonly [
    file: string,
    code: number,
    conditions: ReadonlyArray<string>,
    status: object,
    prints: ReadonlyArray<string>,
  ]
> = [
  ['fixed-completions.yaml', 0, complete, { succeeded: 6 }, Array(6).fill(['working', 'done']).flat()],
  [
    'indexed.yaml',
    0,
    complete,
    { succeeded: 5, completedIndexes: '0-4' },
    [0, 1, 2, 3, 4].map((index) => `I am number ${index}`),
  ],
  [
    'init-and-sidecar.yaml',
    0,
    complete,
    { succeeded: 1 },
    [1, 2, 3, 4, 5].map((number) => `${number} squared is ${number * number}`),
  ],
  ['on-failure.yaml', 0, complete, { succeeded: 1 }, ['it does not work the first time', 'it works the second time']],
  [
    'work-queue.yaml',
    0,
    complete,
    { succeeded: 3 },
    [...Array.from({ length: 12 }, (_, item) => `working on ${item + 1}`), ...Array(3).fill('nothing left to do')],
  ],
  ['failing-with-retries.yaml', 1, failed('BackoffLimitExceeded'), { failed: 2 }, Array(2).fill('this cannot work')],
  [
    'per-index.yaml',
    1,
    failed('FailedIndexes'),
    { succeeded: 2, failed: 3, completedIndexes: '0,2', failedIndexes: '1,3' },
    ['index 0 done', 'index 2 done'],
  ],
  ['pod-failure-policy.yaml', 1, failed('PodFailurePolicy'), { failed: 1 }, ['the input is not there']],
  [
    'success-policy.yaml',
    0,
    ['SuccessCriteriaMet SuccessPolicy', 'Complete SuccessPolicy'],
    { succeeded: 1, completedIndexes: '0' },
    ['the leader is done'],
  ],
  ['deadline.yaml', 1, failed('DeadlineExceeded'), { failed: 1 }, []],
  [
    'patterns/indexed-static-assignment.yaml',
    0,
    complete,
    { succeeded: 5, completedIndexes: '0-4' },
    ['oof', 'rab', 'zab', 'xuq', 'zyx'],
  ],
  [
    'patterns/queue-pod-per-item.yaml',
    0,
    complete,
    { succeeded: 8 },
    'apple banana cherry date fig grape lemon melon'.split(' ').map((item) => `working on ${item}`),
  ],
  [
    'patterns/queue-variable-task-count.yaml',
    0,
    complete,
    { succeeded: 2 },
    [
      ...'date fig grape lemon lime mango orange'.split(' ').map((item) => `working on ${item}`),
      ...Array(2).fill('nothing left to do'),
    ],
  ],
  ...['apple', 'banana', 'cherry'].map(
    (item) =>
      [`patterns/job-per-item/${item}.yaml`, 0, complete, { succeeded: 1 }, [`Processing item ${item}`]] as const,
  ),
]

const elsewhere = ['cron.yaml', 'pi.yaml', 'suspended.yaml', 'ttl.yaml']

test('every manifest of examples/ has its test here', ({ expect }) => {
  expect([...table.map(([file]) => file), ...elsewhere].sort()).toStrictEqual(manifests)
})

const linesOf = (text: string): ReadonlyArray<string> =>
  text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => line.replace(/^\[[^\]]*\] /, ''))
    .sort()

describe.concurrent('examples/', { timeout: 60_000 }, () => {
  test.for(table)(
    '%s ends with exit code %i',
    async ([file, code, conditions, status, prints], { jobledger, expect }) => {
      const ended = await jobledger.run('run', '-f', `examples/${file}`, '--pod-backoff', '0.1')
      expect(ended).toMatchObject({ code, signal: null })
      expect(linesOf(ended.out)).toStrictEqual([...prints].sort())
      const job = await jobledger.getJob(jobOf[file] ?? '')
      expect(conditionsOf(job)).toStrictEqual(conditions)
      expect(job.status).toMatchObject(status)
      expect(job.status.active ?? 0).toBe(0)
    },
  )

  test('suspended.yaml waits, is resumed from a second process, and completes', async ({ jobledger, expect }) => {
    const first = jobledger.start(['run', '-f', 'examples/suspended.yaml'])
    await first.says('suspended')
    const waiting = await jobledger.getJob('suspended')
    expect(conditionsOf(waiting)).toStrictEqual(['Suspended JobSuspended'])
    expect(await jobledger.ask('get', 'pods')).toBe('')
    expect(await jobledger.ask('resume', 'job/suspended')).toBe('job.batch/suspended resumed\n')
    expect(await first.ended).toMatchObject({ code: 0, out: 'resumed\n' })
    const done = await jobledger.getJob('suspended')
    expect(conditionsOf(done)).toStrictEqual(['Suspended JobResumed', ...complete])
  })

  test('cron.yaml is recorded, and what it starts every minute runs', async ({ jobledger, expect }) => {
    expect(await jobledger.ask('apply', '-f', 'examples/cron.yaml')).toBe('cronjob.batch/greeting created\n')
    expect(await jobledger.ask('get', 'cronjobs')).toMatch(/\ngreeting +\* \* \* \* \* +Europe\/Zurich +False +0 /)
    await jobledger.ask('create', 'job', 'now', '--from=cronjob/greeting')
    const worker = jobledger.start(['work'])
    await worker.says('job/now  JobCompleted')
    expect(await jobledger.ask('logs', 'job/now')).toMatch(/\nHello\n$/)
    worker.signal('SIGINT')
    expect(await worker.ended).toMatchObject({ code: 0 })
  })

  test('ttl.yaml is deleted ten seconds after its end, by the next process that runs; its history stays', async ({
    jobledger,
    expect,
  }) => {
    expect(await jobledger.run('run', '-f', 'examples/ttl.yaml')).toMatchObject({ code: 0, out: 'soon forgotten\n' })
    const job = await jobledger.getJob('ttl')
    expect(conditionsOf(job)).toStrictEqual(complete)
    await sleep(10_000)
    expect(await jobledger.run('run', '-f', jobledger.manifest('next', 'sleep 1'))).toMatchObject({ code: 0 })
    expect(await jobledger.ask('get', 'jobs,pods', '-o', 'name')).toMatch(/^job.batch\/next\npod\/next-\w{5}\n$/)
    expect(await jobledger.ask('history', 'job/ttl')).toMatch(/JobDeletionRequested[^\n]*saga [\s\S]*JobDeleted/)
  })

  const hasGmp = spawnSync('perl', ['-MMath::BigInt::GMP', '-e', '1']).status === 0

  test('pi.yaml prints 2000 digits of pi', async ({ jobledger, expect, skip }) => {
    skip(!hasGmp, 'perl has no Math::BigInt::GMP here, and without it the digits take minutes')
    const { code, out } = await jobledger.run('run', '-f', 'examples/pi.yaml')
    expect(code).toBe(0)
    expect(out).toMatch(/^3\.14159265358979323846[0-9]+\n$/)
    expect(out.trim()).toHaveLength('3.'.length + 1999)
    expect(await jobledger.ask('logs', 'job/pi')).toBe(out)
    expect(conditionsOf(await jobledger.getJob('pi'))).toStrictEqual(complete)
  })
})
