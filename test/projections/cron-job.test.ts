import type * as t from 'io-ts'
import { terms as jobTermsOf } from '../support/facts.ts'
import { describe, expect, test } from 'vitest'
import { type CronJobEvent, cronJobEvents } from '../../src/domain/cronjob/events.ts'
import { jobOfRun } from '../../src/domain/cronjob/job-of-run.ts'
import { E } from '../../src/prelude.ts'
import { childJob } from '../../src/projections/child-job.ts'
import { cronJobKubernetesEvents } from '../../src/projections/cron-job-events.ts'
import { sayCronJobEvent } from '../../src/projections/cron-job-history.ts'
import { cronJobObject } from '../../src/projections/cron-job-object.ts'
import { emptyCronJobView, foldCronJobView, type RecordedCronJobEvent } from '../../src/projections/cron-job-view.ts'
import { emptyJobView, foldJobView } from '../../src/projections/job-view.ts'
import {
  change,
  complete,
  created,
  cronManifest,
  failed,
  type Given,
  given,
  manual,
  outcome,
  runOf,
  running,
  sync,
  time,
} from '../domain/cronjob/given-cron-job.ts'

const recordedOf = ({ past }: Given): ReadonlyArray<RecordedCronJobEvent> =>
  past.map((event, place) => ({
    id: `event-${place + 1}`,
    stream: 'cronjob-cron-1',
    revision: place,
    position: BigInt(place + 1),
    event,
  }))

const viewOf = (story: Given) => foldCronJobView(emptyCronJobView, recordedOf(story))

const objectOf = (story: Given) => {
  const object = cronJobObject(viewOf(story))
  if (object === null) throw new Error('the CronJob is gone')
  return object
}

describe('the CronJob object', () => {
  test('[1.11] of a new CronJob has an empty status', () =>
    expect(JSON.stringify(objectOf(given({ timeZone: 'Europe/Vienna', startingDeadlineSeconds: 9 })))).toBe(
      JSON.stringify({
        apiVersion: 'batch/v1',
        kind: 'CronJob',
        metadata: {
          name: 'hello',
          namespace: 'default',
          uid: 'cron-1',
          resourceVersion: '2',
          generation: 1,
          creationTimestamp: '2026-07-21T08:00:30Z',
        },
        spec: {
          schedule: '*/5 * * * *',
          timeZone: 'Europe/Vienna',
          startingDeadlineSeconds: 9,
          concurrencyPolicy: 'Allow',
          suspend: false,
          jobTemplate: cronManifest().spec.jobTemplate,
          successfulJobsHistoryLimit: 3,
          failedJobsHistoryLimit: 1,
        },
        status: {},
      }),
    ))

  test('[1.11] its status in the order of Kubernetes', () =>
    expect(
      JSON.stringify(
        objectOf(
          given()
            .ran('08:05')
            .and(sync(complete('08:05', '08:06')), time('08:06'))
            .ran('08:10'),
        ).status,
      ),
    ).toBe(
      JSON.stringify({
        active: [
          {
            kind: 'Job',
            namespace: 'default',
            name: 'hello-29743690',
            uid: runOf('08:10').uid,
            apiVersion: 'batch/v1',
            resourceVersion: '7',
          },
        ],
        lastScheduleTime: '2026-07-21T08:10:00Z',
        lastSuccessfulTime: '2026-07-21T08:06:00Z',
      }),
    ))

  test('its version moves with what clients see, and with nothing else', () => {
    const versionOf = (story: Given) => Number(objectOf(story).metadata.resourceVersion)
    const looked = given().and(sync(), created)
    expect(versionOf(looked)).toBe(2)
    const scheduled = looked.and(sync(), time('08:05'))
    expect(versionOf(scheduled)).toBe(2)
    const started = looked.ran('08:05')
    expect(versionOf(started)).toBe(started.past.length)
    const changed = started.and(change({ suspend: true }), time('08:06'))
    expect(versionOf(changed)).toBe(changed.past.length)
    expect(objectOf(changed)).toMatchObject({ metadata: { generation: 2 }, spec: { suspend: true } })
  })

  test('[11.5] while it is deleted in the foreground it shows its finalizer; afterwards there is none', () => {
    const deleting = given().ran('08:05').and({ type: 'DeleteCronJob', propagation: 'Foreground' }, time('08:06'))
    expect(objectOf(deleting).metadata).toMatchObject({
      generation: 2,
      deletionTimestamp: '2026-07-21T08:06:00Z',
      deletionGracePeriodSeconds: 0,
      finalizers: ['foregroundDeletion'],
    })
    expect(cronJobObject(viewOf(deleting.and(sync(), time('08:07'))))).toBe(null)
    expect(cronJobObject(emptyCronJobView)).toBe(null)
  })

  test('the view is the same in pieces of any size', () => {
    const story = given()
      .ran('08:05')
      .and(sync(complete('08:05', '08:06')), time('08:06'))
    const oneByOne = recordedOf(story).reduce((view, event) => foldCronJobView(view, [event]), emptyCronJobView)
    expect(oneByOne).toStrictEqual(viewOf(story))
  })
})

describe('Kubernetes Events', () => {
  const said = (story: Given) =>
    cronJobKubernetesEvents(recordedOf(story)).map(({ type, reason, message }) => `${type} ${reason}: ${message}`)

  test.each<[rule: string, story: Given, events: ReadonlyArray<string>]>([
    [
      '[12.6] a run and its end',
      given()
        .ran('08:05')
        .and(sync(complete('08:05', '08:06')), time('08:06')),
      [
        'Normal SuccessfulCreate: Created job hello-29743685',
        'Normal SawCompletedJob: Saw completed job: hello-29743685, condition: Complete',
      ],
    ],
    [
      '[11.2] a failed one',
      given()
        .ran('08:05')
        .and(sync(failed('08:05')), time('08:06')),
      [
        'Normal SuccessfulCreate: Created job hello-29743685',
        'Normal SawCompletedJob: Saw completed job: hello-29743685, condition: Failed',
      ],
    ],
    [
      '[K-3] Forbid',
      given({ concurrencyPolicy: 'Forbid' })
        .ran('08:05')
        .and(sync(running('08:05')), time('08:10')),
      [
        'Normal SuccessfulCreate: Created job hello-29743685',
        'Normal JobAlreadyActive: Not starting job because prior execution is running and concurrency policy is Forbid',
      ],
    ],
    [
      '[K-4] Replace',
      given({ concurrencyPolicy: 'Replace' }).ran('08:05').ran('08:10', running('08:05')),
      [
        'Normal SuccessfulCreate: Created job hello-29743685',
        'Normal SuccessfulDelete: Deleted job hello-29743685',
        'Normal SuccessfulCreate: Created job hello-29743690',
      ],
    ],
    [
      '[K-8] an active Job that is gone',
      given().ran('08:05').and(sync(), time('08:06')),
      [
        'Normal SuccessfulCreate: Created job hello-29743685',
        'Normal MissingJob: Active job went missing: hello-29743685',
      ],
    ],
    [
      '[11.6] a Job made by hand',
      given().and(sync(manual('by-hand')), time('08:01')),
      ['Warning UnexpectedJob: Saw a job that the controller did not create or forgot: by-hand'],
    ],
    [
      '[H-1] too many missed',
      given({ schedule: '* * * * *' }).and(sync(), time('10:00')),
      [
        'Warning TooManyMissedTimes: too many missed start times. Set or decrease .spec.startingDeadlineSeconds or check clock skew',
      ],
    ],
    [
      '[11.2 step 10] a Job that cannot be created',
      given()
        .and(sync(), time('08:05'))
        .and(outcome('08:05', { _tag: 'Failed', message: 'Job.batch "x" is invalid' }), time('08:05')),
      ['Warning FailedCreate: Error creating job: Job.batch "x" is invalid'],
    ],
    [
      '[11.1] a schedule that never fires',
      given({ schedule: '0 0 31 2 *' }).and(sync(), created),
      [
        'Warning InvalidSchedule: invalid schedule: 0 0 31 2 * : time difference between two schedules is less than 1 second',
      ],
    ],
    [
      '[H-8] a name that is taken is not spoken of',
      given()
        .and(sync(), time('08:05'))
        .and(outcome('08:05', { _tag: 'NameTaken', own: null }), time('08:05')),
      [],
    ],
    [
      '[11.5] nor are Jobs that go with their CronJob',
      given()
        .and({ type: 'DeleteCronJob', propagation: 'Background' }, time('08:06'))
        .and(sync(running('08:05')), time('08:06')),
      [],
    ],
  ])('%s', (_, story, events) => expect(said(story)).toStrictEqual(events))

  test('[9.1] are told by the cronjob-controller about the CronJob', () =>
    expect(cronJobKubernetesEvents(recordedOf(given().ran('08:05')))[0]).toMatchObject({
      metadata: { namespace: 'default' },
      involvedObject: { kind: 'CronJob', namespace: 'default', name: 'hello', uid: 'cron-1', apiVersion: 'batch/v1' },
      source: { component: 'cronjob-controller' },
      reportingComponent: 'cronjob-controller',
      firstTimestamp: '2026-07-21T08:05:00Z',
      count: 1,
    }))
})

describe('the history', () => {
  test('tells a story a person can read', () => {
    const story = given({ concurrencyPolicy: 'Replace', failedJobsHistoryLimit: 0 })
      .and(sync(), created)
      .ran('08:05')
      .ran('08:10', running('08:05'))
      .and(sync(failed('08:10')), time('08:11'))
      .and(change({ schedule: '0 0 1 1 *' }), time('08:12'))
    expect(story.past.map(sayCronJobEvent)).toStrictEqual([
      'the manifest, generation 1',
      'CronJob default/hello',
      'looks again at 2026-07-21T08:05:00.100Z',
      'hello-29743685 for 2026-07-21T08:05:00Z',
      'looks again at 2026-07-21T08:10:00.100Z',
      'hello-29743685 for 2026-07-21T08:05:00Z',
      'hello-29743685 is to be deleted, a new one replaces it',
      'hello-29743690 for 2026-07-21T08:10:00Z',
      'looks again at 2026-07-21T08:15:00.100Z',
      'hello-29743690 for 2026-07-21T08:10:00Z',
      'hello-29743685 is gone',
      'hello-29743690 is to be deleted, more finished Jobs than the history keeps',
      'looks again at 2026-07-21T08:15:00.100Z',
      'the manifest, generation 2',
      'generation 2, looks again at 2026-07-21T08:15:00.100Z',
    ])
  })

  test('has a sentence for every event', () => {
    const told = new Set<string>()
    const codecs: Readonly<Record<string, t.Mixed>> = cronJobEvents
    for (const [type, codec] of Object.entries(codecs)) {
      const event = {
        type,
        uid: 'u',
        name: 'n',
        namespace: 'd',
        propagation: 'Background',
        by: 'history',
        generation: 1,
        scheduledAt: 0,
        retryAt: 0,
        completedAt: 0,
        next: null,
        active: [],
        lastScheduleTime: null,
        lastSuccessfulTime: 0,
        at: 0,
        found: false,
        resourceVersion: '1',
        count: 101,
        reason: 'InvalidSchedule',
        condition: 'Complete',
        message: 'because',
        manifest: {},
        seed: 's',
      }
      const decoded = codec.decode(event)
      if (E.isRight(decoded)) told.add(`${type} ${sayCronJobEvent(decoded.right as CronJobEvent)}`)
    }
    expect(told.size).toBe(Object.keys(cronJobEvents).length)
    expect([...told].filter((sentence) => sentence.includes('undefined'))).toStrictEqual([])
  })
})

describe('a Job as its CronJob sees it', () => {
  const run = runOf('08:05')
  const viewOfJob = () => {
    const manifest = jobOfRun(given().cronJob, run)
    if (E.isLeft(manifest)) throw new Error(manifest.left)
    const { uid, name } = run
    const terms = jobTermsOf({ restartPolicy: 'OnFailure' })
    const at = time('08:05')
    const counts = { active: 0, ready: 0, terminating: 0, succeeded: 1, failed: 0 }
    return [
      { type: 'ManifestRecorded', generation: 1, manifest: manifest.right, at },
      { type: 'JobCreated', uid, name, namespace: 'default', seed: 's', terms, hasFinalizers: false, at },
      {
        type: 'SuccessCriteriaMet',
        reason: 'CompletionsReached',
        rule: null,
        counts,
        startTime: at,
        at: time('08:06'),
      },
      { type: 'JobCompleted', reason: 'CompletionsReached', counts, startTime: at, at: time('08:06') },
      { type: 'JobDeleted', at: time('08:07') },
    ] as const
  }
  const folded = (count: number) =>
    foldJobView(
      emptyJobView,
      viewOfJob()
        .slice(0, count)
        .map((event, place) => ({ id: `${place}`, stream: '', revision: place, position: BigInt(place), event })),
    )

  test('[11.2 step 1] names its owner, and whether it finished', () => {
    expect(childJob(folded(2))).toStrictEqual({
      owner: 'cron-1',
      job: { uid: run.uid, name: run.name, startTime: null, finished: null },
    })
    expect(childJob(folded(4))?.job).toMatchObject({ finished: { condition: 'Complete', at: time('08:06') } })
  })

  test('[11.2 step 1] is none when it is gone, or belongs to nobody', () => {
    expect(childJob(folded(5))).toBe(null)
    expect(childJob(emptyJobView)).toBe(null)
  })
})
