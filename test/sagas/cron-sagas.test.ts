import { TestScheduler } from 'rxjs/testing'
import { describe, expect, test } from 'vitest'
import type { ChildJob } from '../../src/domain/cronjob/child-job.ts'
import type { CronMoment, CronWish } from '../../src/sagas/cron-saga.ts'
import { ensureScheduledJobsStart } from '../../src/sagas/ensure-scheduled-jobs-start.ts'
import { change, complete, type Given, given, running, sync, time } from '../domain/cronjob/given-cron-job.ts'

/** Time begins at 08:00 of the tests' day; a CronJob is created half a minute later. */
const beginning = time('08:00')

const moment = ({ cronJob }: Given, ...children: ReadonlyArray<ChildJob>): CronMoment => ({
  cronJob: { ...cronJob, createdAt: 0, next: cronJob.next === null ? null : cronJob.next - beginning },
  children,
  cause: 'event-1',
  correlationId: 'request-1',
})

const wish = (ms?: number): CronWish => ({
  cronJob: 'cron-1',
  intent: 'SyncCronJob',
  saga: 'ensure-scheduled-jobs-start',
  cause: ms === undefined ? 'event-1' : `clock:${ms}`,
  correlationId: 'request-1',
})

const drawn = (
  moments: string,
  told: { readonly [letter: string]: CronMoment },
  wishes: string,
  expected: { readonly [letter: string]: CronWish } = {},
): void => {
  const scheduler = new TestScheduler((actual, wanted) => expect(actual).toStrictEqual(wanted))
  scheduler.run(({ hot, expectObservable }) => {
    expectObservable(ensureScheduledJobsStart({ scheduler })(hot(moments, told))).toBe(wishes, expected)
  })
}

describe('ensure-scheduled-jobs-start', () => {
  const waiting = given().and(sync(), time('08:00:30'))

  test('[H-4] a new CronJob is looked at as it comes', () =>
    drawn('30s n', { n: moment(given()) }, '30s x', { x: wish() }))

  test('[11.2] wishes a little after the scheduled time, once', () =>
    drawn('31s w', { w: moment(waiting) }, '300100ms x', { x: wish(300_100) }))

  test('[11.2] a newer moment replaces the wait', () =>
    drawn(
      '31s w 9s s',
      {
        w: moment(waiting),
        s: moment(waiting.and(change({ suspend: true }), time('08:00:40')).and(sync(), time('08:00:40'))),
      },
      '',
    ))

  test('[H-6] a change is looked at at once', () =>
    drawn('40s c', { c: moment(waiting.and(change({ startingDeadlineSeconds: 9 }), time('08:00:40'))) }, '40s x', {
      x: wish(),
    }))

  test('[11.2 step 3] so is a Job that finished, and one that is gone', () => {
    const active = waiting.ran('08:05')
    drawn('301s r', { r: moment(active, running('08:05')) }, '600100ms x', { x: wish(600_100) })
    drawn('301s f', { f: moment(active, complete('08:05')) }, '301s x', { x: wish() })
    drawn('301s g', { g: moment(active) }, '301s x', { x: wish() })
  })

  test('[11.4] nothing is wished while the Job of a run is being created', () =>
    drawn('301s p', { p: moment(waiting.and(sync(), time('08:05'))) }, ''))

  test('[11.1] a schedule that fires next year is waited for', () => {
    const yearly = given({ schedule: '0 0 1 1 *' }).and(sync(), time('08:00:30'))
    const due = (yearly.cronJob.next ?? 0) - beginning
    drawn('31s y', { y: moment(yearly) }, `${due}ms x`, { x: wish(due) })
  })

  test('two CronJobs wait for themselves', () => {
    const other = { ...moment(waiting), cronJob: { ...moment(waiting).cronJob, uid: 'cron-2', next: 60_000 } }
    drawn('31s (ab)', { a: moment(waiting), b: other }, '60s y 240099ms x', {
      x: wish(300_100),
      y: { ...wish(60_000), cronJob: 'cron-2' },
    })
  })
})
