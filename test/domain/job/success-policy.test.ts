import { describe, expect, test } from 'vitest'
import type { JobTerms, SuccessRule } from '../../../src/domain/job/job-facts.ts'
import { jobCreated } from '../../support/facts.ts'
import { deletePod, failed, type Given, given, succeeded, sync } from '../../support/given.ts'

const running = (rules: ReadonlyArray<SuccessRule>, over: Partial<JobTerms> = {}): Given =>
  given(jobCreated({ completionMode: 'Indexed', completions: 4, parallelism: 4, successPolicy: rules, ...over })).and(
    sync,
  )

const after = (it: Given, ...indexes: ReadonlyArray<number>): Given =>
  indexes.reduce((given, index) => given.and(succeeded(index)), it).and(sync)

describe('when a rule holds', () => {
  test.each<[rule: string, rules: ReadonlyArray<SuccessRule>, done: ReadonlyArray<number>, met: number | null]>([
    ['[J-61] all listed indexes', [{ indexes: '0,2', count: null }], [0, 2], 0],
    ['one of them is missing', [{ indexes: '0,2', count: null }], [0, 1], null],
    ['[J-62] a number of any indexes', [{ indexes: null, count: 2 }], [1, 3], 0],
    ['one less', [{ indexes: null, count: 2 }], [1], null],
    ['a number of listed indexes', [{ indexes: '1-3', count: 2 }], [1, 3], 0],
    ['others do not count', [{ indexes: '1-3', count: 2 }], [0, 3], null],
    [
      'the first rule that holds',
      [
        { indexes: '3', count: null },
        { indexes: null, count: 1 },
      ],
      [0],
      1,
    ],
  ])('[5.8] %s', (_, rules, done, met) => {
    const { job } = after(running(rules), ...done)
    expect(job.interim).toStrictEqual(
      met === null ? null : expect.objectContaining({ _tag: 'Success', reason: 'SuccessPolicy', rule: met }),
    )
  })

  test('[5.8, F-8] the remaining Pods are deleted and not counted, and the Job completes when they are gone', () => {
    const it = after(running([{ indexes: '0', count: null }]), 0)
    expect(it.job.counts).toMatchObject({ active: 0, terminating: 3, succeeded: 1, failed: 0 })
    expect(it.job.finished).toBeNull()
    const ended = [1, 2, 3].reduce((given, pod) => given.and(failed(pod)), it).and(sync)
    expect(ended.job).toMatchObject({ finished: { reason: 'SuccessPolicy', rule: 0 }, counts: { failed: 0 } })
  })

  test('[T-3, 5.6] a Pod that a user had deleted counts as failed in the sync that succeeds', () => {
    const it = running([{ indexes: '0', count: null }], { backoffLimitPerIndex: 1, completions: 2, parallelism: 2 })
      .and(deletePod(1))
      .and(succeeded(0))
    it.when(sync).emits(
      { type: 'PodAccounted', pod: 0, as: 'succeeded' },
      { type: 'PodAccounted', pod: 1, as: 'failed' },
      { type: 'SuccessCriteriaMet', reason: 'SuccessPolicy' },
      { type: 'JobSynced' },
    )
  })

  test('[J-60] comes before CompletionsReached when both hold', () => {
    const { job } = after(running([{ indexes: null, count: 4 }]), 0, 1, 2, 3)
    expect(job.finished).toMatchObject({ reason: 'SuccessPolicy' })
  })

  test('[J-63] comes after a failure that holds in the same sync', () => {
    const { job } = after(
      running([{ indexes: '1', count: null }], { completions: 2, parallelism: 2, backoffLimitPerIndex: 0 }).and(
        failed(0),
      ),
      1,
    )
    expect(job.interim).toMatchObject({ reason: 'FailedIndexes' })
  })
})
