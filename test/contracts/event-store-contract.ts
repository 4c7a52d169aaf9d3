import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import {
  beginning,
  type EventStore,
  type NewEvent,
  noStream,
  type StoredEvent,
} from '../../src/application/ports/event-store.ts'
import { E } from '../../src/prelude.ts'
import { follow, newEvent, newEvents, right, until } from '../support/event-stores.ts'

export type StoreUnderTest = {
  readonly store: EventStore
  /** Opens the same log again after `store` was closed. Absent: the log dies with the store. */
  readonly reopen?: () => Promise<EventStore>
  /** Called once after each test, after every store was closed. */
  readonly cleanup: () => Promise<void>
}

/** What every event store must do; `make` gives a new, empty one each time. */
export const eventStoreContract = (name: string, make: () => Promise<StoreUnderTest>): void => {
  describe(`${name} is an event store`, () => {
    let subject: StoreUnderTest
    let store: EventStore

    beforeEach(async () => {
      subject = await make()
      store = subject.store
    })
    afterEach(async () => {
      await store.close()
      await subject.cleanup()
    })

    describe('appending', () => {
      test('revisions of a stream count from 0 without a gap', async () => {
        expect(await right(store.append('a', noStream, newEvents(2)))).toMatchObject({ revision: 1 })
        expect(await right(store.append('a', 1, newEvents(3)))).toMatchObject({ revision: 4 })
        const stored = await right(store.readStream('a', 0, 10))
        expect(stored.map(({ revision }) => revision)).toEqual([0, 1, 2, 3, 4])
      })

      test('positions rise strictly over the whole log, within an append as well', async () => {
        await right(store.append('a', noStream, newEvents(3)))
        await right(store.append('b', noStream, newEvents(2)))
        const { position } = await right(store.append('a', 2, newEvents(2)))
        const stored = await right(store.readAll(beginning, 10))
        expect(stored).toHaveLength(7)
        expect(hasRisingPositions(stored)).toBe(true)
        expect(stored.at(-1)?.position).toBe(position)
      })

      test.each([
        ['a stream that does not exist', [], 0, noStream],
        ['a stream that exists already', [1], noStream, 0],
        ['a stream that is further on', [1, 2], 0, 2],
        ['a stream that is not yet so far', [1], 5, 0],
      ])('%s is a conflict that says where the stream is', async (_, past, expected, actual) => {
        let revision = noStream
        for (const count of past) ({ revision } = await right(store.append('a', revision, newEvents(count))))
        expect(await store.append('a', expected, newEvents(1))()).toEqual(
          E.left({ _tag: 'WrongExpectedRevision', stream: 'a', expected, actual }),
        )
        expect(await right(store.readStream('a', 0, 10))).toHaveLength(revision + 1)
      })

      test('of two appends with the same expected revision one is stored and one is a conflict', async () => {
        const outcomes = await Promise.all([
          store.append('a', noStream, newEvents(2, 'one'))(),
          store.append('a', noStream, newEvents(2, 'two'))(),
        ])
        expect(outcomes.filter(E.isRight)).toHaveLength(1)
        expect(outcomes.find(E.isLeft)).toEqual(
          E.left({ _tag: 'WrongExpectedRevision', stream: 'a', expected: noStream, actual: 1 }),
        )
        expect(await right(store.readAll(beginning, 10))).toHaveLength(2)
      })

      test('a conflict among appends that are on their way together spoils none of the others', async () => {
        const outcomes = await Promise.all([
          store.append('a', noStream, newEvents(1))(),
          store.append('b', 7, newEvents(1))(),
          store.append('a', 0, newEvents(1))(),
          store.append('c', noStream, newEvents(1))(),
        ])
        expect(outcomes.map(({ _tag }) => _tag)).toEqual(['Right', 'Left', 'Right', 'Right'])
        expect((await right(store.readAll(beginning, 10))).map(({ stream }) => stream)).toEqual(['a', 'a', 'c'])
      })

      test('a stream that was only refused does not exist yet', async () => {
        expect(E.isLeft(await store.append('a', 5, newEvents(1))())).toBe(true)
        expect(await right(store.append('a', noStream, newEvents(1)))).toMatchObject({ revision: 0 })
      })

      test('nothing is stored before the task is run', async () => {
        store.append('a', noStream, newEvents(1))
        await new Promise((resolve) => setTimeout(resolve, 20))
        expect(await right(store.readAll(beginning, 10))).toEqual([])
      })

      test('the events of one append lie together in the log', async () => {
        await Promise.all(
          Array.from({ length: 10 }, (_, i) => right(store.append(`s-${i}`, noStream, newEvents(300, `${i}`)))),
        )
        const streams = (await right(store.readAll(beginning, 5000))).map(({ stream }) => stream)
        expect(streams).toHaveLength(3000)
        expect(streams.filter((stream, i) => stream !== streams[i - 1])).toHaveLength(10)
      })

      test('an append without events is a bug of the caller', () => {
        expect(() => store.append('a', noStream, [])).toThrow('invariant broken')
      })

      test('an append is seen whole or not at all while it is being stored', async () => {
        const appending = store.append('a', noStream, newEvents(500))()
        const seen = new Set<number>()
        let done = false
        void appending.then(() => {
          done = true
        })
        while (!done) {
          seen.add((await right(store.readAll(beginning, 1000))).length)
          await new Promise((resolve) => setImmediate(resolve))
        }
        expect([...seen].filter((count) => count !== 0 && count !== 500)).toEqual([])
        expect(await right(store.readAll(beginning, 1000))).toHaveLength(500)
      })

      test('what was answered can be read at once', async () => {
        for (let i = 0; i < 20; i += 1) {
          await right(store.append('a', i - 1, [newEvent(i)]))
          expect((await right(store.readStreamBackwards('a', 1)))[0]?.id).toBe(newEvent(i).id)
        }
      })

      test('many streams at once all arrive, each in its order', async () => {
        const streams = Array.from({ length: 200 }, (_, i) => `job-${i}`)
        await Promise.all(
          streams.map(async (stream) => {
            for (let i = 0; i < 5; i += 1) await right(store.append(stream, 2 * i - 1, newEvents(2, `${stream}-${i}`)))
          }),
        )
        const stored = await right(store.readAll(beginning, 5000))
        expect(stored).toHaveLength(2000)
        expect(hasRisingPositions(stored)).toBe(true)
        for (const stream of streams)
          expect(stored.filter((event) => event.stream === stream).map(({ revision }) => revision)).toEqual(
            tenRevisions,
          )
      })
    })

    describe('reading', () => {
      beforeEach(async () => {
        await right(store.append('a', noStream, newEvents(3, 'a')))
        await right(store.append('b', noStream, newEvents(2, 'b')))
        await right(store.append('a', 2, newEvents(2, 'c')))
      })

      const ids = (events: ReadonlyArray<StoredEvent>) => events.map(({ id }) => id)
      const a = [...newEvents(3, 'a'), ...newEvents(2, 'c')].map(({ id }) => id)
      const all = [...newEvents(3, 'a'), ...newEvents(2, 'b'), ...newEvents(2, 'c')].map(({ id }) => id)

      test('an event comes back as it was given, with its place', async () => {
        const [first] = await right(store.readStream('b', 0, 1))
        expect(first).toEqual({ ...newEvents(1, 'b')[0], stream: 'b', revision: 0, position: expect.any(BigInt) })
      })

      test('a stream is read forwards from a revision', async () => {
        expect(ids(await right(store.readStream('a', 0, 100)))).toEqual(a)
        expect(ids(await right(store.readStream('a', 2, 2)))).toEqual(a.slice(2, 4))
        expect(ids(await right(store.readStream('a', 5, 2)))).toEqual([])
        expect(ids(await right(store.readStream('a', -1, 1)))).toEqual(a.slice(0, 1))
      })

      test('a stream is read backwards from its end or from before a revision', async () => {
        expect(ids(await right(store.readStreamBackwards('a', 2)))).toEqual(a.slice(3).toReversed())
        expect(ids(await right(store.readStreamBackwards('a', 100, 3)))).toEqual(a.slice(0, 3).toReversed())
        expect(ids(await right(store.readStreamBackwards('a', 2, 0)))).toEqual([])
      })

      test('the log is read forwards behind a position, page by page', async () => {
        const pages: string[][] = []
        let after = beginning
        for (;;) {
          const page = await right(store.readAll(after, 3))
          if (page.length === 0) break
          pages.push(ids(page))
          after = page.at(-1)?.position ?? after
        }
        expect(pages).toEqual([all.slice(0, 3), all.slice(3, 6), all.slice(6)])
      })

      test('the log is read backwards from its end or from before a position', async () => {
        const [newest, second] = await right(store.readAllBackwards(2))
        expect([newest?.id, second?.id]).toEqual(all.slice(5).toReversed())
        expect(ids(await right(store.readAllBackwards(100, second?.position)))).toEqual(all.slice(0, 5).toReversed())
        expect(ids(await right(store.readAllBackwards(100, 0n)))).toEqual([])
      })

      test('a stream that does not exist is empty', async () => {
        expect(await right(store.readStream('nobody', 0, 10))).toEqual([])
        expect(await right(store.readStreamBackwards('nobody', 10))).toEqual([])
      })

      test('no limit is too small and no position too large', async () => {
        expect(await right(store.readAll(beginning, 0))).toEqual([])
        expect(await right(store.readStream('a', 0, 0))).toEqual([])
        expect(await right(store.readStreamBackwards('a', 0))).toEqual([])
        expect(await right(store.readAllBackwards(0))).toEqual([])
        expect(await right(store.readAll(10n ** 30n, 10))).toEqual([])
        expect(ids(await right(store.readAllBackwards(10, 10n ** 30n)))).toEqual(all.toReversed())
        expect(ids(await right(store.readAll(beginning, Number.MAX_SAFE_INTEGER)))).toEqual(all)
      })

      test('bytes are kept as they are', async () => {
        const odd: NewEvent = {
          id: 'ünïcode-💾',
          type: 'Größe',
          data: JSON.stringify({ text: 'äöü 🦄 \u0000 \u2028 "quoted" \\ \ud83d', large: 'x'.repeat(2_000_000) }),
          metadata: `{ "spaces"  :  1.0, "order": {"b":1,"a":2} }`,
        }
        await right(store.append('straße/🦄', noStream, [odd]))
        const [stored] = await right(store.readStream('straße/🦄', 0, 1))
        expect(stored).toEqual({ ...odd, stream: 'straße/🦄', revision: 0, position: expect.any(BigInt) })
      })
    })

    describe('subscribing', () => {
      test('first comes what is stored, then what is appended', async () => {
        await right(store.append('a', noStream, newEvents(3, 'old')))
        const following = follow(store, beginning)
        await until(() => following.events.length === 3)
        await right(store.append('a', 2, newEvents(2, 'new')))
        await until(() => following.events.length === 5)
        expect(following.events).toEqual(await right(store.readAll(beginning, 10)))
        following.stop()
      })

      test('only what is behind the position comes', async () => {
        const { position } = await right(store.append('a', noStream, newEvents(3)))
        const following = follow(store, position)
        await right(store.append('a', 2, newEvents(1, 'new')))
        await until(() => following.events.length > 0)
        expect(following.events.map(({ revision }) => revision)).toEqual([3])
        following.stop()
      })

      test('while appends go on, nothing is missed and nothing comes twice', async () => {
        const followers = [follow(store, beginning)]
        await Promise.all(
          Array.from({ length: 20 }, async (_, s) => {
            for (let i = 0; i < 25; i += 1) {
              await right(store.append(`s-${s}`, 10 * i - 1, newEvents(10, `${s}-${i}`)))
              if (s === 0 && i % 5 === 0) followers.push(follow(store, beginning))
            }
          }),
        )
        const stored = await right(store.readAll(beginning, 10_000))
        expect(stored).toHaveLength(5000)
        expect(followers).toHaveLength(6)
        for (const { events, stop } of followers) {
          await until(() => events.length >= stored.length)
          expect(events).toEqual(stored)
          stop()
        }
      })

      test('once live, no emission splits an append and none is empty', async () => {
        const following = follow(store, beginning)
        await right(store.append('a', noStream, newEvents(1)))
        await until(() => following.events.length === 1)
        await Promise.all(
          Array.from({ length: 30 }, (_, i) => right(store.append(`s-${i}`, noStream, newEvents(7, `${i}`)))),
        )
        await until(() => following.events.length === 211)
        for (const piece of following.pieces.slice(1)) expect(piece.length > 0 && piece.length % 7 === 0).toBe(true)
        following.stop()
      })

      test('whoever appends has the answer before a subscriber sees the events', async () => {
        const heard: string[] = []
        const following = store.subscribeAll(beginning).subscribe(() => heard.push('subscriber'))
        await new Promise((resolve) => setTimeout(resolve, 20))
        await right(store.append('a', noStream, newEvents(1)))
        heard.push('appender')
        await until(() => heard.length === 2)
        expect(heard).toEqual(['appender', 'subscriber'])
        following.unsubscribe()
      })

      test('nobody is told anything inside the call that appends or subscribes', async () => {
        await right(store.append('a', noStream, newEvents(1)))
        const following = follow(store, beginning)
        expect(following.events).toEqual([])
        await until(() => following.events.length === 1)
        const appending = store.append('a', 0, newEvents(1, 'second'))()
        expect(following.events).toHaveLength(1)
        await appending
        await until(() => following.events.length === 2)
        following.stop()
      })

      test('whoever has left is told nothing more', async () => {
        const [gone, stays] = [follow(store, beginning), follow(store, beginning)]
        await right(store.append('a', noStream, newEvents(1)))
        await until(() => gone.events.length === 1)
        gone.stop()
        await right(store.append('a', 0, newEvents(1, 'second')))
        await until(() => stays.events.length === 2)
        expect(gone.events).toHaveLength(1)
        stays.stop()
      })

      test('a subscriber may append and unsubscribe while it is told', async () => {
        const seen: number[] = []
        const following = store.subscribeAll(beginning).subscribe((events) => {
          for (const { revision } of events) seen.push(revision)
          const last = seen.length - 1
          if (last < 5) void store.append('a', last, newEvents(1, `${last}`))()
          else following.unsubscribe()
        })
        await right(store.append('a', noStream, newEvents(1)))
        await until(() => following.closed)
        await right(store.append('a', 5, newEvents(1, 'unseen')))
        expect(seen).toEqual([0, 1, 2, 3, 4, 5])
      })
    })

    describe('closing', () => {
      test('waits for what is in flight', async () => {
        const following = follow(store, beginning)
        await right(store.append('a', noStream, newEvents(1)))
        await until(() => following.events.length === 1)
        const appending = store.append('b', noStream, newEvents(100))()
        const reading = store.readAll(beginning, 10)()
        const closing = store.close()
        const late = store.append('late', noStream, newEvents(1))()
        await closing
        expect(E.isRight(await appending)).toBe(true)
        expect(E.isRight(await reading)).toBe(true)
        expect(E.isLeft(await late)).toBe(true)
        expect(following.events).toHaveLength(101)
      })

      test('later calls are refused, a second close is nothing', async () => {
        await Promise.all([store.close(), store.close()])
        await store.close()
        const outcomes = await Promise.all([
          store.append('a', noStream, newEvents(1))(),
          store.readStream('a', 0, 1)(),
          store.readStreamBackwards('a', 1)(),
          store.readAll(beginning, 1)(),
          store.readAllBackwards(1)(),
        ])
        for (const outcome of outcomes)
          expect(outcome).toEqual(E.left({ _tag: 'StoreUnavailable', reason: expect.stringContaining('closed') }))
      })

      test('subscriptions end', async () => {
        const following = follow(store, beginning)
        await store.close()
        await until(() => following.ended() !== null)
        expect(following.ended()).toBe('complete')
      })

      test('a log that outlives its store is the same when opened again', async (context) => {
        const { reopen } = subject
        if (reopen === undefined) return context.skip('this log dies with its store')
        await right(store.append('a', noStream, newEvents(3)))
        await right(store.append('b', noStream, newEvents(2, 'b')))
        const before = await right(store.readAll(beginning, 10))
        await store.close()
        store = await reopen()
        expect(await right(store.readAll(beginning, 10))).toEqual(before)
        expect(E.isLeft(await store.append('a', 1, newEvents(1))())).toBe(true)
        const { position } = await right(store.append('a', 2, newEvents(1, 'c')))
        expect(position > (before.at(-1)?.position ?? 0n)).toBe(true)
      })
    })

    describe('long and short appends in turn', () => {
      const sizes = [1, 300, 1, 2, 513, 256, 1]
      const streamOf = (i: number) => (i % 2 === 0 ? 'a' : 'b')
      let log: ReadonlyArray<StoredEvent>

      beforeEach(async () => {
        const revisions: Record<string, number> = { a: noStream, b: noStream }
        for (const [i, size] of sizes.entries()) {
          const stream = streamOf(i)
          const { revision } = await right(
            store.append(stream, revisions[stream] ?? noStream, newEvents(size, `${stream}${i}`)),
          )
          revisions[stream] = revision
        }
        log = await right(store.readAll(beginning, 5000))
        expect(log.map(({ id }) => id)).toEqual(
          sizes.flatMap((size, i) => newEvents(size, `${streamOf(i)}${i}`).map(({ id }) => id)),
        )
      })

      test.each([1, 255, 256, 257, 1000])('pages of %i events make up the whole log', async (size) => {
        const events: StoredEvent[] = []
        for (;;) {
          const page = await right(store.readAll(events.at(-1)?.position ?? beginning, size))
          if (page.length === 0) break
          expect(page.length).toBe(Math.min(size, log.length - events.length))
          events.push(...page)
        }
        expect(events).toEqual(log)
      })

      test('from anywhere, in both directions, a read answers what a list would', () =>
        fc.assert(
          fc.asyncProperty(fc.nat(1080), limits, fc.constantFrom('a', 'b'), async (place, limit, name) => {
            const stream = log.filter((event) => event.stream === name)
            expect(await right(store.readStream(name, place, limit))).toEqual(stream.slice(place, place + limit))
            expect(await right(store.readStreamBackwards(name, limit, place))).toEqual(
              stream.slice(0, place).toReversed().slice(0, limit),
            )
            expect(await right(store.readStreamBackwards(name, limit))).toEqual(stream.toReversed().slice(0, limit))
            const position = log[place]?.position ?? 10n ** 30n
            expect(await right(store.readAll(position, limit))).toEqual(log.slice(place + 1, place + 1 + limit))
            expect(await right(store.readAllBackwards(limit, position))).toEqual(
              log.slice(0, place).toReversed().slice(0, limit),
            )
            expect(await right(store.readAllBackwards(limit))).toEqual(log.toReversed().slice(0, limit))
          }),
          { numRuns: 40 },
        ))

      test('a subscriber from the middle of an append gets the rest of it', async () => {
        const following = follow(store, log[400]?.position)
        await until(() => following.events.length === log.length - 401)
        expect(following.events).toEqual(log.slice(401))
        following.stop()
      })
    })

    test('whatever is appended in whatever order, the log is what a list would be', () =>
      fc.assert(
        fc.asyncProperty(rounds, fc.nat(), async (plan, salt) => {
          const { store: fresh, cleanup } = await make()
          try {
            const following = follow(fresh, beginning)
            const model = new Map<string, string[]>()
            for (const [r, round] of plan.entries()) {
              const asked = round.map(({ stream, offset, count }, i) => {
                const expected = (model.get(stream) ?? []).length - 1 + offset
                return { stream, expected, events: newEvents(count, `${salt}-${r}-${i}`) }
              })
              const outcomes = await Promise.all(
                asked.map(({ stream, expected, events }) => fresh.append(stream, expected, events)()),
              )
              for (const [i, { stream, expected, events }] of asked.entries()) {
                const list = model.get(stream) ?? []
                const isNext = list.length - 1 === expected
                if (isNext) model.set(stream, [...list, ...events.map(({ id }) => id)])
                expect(E.isRight(outcomes[i]!)).toBe(isNext)
              }
            }
            const stored = await right(fresh.readAll(beginning, 10_000))
            for (const [stream, list] of model)
              expect(stored.filter((event) => event.stream === stream).map(({ id }) => id)).toEqual(list)
            expect(stored).toHaveLength([...model.values()].flat().length)
            expect(hasRisingPositions(stored)).toBe(true)
            await until(() => following.events.length >= stored.length)
            expect(following.events).toEqual(stored)
          } finally {
            await fresh.close()
            await cleanup()
          }
        }),
        { numRuns: 15 },
      ))
  })
}

/** Few events or many: a page is mostly small, and now and then the whole log. */
const limits = fc.oneof(fc.nat(20), fc.nat(300), fc.nat(1080))

const tenRevisions = Array.from({ length: 10 }, (_, i) => i)

const hasRisingPositions = (events: ReadonlyArray<StoredEvent>): boolean =>
  events.every(({ position }, i) => i === 0 || position > (events[i - 1]?.position ?? 0n))

/** Rounds of appends sent together; `offset` 0 is the expected revision as it is before the round. */
const rounds = fc.array(
  fc.array(
    fc.record({
      stream: fc.constantFrom('a', 'b', 'c'),
      offset: fc.constantFrom(0, 0, 0, 1, -1, 2),
      count: fc.integer({ min: 1, max: 4 }),
    }),
    { minLength: 1, maxLength: 6 },
  ),
  { minLength: 1, maxLength: 8 },
)
