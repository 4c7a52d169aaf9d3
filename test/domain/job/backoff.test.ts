import { describe, expect, test } from 'vitest'
import type { JobTerms } from '../../../src/domain/job/job-facts.ts'
import { backoffAfter, backoffEnd } from '../../../src/domain/job/policies/pod-backoff.ts'
import { jobCreated, second, start } from '../../support/facts.ts'
import { change, deletePod, failed, type Given, given, launched, succeeded, sync } from '../../support/given.ts'

const wide = (over: Partial<JobTerms> = {}) =>
  given(jobCreated({ parallelism: 6, completions: 20, backoffLimit: 99, ...over })).and(sync)

/** Ends of Pods 0, 1, …: `+3` a success after three seconds, `-3` a failure. */
const ended = (it: Given, ends: ReadonlyArray<number>, first = 0): Given =>
  ends.reduce((so, end, place) => {
    const at = start + Math.abs(end) * second
    return so.and((end > 0 ? succeeded : failed)(first + place, at), at)
  }, it)

describe('what the back-off remembers', () => {
  test.each<
    [rule: string, before: ReadonlyArray<number>, ends: ReadonlyArray<number>, failures: number, last: number | null]
  >([
    ['[B-2] nothing new', [], [], 0, null],
    ['[B-2] one failure', [], [-3], 1, 3],
    ['[B-2] two that fail together are two steps', [], [-3, -3], 2, 3],
    ['[B-2] the latest end, in whatever order they are told', [], [-5, -3], 2, 5],
    ['[B-2] failures add up', [-1, -2], [-5], 3, 5],
    ['[B-2] nothing new: unchanged', [-1, -2], [], 2, 2],
    ['[B-2] a success clears', [-1, -2], [3], 0, null],
    ['[B-2] failures before the success are forgotten', [-1], [-3, 4], 0, null],
    ['[B-2] failures at the moment of the success are forgotten', [-1], [4, -4], 0, null],
    ['[B-2] failures after the latest success count', [-1], [2, -3, 4, -5, -6], 2, 6],
  ])('%s', (_, before, ends, failures, last) => {
    const past = ended(wide(), before).and(sync, start)
    const { job } = ended(past, ends, before.length)
    expect(backoffAfter(job, job.uncounted)).toStrictEqual({
      podFailures: failures,
      lastPodFailureAt: last === null ? null : start + last * second,
    })
    expect(ended(past, ends, before.length).and(sync, start).job.podFailures).toBe(failures)
  })

  test('[R-2] a suspension does not clear it', () => {
    const it = ended(wide(), [-1, -1])
      .and(sync, start + second)
      .and(change({ suspend: true }), start + second)
      .and(sync, start + second)
      .and(change({ suspend: false }), start + 2 * second)
    expect(it.and(sync, start + 2 * second).job.podFailures).toBe(2)
    expect(it.when(sync, start + 20 * second).events.some(({ type }) => type === 'PodCreated')).toBe(false)
    expect(it.when(sync, start + 21 * second).events.some(({ type }) => type === 'PodCreated')).toBe(true)
  })
})

test.each<[failures: number, delay: number]>([
  [1, 10],
  [2, 20],
  [3, 40],
  [4, 80],
  [5, 160],
  [6, 320],
  [7, 600],
  [8, 600],
  [5000, 600],
])('[B-3] after %i failures the next Pod waits %i s', (podFailures, delay) =>
  expect(backoffEnd({ podFailures, lastPodFailureAt: start }, 10 * second)).toBe(start + delay * second),
)

test('[B-3] without a failure nothing has to be waited for', () =>
  expect(backoffEnd({ podFailures: 0, lastPodFailureAt: null }, 10 * second)).toBeNull())

const creates = (it: Given, at: number): number =>
  it.when(sync, at).events.filter(({ type }) => type === 'PodCreated').length

describe('what waits for the back-off', () => {
  test('[B-5] every creation, also of Pods that a raised parallelism asks for', () => {
    const it = given(jobCreated({ completions: 9 }))
      .and(sync)
      .and(failed(0))
      .and(sync)
      .and(change({ parallelism: 3 }))
    expect(creates(it, start + 10 * second - 1)).toBe(0)
    expect(creates(it, start + 10 * second)).toBe(3)
  })

  test('[B-5] never a deletion or the end', () => {
    const it = given(jobCreated({ parallelism: 3, completions: 3 }))
      .and(sync)
      .and(failed(0))
      .and(sync)
    expect(it.and(change({ parallelism: 1 })).when(sync).events).toContainEqual(
      expect.objectContaining({ type: 'PodDeletionRequested', pod: 2 }),
    )
    const done = given(jobCreated({ parallelism: 2, completions: null }))
      .and(sync)
      .and(succeeded(0))
      .and(failed(1, start + 1))
    expect(done.and(sync, start + 1).job.finished?.reason).toBe('CompletionsReached')
  })

  test('[B-6] a Pod that a user deletes is a failure at the time of the wish', () => {
    const it = given(jobCreated())
      .and(sync)
      .and(deletePod(0), start + 5 * second)
    it.when(sync, start + 6 * second).emits(
      { type: 'PodAccounted', pod: 0, as: 'failed' },
      { type: 'JobSynced', podFailures: 1, lastPodFailureAt: start + 5 * second },
    )
    expect(creates(it.and(sync, start + 6 * second), start + 15 * second - 1)).toBe(0)
    expect(creates(it.and(sync, start + 6 * second), start + 15 * second)).toBe(1)
  })
})

describe('the back-off limit', () => {
  const failing = (over: Partial<JobTerms>, failures: number): Given => {
    let it = given(jobCreated({ parallelism: 3, completions: 9, podBackoffBaseMs: 1, ...over })).and(sync)
    for (let pod = 0; pod < failures; pod += 1) it = it.and(failed(pod))
    return it.and(sync, start + second)
  }

  test.each<[rule: string, limit: number, failures: number, reason: string | undefined]>([
    ['[F-4] none allowed, none happened', 0, 0, undefined],
    ['[F-4] none allowed, the first fails the Job', 0, 1, 'BackoffLimitExceeded'],
    ['[F-4] as many as allowed', 2, 2, undefined],
    ['[F-4] one more than allowed', 2, 3, 'BackoffLimitExceeded'],
  ])('%s', (_, backoffLimit, failures, reason) =>
    expect(failing({ backoffLimit }, failures).job.interim?.reason).toBe(reason),
  )

  test('[F-4] lowering it below what has failed already fails the Job', () =>
    expect(
      failing({ backoffLimit: 6 }, 2)
        .and(change({ backoffLimit: 1 }))
        .and(sync, start + second).job.interim?.reason,
    ).toBe('BackoffLimitExceeded'))

  test('[3.1] failure beats success when both become true in one sync', () => {
    const it = given(jobCreated({ parallelism: 2, completions: 1, backoffLimit: 0 })).and(sync)
    expect(it.job.pods.size).toBe(1)
    const both = given(jobCreated({ parallelism: 2, completions: null, backoffLimit: 0 })).and(sync)
    const { job } = both.and(succeeded(0)).and(failed(1)).and(sync)
    expect(job.finished).toMatchObject({ _tag: 'Failure', reason: 'BackoffLimitExceeded' })
  })

  const restarted = (over: Partial<JobTerms>, restarts: number, pods = 1): Given => {
    let it = given(jobCreated({ restartPolicy: 'OnFailure', parallelism: pods, completions: pods, ...over })).and(sync)
    for (let restart = 0; restart <= restarts; restart += 1) it = it.and(launched(restart % pods, start, restart))
    return it
  }

  test.each<[rule: string, over: Partial<JobTerms>, restarts: number, reason: string | undefined]>([
    ['[O-3] below the limit', { backoffLimit: 3 }, 2, undefined],
    ['[O-3] at the limit', { backoffLimit: 3 }, 3, 'BackoffLimitExceeded'],
    ['[O-3] limit 0: no restart yet', { backoffLimit: 0 }, 0, undefined],
    ['[O-3] limit 0: the first restart', { backoffLimit: 0 }, 1, 'BackoffLimitExceeded'],
    ['[O-3] Never does not look at restarts', { backoffLimit: 0, restartPolicy: 'Never' }, 5, undefined],
  ])('%s', (_, over, restarts, reason) => expect(restarted(over, restarts).and(sync).job.interim?.reason).toBe(reason))

  test('[O-3] restarts of all Pods add up', () =>
    expect(restarted({ backoffLimit: 4 }, 4, 2).and(sync).job.interim?.reason).toBe('BackoffLimitExceeded'))

  test('[O-5] the Pod that runs is deleted and counts as failed at once', () =>
    restarted({ backoffLimit: 1 }, 1)
      .when(sync)
      .emits(
        { type: 'PodDeletionRequested', pod: 0 },
        { type: 'PodAccounted', pod: 0, as: 'failed' },
        { type: 'FailureTargeted', reason: 'BackoffLimitExceeded' },
        { type: 'JobSynced', counts: { active: 0, ready: 0, terminating: 1, succeeded: 0, failed: 1 } },
      ))

  test('[O-6] restarts of Pods that have ended are no longer in the sum', () => {
    const it = restarted({ backoffLimit: 4 }, 3, 2)
    expect(it.job.restarts).toBe(3)
    expect(it.and(succeeded(1)).job.restarts).toBe(1)
    expect(
      it
        .and(succeeded(1))
        .and(launched(0, start, 4))
        .and(launched(0, start, 5))
        .and(sync).job.interim,
    ).toBeNull()
  })
})
