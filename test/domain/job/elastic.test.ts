import { numberOf } from '../../../src/domain/job/index-numbers.ts'
import { describe, expect, test } from 'vitest'
import { agenda } from '../../../src/domain/job/agenda.ts'
import type { JobTerms } from '../../../src/domain/job/job-facts.ts'
import { renderIndexes } from '../../../src/domain/job/index-set.ts'
import { podRow } from '../../../src/domain/job/pod-columns.ts'
import { jobCreated, start } from '../../support/facts.ts'
import { change, deletePod, failed, type Given, given, succeeded, sync } from '../../support/given.ts'
import { O } from '../../../src/prelude.ts'

const running = (count: number, over: Partial<JobTerms> = {}): Given =>
  given(jobCreated({ completionMode: 'Indexed', completions: count, parallelism: count, ...over })).and(sync)
const scaled = (it: Given, count: number): Given => it.and(change({ completions: count, parallelism: count })).and(sync)
const completed = ({ job }: Given): string => renderIndexes(job.published.completed)

describe('[J-31] an elastic Indexed Job', () => {
  test('[I-9] scaled down deletes the Pods of dropped indexes, which are not failures', () => {
    const { job } = scaled(running(3), 2)
    expect(job.counts).toMatchObject({ active: 2, terminating: 1, failed: 0 })
    expect(podRow(job.pods, 2)).toMatchObject({ deleting: true, tracked: false })
  })

  test('[I-9] dropped indexes leave completedIndexes, and succeeded falls', () => {
    const it = running(3).and(succeeded(2)).and(sync)
    expect(completed(it)).toBe('2')
    const less = scaled(it, 2)
    expect(completed(less)).toBe('')
    expect(less.job.published.counts).toMatchObject({ active: 2, succeeded: 0 })
  })

  test('[I-9] is complete when the indexes that are left are', () => {
    const it = running(3).and(succeeded(0)).and(succeeded(1)).and(sync)
    expect(scaled(it, 2).job.interim).toMatchObject({ reason: 'CompletionsReached' })
  })

  test('[I-9] dropped indexes leave failedIndexes, and failed stays', () => {
    const it = running(3, { backoffLimitPerIndex: 0, backoffLimit: 99 }).and(failed(2)).and(sync)
    expect(renderIndexes(it.job.published.failedIndexes)).toBe('2')
    const { job } = scaled(it, 2)
    expect(renderIndexes(job.published.failedIndexes)).toBe('')
    expect(job.published.counts.failed).toBe(1)
  })

  test('[I-10] scaled up starts new indexes, and one that was dropped runs again', () => {
    const it = running(3).and(succeeded(2)).and(sync)
    const { job } = scaled(scaled(it, 2), 4)
    expect(job.counts).toMatchObject({ active: 4, succeeded: 0 })
    expect([3, 4].map((pod) => podRow(job.pods, pod).index)).toStrictEqual([2, 3])
  })

  test('[I-10] an index whose success came too late to be counted runs again, too', () => {
    const it = running(3)
      .and(change({ completions: 2, parallelism: 2 }))
      .and(succeeded(2))
      .and(sync)
    expect(podRow(scaled(it, 3).job.pods, 3).index).toBe(2)
  })

  test('[I-11] scaled to 0 is complete', () =>
    expect(scaled(running(2), 0).job.interim).toMatchObject({ reason: 'CompletionsReached' }))

  test('[T-3] a Pod that still terminates when the Job is complete is let go at once, and its failure never counts', () => {
    const it = given(
      jobCreated({ completionMode: 'Indexed', completions: 1, parallelism: 1, podReplacementPolicy: 'Failed' }),
    )
      .and(sync)
      .and(deletePod(0))
      .and(change({ completions: 0, parallelism: 0 }))
    it.when(sync).emits(
      { type: 'PodAccounted', pod: 0, as: 'uncounted' },
      { type: 'SuccessCriteriaMet', reason: 'CompletionsReached' },
      { type: 'JobSynced' },
    )
    const { job } = it.and(sync).and(failed(0)).and(sync)
    expect(job.published.counts.failed).toBe(0)
    expect(job.finished).toMatchObject({ reason: 'CompletionsReached' })
  })

  test('[4.2] an end that comes for a dropped index is not counted', () => {
    const it = running(3)
      .and(change({ completions: 2, parallelism: 2 }))
      .and(failed(2))
      .and(sync)
    expect(it.job.counts).toMatchObject({ active: 2, failed: 0 })
  })
})

describe('[I-12] a status that may not fall', () => {
  /** Four indexes of which the last is completed, then two, and no longer as many at a time: succeeded would fall from 1 to 0. */
  const trapped = (over: Partial<JobTerms> = {}): Given =>
    running(4, over)
      .and(succeeded(3))
      .and(sync)
      .and(change({ completions: 2, parallelism: 2 }))
      .and(change({ parallelism: 1 }))
  const status = ({ job }: Given) => ({ ...job.published.counts, completed: renderIndexes(job.published.completed) })
  const before = { active: 3, ready: 0, terminating: 0, succeeded: 1, failed: 0, completed: '3' }

  test('[I-12, V-27] stays as it was, active too, while Pods are deleted as usual', () => {
    const it = trapped()
    it.when(sync).says('PodAccounted', 'PodDeletionRequested', 'PodAccounted', 'PodDeletionRequested', 'StatusWithheld')
    expect(it.and(sync).job.counts).toMatchObject({ active: 1, terminating: 2, succeeded: 0 })
    expect(status(it.and(sync))).toStrictEqual(before)
  })

  test('[I-12] and is not tried again before something has changed', () =>
    trapped()
      .and(sync)
      .when(sync, start + 60_000)
      .says())

  test('[I-12] Pods are created as usual', () => {
    const it = trapped()
      .and(sync)
      .and(deletePod(0))
      .and(sync, start + 60_000)
    expect(it.job.counts).toMatchObject({ active: 1, terminating: 3 })
    expect(podRow(it.job.pods, 4)).toMatchObject({ index: 0 })
    expect(status(it)).toStrictEqual(before)
  })

  test('[I-12] ends are not counted, and Pods that have ended stay tracked', () => {
    const it = trapped({ podReplacementPolicy: 'Failed' }).and(sync).and(failed(0)).and(sync)
    expect(podRow(it.job.pods, 0)).toMatchObject({ phase: 'Failed', tracked: true })
    expect(status(it)).toStrictEqual(before)
  })

  test('[I-12, 5.6] of several uncounted failures of an index the last one is remembered, whatever comes next', () => {
    const failedTwice = trapped({ backoffLimitPerIndex: 5 })
      .and(sync)
      .and(failed(0))
      .and(sync)
      .and(sync, start + 10_000)
      .and(failed(4, start + 10_000))
      .and(sync, start + 10_000)
    const memoryOf = ({ job }: Given) => numberOf(job.heldBack, 0) - 1
    expect(memoryOf(failedTwice)).toBe(4)
    expect(memoryOf(failedTwice.and(change({ backoffLimit: 9 })).and(sync, start + 11_000))).toBe(4)
  })

  test('[I-12, B-4] the back-off counts from the failure though it is not told', () => {
    const it = trapped().and(sync).and(failed(0)).and(sync)
    expect(it.job).toMatchObject({ podFailures: 0, retryAt: start + 10_000 })
    expect(it.and(sync, start + 10_000).job.counts.active).toBe(1)
  })

  test('[I-12] the status goes on when parallelism and completions are the same again', () => {
    const it = trapped()
      .and(sync)
      .and(failed(0))
      .and(sync)
      .and(change({ parallelism: 2 }))
      .and(sync)
    expect(status(it)).toStrictEqual({ ...before, active: 0, terminating: 2, succeeded: 0, failed: 1, completed: '' })
    expect(podRow(it.job.pods, 0)).toMatchObject({ tracked: false })
  })

  test('[I-12] the status goes on when enough indexes are completed', () => {
    const it = trapped().and(sync).and(succeeded(0)).and(sync)
    expect(status(it)).toMatchObject({ succeeded: 1, completed: '0' })
  })

  test('[I-12, I-10] an index that is wanted again before it was forgotten in the status is still completed', () => {
    const it = trapped()
      .and(sync)
      .and(change({ completions: 4, parallelism: 4 }))
      .and(sync)
    expect(status(it)).toMatchObject({ active: 3, succeeded: 1, completed: '3' })
  })

  test('[I-12, F-12] a verdict stops the Pods, and is told when the status goes on', () => {
    const it = trapped({ activeDeadlineSeconds: 60 })
      .and(sync)
      .and(sync, start + 60_000)
    expect(it.job).toMatchObject({ interim: null, counts: { active: 0, terminating: 3 } })
    expect(agenda.ExpireDeadline(it.job, 0, start + 60_000)).toStrictEqual(O.none)
    const told = it.and(change({ parallelism: 2 }), start + 61_000).and(sync, start + 61_000)
    expect(told.job.interim).toMatchObject({ reason: 'DeadlineExceeded' })
  })

  test('[I-12, F-1] a Job that is decided already gets no further Pods', () => {
    const it = running(4, { podReplacementPolicy: 'Failed', successPolicy: [{ indexes: '3', count: null }] })
      .and(succeeded(3))
      .and(sync)
      .and(change({ completions: 3, parallelism: 3 }))
      .and(change({ parallelism: 2 }))
      .and(failed(0))
    it.when(sync).says('StatusWithheld')
  })

  test('[I-12] many successes that make up for the lost ones are counted in pieces, and told when they are enough', () => {
    const count = 700
    const all = Array.from({ length: count }, (_, pod) => pod)
    const ended = (it: Given, pods: ReadonlyArray<number>): Given =>
      pods.reduce((one, pod) => one.and(succeeded(pod)), it)
    const half = ended(running(count).and(sync), all.slice(350)).and(sync).and(sync).and(sync)
    const less = half.and(change({ completions: 350, parallelism: 350 })).and(change({ parallelism: 349 }))
    const first = ended(less, all.slice(0, 350)).and(sync)
    expect(first.job.published.counts.succeeded).toBe(350)
    expect(first.job.counts.succeeded).toBeLessThan(350)
    expect(first.and(sync).and(sync).job.finished).toMatchObject({ reason: 'CompletionsReached' })
  })
})
