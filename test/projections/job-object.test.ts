import { describe, expect, test } from 'vitest'
import type { JobStatus } from '../../src/domain/kubernetes/job-object.ts'
import { jobObject } from '../../src/projections/job-object.ts'
import { emptyJobView } from '../../src/projections/job-view.ts'
import { change, failed, started, succeeded } from '../support/given.ts'
import { manifest } from '../support/manifests.ts'
import { atSecond, type Told, timeAt, told } from '../support/told.ts'

const objectOf = ({ view }: Told) => {
  const object = jobObject(view)
  if (object === null) throw new Error('the Job is gone')
  return object
}

const condition = (type: string, reason: string, message: string, second: number, status = 'True') => ({
  type,
  status,
  lastProbeTime: timeAt(second),
  lastTransitionTime: timeAt(second),
  reason,
  message,
})
const suspended = (second: number) => condition('Suspended', 'JobSuspended', 'Job suspended', second)
const resumed = (second: number) => condition('Suspended', 'JobResumed', 'Job resumed', second, 'False')
const reached = (type: string, second: number) =>
  condition(type, 'CompletionsReached', 'Reached expected number of succeeded pods', second)
const tooMany = (type: string, second: number) =>
  condition(type, 'BackoffLimitExceeded', 'Job has reached the specified backoff limit', second)
const tooLong = (type: string, second: number) =>
  condition(type, 'DeadlineExceeded', 'Job was active longer than specified deadline', second)

const quiet = { terminating: 0, uncountedTerminatedPods: {}, ready: 0 }
const since = (second: number) => ({ startTime: timeAt(second) })

describe('the status of a Job', () => {
  test.each<[rule: string, job: Told, status: object]>([
    ['[ST-1] is empty before the first sync', told(), {}],
    ['[ST-1] is empty before the first sync also after changes', told().and(change({ parallelism: 2 }), 1), {}],
    ['[ST-3] running', told().sync(1), { ...since(1), active: 1, ...quiet }],
    [
      '[ST-3] ready Pods are counted',
      told(manifest({ parallelism: 2, completions: 2 }))
        .sync()
        .and(started(0, atSecond(1)))
        .and(started(1, atSecond(1), false))
        .sync(2),
      { ...since(0), active: 2, ...quiet, ready: 1 },
    ],
    [
      '[ST-1] what happened since the last sync is not shown',
      told()
        .sync()
        .and(started(0, atSecond(1)))
        .and(failed(0, atSecond(2))),
      { ...since(0), active: 1, ...quiet },
    ],
    [
      '[ST-3] created suspended: no start time',
      told(manifest({ suspend: true })).sync(1),
      { conditions: [suspended(1)], ...quiet },
    ],
    ['[ST-3] parallelism 0', told(manifest({ parallelism: 0 })).sync(1), { ...since(1), ...quiet }],
    [
      '[ST-3] complete',
      told()
        .sync()
        .and(succeeded(0, atSecond(5)))
        .sync(6),
      {
        conditions: [reached('SuccessCriteriaMet', 6), reached('Complete', 6)],
        ...since(0),
        completionTime: timeAt(6),
        succeeded: 1,
        ...quiet,
      },
    ],
    [
      'failed: no completion time',
      told(manifest({ backoffLimit: 0 }))
        .sync()
        .and(failed(0, atSecond(5)))
        .sync(6),
      { conditions: [tooMany('FailureTarget', 6), tooMany('Failed', 6)], ...since(0), failed: 1, ...quiet },
    ],
    [
      '[F-14] failing while a Pod still terminates: the interim condition alone',
      told(manifest({ activeDeadlineSeconds: 10 }))
        .sync()
        .sync(10),
      { conditions: [tooLong('FailureTarget', 10)], ...since(0), failed: 1, ...quiet, terminating: 1 },
    ],
    [
      '[ST-4] suspended with completions 0: complete without a start time',
      told(manifest({ suspend: true, completions: 0 })).sync(1),
      {
        conditions: [reached('SuccessCriteriaMet', 1), reached('Complete', 1)],
        completionTime: timeAt(1),
        ...quiet,
      },
    ],
    [
      '[ST-4] deadline 0 fails in the first sync, without a Pod',
      told(manifest({ activeDeadlineSeconds: 0 })).sync(1),
      { conditions: [tooLong('FailureTarget', 1), tooLong('Failed', 1)], ...since(1), ...quiet },
    ],
    [
      '[ST-5] resumed: the condition flips in place, the start is new',
      told(manifest({ suspend: true }))
        .sync(1)
        .and(change({ suspend: false }), 5)
        .sync(6),
      { conditions: [resumed(6)], ...since(6), active: 1, ...quiet },
    ],
    [
      '[ST-5] suspended once, then complete: in the order of first appearance',
      told(manifest({ suspend: true }))
        .sync(1)
        .and(change({ suspend: false }), 5)
        .sync(6)
        .and(succeeded(0, atSecond(7)))
        .sync(8),
      {
        conditions: [resumed(6), reached('SuccessCriteriaMet', 8), reached('Complete', 8)],
        ...since(6),
        completionTime: timeAt(8),
        succeeded: 1,
        ...quiet,
      },
    ],
    [
      '[4.4] Indexed: completed indexes as ranges',
      [0, 1, 2, 4]
        .reduce(
          (job, pod) => job.and(succeeded(pod, atSecond(1))),
          told(manifest({ completionMode: 'Indexed', completions: 6, parallelism: 5 })).sync(),
        )
        .sync(2),
      { ...since(0), active: 2, succeeded: 4, completedIndexes: '0-2,4', ...quiet },
    ],
    [
      'Indexed without a success: no completed indexes',
      told(manifest({ completionMode: 'Indexed' })).sync(),
      { ...since(0), active: 1, ...quiet },
    ],
  ])('%s', (_, job, status) => expect(objectOf(job).status).toStrictEqual(status))

  test('names its fields in the order of Kubernetes', () => {
    const order: ReadonlyArray<keyof JobStatus> = [
      'conditions',
      'startTime',
      'completionTime',
      'active',
      'succeeded',
      'failed',
      'terminating',
      'completedIndexes',
      'uncountedTerminatedPods',
      'ready',
    ]
    const running = told(manifest({ completionMode: 'Indexed', completions: 3, parallelism: 3, suspend: true }))
      .sync()
      .and(change({ suspend: false }))
      .sync()
      .and(succeeded(0))
      .and(failed(1))
      .sync(1)
    const done = told().sync().and(succeeded(0)).sync()
    expect(Object.keys(objectOf(running).status)).toStrictEqual(order.filter((field) => field !== 'completionTime'))
    expect(Object.keys(objectOf(done).status)).toStrictEqual(order.filter((field) => field in objectOf(done).status))
  })
})

describe('the object of a Job', () => {
  test('is null before its creation and after its deletion', () => {
    expect(jobObject(emptyJobView)).toBeNull()
    expect(jobObject(told().and({ type: 'DeleteJob', propagation: 'Background' }, 1).view)).toBeNull()
  })

  test('is what Kubernetes makes of the manifest: uid, generated labels, selector, generation', () => {
    expect(objectOf(told(manifest({}, 'pi')).sync())).toMatchObject({
      apiVersion: 'batch/v1',
      kind: 'Job',
      metadata: {
        name: 'pi',
        namespace: 'default',
        uid: 'uid-1',
        generation: 1,
        creationTimestamp: timeAt(0),
        labels: { 'batch.kubernetes.io/controller-uid': 'uid-1', 'batch.kubernetes.io/job-name': 'pi' },
      },
      spec: {
        selector: { matchLabels: { 'batch.kubernetes.io/controller-uid': 'uid-1' } },
        template: { metadata: { labels: { 'job-name': 'pi', 'controller-uid': 'uid-1' } } },
      },
    })
  })

  test('shows every change of the spec, one generation higher; a field that is unset is absent', () => {
    const changed = told(manifest({ activeDeadlineSeconds: 7, ttlSecondsAfterFinished: 8 })).and(
      change({ parallelism: 3, backoffLimit: 4, suspend: true, activeDeadlineSeconds: 5, ttlSecondsAfterFinished: 6 }),
    )
    expect(objectOf(changed)).toMatchObject({
      metadata: { generation: 2 },
      spec: { parallelism: 3, backoffLimit: 4, suspend: true, activeDeadlineSeconds: 5, ttlSecondsAfterFinished: 6 },
    })
    const unset = objectOf(changed.and(change({ activeDeadlineSeconds: null, ttlSecondsAfterFinished: null }))).spec
    expect(unset).not.toHaveProperty('activeDeadlineSeconds')
    expect(unset).not.toHaveProperty('ttlSecondsAfterFinished')
  })

  test('has a new resource version when something about the Job is recorded, not when something about a Pod is', () => {
    const running = told().sync()
    const version = (job: Told) => Number(objectOf(job).metadata.resourceVersion)
    expect(version(running)).toBe(running.history.length)
    expect(version(running.and(started(0)))).toBe(version(running))
    expect(version(running.and(started(0)).sync(1))).toBeGreaterThan(version(running))
  })

  test('says when and how it is being deleted', () => {
    const going = told().sync().and({ type: 'DeleteJob', propagation: 'Foreground' }, 9)
    expect(objectOf(going).metadata).toMatchObject({
      deletionTimestamp: timeAt(9),
      deletionGracePeriodSeconds: 0,
      finalizers: ['foregroundDeletion'],
      generation: 2,
    })
    expect(objectOf(told()).metadata).not.toHaveProperty('deletionTimestamp')
  })
})
