import { describe, expect, test } from 'vitest'
import { agenda, expiryOf } from '../../../src/domain/job/agenda.ts'
import type { JobCommand } from '../../../src/domain/job/commands.ts'
import type { JobTerms } from '../../../src/domain/job/job-facts.ts'
import { O } from '../../../src/prelude.ts'
import { jobCreated, second, start } from '../../support/facts.ts'
import { change, failed, type Given, given, started, succeeded, sync } from '../../support/given.ts'

const running = (over: Partial<JobTerms> = {}): Given => given(jobCreated(over)).and(sync)

describe('completion', () => {
  test.each<[rule: string, terms: Partial<JobTerms>, pods: number, done: boolean]>([
    ['[F-9] all completions', { completions: 2, parallelism: 2 }, 2, true],
    ['[F-9] one is missing', { completions: 2, parallelism: 2 }, 1, false],
    ['[J-6] a work queue with a Pod still active', { completions: null, parallelism: 2 }, 1, false],
    ['[J-6] a work queue without', { completions: null, parallelism: 2 }, 2, true],
    ['[J-30] all indexes', { completionMode: 'Indexed', completions: 2, parallelism: 2 }, 2, true],
  ])('%s', (_, over, pods, done) => {
    let it = running(over)
    for (let pod = 0; pod < pods; pod += 1) it = it.and(succeeded(pod))
    expect(it.and(sync).job.finished !== null).toBe(done)
  })

  test('[J-6] a work queue whose Pods all failed is not done', () => {
    const it = running({ completions: null, parallelism: 2 }).and(failed(0)).and(failed(1)).and(sync)
    expect(it.job.interim).toBeNull()
  })

  test('[F-9, ST-4] completions 0: complete in the first sync, without a Pod', () =>
    given(jobCreated({ completions: 0 }))
      .when(sync)
      .emits(
        { type: 'SuccessCriteriaMet', reason: 'CompletionsReached', startTime: start },
        { type: 'JobCompleted', reason: 'CompletionsReached', startTime: start },
        { type: 'JobSynced' },
      ))

  test('[F-14] waits for what still terminates, and the interim condition does not come twice', () => {
    const it = running({ completions: 3, parallelism: 2 })
      .and(change({ parallelism: 1 }))
      .and(sync)
    const met = it.and(succeeded(0)).and(sync).and(succeeded(2)).and(sync).and(succeeded(3))
    met.when(sync).says('PodAccounted', 'SuccessCriteriaMet', 'JobSynced')
    met
      .and(sync)
      .and(failed(1))
      .when(sync, start + second)
      .emits({ type: 'JobCompleted' }, { type: 'JobSynced' })
  })

  test('[3.1] a Job that has met its success criteria cannot fail any more, not even by its deadline', () => {
    const it = running({ completions: null, parallelism: 3, activeDeadlineSeconds: 5 })
      .and(change({ parallelism: 2 }))
      .and(sync)
      .and(succeeded(0))
      .and(succeeded(1))
      .and(sync)
    expect(it.job).toMatchObject({ interim: { _tag: 'Success' }, finished: null })
    const { job } = it.and(failed(2), start + 9 * second).and(sync, start + 9 * second)
    expect(job.finished).toMatchObject({ _tag: 'Success', reason: 'CompletionsReached' })
  })

  test('[F-18] a finished Job is never touched again', () => {
    const it = running().and(succeeded(0)).and(sync)
    for (const type of ['CreatePods', 'FailOnBackoff', 'ExpireDeadline', 'RemovePods'] as const)
      it.when({ type }, start + 999 * second).emits()
  })
})

describe('the deadline', () => {
  test('[F-5, 6.2] one millisecond before nothing, then the Job fails and its Pods count as failed', () => {
    const it = running({ activeDeadlineSeconds: 5, parallelism: 2, completions: 2 }).and(started(0)).and(sync)
    const expire: JobCommand = { type: 'ExpireDeadline' }
    it.when(expire, start + 5 * second - 1).emits()
    it.when(expire, start + 5 * second).emits(
      { type: 'PodDeletionRequested', pod: 0 },
      { type: 'PodAccounted', pod: 0, as: 'failed' },
      { type: 'PodDeletionRequested', pod: 1 },
      { type: 'PodAccounted', pod: 1, as: 'failed' },
      { type: 'FailureTargeted', reason: 'DeadlineExceeded' },
      { type: 'JobSynced', counts: { active: 0, ready: 0, terminating: 2, succeeded: 0, failed: 2 } },
    )
    const ended = it
      .and(expire, start + 5 * second)
      .and(failed(0), start + 6 * second)
      .and(failed(1), start + 6 * second)
    ended
      .when(sync, start + 6 * second)
      .emits({ type: 'JobFailed', reason: 'DeadlineExceeded', counts: { failed: 2 } as never }, { type: 'JobSynced' })
  })

  test('[ST-4] a deadline of 0 fails in the first sync, with a start time and without a Pod', () =>
    given(jobCreated({ activeDeadlineSeconds: 0 }))
      .when(sync)
      .emits(
        { type: 'FailureTargeted', startTime: start },
        { type: 'JobFailed', startTime: start },
        { type: 'JobSynced' },
      ))

  test('[6.2] covers the time of the back-off', () => {
    const it = running({ activeDeadlineSeconds: 5 }).and(failed(0)).and(sync)
    expect(it.and(sync, start + 5 * second).job.finished?.reason).toBe('DeadlineExceeded')
  })

  test('[E-3] a change takes effect at once; taken away, the Job goes on', () => {
    const it = running()
    it.and(change({ activeDeadlineSeconds: 3 }), start + 4 * second)
      .when(sync, start + 4 * second)
      .says('PodDeletionRequested', 'PodAccounted', 'FailureTargeted', 'JobSynced')
    const without = running({ activeDeadlineSeconds: 3 }).and(change({ activeDeadlineSeconds: null }), start + second)
    expect(without.and(sync, start + 9 * second).job.interim).toBeNull()
  })

  test('[3.1] after the back-off limit: when both are true that is the reason', () =>
    expect(
      running({ activeDeadlineSeconds: 1, backoffLimit: 0 })
        .and(failed(0))
        .and(sync, start + 9 * second).job.finished?.reason,
    ).toBe('BackoffLimitExceeded'))

  test('[3.1] before completion: a success in the sync of the deadline is a failure', () =>
    expect(
      running({ activeDeadlineSeconds: 1 })
        .and(succeeded(0))
        .and(sync, start + second).job.finished?.reason,
    ).toBe('DeadlineExceeded'))
})

test('[T-3] a wide Job that fails says why at once, keeps to it, and counts each Pod once', () => {
  let it = given(jobCreated({ parallelism: 2000, completions: 2000, activeDeadlineSeconds: 5 }))
  while (it.job.unsyncedSince !== null) it = it.and(sync)
  const at = start + 5 * second
  let appends = 0
  for (; it.job.counts.active > 0; appends += 1) {
    expect(it.when({ type: 'ExpireDeadline' }, at).events.length).toBeLessThanOrEqual(1000)
    it = it.and({ type: 'ExpireDeadline' }, at)
    expect(it.job.interim).toMatchObject({ reason: 'DeadlineExceeded', at })
  }
  expect(appends).toBeGreaterThan(2)
  expect(it.job.counts).toMatchObject({ active: 0, terminating: 2000, failed: 2000 })
})

describe('the time to live', () => {
  const expire: JobCommand = { type: 'DeleteExpired' }
  const done = (ttlSecondsAfterFinished: number | null): Given =>
    running({ ttlSecondsAfterFinished })
      .and(succeeded(0))
      .and(sync, start + second)

  test('[G-1] counts from the terminal condition', () => {
    const it = done(10)
    expect(expiryOf(it.job)).toBe(start + 11 * second)
    it.when(expire, start + 11 * second - 1).emits()
    it.when(expire, start + 11 * second).emits({ type: 'JobDeletionRequested', propagation: 'Foreground' })
  })

  test('[G-1] 0 deletes at once, none never', () => {
    done(0)
      .when(expire, start + second)
      .says('JobDeletionRequested')
    expect(expiryOf(done(null).job)).toBeNull()
    done(null)
      .when(expire, start + 10 ** 9 * second)
      .emits()
  })

  test('[G-1] a Job that still runs does not expire', () =>
    running({ ttlSecondsAfterFinished: 0 })
      .when(expire, start + 999 * second)
      .emits())

  test('[G-1] a failed Job expires too', () => {
    const it = running({ ttlSecondsAfterFinished: 3, backoffLimit: 0 }).and(failed(0)).and(sync)
    it.when(expire, start + 3 * second).says('JobDeletionRequested')
  })

  test('[G-2] deletes once', () => {
    const it = done(1).and(expire, start + 5 * second)
    it.when(expire, start + 6 * second).emits()
    expect(O.isNone(agenda.DeleteExpired(it.job, 0, start))).toBe(true)
  })

  test.each<[rule: string, ttl: number | null, to: number | null, expiresAt: number | null]>([
    ['[G-3] raised', 1, 60, start + 61 * second],
    ['[G-3] lowered', 60, 1, start + 2 * second],
    ['[G-3] set on a Job that finished without', null, 1, start + 2 * second],
    ['[G-3] removed', 1, null, null],
  ])('%s after the end', (_, ttl, to, expiresAt) => {
    const it = done(ttl).and(change({ ttlSecondsAfterFinished: to }), start + 2 * second)
    expect(agenda.DeleteExpired(it.job, 0, start)).toStrictEqual(expiresAt === null ? O.none : O.some(expiresAt))
    it.when(expire, start + 30 * second).says(
      ...(expiresAt === start + 2 * second ? (['JobDeletionRequested'] as const) : []),
    )
  })
})
