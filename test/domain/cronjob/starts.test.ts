import { describe, expect, test } from 'vitest'
import { nextLook } from '../../../src/domain/cronjob/policies/next-look.ts'
import { unmetTime } from '../../../src/domain/cronjob/policies/unmet-time.ts'
import { nextActivation } from '../../../src/domain/cronjob/schedule/next-activation.ts'
import { parseSchedule } from '../../../src/domain/cronjob/schedule/parse-schedule.ts'
import { timeZone } from '../../../src/domain/cronjob/schedule/time-zone.ts'
import { E } from '../../../src/prelude.ts'
import {
  complete,
  created,
  given,
  manual,
  nothing,
  outcome,
  runOf,
  running,
  startedRun,
  sync,
  time,
} from './given-cron-job.ts'

const slack = 100

describe('a run', () => {
  test('[H-4] a new CronJob is looked at once and waits for its first time', () =>
    given()
      .when(sync(), created)
      .emits({ type: 'CronJobSynced', next: time('08:05') + slack }))

  test('[11.2] a sync that changes nothing says nothing', () =>
    given().and(sync(), created).when(sync(), time('08:03')).emits())

  test('[11.4] is scheduled under a name made of the minutes, and started when its Job exists', () => {
    const scheduled = given().and(sync(), created)
    scheduled
      .when(sync(), time('08:05:00.1'))
      .emits(
        { type: 'RunScheduled', name: 'hello-29743685', scheduledAt: time('08:05') },
        { type: 'CronJobSynced', next: time('08:10') + slack },
      )
    scheduled
      .and(sync(), time('08:05:00.1'))
      .when(startedRun('08:05'), time('08:05:00.2'))
      .emits({
        type: 'RunStarted',
        name: 'hello-29743685',
        scheduledAt: time('08:05'),
        resourceVersion: '7',
        found: false,
      })
  })

  test('[11.2] lastScheduleTime is the planned time, and the Job is active', () => {
    const { cronJob } = given().ran('08:05')
    expect(cronJob.lastScheduleTime).toBe(time('08:05'))
    expect(cronJob.active).toStrictEqual([{ uid: runOf('08:05').uid, name: 'hello-29743685', resourceVersion: '7' }])
    expect(cronJob.pending).toBe(null)
  })

  test('[11.4] while it waits for its answer no other starts, and no answer counts twice', () => {
    const waiting = given().and(sync(), time('08:05'))
    waiting.when(sync(), time('08:15')).emits()
    waiting.and(startedRun('08:05'), time('08:15')).when(startedRun('08:05'), time('08:16')).emits()
    waiting.when(startedRun('08:10'), time('08:15')).emits()
  })

  test('[11.4] the same scheduled time always gives the same uid, another one another', () => {
    expect(runOf('08:05')).toStrictEqual(runOf('08:05'))
    expect(new Set(['08:05', '08:10', '08:05:30'].map((clock) => runOf(clock).uid)).size).toBe(3)
    expect(runOf('08:05:30').name).toBe(runOf('08:05').name)
  })

  test('[11.2 step 8] a time that is done is not started again', () =>
    given()
      .ran('08:05')
      .when(sync(running('08:05')), time('08:06'))
      .emits())

  test('[11.2 step 8] an active Job of that name is enough', () =>
    given({ schedule: '@every 30s' })
      .ran('08:01')
      .when(sync(running('08:01')), time('08:01:30'))
      .emits({ type: 'CronJobSynced', next: time('08:02') + slack }))

  test('[11.4] a finished Job of the CronJob under that name is taken for the run', () =>
    given({ schedule: '@every 30s' })
      .ran('08:01')
      .and(sync(complete('08:01', '08:01:10')), time('08:01:30'))
      .when(
        outcome('08:01:30', { _tag: 'NameTaken', own: { uid: runOf('08:01').uid, resourceVersion: '9' } }),
        time('08:01:30'),
      )
      .emits({ type: 'RunStarted', uid: runOf('08:01').uid, found: true, scheduledAt: time('08:01:30') }))

  test('[11.2 step 10] unless it is active already', () =>
    given({ schedule: '@every 30s' })
      .ran('08:01')
      .and(sync(complete('08:01', '08:01:10')), time('08:01:30'))
      .and(
        {
          type: 'ReplaceCronJobStatus',
          active: [{ ...runOf('08:01'), resourceVersion: '7' }],
          lastScheduleTime: time('08:01'),
          lastSuccessfulTime: null,
        },
        time('08:01:30'),
      )
      .when(
        outcome('08:01:30', { _tag: 'NameTaken', own: { uid: runOf('08:01').uid, resourceVersion: '9' } }),
        time('08:01:30'),
      )
      .says('RunBlocked'))

  test("[H-8] somebody else's Job under that name blocks the run: lastScheduleTime stays", () => {
    const blocked = given().and(sync(), time('08:05'))
    const command = outcome('08:05', { _tag: 'NameTaken', own: null })
    blocked.when(command, time('08:05')).emits({ type: 'RunBlocked', name: 'hello-29743685' })
    const after = blocked.and(command, time('08:05')).cronJob
    expect(after).toMatchObject({ lastScheduleTime: null, active: [], pending: null, next: time('08:10') + slack })
  })

  test('[11.2 step 10] a Job that cannot be created is tried again after 5 ms, doubled each time, at most 1000 s', () => {
    let history = given()
    const delays: number[] = []
    for (let at = time('08:05'), failures = 0; failures < 20; failures += 1) {
      history = history.and(sync(), at).and(outcome('08:05', { _tag: 'Failed', message: 'no' }), at)
      const { next } = history.cronJob
      delays.push((next ?? 0) - at)
      history = history.and(outcome('08:05', { _tag: 'Failed', message: 'late' }), at)
    }
    expect(delays.slice(0, 4)).toStrictEqual([5, 10, 20, 40])
    expect(delays.slice(-3)).toStrictEqual([655_360, 1_000_000, 1_000_000])
    expect(history.past.filter(({ type }) => type === 'RunRefused')).toHaveLength(20)
  })

  test('[11.2 step 10] after a start the count of failures begins anew', () =>
    expect(
      given()
        .and(sync(), time('08:05'))
        .and(outcome('08:05', { _tag: 'Failed', message: 'no' }), time('08:05'))
        .ran('08:05').cronJob.failures,
    ).toBe(0))
})

describe('missed times', () => {
  test('[H-2] only the latest of them is started', () =>
    given()
      .ran('08:05')
      .when(sync(running('08:05')), time('08:43'))
      .emits(
        { type: 'RunScheduled', scheduledAt: time('08:40') },
        { type: 'CronJobSynced', next: time('08:45') + slack },
      ))

  test('[H-1, K-5] more than a hundred are warned of, and the latest is started all the same', () =>
    given({ schedule: '* * * * *' })
      .when(sync(), time('10:00'))
      .emits(
        { type: 'TooManyTimesMissed', count: 120 },
        { type: 'RunScheduled', scheduledAt: time('10:00') },
        { type: 'CronJobSynced' },
      ))

  test('[H-1] a hundred are not, one more is', () => {
    given({ schedule: '* * * * *' }).when(sync(), time('09:40:59')).says('RunScheduled')
    given({ schedule: '* * * * *' }).when(sync(), time('09:41')).says('TooManyTimesMissed', 'RunScheduled')
  })

  test('[11.3] an uneven schedule is walked to its end', () =>
    given({ schedule: '0,50,55 8-20 * * *' })
      .when(sync(), time('11:52'))
      .emits(
        { type: 'RunScheduled', scheduledAt: time('11:50') },
        { type: 'CronJobSynced', next: time('11:55') + slack },
      ))

  test('[11.3] where the first interval is far shorter than the others, no time is found', () =>
    given({ schedule: '1,2 8 * * *' })
      .when(sync(), time('20:00'))
      .emits({ type: 'CronJobSynced', next: time('08:01') + 86_400_000 + slack }))

  test('[11.3] half a year of minutes after a gap of half a year is walked in no time', () => {
    const dense = parseSchedule('* * * 1-6 *')
    const zone = timeZone('Europe/Vienna')
    if (E.isLeft(dense) || zone === null) throw new Error('the schedule was not understood')
    const unmet = unmetTime(
      (after) => nextActivation(dense.right, zone, after),
      Date.parse('2025-06-30T21:58:00Z'),
      Date.parse('2026-06-30T21:57:00Z'),
    )
    expect(unmet).toStrictEqual(E.right({ time: Date.parse('2026-06-30T21:57:00Z'), missed: 2 }))
  })

  test('[H-3] startingDeadlineSeconds looks back no further', () => {
    const late = given({ startingDeadlineSeconds: 120 })
    late.when(sync(), time('08:06:59')).says('RunScheduled')
    late.when(sync(), time('08:07')).says()
    late.when(sync(), time('12:01')).says('RunScheduled')
    late.when(sync(), time('12:03')).emits({ type: 'CronJobSynced', next: time('12:05') + slack })
  })

  test('[11.2] after a schedule that has no second time, nothing is looked for', () => {
    const once = (after: number): number | null => (after < time('08:05') ? time('08:05') : null)
    expect(nextLook(given().cronJob, once, time('08:04'))).toBe(time('08:05') + slack)
    expect(nextLook(given().cronJob, once, time('08:06'))).toBe(null)
  })

  test('[11.2] nothing is started before its time', () => {
    given().when(sync(), time('08:04:59.999')).says()
    given()
      .when(sync(), time('08:05'))
      .emits({ type: 'RunScheduled', scheduledAt: time('08:05') }, { type: 'CronJobSynced' })
    given()
      .when(sync(), time('08:10'))
      .emits({ type: 'RunScheduled', scheduledAt: time('08:10') }, { type: 'CronJobSynced' })
  })
})

describe('time zones', () => {
  test('[11.1] the schedule is read in spec.timeZone', () =>
    given({ schedule: '0 11 * * *', timeZone: 'Europe/Vienna' })
      .when(sync(), time('09:00'))
      .emits({ type: 'RunScheduled', scheduledAt: time('09:00') }, { type: 'CronJobSynced' }))

  test("[1.11] without one, in the controller's own", () => {
    given({ schedule: '0 18 * * *' }, 'Asia/Tokyo').when(sync(), time('09:00')).says('RunScheduled')
    given({ schedule: '0 18 * * *' }, 'Nowhere').when(sync(), time('18:00')).says('RunScheduled')
  })

  test('[11.2 step 4] a zone that is not known stops the CronJob with a warning', () =>
    given({ timeZone: 'Old/Zone' }).when(sync(), time('09:00')).emits(
      {
        type: 'ScheduleRefused',
        reason: 'UnknownTimeZone',
        message: 'invalid timeZone: "Old/Zone": unknown time zone Old/Zone',
      },
      { type: 'CronJobSynced', next: null },
    ))
})

describe('schedules that cannot be followed', () => {
  test('[11.2 step 5] an unreadable one', () =>
    given({ schedule: 'a b c d' }).when(sync(), time('09:00')).emits(
      {
        type: 'ScheduleRefused',
        reason: 'UnparseableSchedule',
        message: 'unparseable schedule: "a b c d" : expected exactly 5 fields, found 4: [a b c d]',
      },
      { type: 'CronJobSynced', next: null },
    ))

  test('[11.1] one that never fires, each time it is looked at', () => {
    const never = given({ schedule: '0 0 31 2 *' }).and(sync(), created)
    never.when(sync(), time('09:00')).emits(
      {
        type: 'ScheduleRefused',
        reason: 'InvalidSchedule',
        message: 'invalid schedule: 0 0 31 2 * : time difference between two schedules is less than 1 second',
      },
      { type: 'CronJobSynced', next: null },
    )
  })

  test('[11.2 step 5] one with a zone of its own is followed with a warning', () =>
    given({ schedule: 'TZ=Asia/Tokyo 0 18 * * *' })
      .when(sync(), time('09:00'))
      .emits(
        {
          type: 'ScheduleRefused',
          reason: 'UnsupportedSchedule',
          message:
            'CRON_TZ or TZ used in schedule "TZ=Asia/Tokyo 0 18 * * *" is not officially supported, see https://kubernetes.io/docs/concepts/workloads/controllers/cron-jobs/ for more details',
        },
        { type: 'RunScheduled', scheduledAt: time('09:00') },
        { type: 'CronJobSynced' },
      ))
})

describe('concurrency', () => {
  test('[K-1] Allow starts beside an active Job', () =>
    given()
      .ran('08:05')
      .when(sync(running('08:05')), time('08:10'))
      .says('RunScheduled'))

  test('[K-3] Forbid starts nothing and keeps lastScheduleTime, and looks again at the next time', () => {
    const forbidding = given({ concurrencyPolicy: 'Forbid' }).ran('08:05')
    forbidding
      .when(sync(running('08:05')), time('08:10'))
      .emits(
        { type: 'RunForbidden', scheduledAt: time('08:10') },
        { type: 'CronJobSynced', next: time('08:15') + slack },
      )
    expect(forbidding.and(sync(running('08:05')), time('08:10')).cronJob.lastScheduleTime).toBe(time('08:05'))
  })

  test('[H-7] when the active Job ends, the latest time that was forbidden starts late', () =>
    given({ concurrencyPolicy: 'Forbid' })
      .ran('08:05')
      .and(sync(running('08:05')), time('08:10'))
      .when(sync(complete('08:05', '08:12')), time('08:12'))
      .emits(
        { type: 'RunFinished', name: 'hello-29743685', condition: 'Complete' },
        { type: 'RunSucceeded', completedAt: time('08:12') },
        { type: 'RunScheduled', scheduledAt: time('08:10') },
        { type: 'CronJobSynced' },
      ))

  test('[K-8] a deleted active Job no longer forbids', () =>
    given({ concurrencyPolicy: 'Forbid' }).ran('08:05').when(sync(), time('08:10')).says('RunVanished', 'RunScheduled'))

  test('[11.6] a Job made by hand does not forbid, and is warned of', () =>
    given({ concurrencyPolicy: 'Forbid' })
      .when(sync(manual('by-hand')), time('08:05'))
      .says('UnexpectedJobSeen', 'RunScheduled'))

  test('[K-4] Replace deletes what is active and starts', () => {
    const replacing = given({ concurrencyPolicy: 'Replace' }).ran('08:05')
    replacing
      .when(sync(running('08:05')), time('08:10'))
      .emits(
        { type: 'RunDeletionRequested', name: 'hello-29743685', by: 'replace', propagation: 'Background' },
        { type: 'RunScheduled', scheduledAt: time('08:10') },
        { type: 'CronJobSynced' },
      )
    const after = replacing.ran('08:10', running('08:05')).cronJob
    expect(after.active.map(({ name }) => name)).toStrictEqual(['hello-29743690'])
    expect(after.removing.map(({ name }) => name)).toStrictEqual(['hello-29743685'])
  })

  test('[K-6] a replaced Job that still goes is neither unexpected nor missing', () =>
    given({ concurrencyPolicy: 'Replace' })
      .ran('08:05')
      .ran('08:10', running('08:05'))
      .when(sync(running('08:05'), running('08:10')), time('08:11'))
      .emits())
})

test('a CronJob is created once', () => {
  nothing().when(sync(), created).refuses({ _tag: 'CronJobNotFound' })
  given()
    .when({ type: 'CreateCronJob', uid: 'other', manifest: given().cronJob.manifest }, created)
    .refuses({ _tag: 'CronJobAlreadyExists' })
})
