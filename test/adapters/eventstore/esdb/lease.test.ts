import { expect, test } from 'vitest'
import { leaseType } from '../../../../src/adapters/eventstore/esdb/lease-record.ts'
import { sealType } from '../../../../src/adapters/eventstore/esdb/names.ts'
import { openEsdbEventStore } from '../../../../src/adapters/eventstore/esdb/open-esdb-event-store.ts'
import { beginning, type EventStore, noStream } from '../../../../src/application/ports/event-store.ts'
import { E } from '../../../../src/prelude.ts'
import { follow, newEvent, newEvents, right, until } from '../../../support/event-stores.ts'
import type { ProposedEvent, RecordedEvent } from '../../../support/esdb-double/double-log.ts'
import { numbersOf } from './fault-schedules.ts'
import { openReader, openStore, startDouble } from './stores.ts'

const losses = 200

/** Several writers in one process: each needs calls of its own, or the client mixes up their answers. */
const oneByOne = { offersBatches: false }

test('a second writer is refused while the first lives, and its reader reads and follows', async () => {
  const double = await startDouble(oneByOne)
  const first = await openStore(double, { leaseMs: 300 })
  const second = await openEsdbEventStore(double.connectionString, { leaseMs: 300 })
  expect(second).toEqual(
    E.left({ _tag: 'Held', message: expect.stringMatching(/another jobledger \(process \d+ on .*\) writes this log/) }),
  )
  const reader = await openReader(double)
  const following = follow(reader)
  await right(first.append('a', noStream, newEvents(3)))
  await until(() => following.events.length === 3)
  expect(await right(reader.readStream('a', 0, 10))).toEqual(following.events)
  expect(await reader.append('a', 2, newEvents(1))()).toMatchObject(
    E.left({ _tag: 'StoreUnavailable', reason: expect.stringContaining('for reading') }),
  )
})

test('a writer that ends hands over at once, and nothing needs sealing', async () => {
  const double = await startDouble(oneByOne)
  const first = await openStore(double, { leaseMs: 60_000 })
  await right(first.append('a', noStream, newEvents(3)))
  await first.close()
  const second = await openStore(double, { leaseMs: 60_000 })
  await right(second.append('a', 2, newEvents(1, 'second')))
  expect(seals(double.log.all())).toEqual([])
})

test('who stands by says so, takes over when the lease ends, and who wakes up later is refused and steps back', async () => {
  const double = await startDouble(oneByOne)
  const reasons: string[] = []
  const first = await openStore(double, { leaseMs: 400, onStepBack: (reason) => reasons.push(reason) })
  await right(first.append('a', noStream, newEvents(1)))
  // A frozen process renews nothing: what it sends does not arrive.
  double.faults.append = (stream, events) =>
    stream === 'jobledger_lease' && dataOf(events[0])['term'] === 1 ? 'silentBefore' : null
  const waits: string[] = []
  const second = await openStore(double, { leaseMs: 400, standBy: { onWait: (reason) => waits.push(reason) } })
  double.faults.append = undefined
  expect(waits[0]).toContain('another jobledger')
  expect(await first.append('a', 0, newEvents(1, 'too late'))()).toMatchObject(E.left({ _tag: 'StoreUnavailable' }))
  await until(() => reasons.length === 1)
  expect(reasons[0]).toContain('stepped back')
  expect(await first.append('b', noStream, newEvents(1))()).toMatchObject(E.left({ _tag: 'StoreUnavailable' }))
  await right(second.append('a', 0, newEvents(2, 'second')))
  const ids = (await right(second.readAll(beginning, 10))).map(({ id }) => id)
  expect(ids).toEqual(['x-0', 'second-0', 'second-1'])
})

test('a writer that ends while an append may still come in late is sealed off by the next', async () => {
  const double = await startDouble(oneByOne)
  const first = await openStore(double, { deadlineMs: 200 })
  await right(first.append('a', noStream, newEvents(1)))
  double.faults.lateMs = 600
  double.faults.append = (stream) => (stream === 'a' ? 'late' : null)
  expect(await first.append('a', 0, newEvents(1, 'late'))()).toMatchObject(E.left({ _tag: 'UnknownOutcome' }))
  await first.close()
  double.faults.append = undefined
  const second = await openStore(double)
  await new Promise((resolve) => setTimeout(resolve, 700))
  expect((await right(second.readAll(beginning, 10))).map(({ id }) => id)).toEqual(['x-0'])
  expect(seals(double.log.all())).toContain('a')
})

test('renewals and new terms at the same time do not look like another writer', async () => {
  const double = await startDouble(oneByOne)
  const reasons: string[] = []
  const store = await openStore(double, { leaseMs: 6, openedMax: 3, onStepBack: (reason) => reasons.push(reason) })
  for (let i = 0; i < 60; i += 1) await right(store.append(`job-${i}`, noStream, newEvents(1, `${i}`)))
  expect(reasons).toEqual([])
  const terms = double.log
    .all()
    .filter(({ type }) => type === leaseType)
    .map((event) => Number(dataOf(event)['term']))
  expect(Math.max(...terms)).toBeGreaterThan(10)
})

test('a holder that ran on this machine and is gone is replaced at once', async () => {
  const double = await startDouble(oneByOne)
  await openStore(double, { leaseMs: 60_000 })
  const second = await openStore(double, { leaseMs: 60_000, isGone: () => true })
  await right(second.append('a', noStream, newEvents(1)))
})

test('over 200 forced losses of the lease no event of a fenced writer is ever stored, and no acknowledged one is lost', async () => {
  const double = await startDouble(oneByOne)
  const next = numbersOf(1)
  double.faults.lateMs = 8
  double.faults.append = (stream) => (stream.startsWith('job-') && next() < 0.2 ? 'late' : null)
  const writers: Array<{ readonly number: number; readonly store: EventStore; readonly busy: Promise<unknown> }> = []
  const options = { leaseMs: 1000, deadlineMs: 3000, watchMs: 60_000, isGone: () => true }
  const acknowledged: string[] = []
  for (let n = 1; n <= losses + 1; n += 1) {
    const store = await openStore(double, options)
    const busy = Promise.all([0, 1, 2].map((lane) => writeOn(store, n, lane, acknowledged)))
    writers.push({ number: n, store, busy })
    await until(() => acknowledged.length >= 3 * n)
    await new Promise((resolve) => setTimeout(resolve, next() * 10))
    // Those before go on writing until they are refused.
    for (const old of writers.splice(0, Math.max(0, writers.length - 3))) {
      await old.busy
      await old.store.close()
    }
  }
  const [last] = writers.slice(-1)
  await openStore(double, options)
  for (const { busy } of writers) await busy
  await new Promise((resolve) => setTimeout(resolve, 50))

  expect(last?.number).toBe(losses + 1)
  let term = 0
  const fenced: string[] = []
  const stored = new Set<string>()
  for (const event of double.log.all()) {
    const data = dataOf(event)
    if (event.type === leaseType && data['state'] === 'ready') term = Number(data['term'])
    if (!event.stream.startsWith('job-') || event.type === sealType) continue
    stored.add(event.id)
    if (Number(data['writer']) < term)
      fenced.push(`${event.stream} ${event.revision}: ${JSON.stringify(data)} in term ${term}`)
  }
  expect(term).toBe(losses + 2)
  expect(fenced).toEqual([])
  expect(acknowledged.filter((id) => !stored.has(id))).toEqual([])
  expect(acknowledged.length).toBeGreaterThan(3 * losses)
}, 120_000)

test('a term with many streams is followed by a new one, so that a take-over seals few', async () => {
  const double = await startDouble(oneByOne)
  const first = await openStore(double, { openedMax: 10 })
  for (let i = 0; i < 95; i += 1) await right(first.append(`job-${i}`, noStream, newEvents(1, `${i}`)))
  const second = await openStore(double, { isGone: () => true })
  expect(seals(double.log.all()).filter((stream) => stream.startsWith('job-')).length).toBeLessThanOrEqual(10)
  expect(await first.append('job-0', 0, newEvents(1, 'fenced'))()).toMatchObject(E.left({ _tag: 'StoreUnavailable' }))
  await right(second.append('job-94', 0, newEvents(1, 'second')))
  expect(await right(second.readAll(beginning, 1000))).toHaveLength(96)
})

test('a sealed stream goes on where the log last saw it, and its revisions have no gap', async () => {
  const double = await startDouble(oneByOne)
  const first = await openStore(double)
  await right(first.append('a', noStream, [newEvent(0)]))
  const second = await openStore(double, { isGone: () => true })
  await right(second.append('b', noStream, [newEvent(1)]))
  const third = await openStore(double, { isGone: () => true })
  expect(await third.append('a', noStream, [newEvent(2)])()).toEqual(
    E.left({ _tag: 'WrongExpectedRevision', stream: 'a', expected: noStream, actual: 0 }),
  )
  expect(await third.append('a', 1, [newEvent(2)])()).toMatchObject(
    E.left({ _tag: 'WrongExpectedRevision', actual: 0 }),
  )
  expect(await right(third.append('a', 0, [newEvent(3), newEvent(4)]))).toMatchObject({ revision: 2 })
  expect(await right(third.append('a', 2, [newEvent(5)]))).toMatchObject({ revision: 3 })
  const fourth = await openStore(double, { isGone: () => true })
  expect(await right(fourth.append('a', 3, [newEvent(6)]))).toMatchObject({ revision: 4 })
  const events = await right(fourth.readStream('a', 0, 10))
  expect(events.map(({ id }) => id)).toEqual(['x-0', 'x-3', 'x-4', 'x-5', 'x-6'])
  expect(events.map(({ revision }) => revision)).toEqual([0, 1, 2, 3, 4])
  expect(await right(fourth.readStreamBackwards('a', 10))).toEqual(events.toReversed())
  expect(await right(fourth.readStreamBackwards('a', 2, 4))).toEqual(events.slice(2, 4).toReversed())
  expect(await right(fourth.readStreamBackwards('a', 2, 1))).toEqual(events.slice(0, 1))
  expect(await right(fourth.readStream('a', 2, 2))).toEqual(events.slice(2, 4))
  expect(await right(fourth.readStream('a', 5, 2))).toEqual([])
  expect((await right(fourth.readAll(beginning, 10))).filter(({ stream }) => stream === 'a')).toEqual(events)
})

/** Writes to streams shared by all writers and to new ones, until it is refused for good; notes the ids of what it was told is stored. */
const writeOn = async (store: EventStore, writer: number, lane: number, acknowledged: string[]): Promise<void> => {
  const revisions = new Map<string, number>()
  for (let k = 0; ; k += 1) {
    const stream = k % 3 === 2 ? `job-${writer}-${lane}-${k}` : `job-shared-${lane}-${k % 2}`
    const id = crypto.randomUUID()
    const event = { id, type: 'PodCreated', data: JSON.stringify({ writer, k }), metadata: '{}' }
    const outcome = await store.append(stream, revisions.get(stream) ?? noStream, [event])()
    if (E.isRight(outcome)) {
      revisions.set(stream, outcome.right.revision)
      acknowledged.push(id)
      continue
    }
    if (outcome.left._tag === 'StoreUnavailable') return
    if (outcome.left._tag === 'WrongExpectedRevision') revisions.set(stream, outcome.left.actual)
  }
}

const dataOf = (event: ProposedEvent | undefined): Readonly<Record<string, unknown>> =>
  JSON.parse(Buffer.from(event?.data ?? []).toString('utf8'))

const seals = (events: ReadonlyArray<RecordedEvent>): ReadonlyArray<string> =>
  events.filter(({ type }) => type === sealType).map(({ stream }) => stream)
