import { describe, expect, test } from 'vitest'
import { syncDue } from '../../../src/domain/cronjob/agenda.ts'
import { openWork } from '../../../src/domain/cronjob/open-work.ts'
import { O } from '../../../src/prelude.ts'
import { change, complete, created, failed, given, manual, runOf, running, sync, time } from './given-cron-job.ts'

const slack = 100
const remove = (propagation: 'Background' | 'Foreground' | 'Orphan') =>
  ({ type: 'DeleteCronJob', propagation }) as const

describe('a change', () => {
  test('[1.11] that changes nothing, in whatever order it is written, is none', () => {
    given().when(change(), time('08:01')).emits()
    const { manifest } = given().cronJob
    const { schedule, ...rest } = manifest.spec
    given()
      .when({ type: 'ChangeCronJob', manifest: { ...manifest, spec: { ...rest, schedule } } }, time('08:01'))
      .emits()
  })

  test('[1.11] of the spec makes a generation, one of the metadata does not', () => {
    given()
      .when(change({ suspend: true }), time('08:01'))
      .emits({ type: 'CronJobManifestRecorded', generation: 2 }, { type: 'CronJobChanged', generation: 2 })
    const { manifest } = given().cronJob
    const labelled = { ...manifest, metadata: { ...manifest.metadata, labels: { a: 'b' } } }
    given()
      .when({ type: 'ChangeCronJob', manifest: labelled }, time('08:01'))
      .emits(
        { type: 'CronJobManifestRecorded', generation: 1 },
        { type: 'CronJobChanged', generation: 1, next: time('08:01') },
      )
  })

  test('[K-2] suspended: nothing starts, and nothing is due', () => {
    const suspended = given().and(change({ suspend: true }), time('08:01'))
    suspended.when(sync(), time('08:05')).emits({ type: 'CronJobSynced', next: null })
    expect(syncDue(suspended.and(sync(), time('08:05')).cronJob, [])).toStrictEqual(O.none)
  })

  test('[H-6] resumed: the latest time since starts at once', () => {
    const resumed = given({ suspend: true })
      .and(sync(), created)
      .and(change({ suspend: false }), time('08:33'))
    expect(syncDue(resumed.cronJob, [])).toStrictEqual(O.some(time('08:33')))
    resumed
      .when(sync(), time('08:33'))
      .emits({ type: 'RunScheduled', scheduledAt: time('08:30') }, { type: 'CronJobSynced' })
  })

  test('[H-6] resumed too late for the deadline: nothing is said until the next time', () =>
    given({ suspend: true, startingDeadlineSeconds: 60 })
      .and(change({ suspend: false, startingDeadlineSeconds: 60 }), time('08:33'))
      .when(sync(), time('08:33'))
      .emits({ type: 'CronJobSynced', next: time('08:35') + slack }))

  test('[H-5] a new schedule starts nothing before its next time, and then the latest time', () => {
    const changed = given()
      .ran('08:05')
      .and(change({ schedule: '*/3 * * * *' }), time('08:06:30'))
    expect(syncDue(changed.cronJob, [running('08:05')])).toStrictEqual(O.some(time('08:09') + slack))
    changed
      .when(sync(running('08:05')), time('08:09') + slack)
      .emits({ type: 'RunScheduled', scheduledAt: time('08:09') }, { type: 'CronJobSynced' })
  })

  test('[H-5] any other trigger meanwhile starts what the new schedule had wanted', () =>
    given()
      .ran('08:05')
      .and(change({ schedule: '*/3 * * * *' }), time('08:06:30'))
      .when(sync(complete('08:05', '08:06:40')), time('08:06:40'))
      .says('RunFinished', 'RunSucceeded', 'RunScheduled'))

  test('[H-5] the time of the old schedule stays a trigger where it comes first', () => {
    const { cronJob } = given()
      .and(sync(), created)
      .and(change({ schedule: '0 0 1 1 *' }), time('08:01'))
    expect(cronJob.next).toBe(time('08:05') + slack)
  })

  test('[11.5] a change of the template is for Jobs to come', () => {
    const jobTemplate = { ...given().cronJob.manifest.spec.jobTemplate, metadata: { labels: { new: 'yes' } } }
    expect(given().and(change({ jobTemplate }), time('08:01')).cronJob.manifest.spec.jobTemplate).toBe(jobTemplate)
  })
})

describe('a status that a user writes', () => {
  const status = { active: [], lastScheduleTime: time('08:05'), lastSuccessfulTime: time('08:06') }
  const write = { type: 'ReplaceCronJobStatus', ...status } as const

  test('[1.12] is the status from then on, and no new generation', () => {
    const written = given({ suspend: true }).and(sync(), created).and(write, time('08:07'))
    expect(written.cronJob).toMatchObject({ ...status, generation: 1 })
    written.when(write, time('08:08')).emits()
  })

  test('[1.12] is believed: what it says was started is not started again, what it calls active is looked for', () => {
    given().and(write, time('08:07')).when(sync(), time('08:07')).says()
    const active = [{ uid: 'x', name: 'restored', resourceVersion: '1' }]
    const written = given().and({ ...write, active }, time('08:07'))
    expect(syncDue(written.cronJob, [])).toStrictEqual(O.some(created))
    written.when(sync(), time('08:07')).says('RunVanished')
  })
})

describe('the Jobs of a CronJob', () => {
  test('[11.2 step 3] a finished one leaves the active list, whatever it came to', () => {
    given()
      .ran('08:05')
      .when(sync(failed('08:05', '08:06')), time('08:07'))
      .emits({ type: 'RunFinished', uid: runOf('08:05').uid, condition: 'Failed' }, { type: 'CronJobSynced' })
    expect(
      given()
        .ran('08:05')
        .and(sync(failed('08:05')), time('08:07')).cronJob,
    ).toMatchObject({
      active: [],
      lastSuccessfulTime: null,
    })
  })

  test('[11.2 step 3] lastSuccessfulTime is the latest completion, of Jobs made by hand as well', () => {
    const successes = given()
      .ran('08:05')
      .and(
        sync(manual('late', { condition: 'Complete', at: time('08:09') }), complete('08:05', '08:06')),
        time('08:09'),
      )
    expect(successes.cronJob.lastSuccessfulTime).toBe(time('08:09'))
    successes
      .when(
        sync(complete('08:05', '08:06'), manual('late', { condition: 'Complete', at: time('08:09') })),
        time('08:09:30'),
      )
      .emits()
  })

  test('[11.6] an unexpected one is a reason for a sync once, and warned of in every other', () => {
    const before = given().and(sync(), created)
    expect(syncDue(before.cronJob, [manual('x')])).toStrictEqual(O.some(created))
    before.when(sync(manual('x')), time('08:01')).says('UnexpectedJobSeen')
    const after = before.and(sync(manual('x')), time('08:01'))
    expect(syncDue(after.cronJob, [manual('x')])).toStrictEqual(O.some(time('08:05') + slack))
    after.when(sync(manual('x')), time('08:02')).says('UnexpectedJobSeen')
  })

  test('[11.6] only the latest hundred of them are remembered', () => {
    const many = Array.from({ length: 101 }, (_, place) => manual(`by-hand-${place}`))
    expect(given().and(sync(...many), time('08:01')).cronJob.unexpected).toHaveLength(100)
  })

  test('[K-9] beyond the limits of the history the oldest go, silently for the active list', () => {
    const history = given({ successfulJobsHistoryLimit: 1, failedJobsHistoryLimit: 0 }).ran('08:05')
    const children = [complete('08:15'), failed('08:20'), complete('08:05'), complete('08:10'), running('08:25')]
    const [first, second, third, ...rest] = history.when(sync(...children), time('08:26')).events
    expect([first, second, third]).toMatchObject([
      { type: 'RunDeletionRequested', uid: runOf('08:05').uid, by: 'history', propagation: 'Background' },
      { type: 'RunDeletionRequested', uid: runOf('08:10').uid, by: 'history' },
      { type: 'RunDeletionRequested', uid: runOf('08:20').uid, by: 'history' },
    ])
    expect(rest.map(({ type }) => type)).not.toContain('RunFinished')
  })

  test('[K-9] what is about to go is not counted again, and is forgotten when it is gone', () => {
    const going = given({ failedJobsHistoryLimit: 0, suspend: true }).and(sync(failed('08:05')), time('08:06'))
    going.when(sync(failed('08:05')), time('08:07')).emits()
    expect(syncDue(going.cronJob, [failed('08:05')])).toStrictEqual(O.none)
    expect(syncDue(going.cronJob, [])).toStrictEqual(O.some(created))
    going.when(sync(), time('08:07')).says('RunRemoved')
    expect(going.and(sync(), time('08:07')).cronJob.removing).toStrictEqual([])
  })

  test('[11.2 step 2] a Job without startTime is the youngest, and equals go by name', () => {
    const never = { uid: 'never', name: 'a', startTime: null, finished: { condition: 'Failed', at: 1 } } as const
    const twins = ['c', 'b'].map((name) => manual(name, { condition: 'Failed', at: 1 }))
    const events = given({ failedJobsHistoryLimit: 0, suspend: true }).when(sync(never, ...twins), time('08:06')).events
    expect(events.flatMap((event) => (event.type === 'RunDeletionRequested' ? [event.name] : []))).toStrictEqual([
      'b',
      'c',
      'a',
    ])
  })

  test('[11.5] history and active list are kept up while it is suspended', () =>
    given()
      .ran('08:05')
      .and(change({ suspend: true }), time('08:05:30'))
      .when(sync(complete('08:05', '08:06')), time('08:06'))
      .says('RunFinished', 'RunSucceeded'))
})

describe('deletion', () => {
  test('[11.5] in the background the CronJob is gone at once, and its Jobs go after it', () => {
    const deleted = given().ran('08:05').and(remove('Background'), time('08:06'))
    expect(deleted.past.slice(-2)).toMatchObject([{ type: 'CronJobDeletionRequested' }, { type: 'CronJobDeleted' }])
    expect(syncDue(deleted.cronJob, [running('08:05')])).toStrictEqual(O.some(created))
    deleted
      .when(sync(running('08:05')), time('08:06'))
      .emits({ type: 'RunDeletionRequested', by: 'collector', propagation: 'Background' })
    const collected = deleted.and(sync(running('08:05')), time('08:06'))
    expect(syncDue(collected.cronJob, [running('08:05')])).toStrictEqual(O.none)
    expect(syncDue(collected.cronJob, [])).toStrictEqual(O.none)
    expect(openWork(collected.cronJob).remove).toHaveLength(1)
  })

  test('[11.5] in the foreground it waits for its Jobs, which go missing meanwhile, and starts none', () => {
    const deleting = given().ran('08:05').and(remove('Foreground'), time('08:06'))
    deleting
      .when(sync(running('08:05')), time('08:10'))
      .emits({ type: 'RunDeletionRequested', by: 'collector', propagation: 'Foreground' })
    const waiting = deleting.and(sync(running('08:05')), time('08:10'))
    expect(syncDue(waiting.cronJob, [running('08:05')])).toStrictEqual(O.none)
    expect(waiting.cronJob).toMatchObject({ deleted: false, generation: 2 })
    expect(syncDue(waiting.cronJob, [])).toStrictEqual(O.some(created))
    waiting.when(sync(), time('08:11')).says('RunRemoved', 'RunVanished', 'CronJobDeleted')
  })

  test('[11.5] orphaned Jobs stay', () => {
    const deleted = given().ran('08:05').and(remove('Orphan'), time('08:06'))
    expect(deleted.cronJob.deleted).toBe(true)
    expect(syncDue(deleted.cronJob, [running('08:05')])).toStrictEqual(O.none)
    deleted.when(sync(running('08:05')), time('08:10')).emits()
  })

  test('a CronJob that is gone is not found', () => {
    const gone = given().and(remove('Background'), time('08:06'))
    gone.when(remove('Background'), time('08:07')).refuses({ _tag: 'CronJobNotFound' })
    gone.when(change({ suspend: true }), time('08:07')).refuses({ _tag: 'CronJobNotFound' })
  })

  test('[11.5] a deletion in the foreground may be hastened', () =>
    given()
      .ran('08:05')
      .and(remove('Foreground'), time('08:06'))
      .when(remove('Background'), time('08:07'))
      .says('CronJobDeleted'))
})

describe('after a crash', () => {
  test('[11.4] what was to be created is created again under the same uid, until it is answered', () => {
    const waiting = given().and(sync(), time('08:05'))
    expect(openWork(waiting.cronJob)).toStrictEqual({ create: runOf('08:05'), remove: [] })
    expect(syncDue(waiting.cronJob, [running('08:05')])).toStrictEqual(O.none)
    waiting.when(sync(running('08:05')), time('08:06')).emits()
    expect(syncDue(waiting.cronJob, [])).toStrictEqual(O.none)
    expect(openWork(given().ran('08:05').cronJob).create).toBe(null)
  })

  test('[11.4] a Job that finished before it was answered becomes active, and then finished', () => {
    const waiting = given({ successfulJobsHistoryLimit: 0 }).and(sync(), time('08:05'))
    waiting.when(sync(complete('08:05', '08:06')), time('08:06')).says('RunSucceeded')
    given()
      .ran('08:05', complete('08:05', '08:06'))
      .when(sync(complete('08:05', '08:06')), time('08:06'))
      .says('RunFinished')
  })
})
