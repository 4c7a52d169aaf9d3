import { setImmediate as turn } from 'node:timers/promises'
import fc from 'fast-check'
import { asyncScheduler } from 'rxjs'
import { describe, expect, test } from 'vitest'
import { chainStart } from '../../../src/application/log/envelope.ts'
import { type Because, jobWriter } from '../../../src/application/jobs/job-writer.ts'
import { beginning, type EventStore } from '../../../src/application/ports/event-store.ts'
import { readEvent, readMetadata } from '../../../src/application/log/read-event.ts'
import type { JobCommand } from '../../../src/domain/job/commands.ts'
import { evolveAll } from '../../../src/domain/job/evolve.ts'
import { noJob } from '../../../src/domain/job/job.ts'
import { E } from '../../../src/prelude.ts'
import { right } from '../../support/event-stores.ts'
import { type Fault, faultyStore } from '../../support/faulty-store.ts'
import { change, saw, started, sync } from '../../support/given.ts'
import { manifest } from '../../support/manifests.ts'
import { plainJob } from '../../support/plain-job.ts'
import { countingEntropy, user } from '../../support/world.ts'

const byUser: Because = { actor: user }
const byRuntime: Because = { actor: { kind: 'runtime', name: 'simulated' }, causationId: 'world:simulated' }

const create = (uid: string, parallelism = 1): JobCommand => ({
  type: 'CreateJob',
  uid,
  manifest: manifest({ parallelism, completions: 5000 }, uid),
  podBackoffBaseMs: 10_000,
  podsRunElsewhere: false,
})

/** A fact that says something new however often it is told; `n` tells it from all others. */
const waits = (n: number): JobCommand =>
  saw(0, {
    type: 'ContainerWaiting',
    container: 0,
    restart: 0,
    reason: 'ContainerCreating',
    until: n,
    backoffMs: 0,
    at: n,
  })

const writerOn = (store: EventStore, entropy = countingEntropy()) => {
  let now = 1_000_000
  const clock = { now: () => (now += 1), scheduler: asyncScheduler }
  const writer = jobWriter({ store, clock, entropy })
  return { ...writer, tell: (uid: string, command: JobCommand) => writer.handle(uid, command, byRuntime)() }
}

/** A writer with the Job `a` and its Pod 0, before the accidents begin. */
const withPod = async (faults: ReadonlyArray<Fault> = [], parallelism = 1) => {
  const intrude = async () => {
    const other = writerOn(faulty.inner, { ...countingEntropy(), uuid: () => 'somebody-else' })
    await right(other.handle('a', change({ backoffLimit: faulty.appends.length }), byUser))
  }
  const faulty = faultyStore(['none', 'none', ...faults], intrude)
  const writer = writerOn(faulty.store)
  await right(writer.handle('a', create('a', parallelism), byUser))
  await right(writer.handle('a', sync, byRuntime))
  return { ...faulty, writer }
}

const storedIn = async (store: EventStore) => right(store.readAll(beginning, 100_000))

/** How often the fact `n` is in the log. */
const timesStored = async (store: EventStore, n: number): Promise<number> =>
  (await storedIn(store)).filter(({ type, data }) => type === 'ContainerWaiting' && data.includes(`"until":${n},`))
    .length

/** The log is whole: dense revisions and unbroken chains; and the writer holds a fold of it, up to what it has seen of others. */
const expectWhole = async (store: EventStore, writer: ReturnType<typeof writerOn>) => {
  const all = await storedIn(store)
  let [hash, revision] = [chainStart, -1]
  for (const stored of all) {
    const metadata = readMetadata(stored)
    expect([metadata.previous, stored.revision]).toStrictEqual([hash, revision + 1])
    hash = metadata.hash
    revision = stored.revision
  }
  const seen = all.slice(0, writer.revisionOf('a') + 1).map((stored) => readEvent(stored).event)
  expect(plainJob(writer.stateOf('a'))).toStrictEqual(plainJob(evolveAll(noJob, seen)))
}

describe('what becomes of a command when the store has an accident', () => {
  test.each<[fault: Fault, answer: string, stored: number, appends: number]>([
    ['none', 'Right', 1, 1],
    ['full', 'StoreUnavailable', 0, 1],
    ['stored in silence', 'Right', 1, 1],
    ['lost in silence', 'Right', 1, 2],
    ['stored too late', 'Right', 1, 2],
    ['overtaken', 'Right', 1, 2],
    ['answered late', 'Right', 1, 1],
    ['silent and unreadable', 'UnknownOutcome', 1, 1],
  ])('%s: it is answered %s and stored %i time(s)', async (fault, answer, stored, appends) => {
    const { writer, ...faulty } = await withPod([fault])
    const outcome = await writer.tell('a', waits(7))
    await faulty.landBelated()
    expect(E.isRight(outcome) ? 'Right' : outcome.left._tag).toBe(answer)
    expect(await timesStored(faulty.inner, 7)).toBe(stored)
    expect(faulty.appends).toHaveLength(2 + appends)
    await right(writer.handle('a', waits(8), byRuntime))
    expect(await timesStored(faulty.inner, 8)).toBe(1)
    await expectWhole(faulty.inner, writer)
  })

  test('what somebody has seen that the writer does not know yet is read before it is decided', async () => {
    const { writer, ...faulty } = await withPod([])
    const other = jobWriter({
      store: faulty.inner,
      clock: { now: () => 1, scheduler: asyncScheduler },
      entropy: countingEntropy(1000),
    })
    await right(other.handle('a', { type: 'ChangeJob', parallelism: 7 }, byRuntime))
    const { revision } = (await storedIn(faulty.inner)).at(-1)!
    const again = { type: 'ChangeJob', parallelism: 7 } as const
    const { events } = await right(writer.handle('a', again, { ...byRuntime, seen: revision }))
    expect(events).toStrictEqual([])
    expect(faulty.appends).toHaveLength(2)
  })

  test('in doubt the same events are sent again, so a late one and its repetition are the same', async () => {
    const { writer, ...faulty } = await withPod(['stored too late', 'stored too late'])
    const { position } = await right(writer.handle('a', waits(7), byRuntime))
    expect(await timesStored(faulty.inner, 7)).toBe(1)
    expect((await storedIn(faulty.inner)).at(-1)?.position).toBe(position)
  })

  test('a store that never knows is given up after three attempts, and what is unknown is called so', async () => {
    const { writer, ...faulty } = await withPod(Array<Fault>(3).fill('lost in silence'))
    expect(await writer.tell('a', waits(7))).toMatchObject({ left: { _tag: 'UnknownOutcome' } })
    expect(faulty.appends).toHaveLength(2 + 3)
  })

  test('in doubt and then full is still in doubt', async () => {
    const { writer } = await withPod(['lost in silence', 'full'])
    expect(await writer.tell('a', waits(7))).toMatchObject({ left: { _tag: 'UnknownOutcome' } })
  })

  test('a race that is lost ten times in a row is given up', async () => {
    const { writer, ...faulty } = await withPod(Array<Fault>(10).fill('overtaken'))
    expect(await writer.tell('a', waits(7))).toMatchObject({ left: { _tag: 'WrongExpectedRevision' } })
    expect(await timesStored(faulty.inner, 7)).toBe(0)
    await expectWhole(faulty.inner, writer)
  })

  test('after a lost race the command is decided on what the other one did', async () => {
    const faulty = faultyStore(['none', 'overtaken'], async () => {
      const other = writerOn(faulty.inner, { ...countingEntropy(), uuid: () => 'somebody-else' })
      await other.tell('a', { type: 'DeleteJob', propagation: 'Background' })
    })
    const writer = writerOn(faulty.store)
    await right(writer.handle('a', create('a'), byUser))
    expect(await writer.tell('a', change({ parallelism: 3 }))).toStrictEqual(E.left({ _tag: 'JobNotFound' }))
    await expectWhole(faulty.inner, writer)
  })

  test('commands that were not part of the append in doubt are not in doubt', async () => {
    const { writer } = await withPod(['silent and unreadable'])
    const first = writer.tell('a', waits(1))
    await Promise.resolve()
    await Promise.resolve()
    const second = writer.tell('a', waits(2))
    expect([await first, await second]).toMatchObject([{ left: { _tag: 'UnknownOutcome' } }, { _tag: 'Right' }])
  })

  test('a store that stays closed refuses every command, and the Job stays as it was', async () => {
    const { writer, inner } = await withPod()
    const before = plainJob(writer.stateOf('a'))
    await inner.close()
    const outcomes = await Promise.all([1, 2, 3].map((n) => writer.tell('a', waits(n))))
    expect(outcomes.map((outcome) => E.isLeft(outcome) && outcome.left._tag)).toStrictEqual(
      Array(3).fill('StoreUnavailable'),
    )
    expect(plainJob(writer.stateOf('a'))).toStrictEqual(before)
    expect(await writer.tell('b', create('b'))).toMatchObject({ left: { _tag: 'StoreUnavailable' } })
  })
})

describe('commands that come at once', () => {
  test('share an append, are decided one on the other, and are answered in order', async () => {
    const { writer, ...faulty } = await withPod()
    const order: number[] = []
    const told = [
      change({ parallelism: 3 }),
      change({ parallelism: 3 }),
      change({ parallelism: -1 }),
      change({ parallelism: 4, backoffLimit: 1 }),
    ].map((command, place) =>
      writer.tell('a', command).then((outcome) => {
        order.push(place)
        return E.isLeft(outcome) ? outcome.left._tag : outcome.right.events.map(({ type }) => type)
      }),
    )
    expect(await Promise.all(told)).toStrictEqual([
      ['ParallelismChanged'],
      [],
      'FieldInvalid',
      ['ParallelismChanged', 'BackoffLimitChanged'],
    ])
    expect(order).toStrictEqual([0, 1, 2, 3])
    expect(faulty.appends.slice(2)).toStrictEqual([{ stream: 'job-a', events: 3, fault: 'none' }])
  })

  test('those that come while an append is in flight wait for it, and then share the next one', async () => {
    const { writer, ...faulty } = await withPod(['answered late'])
    const first = writer.tell('a', waits(0))
    await new Promise((resolve) => setTimeout(resolve, 1))
    const others = Array.from({ length: 20 }, (_, n) => writer.tell('a', waits(n + 1)))
    await Promise.all([first, ...others])
    expect(faulty.appends.slice(2).map(({ events }) => events)).toStrictEqual([1, 20])
    expect(faulty.inFlightMax()).toBe(1)
  })

  test('of different Jobs do not wait for each other', async () => {
    const faulty = faultyStore(['answered late'])
    const writer = writerOn(faulty.store)
    const ended: string[] = []
    await Promise.all(
      ['slow', 'quick'].map(async (uid) => {
        await right(writer.handle(uid, create(uid), byUser))
        ended.push(uid)
      }),
    )
    expect(ended).toStrictEqual(['quick', 'slow'])
  })

  test('never make an append of more than a thousand events, and none of them is lost', async () => {
    const { writer, ...faulty } = await withPod([], 400)
    const pieces = [700, 400, 900, 1, 499, 501, 450, 551, 500, 500, 999, 1]
    let n = 0
    const outcomes = await Promise.all(
      pieces.map((length) =>
        writer.tell('a', {
          type: 'RecordPodFacts',
          facts: Array.from({ length }, () => ({
            pod: 0,
            observation: {
              type: 'ContainerWaiting',
              container: 0,
              restart: 0,
              reason: 'ContainerCreating',
              until: (n += 1),
              backoffMs: 0,
              at: n,
            },
          })),
        }),
      ),
    )
    expect(outcomes.map((outcome) => E.isRight(outcome) && outcome.right.events.length)).toStrictEqual(pieces)
    const sizes = faulty.appends.slice(2).map(({ events }) => events)
    expect(Math.max(...sizes)).toBeLessThanOrEqual(1000)
    expect(sizes.length).toBeLessThan(pieces.length)
    const waited = (await storedIn(faulty.inner))
      .map(readEvent)
      .flatMap(({ event }) => (event.type === 'ContainerWaiting' ? [event.until] : []))
    expect(waited).toStrictEqual(Array.from({ length: n }, (_, place) => place + 1))
  })

  test('nor one of more than a mebibyte, unless one command alone needs it', async () => {
    const { writer, ...faulty } = await withPod()
    const says = (length: number) =>
      saw(0, { type: 'MessageRecorded', container: 0, restart: 0, message: 'x'.repeat(length), at: 1 })
    await Promise.all([400_000, 400_000, 400_000, 1_500_000, 10].map((length) => writer.tell('a', says(length))))
    expect(faulty.appends.slice(2).map(({ events }) => events)).toStrictEqual([2, 1, 1, 1])
  })

  test('say who did it and why: a user is the root, everything else belongs to the request that created the Job', async () => {
    const { writer, inner } = await withPod()
    await Promise.all([writer.tell('a', started(0)), writer.handle('a', change({ parallelism: 2 }), byUser)()])
    const told = (await storedIn(inner)).map((stored) => ({ type: stored.type, ...readMetadata(stored) }))
    const [root] = told
    expect(root).toMatchObject({
      type: 'ManifestRecorded',
      actor: user,
      correlationId: root?.commandId,
      causationId: root?.commandId,
    })
    expect(told.at(-2)).toMatchObject({
      type: 'PodStarted',
      correlationId: root?.commandId,
      causationId: 'world:simulated',
    })
    const last = told.at(-1)
    expect(last).toMatchObject({
      type: 'ParallelismChanged',
      correlationId: last?.commandId,
      causationId: last?.commandId,
    })
    expect(writer.rootOf('a')).toBe(root?.commandId)
  })
})

describe('what a writer holds', () => {
  test('a Job that is not held is folded from its stream when a command comes for it', async () => {
    const { writer, inner } = await withPod()
    const other = writerOn(inner)
    expect([other.stateOf('a')._tag, other.revisionOf('a'), other.rootOf('a')]).toStrictEqual(['NoJob', -1, null])
    await other.tell('a', sync)
    expect(plainJob(other.stateOf('a'))).toStrictEqual(plainJob(writer.stateOf('a')))
    expect(other.rootOf('a')).toBe(writer.rootOf('a'))
  })

  test('a stream that nobody can have written to is not read; if somebody has, the log says so', async () => {
    const faulty = faultyStore([])
    let reads = 0
    const store: EventStore = {
      ...faulty.store,
      readStream: (...which) => {
        reads += 1
        return faulty.store.readStream(...which)
      },
    }
    await right(writerOn(store).handle('a', create('a'), { ...byUser, isNew: true }))
    expect(reads).toBe(0)
    const another = writerOn(store, countingEntropy(1000))
    expect(await another.handle('a', create('a'), { ...byUser, isNew: true })()).toMatchObject({
      left: { _tag: 'JobAlreadyExists' },
    })
    expect(reads).toBeGreaterThan(0)
    await expectWhole(faulty.inner, another)
  })

  test('a Job that was let go is folded again, also from a stream of several pages', async () => {
    const { writer, inner } = await withPod()
    for (let n = 0; n < 5; n += 1)
      await writer.tell('a', {
        type: 'RecordPodFacts',
        facts: Array.from({ length: 900 }, () => ({
          pod: 0,
          observation: { type: 'PodReadinessChanged', ready: true, at: 5 },
        })),
      })
    writer.release('a')
    await turn()
    expect(writer.stateOf('a')._tag).toBe('NoJob')
    await right(writer.handle('a', sync, byRuntime))
    await expectWhole(inner, writer)
    expect(writer.revisionOf('a')).toBeGreaterThan(4500)
  })

  test('a Job that is being written to is let go when that is answered, unless a command came meanwhile', async () => {
    const { writer } = await withPod(['answered late'])
    const told = writer.tell('a', waits(1))
    writer.release('a')
    expect(writer.stateOf('a')._tag).toBe('Job')
    expect(await told).toMatchObject({ _tag: 'Right' })
    await turn()
    expect(writer.stateOf('a')._tag).toBe('NoJob')

    const again = writer.tell('a', waits(2))
    writer.release('a')
    const more = writer.tell('a', waits(3))
    expect(await Promise.all([again, more])).toMatchObject([{ _tag: 'Right' }, { _tag: 'Right' }])
    await turn()
    expect(writer.stateOf('a')._tag).toBe('Job')
  })
})

describe('whatever accidents the store has', () => {
  const faults = fc.array(
    fc.constantFrom<Fault>(
      'none',
      'none',
      'full',
      'stored in silence',
      'lost in silence',
      'stored too late',
      'overtaken',
      'silent and unreadable',
    ),
    { maxLength: 25 },
  )

  test('what is acknowledged is stored once, what is refused is not stored, and the log stays whole', () =>
    fc.assert(
      fc.asyncProperty(
        faults,
        fc.array(fc.array(fc.boolean(), { minLength: 1, maxLength: 4 }), { maxLength: 8 }),
        async (accidents, rounds) => {
          const { writer, ...faulty } = await withPod(accidents)
          const answers = new Map<number, string>()
          let n = 0
          for (const round of rounds)
            await Promise.all(
              round.map(async () => {
                const own = (n += 1)
                const outcome = await writer.tell('a', waits(own))
                answers.set(own, E.isRight(outcome) ? 'Right' : outcome.left._tag)
              }),
            )
          await faulty.landBelated()
          for (const [own, answer] of answers) {
            const times = await timesStored(faulty.inner, own)
            if (answer === 'Right') expect(times).toBe(1)
            else if (answer === 'UnknownOutcome') expect(times).toBeLessThanOrEqual(1)
            else expect({ answer, times }).toStrictEqual({ answer: 'StoreUnavailable', times: 0 })
          }
          for (let tries = 0; E.isLeft(await writer.tell('a', waits(0))); tries += 1) expect(tries).toBeLessThan(25)
          expect(faulty.inFlightMax()).toBe(1)
          await expectWhole(faulty.inner, writer)
        },
      ),
      { numRuns: 150 },
    ))
})
