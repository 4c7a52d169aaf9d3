import { expect, test } from 'vitest'
import { addressOf } from '../../../../src/adapters/eventstore/esdb/address.ts'
import { openEsdbEventStore } from '../../../../src/adapters/eventstore/esdb/open-esdb-event-store.ts'
import { fromWire, toWire } from '../../../../src/adapters/eventstore/esdb/wire-event.ts'
import { beginning, noStream } from '../../../../src/application/ports/event-store.ts'
import { E } from '../../../../src/prelude.ts'
import { follow, newEvent, newEvents, right, until } from '../../../support/event-stores.ts'
import type { AppendFault, DeliveryFault } from '../../../support/esdb-double/faults.ts'
import { openStore, startDouble } from './stores.ts'

test.each([
  ['esdb://localhost:2113?tls=false', 'esdb://localhost:2113?tls=false', 'esdb://localhost:2113?tls=false'],
  ['kurrentdb://u:p%40ss@a:2113,b:2113', 'esdb://u:p%40ss@a:2113,b:2113', 'kurrentdb://a:2113,b:2113'],
  [
    'kurrentdb+discover://u:p@cluster.example',
    'esdb+discover://u:p@cluster.example',
    'kurrentdb+discover://cluster.example',
  ],
])('%s is a connection string, and its password is not shown', (text, connectionString, shown) => {
  expect(addressOf(text)).toEqual(E.right({ connectionString, shown }))
})

test.each(['/var/lib/jobledger', 'http://localhost:2113', 'esdb://'])('%s is no connection string', (text) => {
  expect(addressOf(text)).toEqual(E.left(expect.stringContaining('connection string')))
})

test('a server that is away is a refusal that says so, not a wait without end', async () => {
  const opened = await openEsdbEventStore('esdb://127.0.0.1:9?tls=false', { deadlineMs: 400 })
  expect(opened).toEqual(E.left({ _tag: 'Unavailable', message: expect.stringContaining('ECONNREFUSED') }))
}, 15_000)

test('JSON is JSON in EventStoreDB; an event needs a header of ours only for what has no place there', () => {
  const [first, second] = toWire(
    [
      { id: '01234567-89ab-8def-8123-456789abcdef', type: 'A', data: '{"a":1}', metadata: '{"$correlationId":"c"}' },
      { id: 'no uuid', type: 'B', data: '{"a":1.0}', metadata: '{ }' },
    ],
    0,
  )
  expect(first).toMatchObject({ contentType: 'application/json', data: { a: 1 } })
  expect(textOf(first?.metadata)).toBe('{"jobledger":{"more":1},"$correlationId":"c"}')
  expect(second).toMatchObject({
    contentType: 'application/octet-stream',
    id: expect.stringMatching(/^[0-9a-f-]{36}$/),
  })
  expect(textOf(second?.metadata)).toBe('{"jobledger":{"id":"no uuid","text":"{ }"}}')
  const [alone] = toWire(
    [{ id: '01234567-89ab-8def-8123-456789abcdef', type: 'A', data: '{}', metadata: '{"x":1}' }],
    0,
  )
  expect(textOf(alone?.metadata)).toBe('{"x":1}')
})

test.each(['{}', '{"jobledger":{"more":7}}', '', 'no JSON', '[1]', '"text"', '{"2":1,"1":2}', '{"a":{"jobledger":1}}'])(
  'metadata %s comes back byte for byte, with a header and without',
  (metadata) => {
    for (const seals of [0, 2]) {
      const [wire] = toWire([{ id: 'x', type: 'T', data: metadata, metadata }], seals)
      const text = textOf(wire?.metadata)
      const recorded = {
        ...wire,
        isJson: wire?.contentType === 'application/json',
        streamId: 's',
        revision: 5n,
        metadata: parsed(text),
      }
      const { event } = fromWire(recorded as unknown as Parameters<typeof fromWire>[0], 's', 9n)
      expect(event).toEqual({
        id: 'x',
        type: 'T',
        data: metadata,
        metadata,
        stream: 's',
        revision: 5 - seals,
        position: 9n,
      })
    }
  },
)

test.each<[AppendFault, string]>([
  ['unavailableBefore', 'breaks before the commit'],
  ['unavailableAfter', 'breaks after the commit'],
  ['timeoutBefore', 'times out before the commit'],
  ['timeoutAfter', 'times out after the commit'],
  ['silentBefore', 'is lost before the commit'],
  ['silentAfter', 'is never answered after the commit'],
  ['late', 'is stored late'],
  ['notLeader', 'came to a follower'],
])('%s: an append that %s is stored once and answered', async (fault) => {
  for (const offersBatches of [true, false]) {
    const double = await startDouble({ nodes: 2, offersBatches })
    const store = await openStore(double, { deadlineMs: 1000 })
    await right(store.append('a', noStream, newEvents(1)))
    let faults = 1
    double.faults.append = () => {
      faults -= 1
      return faults >= 0 ? fault : null
    }
    const { revision, position } = await right(store.append('a', 0, newEvents(3, 'b')))
    if (fault === 'late') await new Promise((resolve) => setTimeout(resolve, 2 * double.faults.lateMs))
    const events = await right(store.readStream('a', 0, 10))
    expect(events.map(({ id }) => id)).toEqual(['x-0', 'b-0', 'b-1', 'b-2'])
    expect(events.at(-1)).toMatchObject({ revision, position })
    await store.close()
  }
})

test('an outcome that cannot be settled within the deadline is unknown', async () => {
  const double = await startDouble()
  const store = await openStore(double, { deadlineMs: 400 })
  await right(store.append('a', noStream, newEvents(1)))
  double.faults.append = () => 'silentAfter'
  double.faults.read = () => 'silent'
  const began = performance.now()
  expect(await store.append('a', 0, newEvents(1, 'b'))()).toMatchObject(E.left({ _tag: 'UnknownOutcome', stream: 'a' }))
  expect(performance.now() - began).toBeLessThan(1500)
  double.faults.append = undefined
  double.faults.read = undefined
  expect(await right(store.readStreamBackwards('a', 1))).toMatchObject([{ id: 'b-0' }])
})

test('what is larger than the server takes is refused, and nothing is stored', async () => {
  const double = await startDouble({ maxAppendBytes: 1 << 20 })
  const store = await openStore(double)
  const large = { ...newEvent(1), data: JSON.stringify('x'.repeat(1 << 20)) }
  expect(await store.append('a', noStream, [large])()).toEqual(
    E.left({ _tag: 'StoreUnavailable', reason: 'one append may weigh 1048576 bytes in this EventStoreDB' }),
  )
  expect(await right(store.readAll(beginning, 10))).toEqual([])
})

test.each<[DeliveryFault, string]>([
  ['unavailable', 'ends'],
  ['silent', 'stops without a word'],
  ['twice', 'brings everything twice'],
  ['checkpointAhead', 'tells a checkpoint ahead of its event and ends'],
])('%s: a subscription that %s loses nothing and repeats nothing', async (fault) => {
  const double = await startDouble()
  const store = await openStore(double, { watchMs: 50 })
  const following = follow(store)
  let deliveries = 0
  double.faults.deliver = ({ stream }) => {
    if (stream.startsWith('jobledger_')) return null
    deliveries += 1
    return fault === 'twice' || deliveries % 4 === 0 ? fault : null
  }
  for (let i = 0; i < 6; i += 1) await right(store.append('a', 2 * i - 1, newEvents(2, `${i}`)))
  await until(() => following.events.length >= 12)
  expect(following.events).toEqual(await right(store.readAll(beginning, 100)))
  for (const piece of following.pieces.slice(1)) expect(piece.length % 2).toBe(0)
})

test('two hundred appends at once on a new connection are all answered', async () => {
  const double = await startDouble()
  const store = await openStore(double)
  const outcomes = await Promise.all(
    Array.from({ length: 200 }, (_, i) => store.append(`job-${i}`, noStream, newEvents(1, `${i}`))()),
  )
  expect(outcomes.filter(E.isLeft)).toEqual([])
})

test('a store whose server has gone closes all the same', async () => {
  const double = await startDouble()
  const store = await openStore(double, { deadlineMs: 300 })
  await right(store.append('a', noStream, newEvents(1)))
  await double.stop()
  const began = performance.now()
  await store.close()
  expect(performance.now() - began).toBeLessThan(5000)
})

const textOf = (metadata: unknown): string => Buffer.from(metadata as Uint8Array).toString('utf8')

/** What the client makes of metadata when it reads them. */
const parsed = (text: string): unknown => {
  if (text === '') return undefined
  try {
    return JSON.parse(text)
  } catch {
    return Uint8Array.from(Buffer.from(text))
  }
}
