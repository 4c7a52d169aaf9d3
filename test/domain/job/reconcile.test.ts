import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { JobCommand } from '../../../src/domain/job/commands.ts'
import { decide } from '../../../src/domain/job/decide.ts'
import type { JobEvent } from '../../../src/domain/job/events.ts'
import type { JobTerms } from '../../../src/domain/job/job-facts.ts'
import { evolve, evolveAll } from '../../../src/domain/job/evolve.ts'
import { type Job, noJob } from '../../../src/domain/job/job.ts'
import { podRow } from '../../../src/domain/job/pod-columns.ts'
import { renderIndexes } from '../../../src/domain/job/index-set.ts'
import { E } from '../../../src/prelude.ts'
import { jobCreated, second, start } from '../../support/facts.ts'

/** A Job that is told things one after the other; `said` are the events of the last telling. */
const job = (over: Partial<JobTerms> = {}) => {
  let state = evolve(noJob, jobCreated(over)) as Job
  let said: ReadonlyArray<JobEvent> = []
  const told = {
    tell: (command: JobCommand, at: number) => {
      const decision = decide(command, { at, seed: 's' })(state)
      if (E.isLeft(decision)) throw new Error(JSON.stringify(decision.left))
      said = decision.right
      state = evolveAll(state, said) as Job
      return told
    },
    sync: (at: number) => told.tell({ type: 'CreatePods' }, at),
    fact: (pod: number, type: 'PodSucceeded' | 'PodFailed' | 'PodStarted', at: number) =>
      told.tell(
        {
          type: 'RecordPodFacts',
          facts: [
            {
              pod,
              observation:
                type === 'PodStarted'
                  ? { type, ready: true, at }
                  : type === 'PodFailed'
                    ? { type, reason: null, exitCode: 1, at }
                    : { type, at },
            },
          ],
        },
        at,
      ),
    get state() {
      return state
    },
    get said() {
      return said.map(({ type }) => type)
    },
    get published() {
      return state.published.counts
    },
  }
  return told
}

describe('a sync', () => {
  test('[C-7, P-2] starts the Job and creates as many Pods as run at a time', () => {
    const it = job({ parallelism: 2, completions: 4 }).sync(start)
    expect(it.said).toStrictEqual(['PodCreated', 'PodCreated', 'JobSynced'])
    expect(it.state.startTime).toBe(start)
    expect(it.published.active).toBe(2)
  })

  test('[14.3 h] run again without news says nothing', () => {
    expect(
      job({ parallelism: 2, completions: 4 })
        .sync(start)
        .sync(start + 1).said,
    ).toStrictEqual([])
  })

  test('[J-1, F-9, F-12] the last success completes the Job in two versions', () => {
    const it = job()
      .sync(start)
      .fact(0, 'PodStarted', start + 1)
      .fact(0, 'PodSucceeded', start + 2)
      .sync(start + 3)
    expect(it.said).toStrictEqual(['PodAccounted', 'SuccessCriteriaMet', 'JobCompleted', 'JobSynced'])
    expect(it.published).toStrictEqual({ active: 0, ready: 0, terminating: 0, succeeded: 1, failed: 0 })
  })

  test('[J-3, B-3] a failed Pod is replaced when its back-off is over, not before', () => {
    const it = job()
      .sync(start)
      .fact(0, 'PodFailed', start + 1)
      .sync(start + 2)
    expect(it.said).toStrictEqual(['PodAccounted', 'JobSynced'])
    expect(it.sync(start + 10 * second).said).toStrictEqual([])
    expect(it.sync(start + 1 + 10 * second).said).toStrictEqual(['PodCreated', 'JobSynced'])
    expect(it.published.failed).toBe(1)
  })

  test('[B-3] the delays double from 10 s to 10 min', () => {
    const it = job({ backoffLimit: 20 }).sync(start)
    const delays: number[] = []
    let now = start
    for (let pod = 0; pod < 9; pod += 1) {
      it.fact(pod, 'PodFailed', now).sync(now)
      let delay = 0
      while (!it.sync(now + delay * second).said.includes('PodCreated')) delay += 10
      delays.push(delay)
      now += delay * second
    }
    expect(delays).toStrictEqual([10, 20, 40, 80, 160, 320, 600, 600, 600])
  })

  test.each<[rule: string, terms: Partial<JobTerms>, failures: number, reason: string | null]>([
    ['[F-4] as many failures as the limit go on', { backoffLimit: 1, parallelism: 1 }, 1, null],
    ['[F-4] one more failure than the limit', { backoffLimit: 0, parallelism: 1 }, 1, 'BackoffLimitExceeded'],
  ])('%s', (_, over, failures, reason) => {
    const it = job(over).sync(start)
    for (let pod = 0; pod < failures; pod += 1) it.fact(pod, 'PodFailed', start + 1)
    it.sync(start + 2)
    expect(it.state.finished?.reason ?? null).toBe(reason)
  })

  test('[T-3, F-14] when a Job fails its running Pods count as failed at once, and it is Failed when they have ended', () => {
    const it = job({ backoffLimit: 0, parallelism: 2, completions: 2 }).sync(start)
    it.fact(0, 'PodStarted', start + 1)
      .fact(1, 'PodStarted', start + 1)
      .fact(0, 'PodFailed', start + 2)
      .sync(start + 3)
    expect(it.published).toStrictEqual({ active: 0, ready: 0, terminating: 1, succeeded: 0, failed: 2 })
    expect(it.state.interim?.reason).toBe('BackoffLimitExceeded')
    expect(it.state.finished).toBeNull()
    it.fact(1, 'PodFailed', start + 5)
    expect(it.said).toStrictEqual(['PodFailed', 'PodRemoved'])
    it.sync(start + 5)
    expect(it.said).toStrictEqual(['JobFailed', 'JobSynced'])
    expect(it.published).toStrictEqual({ active: 0, ready: 0, terminating: 0, succeeded: 0, failed: 2 })
  })

  test('[F-5] the deadline fails the Job; at the same moment the back-off limit is the reason (F-4 before F-5)', () => {
    const late = job({ activeDeadlineSeconds: 5 }).sync(start)
    expect(late.sync(start + 5 * second - 1).said).toStrictEqual([])
    late.sync(start + 5 * second)
    expect(late.state.interim?.reason).toBe('DeadlineExceeded')
    const both = job({ activeDeadlineSeconds: 5, backoffLimit: 0 })
      .sync(start)
      .fact(0, 'PodFailed', start + 1)
    expect(both.sync(start + 5 * second).state.finished?.reason).toBe('BackoffLimitExceeded')
  })

  test('[J-6] a work queue creates nothing after its first success and ends when no Pod is active', () => {
    const it = job({ completions: null, parallelism: 2 })
      .sync(start)
      .fact(0, 'PodSucceeded', start + 1)
      .sync(start + 1)
    expect(it.said).toStrictEqual(['PodAccounted', 'JobSynced'])
    expect(it.fact(1, 'PodSucceeded', start + 2).sync(start + 2).state.finished?.reason).toBe('CompletionsReached')
  })

  test('[J-7, P-3] parallelism lowered to 0 deletes Pods without counting them, raised again creates new ones', () => {
    const it = job({ completions: 3, parallelism: 3 }).sync(start)
    it.tell({ type: 'ChangeJob', parallelism: 0 }, start + 1).sync(start + 1)
    expect(it.said.filter((type) => type === 'PodDeletionRequested')).toHaveLength(3)
    for (const pod of [0, 1, 2]) it.fact(pod, 'PodFailed', start + 2)
    it.sync(start + 2)
    expect(it.published).toStrictEqual({ active: 0, ready: 0, terminating: 0, succeeded: 0, failed: 0 })
    expect(it.tell({ type: 'ChangeJob', parallelism: 1 }, start + 3).sync(start + 3).published.active).toBe(1)
  })

  test('[J-34, J-36, R-3] suspension deletes the Pods and the start time; resuming starts anew', () => {
    const it = job({ activeDeadlineSeconds: 5 })
      .sync(start)
      .tell({ type: 'ChangeJob', suspend: true }, start + 1)
      .sync(start + 2)
    expect(it.state.startTime).toBeNull()
    expect(it.state.suspended).toStrictEqual({ status: true, at: start + 2 })
    expect(it.fact(0, 'PodFailed', start + 3).sync(start + 3).published.failed).toBe(0)
    it.tell({ type: 'ChangeJob', suspend: false }, start + 9 * second).sync(start + 9 * second)
    expect(it.state.suspended?.status).toBe(false)
    expect(it.state.startTime).toBe(start + 9 * second)
    expect(it.published.active).toBe(1)
  })

  test('[J-37, ST-4] a suspended Job with nothing to do completes without a start time', () => {
    const it = job({ suspend: true, completions: 0, parallelism: 1 }).sync(start)
    expect(it.state.finished?.reason).toBe('CompletionsReached')
    expect(it.state.startTime).toBeNull()
    expect(it.state.suspended).toBeNull()
  })

  test('[J-30, I-4] the lowest index that failed is retried before higher ones start', () => {
    const it = job({ completionMode: 'Indexed', completions: 4, parallelism: 2, podBackoffBaseMs: 1 }).sync(start)
    it.fact(0, 'PodFailed', start + 1).sync(start + 10)
    const created = it.state.pods.size - 1
    expect(podRow(it.state.pods, created)).toMatchObject({ index: 0, attempt: 1 })
    it.fact(1, 'PodSucceeded', start + 11).sync(start + 11)
    expect(renderIndexes(it.state.published.completed)).toBe('1')
  })

  test('[S9] a deleted Pod that ends late does not free the index of its replacement', () => {
    const it = job({ completionMode: 'Indexed', completions: 1, parallelism: 1, podBackoffBaseMs: 1 }).sync(start)
    it.tell({ type: 'DeletePod', pod: 0, graceSeconds: null }, start + 1).sync(start + 100)
    expect(it.published.active).toBe(1)
    it.fact(0, 'PodFailed', start + 200).sync(start + 200)
    expect(it.published).toMatchObject({ active: 1, failed: 1 })
  })

  test('[O-3] under OnFailure as many restarts as the limit fail the Job', () => {
    const it = job({ restartPolicy: 'OnFailure', backoffLimit: 2 }).sync(start)
    const restarted = (restart: number) =>
      it
        .tell(
          {
            type: 'RecordPodFacts',
            facts: [
              {
                pod: 0,
                observation: {
                  type: 'ProcessStarted',
                  container: 0,
                  restart,
                  bootId: 'b',
                  pid: 1,
                  startTicks: 1,
                  at: start,
                },
              },
            ],
          },
          start,
        )
        .sync(start)
    expect(restarted(0).state.interim).toBeNull()
    expect(restarted(1).state.interim).toBeNull()
    expect(restarted(2).state.interim?.reason).toBe('BackoffLimitExceeded')
  })

  test('a Job wider than one append goes on in further syncs until all its Pods exist', () => {
    const it = job({ completionMode: 'Indexed', completions: 5000, parallelism: 5000 }).sync(start)
    expect(it.state.unsyncedSince).not.toBeNull()
    for (let i = 0; i < 20 && it.state.unsyncedSince !== null; i += 1) it.sync(start)
    expect(it.published.active).toBe(5000)
    expect(it.state.unsyncedSince).toBeNull()
  })
})

describe('deleting a Job', () => {
  test('[8.2] in the background: the Job goes at once, its Pods are stopped uncounted and go when they have ended', () => {
    const it = job({ parallelism: 2, completions: 2 })
      .sync(start)
      .fact(0, 'PodSucceeded', start + 1)
    it.tell({ type: 'DeleteJob', propagation: 'Background' }, start + 2)
    expect(it.said).toStrictEqual(['JobDeletionRequested', 'JobDeleted'])
    it.tell({ type: 'RemovePods' }, start + 2)
    expect(it.state.live).toBe(1)
    it.fact(1, 'PodFailed', start + 3)
    expect(it.state.live).toBe(0)
    expect(it.tell({ type: 'RemovePods' }, start + 3).said).toStrictEqual([])
  })

  test('[G-1, G-2] the time to live deletes in the foreground: Pods first, then the Job', () => {
    const it = job({ ttlSecondsAfterFinished: 2 }).sync(start).fact(0, 'PodSucceeded', start).sync(start)
    expect(it.tell({ type: 'DeleteExpired' }, start + 2 * second - 1).said).toStrictEqual([])
    expect(it.tell({ type: 'DeleteExpired' }, start + 2 * second).said).toStrictEqual(['JobDeletionRequested'])
    expect(it.state.deletion).toMatchObject({ propagation: 'Foreground' })
    expect(it.tell({ type: 'RemovePods' }, start + 2 * second).said).toStrictEqual([
      'PodDeletionRequested',
      'PodRemoved',
      'JobDeleted',
    ])
  })
})

/** A random history: whatever is told in whatever order, decided by the real decider. */
const step = fc.oneof(
  fc.record({ _: fc.constant('sync' as const), wait: fc.integer({ min: 0, max: 30_000 }) }),
  fc.record({
    _: fc.constantFrom('PodSucceeded' as const, 'PodFailed' as const, 'PodStarted' as const, 'delete' as const),
    pod: fc.nat(12),
    wait: fc.nat(500),
  }),
  fc.record({ _: fc.constant('parallelism' as const), to: fc.nat(6), wait: fc.nat(500) }),
  fc.record({ _: fc.constant('suspend' as const), to: fc.boolean(), wait: fc.nat(500) }),
)

const history = fc
  .tuple(
    fc.record({
      completionMode: fc.constantFrom('Indexed' as const, 'NonIndexed' as const),
      completions: fc.nat(8),
      parallelism: fc.nat(6),
      backoffLimit: fc.nat(4),
      podReplacementPolicy: fc.constantFrom('Failed' as const, 'TerminatingOrFailed' as const),
      activeDeadlineSeconds: fc.option(fc.integer({ min: 0, max: 60 })),
    }),
    fc.array(step, { maxLength: 60 }),
  )
  .map(([over, steps]) => {
    const events: JobEvent[] = [jobCreated(over)]
    let state = evolveAll(noJob, events)
    let at = start
    const tell = (command: JobCommand) => {
      const decision = decide(command, { at, seed: 's' })(state)
      if (E.isLeft(decision)) return
      events.push(...decision.right)
      state = evolveAll(state, decision.right)
    }
    for (const one of steps) {
      at += one.wait
      if (one._ === 'sync') tell({ type: 'CreatePods' })
      else if (one._ === 'parallelism') tell({ type: 'ChangeJob', parallelism: one.to })
      else if (one._ === 'suspend') tell({ type: 'ChangeJob', suspend: one.to })
      else if (one._ === 'delete') tell({ type: 'DeletePod', pod: one.pod, graceSeconds: null })
      else {
        const observation =
          one._ === 'PodStarted'
            ? { type: one._, ready: true, at }
            : one._ === 'PodFailed'
              ? { type: one._, reason: null, exitCode: 1, at }
              : { type: one._, at }
        tell({ type: 'RecordPodFacts', facts: [{ pod: one.pod, observation }] })
      }
    }
    return { over, events, live: state }
  })

/** Tokens of ownership say who may write, not what is so. */
const plain = (state: unknown): unknown =>
  JSON.parse(
    JSON.stringify(state, (key, value) =>
      key === 'owner' ? undefined : ArrayBuffer.isView(value) ? Array.from(value as Uint8Array) : value,
    ),
  )

describe('every history', () => {
  test('[S4] folds to the same Job event by event, in one batch, and as it was decided', () => {
    fc.assert(
      fc.property(history, ({ events, live }) => {
        let one = evolveAll(noJob, [])
        for (const event of events) one = evolve(one, event)
        expect(plain(one)).toStrictEqual(plain(live))
        expect(plain(evolveAll(noJob, events))).toStrictEqual(plain(live))
      }),
      { numRuns: 150 },
    )
  })

  test('[S4] an older state is not touched by what is folded onto it later', () => {
    fc.assert(
      fc.property(history, fc.nat(), ({ events }, cut) => {
        const half = evolveAll(noJob, events.slice(0, cut % events.length))
        const before = JSON.stringify(plain(half))
        evolveAll(half, events.slice(cut % events.length))
        expect(JSON.stringify(plain(half))).toBe(before)
      }),
      { numRuns: 100 },
    )
  })

  test('[S6, S7, S8, L6] keeps the laws of counting', () => {
    fc.assert(
      fc.property(history, ({ events, over }) => {
        let state = evolveAll(noJob, [])
        let finished: string | null = null
        let failed = 0
        for (const event of events) {
          state = evolve(state, event)
          if (state._tag === 'NoJob') continue
          const { counts } = state
          for (const count of Object.values(counts)) expect(count).toBeGreaterThanOrEqual(0)
          expect(counts.ready).toBeLessThanOrEqual(counts.active)
          expect(counts.failed).toBeGreaterThanOrEqual(failed)
          failed = counts.failed
          if (over.completionMode === 'Indexed') expect(counts.succeeded).toBeLessThanOrEqual(over.completions)
          if (state.finished !== null) {
            expect(state.published.counts).toMatchObject({ active: 0, ready: 0, terminating: 0 })
            expect(state.finished._tag).toBe(finished ?? state.finished._tag)
            finished = state.finished._tag
          }
        }
      }),
      { numRuns: 150 },
    )
  })

  test('[S9] never has two active Pods for one index', () => {
    fc.assert(
      fc.property(history, ({ events }) => {
        let state = evolveAll(noJob, [])
        for (const event of events) {
          state = evolve(state, event)
          if (state._tag === 'NoJob' || event.type !== 'PodCreated' || event.index === null) continue
          const { pods } = state
          const rows = Array.from({ length: pods.size }, (_, pod) => podRow(pods, pod))
          const active = rows.filter(
            ({ index, finishedAt, deleting }) => index === event.index && finishedAt === null && !deleting,
          ).length
          expect(active).toBe(1)
        }
      }),
      { numRuns: 100 },
    )
  })
})
