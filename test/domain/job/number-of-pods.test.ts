import { describe, expect, test } from 'vitest'
import type { JobTerms } from '../../../src/domain/job/job-facts.ts'
import { type Job, isIndexed } from '../../../src/domain/job/job.ts'
import { podRow } from '../../../src/domain/job/pod-columns.ts'
import { podIdentities } from '../../../src/domain/job/pod-identity.ts'
import { jobCreated, second, start } from '../../support/facts.ts'
import { change, failed, type Given, given, launched, saw, started, succeeded, sync } from '../../support/given.ts'

const indexed = (over: Partial<JobTerms> = {}) => jobCreated({ completionMode: 'Indexed', ...over })

/** Indexes of the Pods, by ordinal. */
const indexes = (job: Job): ReadonlyArray<number | null> =>
  Array.from({ length: job.pods.size }, (_, pod) => podRow(job.pods, pod).index)

const count = (it: Given, type: string): number =>
  it.when(sync, start).events.filter((event) => event.type === type).length

describe('how many Pods', () => {
  test.each<[rule: string, terms: Partial<JobTerms>, pods: number]>([
    ['[P-2] as many as run at a time', { parallelism: 3, completions: 5 }, 3],
    ['[P-2] not more than are still to succeed', { parallelism: 5, completions: 2 }, 2],
    ['[P-2, J-6] a work queue: parallelism', { parallelism: 4, completions: null }, 4],
    ['[P-2] parallelism 0: none', { parallelism: 0, completions: 3 }, 0],
    ['[P-1] suspended: none', { parallelism: 3, completions: 3, suspend: true }, 0],
    ['[F-9] completions 0: none', { parallelism: 3, completions: 0 }, 0],
    ['[ST-4] deadline 0: none', { parallelism: 3, completions: 3, activeDeadlineSeconds: 0 }, 0],
  ])('%s', (_, over, pods) => expect(count(given(jobCreated(over)), 'PodCreated')).toBe(pods))

  test('[P-2] a parallelism of 0 is a started Job without Pods, not a finished one', () => {
    given(jobCreated({ parallelism: 0 }))
      .when(sync)
      .emits({ type: 'JobSynced', startTime: start, suspended: null, complete: true })
    expect(given(jobCreated({ parallelism: 0 })).and(sync).job.finished).toBeNull()
  })

  test('[P-2] what has succeeded is not run again', () => {
    const it = given(jobCreated({ parallelism: 2, completions: 3 }))
      .and(sync)
      .and(succeeded(0))
      .and(sync)
    expect(it.job.pods.size).toBe(3)
    it.and(succeeded(1)).when(sync).says('PodAccounted', 'JobSynced')
  })

  test('[P-2] a work queue neither grows nor shrinks after its first success', () => {
    const it = given(jobCreated({ parallelism: 3, completions: null }))
      .and(sync)
      .and(succeeded(0))
      .and(sync)
    it.and(change({ parallelism: 9 }))
      .when(sync)
      .says('JobSynced')
    it.and(change({ parallelism: 1 }))
      .when(sync)
      .says('JobSynced')
    it.and(failed(1)).when(sync).says('PodAccounted', 'JobSynced')
  })

  test.each<[Partial<JobTerms>]>([
    [{ parallelism: 2_147_483_647, completions: 2_147_483_647 }],
    [{ parallelism: 2_147_483_647, completions: null }],
  ])('no more than a hundred thousand Pods are beside each other, whatever is asked for: %o', (over) => {
    let it = given(jobCreated({ ...over, completionMode: 'NonIndexed' }))
    for (let isComplete = false; !isComplete; ) {
      const { events } = it.when(sync)
      expect(events.length).toBeLessThanOrEqual(451)
      isComplete = events.some((event) => event.type === 'JobSynced' && event.complete)
      it = it.and(sync)
    }
    expect(it.job.counts.active).toBe(100_000)
    it.and(failed(7))
      .when(sync, start + 3600 * second)
      .says('PodAccounted', 'PodCreated', 'JobSynced')
  })

  test('[P-3] a sync that deletes creates nothing; the next one has nothing left to do', () => {
    const it = given(jobCreated({ parallelism: 3, completions: 3 }))
      .and(sync)
      .and(change({ parallelism: 1 }))
    it.when(sync).says('PodAccounted', 'PodDeletionRequested', 'PodAccounted', 'PodDeletionRequested', 'JobSynced')
    it.and(sync).when(sync).emits()
  })

  test('[P-3, C-5] a Pod that was scaled away is never counted, however it ends', () => {
    const it = given(jobCreated({ parallelism: 2, completions: 4 }))
      .and(sync)
      .and(change({ parallelism: 0 }))
      .and(sync)
    it.when(succeeded(0)).says('PodSucceeded', 'PodRemoved')
    it.when(failed(1)).says('PodFailed', 'PodRemoved')
    expect(it.and(succeeded(0)).and(failed(1)).and(sync).job.published.counts).toStrictEqual({
      active: 0,
      ready: 0,
      terminating: 0,
      succeeded: 0,
      failed: 0,
    })
  })

  test('[P-4] Pods that terminate keep their place under policy Failed only', () => {
    const scaled = (podReplacementPolicy: JobTerms['podReplacementPolicy']) =>
      given(jobCreated({ parallelism: 2, completions: 4, podReplacementPolicy }))
        .and(sync)
        .and(change({ parallelism: 0 }))
        .and(sync)
        .and(change({ parallelism: 2 }))
    expect(count(scaled('TerminatingOrFailed'), 'PodCreated')).toBe(2)
    expect(count(scaled('Failed'), 'PodCreated')).toBe(0)
    expect(count(scaled('Failed').and(failed(0)), 'PodCreated')).toBe(1)
  })

  test('a Job wider than one append creates its Pods in bounded pieces, none twice', () => {
    let it = given(jobCreated({ parallelism: 3000, completions: 3000 }))
    let appends = 0
    for (; it.job.unsyncedSince !== null; appends += 1) {
      const { events } = it.when(sync)
      expect(events.length).toBeLessThanOrEqual(1000)
      it = it.and(sync)
    }
    expect(appends).toBeGreaterThan(2)
    expect(it.job.counts.active).toBe(3000)
    expect(it.job.pods.size).toBe(3000)
  })

  test('[P-1] suspending a wide Job deletes its Pods in bounded pieces and says Suspended with the last', () => {
    let it = given(jobCreated({ parallelism: 2000, completions: 2000 }))
    while (it.job.unsyncedSince !== null) it = it.and(sync)
    it = it.and(change({ suspend: true }))
    for (let appends = 0; it.job.unsyncedSince !== null; appends += 1) {
      expect(appends).toBeLessThan(20)
      expect(it.when(sync).events.length).toBeLessThanOrEqual(1000)
      expect(it.job.suspended).toBeNull()
      it = it.and(sync)
    }
    expect(it.job.counts).toMatchObject({ active: 0, terminating: 2000 })
    expect(it.job.suspended?.status).toBe(true)
  })
})

describe('which Pod is deleted first [2.7]', () => {
  const ready = (pod: number, at: number) => started(pod, at, true)
  const isReady = (pod: number, value: boolean, at: number) =>
    saw(pod, { type: 'PodReadinessChanged', ready: value, at })
  const restartedTwice = (pod: number) => [launched(pod, start, 1), launched(pod, start, 2)]

  /** Two Pods told these commands; parallelism then falls to 1. */
  const goes = (...commands: ReadonlyArray<Parameters<Given['and']>[0]>): number => {
    let it = given(jobCreated({ parallelism: 2, completions: 2, restartPolicy: 'OnFailure' })).and(sync)
    for (const command of commands) it = it.and(command, start + 50)
    const { events } = it.and(change({ parallelism: 1 }), start + 50).when(sync, start + 50)
    const deleted = events.filter(({ type }) => type === 'PodDeletionRequested')
    expect(deleted).toHaveLength(1)
    return deleted[0]?.type === 'PodDeletionRequested' ? deleted[0].pod : -1
  }

  test.each<[rule: string, pod: number, commands: ReadonlyArray<Parameters<Given['and']>[0]>]>([
    ['all equal: the newest', 1, []],
    ['without a process before one with', 1, [launched(0)]],
    ['without a process before one with, also the older', 0, [launched(1)]],
    ['Pending before Running', 0, [launched(0), ready(1, start + 1)]],
    ['not ready before ready', 0, [started(0, start + 1, false), ready(1, start + 2)]],
    ['ready for a shorter time first', 0, [ready(0, start + 9), ready(1, start + 2)]],
    [
      'ready for a shorter time, however long it runs',
      0,
      [ready(0, start + 1), ready(1, start + 2), isReady(0, false, start + 3), isReady(0, true, start + 4)],
    ],
    [
      'ready for a longer time, though it was told so again',
      0,
      [ready(0, start + 2), ready(1, start + 1), isReady(1, true, start + 9)],
    ],
    ['more restarts first', 0, [ready(0, start + 2), ready(1, start + 2), ...restartedTwice(0)]],
    ['readiness before restarts', 1, [ready(0, start + 2), started(1, start + 2, false), ...restartedTwice(0)]],
  ])('%s', (_, pod, commands) => expect(goes(...commands)).toBe(pod))

  test('one that says it is ready and not since when, before one that does', () => {
    const ready = { phase: 'Running', ready: true, restarts: 0, exits: [], conditions: [], finishedAt: null } as const
    const reported = (pod: number, readySince: number | null) =>
      ({ type: 'ReportPod', pod, report: { ...ready, readySince }, status: {} }) as const
    given(jobCreated({ parallelism: 2, completions: 2, podsRunElsewhere: true, hasNode: true }))
      .and(sync)
      .and(reported(0, null))
      .and(reported(1, start + 5))
      .and(change({ parallelism: 1 }))
      .when(sync)
      .emits({ type: 'PodAccounted', pod: 0 }, { type: 'PodDeletionRequested', pod: 0 }, { type: 'JobSynced' })
  })

  test('the later created of two', () => {
    const it = given(jobCreated({ parallelism: 1, completions: 2 }))
      .and(sync, start)
      .and(change({ parallelism: 2 }), start + 5)
      .and(sync, start + 5)
      .and(change({ parallelism: 1 }), start + 6)
    it.when(sync, start + 6).emits(
      { type: 'PodAccounted', pod: 1, as: 'uncounted' },
      { type: 'PodDeletionRequested', pod: 1, by: 'controller', graceSeconds: 30 },
      { type: 'JobSynced' },
    )
  })
})

describe('which index [4.3]', () => {
  test('[I-2] the lowest ones, as many as are missing', () =>
    expect(indexes(given(indexed({ parallelism: 3, completions: 9 })).and(sync).job)).toStrictEqual([0, 1, 2]))

  test('[I-1] not one that is completed or has an active Pod', () => {
    const it = given(indexed({ parallelism: 2, completions: 9 }))
      .and(sync)
      .and(succeeded(1))
      .and(sync)
    expect(indexes(it.job)).toStrictEqual([0, 1, 2])
    const again = it
      .and(failed(0))
      .and(failed(2))
      .and(sync)
      .and(sync, start + 20 * second)
    expect(indexes(again.job)).toStrictEqual([0, 1, 2, 0, 2])
  })

  test('[I-1] one whose Pod terminates: at once under TerminatingOrFailed, later under Failed', () => {
    const scaled = (podReplacementPolicy: JobTerms['podReplacementPolicy']) =>
      given(indexed({ parallelism: 2, completions: 9, podReplacementPolicy }))
        .and(sync)
        .and(change({ parallelism: 0 }))
        .and(sync)
        .and(change({ parallelism: 3 }))
        .and(sync).job
    expect(indexes(scaled('TerminatingOrFailed'))).toStrictEqual([0, 1, 0, 1, 2])
    expect(indexes(scaled('Failed'))).toStrictEqual([0, 1, 2])
  })

  test('[I-4] a failed lower index goes before higher ones', () => {
    const it = given(indexed({ parallelism: 2, completions: 9, podBackoffBaseMs: 1 }))
      .and(sync)
      .and(failed(0))
      .and(succeeded(1, start + 1), start + 1)
      .and(sync, start + 10)
    expect(indexes(it.job)).toStrictEqual([0, 1, 0, 2])
  })

  test('[C-5] of two Pods of an index the one that was taken back is not counted', () => {
    const it = given(indexed({ parallelism: 1, completions: 1 }))
      .and(sync)
      .and(change({ suspend: true }))
      .and(sync)
    expect(isIndexed(it.job)).toBe(true)
    const twice = it.and(change({ suspend: false })).and(sync)
    expect(indexes(twice.job)).toStrictEqual([0, 0])
    expect(twice.and(succeeded(1)).and(succeeded(0)).and(sync).job.published.counts.succeeded).toBe(1)
  })

  test('attempts of an index count from 0', () => {
    const it = given(indexed({ parallelism: 1, completions: 2, podBackoffBaseMs: 1 }))
      .and(sync)
      .and(failed(0))
      .and(sync, start + second)
      .and(failed(1, start + second), start + second)
    it.when(sync, start + 2 * second).emits(
      { type: 'PodAccounted', pod: 1, as: 'failed' },
      { type: 'PodCreated', pod: 2, index: 0, attempt: 2 },
      { type: 'JobSynced' },
    )
  })
})

test('[4.1] names and uids of new Pods are those of their ordinals, from the seed of the Job', () => {
  const it = given(indexed({ parallelism: 2, completions: 2 }))
  const identityOf = podIdentities({ name: 'pi', seed: 'seed-1' })
  const [first, next] = [identityOf(0, 0), identityOf(1, 1)]
  it.when(sync).emits(
    { type: 'PodCreated', pod: 0, name: first.name, uid: first.uid, index: 0, attempt: 0, generation: 1 },
    { type: 'PodCreated', pod: 1, name: next.name, uid: next.uid, index: 1, attempt: 0, generation: 1 },
    { type: 'JobSynced' },
  )
})

describe('counting [2.5]', () => {
  test('[C-1] ready are the active Pods that say so', () => {
    const it = given(jobCreated({ parallelism: 2, completions: 2 }))
      .and(sync)
      .and(started(0))
      .and(sync)
    expect(it.job.published.counts).toMatchObject({ active: 2, ready: 1 })
    const not = it.and(saw(0, { type: 'PodReadinessChanged', ready: false, at: start })).and(sync)
    expect(not.job.published.counts).toMatchObject({ active: 2, ready: 0 })
  })

  test('facts about Pods that have ended, or never were, say nothing new', () => {
    const it = given(jobCreated()).and(sync).and(succeeded(0))
    it.when(failed(0)).emits()
    it.when(started(0)).emits()
    it.when(started(7)).emits()
    it.and(sync).when(succeeded(0)).emits()
    given(jobCreated()).and(sync).and(started(0)).when(started(0)).emits()
  })

  test('of two ends in one breath the first is the fact', () =>
    given(jobCreated())
      .and(sync)
      .when(saw(0, { type: 'PodSucceeded', at: start }, { type: 'PodFailed', reason: null, exitCode: 1, at: start }))
      .says('PodSucceeded'))
})
