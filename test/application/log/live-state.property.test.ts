import fc from 'fast-check'
import { asyncScheduler } from 'rxjs'
import { describe, expect, test } from 'vitest'
import { inMemoryEventStore } from '../../../src/adapters/eventstore/memory/in-memory-event-store.ts'
import { jobWriter } from '../../../src/application/jobs/job-writer.ts'
import { catchUp, newLedger } from '../../../src/application/log/ledger.ts'
import { beginning } from '../../../src/application/ports/event-store.ts'
import { readEvent, readMetadata } from '../../../src/application/log/read-event.ts'
import { type JobEvent, jobEvents } from '../../../src/domain/job/events.ts'
import { evolve, evolveAll } from '../../../src/domain/job/evolve.ts'
import { type JobState, noJob } from '../../../src/domain/job/job.ts'
import { indexesOf, hasIndex } from '../../../src/domain/job/index-set.ts'
import { activePods, livePods } from '../../../src/domain/job/pod-columns.ts'
import { numberOf, setNumbers } from '../../../src/domain/job/index-numbers.ts'
import { right } from '../../support/event-stores.ts'
import { naiveJob } from '../../support/naive-job.ts'
import { plainJob } from '../../support/plain-job.ts'
import { type RandomHistory, randomHistory } from '../../support/random-history.ts'
import { countingEntropy, user } from '../../support/world.ts'

const uid = 'uid-1'
const textOf = (state: JobState): string => JSON.stringify(plainJob(state), null, 1)
const sizeOf = (state: JobState): number => (state._tag === 'Job' ? state.pods.size : 0)

/** A log, its writer and its ledger, driven by a random history; `look` is called after each step. */
const live = async (
  { manifest, podsRunElsewhere, steps }: RandomHistory,
  look: (now: {
    readonly ofWriter: JobState
    readonly ofLedger: JobState
    readonly events: ReadonlyArray<JobEvent>
    /** The same, as each command told them. */
    readonly commands: ReadonlyArray<ReadonlyArray<JobEvent>>
  }) => void,
): Promise<ReadonlyArray<JobEvent>> => {
  const store = inMemoryEventStore()
  const ledger = newLedger()
  let now = 1_000_000
  const writer = jobWriter({ store, clock: { now: () => now, scheduler: asyncScheduler }, entropy: countingEntropy() })
  const because = { actor: user }
  const seen = async () => {
    const stored = await right(store.readAll(ledger.position(), 10_000))
    const commands = [...Map.groupBy(stored, (one) => readMetadata(one).commandId).values()]
    expect(await catchUp(store, ledger)).toMatchObject({ _tag: 'Right' })
    look({
      ofWriter: writer.stateOf(uid),
      ofLedger: ledger.getByUid(uid)?.state ?? noJob,
      events: stored.map((one) => readEvent(one).event),
      commands: commands.map((told) => told.map((one) => readEvent(one).event)),
    })
  }
  await right(
    writer.handle(uid, { type: 'CreateJob', uid, manifest, podBackoffBaseMs: 10_000, podsRunElsewhere }, because),
  )
  await seen()
  for (const { afterMs, commands } of steps) {
    now += afterMs
    const pods = sizeOf(writer.stateOf(uid))
    await Promise.all(commands.map((command) => writer.handle(uid, command(pods, now), because)()))
    await seen()
  }
  return (await right(store.readAll(beginning, 100_000))).map((stored) => readEvent(stored).event)
}

/** What happens once in the life of a Pod. */
const isOnce: ReadonlySet<string> = new Set([
  'PodCreated',
  'PodStarted',
  'PodReadinessChanged',
  'PodSucceeded',
  'PodFailed',
  'PodAccounted',
  'PodDeletionRequested',
  'PodRemoved',
])

describe('over random histories', () => {
  test('which are rich: nearly every event type, many Pods, several chunks of them', async () => {
    const told = new Map<string, number>()
    let podsMax = 0
    for (const history of fc.sample(randomHistory, { numRuns: 150, seed: 6 })) {
      const events = await live(history, ({ ofWriter }) => {
        podsMax = Math.max(podsMax, sizeOf(ofWriter))
      })
      for (const { type } of events) told.set(type, (told.get(type) ?? 0) + 1)
    }
    const quiet = ['JobDependentsSettled', 'MessageRecorded', 'PodUnschedulable']
    expect(Object.keys(jobEvents).filter((type) => (told.get(type) ?? 0) < 3)).toStrictEqual(quiet)
    expect(podsMax).toBeGreaterThan(32)
  })

  test('[S4] one by one, in batches, in the ledger, in the writer and from nothing: it is always the same state', () =>
    fc.assert(
      fc.asyncProperty(randomHistory, fc.infiniteStream(fc.integer({ min: 1, max: 40 })), async (history, pieces) => {
        let oneByOne: JobState = noJob
        let batched: JobState = noJob
        const all = await live(history, ({ ofWriter, ofLedger, events }) => {
          oneByOne = events.reduce(evolve, oneByOne)
          batched = evolveAll(batched, events)
          const text = textOf(oneByOne)
          expect(textOf(batched)).toBe(text)
          expect(textOf(ofWriter)).toBe(text)
          expect(textOf(ofLedger)).toBe(text)
        })
        expect(textOf(evolveAll(noJob, all))).toBe(textOf(oneByOne))
        const prefixes = all.reduce((states, event) => [...states, evolve(states.at(-1)!, event)], [noJob as JobState])
        let inPieces: JobState = noJob
        for (let from = 0; from < all.length; ) {
          const piece = all.slice(from, from + pieces.next().value)
          from += piece.length
          inPieces = evolveAll(inPieces, piece)
          expect(textOf(inPieces)).toBe(textOf(prefixes[from]!))
        }
      }),
      { numRuns: 100, endOnFailure: true },
    ))

  test('an earlier state stays what it was, whatever is folded onto it, also twice', () =>
    fc.assert(
      fc.asyncProperty(randomHistory, async (history) => {
        const earlier: Array<{ readonly state: JobState; readonly text: string }> = []
        const pieces: Array<ReadonlyArray<JobEvent>> = []
        await live(history, ({ ofWriter, ofLedger, events }) => {
          pieces.push(events)
          earlier.push({ state: ofWriter, text: textOf(ofWriter) }, { state: ofLedger, text: textOf(ofLedger) })
        })
        const unchanged = () => {
          for (const { state, text } of earlier) expect(textOf(state)).toBe(text)
        }
        unchanged()
        for (const [step, events] of pieces.slice(1).entries()) {
          const before = earlier[2 * step]?.state ?? noJob
          expect(textOf(evolveAll(before, events))).toBe(earlier[2 * step + 2]?.text)
          evolveAll(before, pieces.slice(step + 2).flat())
        }
        unchanged()
      }),
      { numRuns: 100, endOnFailure: true },
    ))

  test('a fact that is told twice is one fact', () =>
    fc.assert(
      fc.asyncProperty(randomHistory, async (history) => {
        const once = await live(history, () => {})
        const twice = once.flatMap((event) => (isOnce.has(event.type) ? [event, event] : [event]))
        expect(textOf(evolveAll(noJob, twice))).toBe(textOf(evolveAll(noJob, once)))
      }),
      { numRuns: 50 },
    ))

  test('every counter and every set is what counting over all Pods gives, also in each published status', () =>
    fc.assert(
      fc.asyncProperty(randomHistory, async (history) => {
        const naive = naiveJob()
        await live(history, ({ ofWriter: job, commands }) => {
          for (const events of commands) {
            naive.beginCommand()
            for (const event of events) {
              if ('counts' in event) expect(event.counts).toStrictEqual(naive.look().published)
              naive.tell(event)
            }
          }
          if (job._tag === 'NoJob') throw new Error('the Job is not held')
          const { published: _, ...counted } = naive.look()
          const { counts, restarts, pods, podsPerIndex } = job
          expect({
            counts,
            restarts,
            size: pods.size,
            live: [...livePods(pods)],
            active: [...activePods(pods)],
            uncounted: job.uncounted.toSorted((a, b) => a - b),
            completed: [...indexesOf(job.completed)],
            heldBack: [...setNumbers(job.heldBack)],
            failedIndexes: [...indexesOf(job.failedIndexes)],
            held: [...indexesOf(job.held)],
            podsPerIndex: counted.podsPerIndex.map((_, index) => numberOf(podsPerIndex, index)),
          }).toStrictEqual(counted)
          expect([job.live, job.completed.size, job.held.size]).toStrictEqual(
            [counted.live, counted.completed, counted.held].map(({ length }) => length),
          )
          for (let index = 0; index < job.firstFreeIndex; index += 1)
            expect([job.completed, job.held, job.failedIndexes].some((set) => hasIndex(set, index))).toBe(true)
        })
      }),
      { numRuns: 100, endOnFailure: true },
    ))
})
