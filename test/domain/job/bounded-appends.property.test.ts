import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { JobCommand } from '../../../src/domain/job/commands.ts'
import type { JobTerms } from '../../../src/domain/job/job-facts.ts'
import { jobCreated, start } from '../../support/facts.ts'
import { change, deletePod, type Given, given, succeeded, sync } from '../../support/given.ts'

/** One append holds a thousand events at most, so no decision is larger. */
const eventsMax = 1000

/** Gives the command until it has nothing more to do; how often it had is the second answer. */
const until = (job: Given, command: JobCommand, at = start): readonly [Given, number] => {
  let now = job
  for (let times = 0; ; times += 1) {
    const { events } = now.when(command, at)
    expect(events.length).toBeLessThanOrEqual(eventsMax)
    if (events.length === 0) return [now, times]
    expect(times).toBeLessThan(50)
    now = now.and(command, at)
  }
}

const ends = (job: Given, type: 'PodSucceeded' | 'PodFailed', at: number): JobCommand => ({
  type: 'RecordPodFacts',
  facts: Array.from({ length: job.job.pods.size }, (_, pod) => ({
    pod,
    observation: type === 'PodSucceeded' ? { type, at } : { type, reason: null, exitCode: 1, at },
  })),
})

const withOtherLabels = {
  type: 'ChangePod',
  patch: {},
  isSelected: false,
  isTracked: true,
  isOwned: true,
  hasNode: true,
  hasFinalizers: false,
} as const

const many = fc.integer({ min: 0, max: 1500 })
const running = (pods: number, over: Partial<JobTerms> = {}) =>
  until(given(jobCreated({ parallelism: pods, completions: 10_000, ...over })), sync)

describe('whatever the size of a Job, no decision is larger than an append, and all of it is done in the end', () => {
  const check = (property: (pods: number) => void) => () =>
    fc.assert(
      fc.property(many, (pods) => property(pods)),
      { numRuns: 15, examples: [[0], [1], [225], [450], [451], [900], [1500]] },
    )

  test(
    'creation',
    check((pods) => {
      const [{ job }, syncs] = running(pods)
      expect(job.counts.active).toBe(pods)
      expect(job.published.counts.active).toBe(pods)
      expect(syncs).toBe(Math.max(1, Math.ceil(pods / 450)))
    }),
  )

  test(
    'scaling down',
    check((pods) => {
      const [{ job }] = until(running(pods)[0].and(change({ parallelism: 0 })), sync)
      expect(job.counts).toMatchObject({ active: 0, terminating: pods, failed: 0 })
    }),
  )

  test(
    'suspension: the condition comes with the last Pod',
    check((pods) => {
      const [{ job }] = until(running(pods)[0].and(change({ suspend: true })), sync)
      expect(job).toMatchObject({ counts: { active: 0, terminating: pods }, suspended: { status: true } })
    }),
  )

  test(
    'the deadline: the conditions come with the last Pod',
    check((pods) => {
      const late = start + 10_000
      const [{ job }] = until(running(pods, { activeDeadlineSeconds: 10 })[0], { type: 'ExpireDeadline' }, late)
      expect(job.counts).toMatchObject({ active: 0, terminating: pods, failed: pods })
      expect(job.interim).toMatchObject({ reason: 'DeadlineExceeded' })
      expect(job.finished === null).toBe(pods > 0)
    }),
  )

  test(
    'counting of ends',
    check((pods) => {
      const [before] = running(pods, { completions: Math.max(1, pods) })
      const [{ job }] = until(before.and(ends(before, 'PodSucceeded', start + 1), start + 1), sync, start + 1)
      expect(job.counts).toMatchObject({ succeeded: pods, active: pods === 0 ? 0 : job.counts.active })
      expect(job.finished?.reason ?? null).toBe(pods === 0 ? null : 'CompletionsReached')
    }),
  )

  test(
    'withdrawal',
    check((pods) => {
      const [{ job }] = until(running(pods)[0], { type: 'WithdrawPods' })
      expect(job.counts).toMatchObject({ active: 0, terminating: pods, failed: 0 })
    }),
  )

  test(
    'deletion',
    check((pods) => {
      const [before] = running(pods)
      const [deleting] = until(before.and({ type: 'DeleteJob', propagation: 'Foreground' }), { type: 'RemovePods' })
      expect(deleting.job).toMatchObject({ counts: { active: 0, terminating: pods }, deleted: pods === 0 })
      const [{ job }] = until(deleting.and(ends(before, 'PodFailed', start + 1), start + 1), { type: 'RemovePods' })
      expect(job).toMatchObject({ live: 0, deleted: true })
    }),
  )

  test(
    'orphaning',
    check((pods) => {
      const orphaning = running(pods)[0].and({ type: 'DeleteJob', propagation: 'Orphan' })
      const [{ job }] = until(orphaning, { type: 'RemovePods' })
      expect(job).toMatchObject({ live: 0, deleted: true })
      expect(job.released.size).toBe(pods)
    }),
  )

  test(
    'Pods that the selector finds no longer, and others in their place',
    check((pods) => {
      let [relabelled] = running(pods)
      for (let pod = 0; pod < pods; pod += 1) relabelled = relabelled.and({ ...withOtherLabels, pod })
      const [{ job }] = until(relabelled, sync)
      expect(job.released.size).toBe(pods)
      expect(job.unselected.size).toBe(0)
      expect(job.published.counts).toMatchObject({ active: pods, failed: 0 })
    }),
  )

  test(
    'failures of a Job that places its Pods: their indexes fail with them, and others are told their nodes',
    check((pods) => {
      const toNodes = { type: 'CreatePods', placement: { nodes: ['a', 'b'], obstacle: '' } } as const
      const perIndex = { completionMode: 'Indexed', backoffLimit: 2 ** 31, backoffLimitPerIndex: 0 } as const
      let [before] = until(given(jobCreated({ ...perIndex, parallelism: pods, completions: 10_000 })), toNodes)
      for (let pod = 0; pod < pods; pod += 1) before = before.and(deletePod(pod, 30))
      before = before.and(ends(before, 'PodFailed', start + 1), start + 1).and(change({ parallelism: 5000 }))
      const [{ job }] = until(before, toNodes, start + 1)
      expect(job).toMatchObject({ live: 5000, counts: { active: 5000, failed: pods }, failedIndexes: { size: pods } })
    }),
  )

  test(
    'failures while the status is withheld',
    check((pods) => {
      const size = { parallelism: pods + 2, completions: pods + 2 }
      const perIndex = { completionMode: 'Indexed', backoffLimit: 2 ** 31, backoffLimitPerIndex: 3 } as const
      const [all] = until(given(jobCreated({ ...perIndex, ...size })), sync)
      const fewer = { parallelism: pods + 1, completions: pods + 1 }
      const withheld = all
        .and(succeeded(pods + 1))
        .and(sync)
        .and(change(fewer))
        .and(change({ parallelism: pods + 2 }))
      const [{ job }] = until(withheld.and(ends(all, 'PodFailed', start + 1), start + 1), sync, start + 1)
      expect(job).toMatchObject({ uncounted: [], heldBackFailures: pods + 1, counts: { failed: 0 } })
    }),
  )
})

test('ten thousand Pods are let go in a moment', () => {
  const running = { type: 'PodStarted', ready: true, at: start } as const
  const facts = Array.from({ length: 10_000 }, (_, pod) => ({ pod, observation: running }))
  let [job] = until(given(jobCreated({ parallelism: 10_000, completions: 10_000 })), sync)
  job = job.and({ type: 'RecordPodFacts', facts }).and({ type: 'DeleteJob', propagation: 'Orphan' })
  const began = performance.now()
  const [{ job: orphaned }] = until(job, { type: 'RemovePods' })
  expect(performance.now() - began).toBeLessThan(3000)
  expect(orphaned.released.size).toBe(10_000)
})
