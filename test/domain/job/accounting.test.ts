import { describe, expect, test } from 'vitest'
import type { PodReport } from '../../../src/domain/job/commands.ts'
import { renderIndexes } from '../../../src/domain/job/index-set.ts'
import { podRow } from '../../../src/domain/job/pod-columns.ts'
import { jobCreated, second, start } from '../../support/facts.ts'
import {
  change,
  deletePod,
  failed,
  failedWith,
  type Given,
  given,
  started,
  succeeded,
  sync,
} from '../../support/given.ts'

type Terms = Parameters<typeof jobCreated>[0]
const wide = (pods: number, over: Terms = {}): Given =>
  given(jobCreated({ parallelism: pods, completions: pods, backoffLimit: 99, ...over })).and(sync)
const indexed = (pods: number, over: Terms = {}): Given => wide(pods, { completionMode: 'Indexed', ...over })
const published = ({ job }: Given) => job.published

describe('the counters', () => {
  test('[C-3] succeeded is what it was and the new successes; with indexes the number of completed ones', () => {
    const it = wide(5).and(succeeded(0)).and(succeeded(1)).and(sync)
    expect(published(it).counts.succeeded).toBe(2)
    expect(published(it.and(succeeded(3)).and(sync)).counts.succeeded).toBe(3)
    const other = indexed(5).and(succeeded(0)).and(succeeded(4)).and(sync)
    expect(published(other)).toMatchObject({ counts: { succeeded: 2 }, completed: { size: 2 } })
  })

  test('[C-4] failed is what it was and the new failures, without those that a rule ignores', () => {
    const onExitCodes = { container: null, operator: 'In' as const, values: [42] }
    const podFailurePolicy = [{ action: 'Ignore' as const, onExitCodes, onPodConditions: [] }]
    const it = wide(5, { podFailurePolicy, podReplacementPolicy: 'Failed' }).and(failedWith(0, 1)).and(sync)
    expect(published(it).counts.failed).toBe(1)
    expect(published(it.and(failedWith(1, 42)).and(failedWith(2, 1)).and(sync)).counts.failed).toBe(2)
  })

  test('[I-5] completed indexes are those of before and those that have succeeded since', () => {
    const it = indexed(5).and(succeeded(3)).and(sync)
    expect(renderIndexes(published(it).completed)).toBe('3')
    expect(renderIndexes(published(it.and(succeeded(0)).and(succeeded(1)).and(sync)).completed)).toBe('0,1,3')
  })

  test('[I-6] several successes of one index count once, and a later one changes nothing', () => {
    const it = indexed(2).and(succeeded(0)).and(sync).and(adopted(0, 'Succeeded')).and(sync)
    expect(published(it)).toMatchObject({ counts: { succeeded: 1 }, completed: { size: 1 } })
    expect(it.job.finished).toBeNull()
  })

  test('[I-7] the failure of a Pod whose index is completed is a failure all the same', () => {
    const it = indexed(2).and(succeeded(0)).and(sync).and(adopted(0, 'Failed')).and(sync)
    expect(published(it)).toMatchObject({ counts: { succeeded: 1, failed: 1 }, completed: { size: 1 } })
  })

  test('[I-8] failed indexes are those of before and those that have failed for good since', () => {
    const it = indexed(4, { backoffLimitPerIndex: 0 }).and(failed(1)).and(sync)
    expect(renderIndexes(published(it).failedIndexes)).toBe('1')
    expect(renderIndexes(published(it.and(failed(3)).and(sync)).failedIndexes)).toBe('1,3')
  })

  test('[T-5] completed and failed indexes and succeeded are told by the same sync', () => {
    const it = indexed(4, { backoffLimitPerIndex: 0 }).and(succeeded(0)).and(failed(2))
    expect(published(it)).toMatchObject({
      counts: { succeeded: 0 },
      completed: { size: 0 },
      failedIndexes: { size: 0 },
    })
    expect(published(it.and(sync))).toMatchObject({
      counts: { succeeded: 1 },
      completed: { size: 1 },
      failedIndexes: { size: 1 },
    })
  })
})

const report = (phase: PodReport['phase']): PodReport => ({
  phase,
  ready: false,
  readySince: null,
  restarts: 0,
  exits: [],
  finishedAt: null,
  conditions: [],
})

const adopted = (index: number | null, phase: PodReport['phase'] = 'Running') =>
  ({
    type: 'AdoptPod',
    uid: 'uid-foundling',
    name: 'foundling',
    index,
    hasNode: true,
    hasFinalizers: false,
    createdAt: start,
    form: {},
    report: report(phase),
  }) as const

describe('a Pod that is taken over', () => {
  test('[S-8] counts in the same sync: one Pod less is created', () => {
    const before = given(jobCreated({ parallelism: 3, completions: 3, podsRunElsewhere: true }))
    before.and(adopted(null)).when(sync).says('PodCreated', 'PodCreated', 'JobSynced')
    expect(before.and(adopted(null)).and(sync).job.counts.active).toBe(3)
  })

  test('[5.6] and that takes the index of a failure over lets that be counted', () => {
    const it = indexed(2, { backoffLimitPerIndex: 3 }).and(failed(0)).and(sync)
    it.when(sync).says()
    it.and(adopted(0)).when(sync).says('PodAccounted', 'JobSynced')
  })

  test('[5.6, I-6] a failure is no memory of an index that another Pod completes in the same sync', () => {
    const it = indexed(2, { backoffLimitPerIndex: 3 }).and(adopted(0, 'Failed')).and(succeeded(0)).and(sync)
    expect(published(it)).toMatchObject({ counts: { succeeded: 1, failed: 1 }, completed: { size: 1 } })
    expect(it.job.heldBackFailures).toBe(0)
  })

  test.each<[what: string, it: Given]>([
    ['is being deleted', wide(1).and({ type: 'DeleteJob', propagation: 'Foreground' })],
    ['is gone', wide(1).and({ type: 'DeleteJob', propagation: 'Background' })],
    ['is finished', wide(1).and(succeeded(0)).and(sync)],
    ['belongs to another manager', given(jobCreated({ managedElsewhere: true }))],
  ])('[W-1] is not, by a Job that %s', (_, it) => it.when(adopted(null)).refuses({ _tag: 'JobAdoptsNoPods' }))
})

describe('what one sync does about Pods that have ended', () => {
  test('[T-6, T-7] the verdict, the counting and the status are one append, in this order', () =>
    wide(2, { backoffLimit: 0 })
      .and(failed(0))
      .when(sync)
      .says('PodAccounted', 'PodDeletionRequested', 'PodAccounted', 'FailureTargeted', 'JobSynced'))

  test('[T-8, T-9] a Pod that is counted is released, and one that is not counted is not', () => {
    const { job } = wide(2).and(succeeded(0)).and(sync).and(succeeded(1))
    expect([podRow(job.pods, 0).tracked, podRow(job.pods, 1).tracked]).toEqual([false, true])
    expect(job.counts.succeeded).toBe(1)
  })

  test('[T-4, T-11] a sync that cannot count them all finishes nothing; the last one does', () => {
    let it = given(jobCreated({ parallelism: 600, completions: 600 }))
    while (it.job.unsyncedSince !== null) it = it.and(sync)
    for (let pod = 0; pod < 600; pod += 1) it = it.and(succeeded(pod))
    const ends: boolean[] = []
    while (it.job.unsyncedSince !== null) {
      it = it.and(sync)
      ends.push(it.job.finished !== null)
    }
    expect(ends.length).toBeGreaterThan(2)
    expect(ends).toEqual([...ends.slice(1).map(() => false), true])
    expect(it.job.published.counts.succeeded).toBe(600)
  })

  test('[B-4] the back-off moves with the sync that tells the failure, not before', () => {
    const it = wide(1).and(failed(0, start + second), start + second)
    expect(it.job.podFailures).toBe(0)
    it.when(sync, start + 2 * second).emits(
      { type: 'PodAccounted', as: 'failed' },
      { type: 'JobSynced', podFailures: 1, lastPodFailureAt: start + second, counts: { failed: 1 } as never },
    )
  })

  test('[ST-6] the last success raises the counters before the interim condition, which comes before the terminal one', () => {
    const sofar = wide(1).and(succeeded(0)).when(sync).events
    expect(sofar.map(({ type }) => type)).toEqual(['PodAccounted', 'SuccessCriteriaMet', 'JobCompleted', 'JobSynced'])
    expect(sofar[1]).toMatchObject({ counts: { succeeded: 1 } })
  })

  test.each([
    '[F-11] a Pod that terminates already is not deleted again when the Job is decided, under TerminatingOrFailed',
    '[F-11] a Pod that terminates already is not deleted again when the Job is decided, under Failed',
  ])('%s', (title) => {
    const podReplacementPolicy = title.endsWith(' Failed') ? 'Failed' : 'TerminatingOrFailed'
    const it = wide(2, { activeDeadlineSeconds: 5, podReplacementPolicy }).and(deletePod(0), start + second)
    const events = it.when(sync, start + 9 * second).events
    const asked = events.filter(({ type }) => type === 'PodDeletionRequested')
    expect(asked).toMatchObject([{ pod: 1 }])
    it.and(sync, start + 9 * second)
      .and(started(1), start + 9 * second)
      .when(sync, start + 10 * second)
      .says('JobSynced')
  })
})

describe('when a Pod is taken to have failed', () => {
  const reported = (over: Partial<PodReport>) =>
    ({ type: 'ReportPod', pod: 0, report: { ...report('Failed'), ...over }, status: {} }) as const
  const elsewhere = (over: Terms = {}) => wide(1, { podsRunElsewhere: true, hasNode: true, ...over })
  const failureOf = (it: Given) => it.and(sync, start + 90 * second).job.lastPodFailureAt

  test('[B-1] at the end that its containers, or else its readiness, tell', () =>
    expect(failureOf(elsewhere().and(reported({ finishedAt: start + 7 * second }), start + 60 * second))).toBe(
      start + 7 * second,
    ))

  test('[B-1] without such an end: when it was to be deleted', () =>
    expect(
      failureOf(
        elsewhere({ podReplacementPolicy: 'Failed' })
          .and(deletePod(0), start + 40_700)
          .and(reported({}), start + 60 * second),
      ),
    ).toBe(start + 40 * second))

  test('[B-1] without that either: when it was created', () =>
    expect(failureOf(elsewhere().and(reported({}), start + 60 * second))).toBe(start))
})

describe('creations', () => {
  test('[P-5] wait for the back-off, and the status shows what is active meanwhile', () => {
    const it = wide(3).and(failed(0, start + second), start + second)
    it.when(sync, start + 2 * second).emits(
      { type: 'PodAccounted' },
      { type: 'JobSynced', retryAt: start + 11 * second, counts: { active: 2 } as never },
    )
  })

  test('[P-6] of the indexes that are chosen those in back-off are left out; all of them: the first that ends is waited for', () => {
    const both = indexed(3, { backoffLimitPerIndex: 9, parallelism: 2 })
      .and(failed(0, start + second), start + second)
      .and(failed(1, start + 4 * second), start + 4 * second)
    both
      .when(sync, start + 5 * second)
      .emits(
        { type: 'PodHeldBack', pod: 0 },
        { type: 'PodHeldBack', pod: 1 },
        { type: 'JobSynced', retryAt: start + 11 * second },
      )
    both
      .and(sync, start + 5 * second)
      .when(sync, start + 11 * second)
      .emits({ type: 'PodCreated', index: 0 }, { type: 'JobSynced', retryAt: start + 14 * second })
  })

  test('[P-11] the status of a sync shows its own deletions as terminating, also of Pods that are gone with it', () => {
    const it = wide(3, { podsRunElsewhere: true }).and(change({ parallelism: 1 }))
    const counts = { active: 1, terminating: 2 } as never
    const synced = it.when(sync).events.at(-1)
    expect(synced).toMatchObject({ type: 'JobSynced', counts })
    expect(it.and(sync).job.live).toBe(1)
    expect(it.and(sync).and(sync, start + second).job.published.counts.terminating).toBe(0)
  })
})
