import { describe, expect, test } from 'vitest'
import type { JobTerms } from '../../../src/domain/job/job-facts.ts'
import { renderIndexes } from '../../../src/domain/job/index-set.ts'
import type { Job } from '../../../src/domain/job/job.ts'
import { podRow } from '../../../src/domain/job/pod-columns.ts'
import { jobCreated, second, start } from '../../support/facts.ts'
import { change, deletePod, failed, failedWith, type Given, given, succeeded, sync } from '../../support/given.ts'

const running = (over: Partial<JobTerms> = {}): Given =>
  given(
    jobCreated({
      completionMode: 'Indexed',
      completions: 2,
      parallelism: 2,
      backoffLimit: 2_147_483_647,
      backoffLimitPerIndex: 1,
      ...over,
    }),
  ).and(sync)

const at = (seconds: number): number => start + seconds * second
const sets = (job: Job) => ({
  completed: renderIndexes(job.published.completed),
  failed: renderIndexes(job.published.failedIndexes),
  count: job.published.counts.failed,
})

describe('a failed index', () => {
  test('[5.6, J-53] its first failure is held back, counted only in the sync after its replacement is there', () => {
    const it = running().and(failed(0))
    it.when(sync).emits({ type: 'PodHeldBack', pod: 0 }, { type: 'JobSynced', retryAt: at(10) })
    const waiting = it.and(sync)
    expect(waiting.job.counts.failed).toBe(0)
    waiting.when(sync, at(9)).emits()
    const replaced = waiting.and(sync, at(10))
    expect(replaced.job).toMatchObject({ counts: { active: 2, failed: 0 } })
    replaced.when(sync, at(11)).emits({ type: 'PodAccounted', pod: 0, as: 'failed' }, { type: 'JobSynced' })
  })

  test('[5.3, J-51] the replacement remembers how often the index has failed', () => {
    const it = running().and(failed(0)).and(sync).and(sync, at(10))
    expect(podRow(it.job.pods, 0).indexFailures).toStrictEqual({ counted: 0, ignored: 0 })
    expect(podRow(it.job.pods, 2).indexFailures).toStrictEqual({ counted: 1, ignored: 0 })
  })

  test('[5.4] is failed for good after backoffLimitPerIndex retries', () => {
    const it = running()
      .and(failed(0))
      .and(sync)
      .and(sync, at(10))
      .and(sync, at(11))
      .and(failed(2, at(12)))
    it.when(sync, at(13)).emits(
      { type: 'PodAccounted', pod: 2, as: 'failed' },
      { type: 'IndexFailed', index: 0 },
      { type: 'JobSynced' },
    )
    expect(sets(it.and(sync, at(13)).job)).toStrictEqual({ completed: '', failed: '0', count: 2 })
  })

  test('[F-7, J-49] when every index is decided and one has failed, the Job fails', () => {
    const { job } = running({ backoffLimitPerIndex: 0 }).and(failed(0)).and(sync).and(succeeded(1)).and(sync)
    expect(job.finished).toMatchObject({ _tag: 'Failure', reason: 'FailedIndexes' })
    expect(sets(job)).toStrictEqual({ completed: '1', failed: '0', count: 1 })
  })

  test('[F-6, J-50] more than maxFailedIndexes fail the Job at once', () => {
    const { job } = running({ backoffLimitPerIndex: 0, maxFailedIndexes: 0 }).and(failed(0)).and(sync)
    expect(job.interim).toMatchObject({ reason: 'MaxFailedIndexesExceeded' })
    expect(job.counts).toMatchObject({ active: 0, terminating: 1, failed: 2 })
  })

  test('[5.1, J-52] FailIndex fails it whatever its limit', () => {
    const rule = {
      action: 'FailIndex' as const,
      onExitCodes: { container: null, operator: 'In' as const, values: [7] },
      onPodConditions: [],
    }
    const it = running({ backoffLimitPerIndex: 5, podFailurePolicy: [rule], podReplacementPolicy: 'Failed' })
    expect(sets(it.and(failedWith(1, 7)).and(sync).job)).toStrictEqual({ completed: '', failed: '1', count: 1 })
  })

  test('[5.3] an ignored failure raises the ignored count alone, and the back-off', () => {
    const rule = {
      action: 'Ignore' as const,
      onExitCodes: { container: null, operator: 'In' as const, values: [7] },
      onPodConditions: [],
    }
    const it = running({ backoffLimitPerIndex: 0, podFailurePolicy: [rule], podReplacementPolicy: 'Failed' })
      .and(failedWith(0, 7))
      .and(sync)
      .and(sync, at(10))
    expect(podRow(it.job.pods, 2).indexFailures).toStrictEqual({ counted: 0, ignored: 1 })
    it.when(sync, at(11)).emits({ type: 'PodAccounted', pod: 0, as: 'ignored' }, { type: 'JobSynced' })
    const again = it
      .and(sync, at(11))
      .and(failedWith(2, 7, at(20)))
      .and(sync, at(20))
    expect(again.job.retryAt).toBe(at(40))
  })

  test('[J-55] the backoffLimit of the whole Job counts those that are held back', () => {
    const { job } = running({ backoffLimit: 1, backoffLimitPerIndex: 5 }).and(failed(0)).and(failed(1)).and(sync)
    expect(job.finished).toMatchObject({ reason: 'BackoffLimitExceeded' })
    expect(job.counts.failed).toBe(2)
  })
})

describe('the slots of waiting indexes', () => {
  test('[I-3] no higher index takes the place of one in back-off', () => {
    const it = running({ completions: 3 }).and(failed(0)).and(sync)
    expect(it.job.counts.active).toBe(1)
    it.and(succeeded(1)).when(sync).says('PodAccounted', 'PodCreated', 'JobSynced')
    expect(podRow(it.and(succeeded(1)).and(sync).job.pods, 2).index).toBe(2)
  })

  test('[5.5, J-54] each index has a back-off of its own', () => {
    const it = running()
      .and(failed(0))
      .and(sync)
      .and(failed(1, at(4)))
      .and(sync, at(4))
    expect(it.job.retryAt).toBe(at(10))
    expect(it.and(sync, at(10)).job.retryAt).toBe(at(14))
  })
})

describe('what becomes of a failure that is held back', () => {
  const held = running().and(failed(0)).and(sync)

  test('[5.6 a] the end of the Job counts it, also a good end', () => {
    const it = running({ successPolicy: [{ indexes: '1', count: null }] })
      .and(failed(0))
      .and(sync)
      .and(succeeded(1))
    expect(it.and(sync).job).toMatchObject({ finished: { reason: 'SuccessPolicy' }, counts: { failed: 1 } })
  })

  test('[5.6 b] suspended, it stays and its back-off goes on', () => {
    const it = held
      .and(change({ suspend: true }))
      .and(sync)
      .and(change({ suspend: false }), at(3))
      .and(sync, at(3))
    expect(it.job).toMatchObject({ counts: { active: 1, failed: 0 }, retryAt: at(10) })
  })

  test('[5.6 c] a scale-down below its index forgets it uncounted', () => {
    const it = running({ completions: 3, parallelism: 3 }).and(failed(2)).and(sync)
    const less = it.and(change({ completions: 2, parallelism: 2 })).and(sync)
    expect(less.job.counts).toMatchObject({ active: 2, failed: 0 })
    const more = less.and(change({ completions: 3, parallelism: 3 })).and(sync)
    expect(podRow(more.job.pods, 3)).toMatchObject({ index: 2, indexFailures: { counted: 0, ignored: 0 } })
  })

  test('[5.6 d] deleted by a user, it stays as a terminating object until its replacement is there', () => {
    const it = held.and(deletePod(0))
    expect(podRow(it.job.pods, 0)).toMatchObject({ removed: false, tracked: true })
    const after = it.and(sync, at(10)).and(sync, at(11))
    expect(podRow(after.job.pods, 0)).toMatchObject({ removed: true, accountedAs: 'failed' })
  })

  test('[5.6 e] a running Pod that a user deletes is held back as well, and counted once it is replaced', () => {
    const it = running().and(deletePod(0)).and(sync)
    expect(it.job.counts).toMatchObject({ active: 1, terminating: 1, failed: 0 })
    const replaced = it.and(sync, at(10)).and(sync, at(11))
    expect(replaced.job.counts).toMatchObject({ active: 2, terminating: 1, failed: 1 })
  })
})
