import { describe, expect, test } from 'vitest'
import type { JobTerms } from '../../../src/domain/job/events.ts'
import { renderIndexes } from '../../../src/domain/job/index-set.ts'
import { podRow } from '../../../src/domain/job/pod-columns.ts'
import { jobCreated } from '../../support/facts.ts'
import { change, deletePod, failed, type Given, given, succeeded, sync } from '../../support/given.ts'

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
