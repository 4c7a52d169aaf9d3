import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { expect, test } from 'vitest'
import { beginning, type EventStore, noStream } from '../../../src/application/ports/event-store.ts'
import { E } from '../../../src/prelude.ts'
import { newEvent, newEvents, right } from '../../support/event-stores.ts'
import { newFolder, openReader, openStore } from '../../support/sqlite-folders.ts'

const events = 60_000

const openLongLog = async (): Promise<{ readonly store: EventStore; readonly folder: string }> => {
  const folder = await newFolder()
  const store = await openStore(folder)
  await right(store.append('a', noStream, newEvents(events)))
  return { store, folder }
}

/** How often a timer of 1 ms comes while something is done. */
const turnsDuring = async (work: () => Promise<unknown>): Promise<number> => {
  let turns = 0
  const timer = setInterval(() => {
    turns += 1
  }, 1)
  await work()
  clearInterval(timer)
  return turns
}

const readInPages = async (store: EventStore): Promise<void> => {
  let read = 0
  for (let after = beginning; ; ) {
    const page = await right(store.readAll(after, 500))
    const last = page.at(-1)
    if (last === undefined) break
    after = last.position
    read += page.length
  }
  expect(read).toBe(events)
}

test.each<[string, (store: EventStore) => Promise<unknown>]>([
  ['a read of the whole log', (store) => right(store.readAll(beginning, 100_000))],
  ['a read of the whole log backwards', (store) => right(store.readAllBackwards(100_000))],
  ['a read of a long stream', (store) => right(store.readStream('a', 0, 100_000))],
  ['a replay in small pages', readInPages],
])('%s lets others have their turn', async (_, read) => {
  const { store, folder } = await openLongLog()
  const reader = await openReader(folder)
  for (const log of [store, reader]) expect(await turnsDuring(() => read(log))).toBeGreaterThan(0)
})

test('a long read that has begun is finished before the log is closed', async () => {
  const { store, folder } = await openLongLog()
  const reader = await openReader(folder)
  for (const log of [reader, store]) {
    const reading = log.readAll(beginning, 100_000)()
    const tooLate = new Promise((resolve) => setTimeout(resolve, 1)).then(() => log.readAll(beginning, 1)())
    await log.close()
    const outcome = await reading
    expect(E.isRight(outcome) && outcome.right.length).toBe(events)
    expect(await tooLate).toMatchObject({ left: { reason: 'the event store is closed' } })
  }
})

test('an append while a long read is under way is in it whole or not at all', async () => {
  const { store } = await openLongLog()
  const reading = store.readAll(beginning, 100_000)()
  await right(store.append('b', noStream, newEvents(700)))
  const outcome = await reading
  expect(E.isRight(outcome) && [events, events + 700]).toContain(E.isRight(outcome) && outcome.right.length)
})

test('control characters are kept as they are, that between the texts of a row among them', async () => {
  const store = await openStore(await newFolder())
  const controls = Array.from({ length: 32 }, (_, code) => String.fromCharCode(code))
  const odd = ['', '{}', '["a","b"]', '\x1f', 'a\x1fb\x1fc\x7f', controls.join(''), ...controls].map((text, i) => ({
    id: `${i}${text}`,
    type: text,
    data: text,
    metadata: `${text}${i}`,
  }))
  const empty = { id: '', type: '', data: '', metadata: '' }
  const given = [...newEvents(2), ...odd, empty]
  await right(store.append('together', noStream, given))
  for (const [i, event] of given.entries()) await right(store.append('alone', i - 1, [event]))
  for (const stream of ['together', 'alone']) {
    const stored = await right(store.readStream(stream, 0, 100))
    expect(stored.map(({ id, type, data, metadata }) => ({ id, type, data, metadata }))).toEqual(given)
  }
})

test('text that is no Unicode is kept as it is, with everything beside it', async () => {
  const store = await openStore(await newFolder())
  const odd = { id: 'half \ud83d', type: 'a pair \udd84\ud83e', data: '\udc00', metadata: '\ud800\x1f' }
  const given = [newEvent(1), odd, newEvent(2)]
  await right(store.append('a', noStream, given))
  const stored = await right(store.readAll(beginning, 10))
  expect(stored.map(({ id, type, data, metadata }) => ({ id, type, data, metadata }))).toEqual(given)
})

test('events larger than a row is meant for are stored and read like others', async () => {
  const store = await openStore(await newFolder())
  const given = newEvents(5).map((event) => ({ ...event, data: JSON.stringify('é'.repeat(700_000)) }))
  await right(store.append('a', noStream, given))
  expect(await right(store.readStream('a', 3, 1))).toMatchObject([{ ...given[3], revision: 3, position: 4n }])
  expect(await right(store.readAll(beginning, 10))).toMatchObject(given)
})

test('whoever keeps the id of the last event of each stream keeps little else', async () => {
  const store = await openStore(await newFolder())
  const large = newEvents(250, 'an id as long as ids are').map((event) => ({
    ...event,
    metadata: JSON.stringify('x'.repeat(400)),
  }))
  for (let i = 0; i < 200; i += 1) await right(store.append(`s-${i}`, noStream, large))
  setFlagsFromString('--expose-gc')
  const collect = runInNewContext('gc') as () => void
  const heap = (): number => {
    collect()
    return process.memoryUsage().heapUsed
  }
  const before = heap()
  const lastIds: string[] = []
  for (let i = 0; i < 200; i += 1) lastIds.push((await right(store.readStream(`s-${i}`, 0, 1000))).at(-1)?.id ?? '')
  const kept = heap() - before
  expect(new Set(lastIds)).toEqual(new Set([large.at(-1)?.id]))
  expect(kept, 'bytes, of 24 MB of events').toBeLessThan(5_000_000)
})
