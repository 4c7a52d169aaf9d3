import { describe, expect, test } from 'vitest'
import type { JobCommand } from '../../../src/domain/job/commands.ts'
import type { JobTerms } from '../../../src/domain/job/job-facts.ts'
import { jobCreated, second, start } from '../../support/facts.ts'
import {
  change,
  deletePod,
  failed,
  type Given,
  given,
  launched,
  started,
  succeeded,
  sync,
} from '../../support/given.ts'

const running = (over: Partial<JobTerms> = {}): Given =>
  given(jobCreated({ parallelism: 2, completions: 3, podBackoffBaseMs: 1, ...over }))
    .and(sync)
    .and(started(0))
    .and(sync)

describe('a Pod that a user deletes', () => {
  test('[10.4] gets its own grace period unless another is asked for', () => {
    running()
      .when(deletePod(0), start + 1)
      .emits({ type: 'PodDeletionRequested', pod: 0, graceSeconds: 30, by: 'user' })
    running().when(deletePod(0, 5)).emits({ type: 'PodDeletionRequested', graceSeconds: 5 })
    running({ gracePeriodSeconds: 7 }).when(deletePod(1)).emits({ type: 'PodDeletionRequested', graceSeconds: 7 })
  })

  test('[10.4] deleted again: only a shorter grace is new', () => {
    const it = running().and(deletePod(0, 10))
    it.when(deletePod(0, 10)).emits()
    it.when(deletePod(0)).emits()
    it.when(deletePod(0, 3)).emits({ type: 'PodDeletionRequested', graceSeconds: 3 })
    expect(it.and(deletePod(0, 3)).job.counts).toMatchObject({ active: 1, terminating: 1 })
  })

  test('is refused when it does not exist, never did, or is gone', () => {
    running().when(deletePod(9)).refuses({ _tag: 'PodNotFound', pod: 9 })
    running().when(deletePod(-1)).refuses({ _tag: 'PodNotFound', pod: -1 })
    const gone = running().and(failed(0)).and(sync).and(deletePod(0))
    gone.when(deletePod(0)).refuses({ _tag: 'PodNotFound', pod: 0 })
  })

  test('[8.3] and that has ended and is counted goes at once, without an effect on counters', () => {
    const it = running().and(failed(0)).and(sync)
    it.when(deletePod(0)).emits({ type: 'PodDeletionRequested', graceSeconds: 0 }, { type: 'PodRemoved', pod: 0 })
    expect(it.and(deletePod(0)).and(sync).job.counts).toStrictEqual(it.and(sync).job.counts)
  })

  test('[8.3] and that has ended but is not counted goes when it is', () => {
    const it = running().and(failed(0)).and(deletePod(0))
    it.when(sync).emits(
      { type: 'PodAccounted', pod: 0, as: 'failed' },
      { type: 'PodRemoved', pod: 0 },
      { type: 'JobSynced' },
    )
  })
})

describe('[5.7] under TerminatingOrFailed', () => {
  const deleted = running().and(deletePod(0))

  test('[C-8] it counts as failed when the deletion is seen, and terminates at the same time', () =>
    expect(deleted.and(sync).job.published.counts).toStrictEqual({
      active: 1,
      ready: 0,
      terminating: 1,
      succeeded: 0,
      failed: 1,
    }))

  test('is replaced while it still terminates, after the back-off', () => {
    const it = deleted.and(sync)
    it.when(sync, start + 1).emits({ type: 'PodCreated', pod: 2 }, { type: 'JobSynced' })
  })

  test.each([
    ['fails', failed(0)],
    ['succeeds', succeeded(0)],
  ])('[C-8] its own end is not counted again when it %s', (_, end) => {
    const it = deleted.and(sync).and(sync, start + 1)
    it.when(end).says(
      end.type === 'RecordPodFacts' ? (end.facts[0]?.observation.type ?? 'PodFailed') : 'PodFailed',
      'PodRemoved',
    )
    expect(it.and(end).and(sync, start + 1).job.published.counts).toMatchObject({
      active: 2,
      terminating: 0,
      succeeded: 0,
      failed: 1,
    })
  })

  test('[C-2] a success that is known in the same sync as the deletion is a success', () =>
    expect(deleted.and(succeeded(0)).and(sync).job.published.counts).toMatchObject({ succeeded: 1, failed: 0 }))
})

describe('[5.7] under Failed', () => {
  const deleted = running({ podReplacementPolicy: 'Failed' }).and(deletePod(0))

  test('it is neither counted nor replaced while it terminates', () => {
    expect(deleted.and(sync).job.published.counts).toMatchObject({ active: 1, terminating: 1, failed: 0 })
    deleted
      .and(sync)
      .when(sync, start + 60 * second)
      .emits()
  })

  test('a failure is counted at its end, and then it is replaced', () => {
    const it = deleted.and(sync).and(failed(0), start + second)
    it.when(sync, start + 2 * second).emits(
      { type: 'PodAccounted', pod: 0, as: 'failed' },
      { type: 'PodRemoved', pod: 0 },
      { type: 'PodCreated', pod: 2 },
      { type: 'JobSynced' },
    )
  })

  test('[10.4] an exit with 0 within the grace is a success', () =>
    expect(deleted.and(sync).and(succeeded(0)).and(sync).job.published.counts).toMatchObject({
      succeeded: 1,
      failed: 0,
      terminating: 0,
    }))

  test('[I-1] its index is not given away before, and is after', () => {
    const it = running({ podReplacementPolicy: 'Failed', completionMode: 'Indexed' }).and(deletePod(0)).and(sync)
    it.when(sync, start + second).emits()
    it.and(failed(0))
      .when(sync, start + second)
      .emits(
        { type: 'PodAccounted', pod: 0 },
        { type: 'PodRemoved', pod: 0 },
        { type: 'PodCreated', pod: 2, index: 0, attempt: 1 },
        { type: 'JobSynced' },
      )
  })

  test('[I-1] the index of a Pod that was scaled away is free again when the Pod has ended, also with 0', () => {
    const it = running({ podReplacementPolicy: 'Failed', completionMode: 'Indexed' })
      .and(change({ parallelism: 0 }))
      .and(sync)
      .and(succeeded(0))
      .and(change({ parallelism: 2 }))
    it.when(sync).emits({ type: 'PodCreated', index: 0, attempt: 1 }, { type: 'JobSynced' })
  })
})

describe('after a crash', () => {
  const lost: JobCommand = { type: 'RecordLostPods' }

  test('Pods whose process was recorded are lost, those that never had one are not', () =>
    running({ parallelism: 3 })
      .and(launched(1))
      .when(lost, start + second)
      .emits(
        { type: 'PodFailed', pod: 0, reason: 'NodeLost', exitCode: null, at: start + second },
        { type: 'PodFailed', pod: 1, reason: 'NodeLost', exitCode: null, at: start + second },
      ))

  test('Pods that were being stopped are over, and go', () =>
    running()
      .and(change({ suspend: true }))
      .and(sync)
      .when(lost)
      .says('PodFailed', 'PodRemoved', 'PodFailed', 'PodRemoved'))

  test('Pods that had ended before stay as they ended', () => {
    running().and(succeeded(0)).and(sync).when(lost).emits()
    running().and(lost).when(lost).emits()
  })

  test('[O-7] a lost Pod counts as failed and is replaced', () => {
    const it = running().and(lost, start + second)
    it.when(sync, start + 2 * second).emits(
      { type: 'PodAccounted', pod: 0, as: 'failed' },
      { type: 'PodCreated', pod: 2 },
      { type: 'JobSynced', podFailures: 1 },
    )
  })
})

describe('when the controller shuts down', () => {
  const withdraw: JobCommand = { type: 'WithdrawPods' }

  test('active Pods are taken back, uncounted; told again there is nothing left', () => {
    running()
      .when(withdraw)
      .emits(
        { type: 'PodAccounted', pod: 0, as: 'uncounted' },
        { type: 'PodDeletionRequested', pod: 0, by: 'controller', graceSeconds: 30 },
        { type: 'PodAccounted', pod: 1, as: 'uncounted' },
        { type: 'PodDeletionRequested', pod: 1, by: 'controller', graceSeconds: 30 },
      )
    running().and(withdraw).when(withdraw).emits()
  })

  test('a later run creates them anew, without a failure and without a back-off', () => {
    const it = running().and(withdraw).and(failed(0)).and(failed(1))
    it.when(sync).emits(
      { type: 'PodCreated', pod: 2, attempt: 0 },
      { type: 'PodCreated', pod: 3, attempt: 0 },
      { type: 'JobSynced', podFailures: 0 },
    )
  })

  test('Pods that have ended but are not counted are counted all the same', () => {
    const it = running().and(succeeded(0)).and(withdraw).and(failed(1))
    expect(it.and(sync).job.published.counts).toMatchObject({ succeeded: 1, failed: 0 })
  })

  test('a wide Job is taken back in bounded pieces', () => {
    let it = given(jobCreated({ parallelism: 2000, completions: 2000 }))
    while (it.job.unsyncedSince !== null) it = it.and(sync)
    let appends = 0
    for (; it.job.counts.active > 0; appends += 1) {
      expect(it.when(withdraw).events.length).toBeLessThanOrEqual(1000)
      it = it.and(withdraw)
    }
    expect(appends).toBeGreaterThan(2)
    it.when(withdraw).emits()
  })
})

test('[2.7] of two Pods that are not ready the newer one goes, whichever started first', () =>
  given(jobCreated({ parallelism: 2, completions: 2 }))
    .and(sync)
    .and(started(0, start + 2 * second, false))
    .and(started(1, start + second, false))
    .and(change({ parallelism: 1 }))
    .when(sync)
    .emits({ type: 'PodAccounted', pod: 1 }, { type: 'PodDeletionRequested', pod: 1 }, { type: 'JobSynced' }))

describe('a Pod that a client runs and that no node has to give back', () => {
  const elsewhere = { podsRunElsewhere: true, hasNode: true, podReplacementPolicy: 'Failed' } as const

  test('a sync looks again when the Pod that still terminated is gone', () => {
    const it = running(elsewhere)
      .and(change({ parallelism: 1 }))
      .and(sync)
    expect(it.job.published.counts.terminating).toBe(1)
    const gone = it.and(deletePod(1, 0), start + second)
    expect(gone.job.unsyncedSince).toBe(start + second)
    expect(gone.and(sync).job.published.counts.terminating).toBe(0)
  })

  test('[8.3] deleted without grace it goes with its finalizer, also when that comes off because the Job has failed', () =>
    running(elsewhere)
      .and(deletePod(0, 0))
      .and(change({ activeDeadlineSeconds: 1 }))
      .when(sync, start + second)
      .emits(
        { type: 'PodAccounted', pod: 0, as: 'failed' },
        { type: 'PodRemoved', pod: 0 },
        { type: 'PodDeletionRequested', pod: 1 },
        { type: 'PodAccounted', pod: 1, as: 'failed' },
        { type: 'FailureTargeted', reason: 'DeadlineExceeded' },
        { type: 'JobSynced' },
      ))

  test('[O-3, P-11] its restarts count in the sync with which it goes, and it is still shown as terminating', () =>
    running({ ...elsewhere, podReplacementPolicy: 'TerminatingOrFailed', restartPolicy: 'OnFailure', backoffLimit: 1 })
      .and(launched(0, start, 1))
      .and(deletePod(0, 0))
      .when(sync)
      .emits(
        { type: 'PodAccounted', pod: 0, as: 'failed' },
        { type: 'PodRemoved', pod: 0 },
        { type: 'PodDeletionRequested', pod: 1 },
        { type: 'PodAccounted', pod: 1, as: 'failed' },
        { type: 'FailureTargeted', reason: 'BackoffLimitExceeded' },
        { type: 'JobSynced', counts: { active: 0, ready: 0, terminating: 2, succeeded: 0, failed: 2 } },
      ))
})
