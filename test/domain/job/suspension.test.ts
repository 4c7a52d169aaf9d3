import { describe, expect, test } from 'vitest'
import type { JobTerms } from '../../../src/domain/job/job-facts.ts'
import { jobCreated, second, start } from '../../support/facts.ts'
import { change, deletePod, failed, type Given, given, started, succeeded, sync } from '../../support/given.ts'

const suspend = change({ suspend: true })
const resume = change({ suspend: false })

const running = (over: Partial<JobTerms> = {}): Given =>
  given(jobCreated({ parallelism: 2, completions: 4, ...over })).and(sync)

const suspended = (over: Partial<JobTerms> = {}): Given => running(over).and(suspend).and(sync)

test('[6.1, 5.6] a Job that is resumed says so in the sync that replaces a remembered Pod', () => {
  const it = running({ completionMode: 'Indexed', backoffLimitPerIndex: 2, podReplacementPolicy: 'Failed' })
    .and(failed(0))
    .and(sync)
    .and(suspend)
    .and(sync)
  it.and(resume, start + 60 * second)
    .when(sync, start + 60 * second)
    .emits(
      { type: 'PodCreated', index: 0, indexFailures: { counted: 1, ignored: 0 } },
      { type: 'JobSynced', suspended: false, startTime: start + 60 * second, complete: false },
    )
})

describe('a Job created suspended', () => {
  test('[6.1] creates nothing, has no start time and the condition Suspended', () =>
    given(jobCreated({ suspend: true }))
      .when(sync)
      .emits({ type: 'JobSynced', suspended: true, startTime: null, complete: true }))

  test('[6.1] starts when it is resumed: Suspended turns False, Pods come in the same sync', () => {
    const it = given(jobCreated({ suspend: true }))
      .and(sync)
      .and(resume, start + second)
    it.when(sync, start + second).emits(
      { type: 'PodCreated', pod: 0 },
      { type: 'JobSynced', suspended: false, startTime: start + second },
    )
  })

  test('[ST-4, F-9] without completions is complete at once, never Suspended, without a start time', () => {
    const it = given(jobCreated({ suspend: true, completions: 0 }))
    it.when(sync).emits(
      { type: 'SuccessCriteriaMet', startTime: null },
      { type: 'JobCompleted', startTime: null },
      { type: 'JobSynced', suspended: null },
    )
  })
})

describe('suspending', () => {
  test('[6.1] a Job that was never suspended has no such condition', () => expect(running().job.suspended).toBeNull())

  test('[P-1, R-5] deletes the active Pods, never counts them, and takes the start time back', () => {
    const it = running()
      .and(started(0))
      .and(sync)
      .and(suspend, start + second)
    it.when(sync, start + second).emits(
      { type: 'PodAccounted', pod: 0, as: 'uncounted' },
      { type: 'PodDeletionRequested', pod: 0, by: 'controller' },
      { type: 'PodAccounted', pod: 1, as: 'uncounted' },
      { type: 'PodDeletionRequested', pod: 1, by: 'controller' },
      {
        type: 'JobSynced',
        suspended: true,
        startTime: null,
        counts: { active: 0, ready: 0, terminating: 2, succeeded: 0, failed: 0 },
      },
    )
    const ended = it.and(sync).and(failed(0)).and(failed(1)).and(sync)
    expect(ended.job.published.counts).toMatchObject({ terminating: 0, failed: 0 })
  })

  test('[R-2] keeps what has succeeded and failed', () => {
    const it = running().and(succeeded(0)).and(failed(1)).and(sync).and(suspend).and(sync)
    expect(it.job.published.counts).toMatchObject({ succeeded: 1, failed: 1 })
  })

  test('[R-3] stops the deadline; resuming starts it anew in full', () => {
    const it = suspended({ activeDeadlineSeconds: 10 })
    it.when(sync, start + 999 * second).emits()
    const again = it.and(resume, start + 100 * second).and(sync, start + 100 * second)
    expect(again.job.interim).toBeNull()
    again.when(sync, start + 110 * second - 1).emits()
    expect(again.and(sync, start + 110 * second).job.interim?.reason).toBe('DeadlineExceeded')
  })

  test('[R-4] a Pod that failed before the sync saw the suspension is counted', () =>
    expect(running().and(failed(0)).and(suspend).and(sync).job.published.counts).toMatchObject({
      failed: 1,
      terminating: 1,
    }))

  test.each<[policy: JobTerms['podReplacementPolicy'], created: number]>([
    ['TerminatingOrFailed', 2],
    ['Failed', 0],
  ])('[R-6] resumed while two Pods still terminate, under policy %s: %i new ones', (podReplacementPolicy, created) => {
    const { events } = suspended({ podReplacementPolicy }).and(resume).when(sync)
    expect(events.filter(({ type }) => type === 'PodCreated')).toHaveLength(created)
  })

  test('suspended and resumed between two syncs: nothing happened', () =>
    running().and(suspend).and(resume).when(sync).emits({ type: 'JobSynced', suspended: null, startTime: start }))
})

describe('[R-7] a Job whose end becomes true while it is suspended', () => {
  const doomed = suspended({ backoffLimit: 1 })
    .and(failed(0))
    .and(failed(1))
    .and(resume)
    .and(sync)
    .and(failed(2))
    .and(sync)
    .and(suspend)
    .and(sync)
    .and(failed(3))
    .and(change({ backoffLimit: 0 }))

  test('gets the interim condition, and no terminal one for want of a start time', () => {
    doomed.when(sync).emits({ type: 'FailureTargeted', startTime: null }, { type: 'JobSynced', suspended: null })
    doomed
      .and(sync)
      .when(sync, start + second)
      .emits()
  })

  test('fails when it is resumed: no Pod is created, and Suspended stays True', () => {
    const resumed = doomed.and(sync).and(resume, start + second)
    resumed
      .when(sync, start + second)
      .emits({ type: 'JobFailed', startTime: start + second }, { type: 'JobSynced', suspended: null })
    const { job } = resumed.and(sync, start + second)
    expect(job.suspended?.status).toBe(true)
    expect(job.finished).toMatchObject({ _tag: 'Failure', reason: 'BackoffLimitExceeded' })
  })

  test('a Pod that a user deletes before the suspension and that fails during it may be the reason', () => {
    const it = running({ podReplacementPolicy: 'Failed', backoffLimit: 0 })
      .and(deletePod(0))
      .and(suspend)
      .and(sync)
      .and(failed(0))
      .and(failed(1))
    it.when(sync).says('PodAccounted', 'PodRemoved', 'FailureTargeted', 'JobSynced')
  })
})

describe('[R-8] an end that is true in the sync that first sees the suspension', () => {
  test('fails at once with the old start time, without Suspended', () => {
    const it = running({ parallelism: 1 })
      .and(failed(0))
      .and(sync)
      .and(change({ suspend: true, backoffLimit: 0 }))
    it.when(sync, start + second).emits(
      { type: 'FailureTargeted', startTime: start },
      { type: 'JobFailed', startTime: start },
      { type: 'JobSynced', suspended: null, startTime: start },
    )
  })

  test('completes when the last Pod that was needed had succeeded but was not counted', () => {
    const it = running({ parallelism: 1, completions: 1 }).and(succeeded(0)).and(suspend)
    it.when(sync).says('PodAccounted', 'SuccessCriteriaMet', 'JobCompleted', 'JobSynced')
    expect(it.and(sync).job.suspended).toBeNull()
  })
})

test('[R-9] suspending a work queue after its first success finishes it, once nothing terminates any more', () => {
  const it = running({ completions: null }).and(succeeded(0)).and(sync).and(suspend).and(sync)
  expect(it.job).toMatchObject({ interim: { _tag: 'Success' }, finished: null, suspended: null })
  expect(it.job.published.startTime).toBe(start)
  const ended = it.and(failed(1))
  ended.when(sync).says('JobCompleted', 'JobSynced')
  ended.and(sync).and(resume).when(sync).emits()
})
