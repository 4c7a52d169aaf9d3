import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { beginning, noStream } from '../../../src/application/ports/event-store.ts'
import { E } from '../../../src/prelude.ts'
import { follow, newEvents, right, until } from '../../support/event-stores.ts'
import { newFolder, openReader, openStore, startStoreProcess } from '../../support/sqlite-folders.ts'

test('a reader beside the holder reads what is stored and hears what is appended', async () => {
  const folder = await newFolder()
  const store = await openStore(folder)
  await right(store.append('a', noStream, newEvents(3)))
  const reader = await openReader(folder)
  const following = follow(reader)
  await until(() => following.events.length === 3)
  await right(store.append('b', noStream, newEvents(2500)))
  await until(() => following.events.length === 2503)
  expect(following.events).toEqual(await right(store.readAll(beginning, 5000)))
  expect(await right(reader.readStream('a', 1, 1))).toEqual(await right(store.readStream('a', 1, 1)))
})

test('a reader is told of appends whole, however large they are and however many came at once', async () => {
  const folder = await newFolder()
  const store = await openStore(folder)
  const following = follow(await openReader(folder))
  await right(store.append('first', noStream, newEvents(1)))
  await until(() => following.events.length === 1)
  const sizes = [1500, 1500, 2500, 4100, 1, 1999]
  await Promise.all(sizes.map((size, i) => right(store.append(`s-${i}`, noStream, newEvents(size)))))
  await until(() => following.events.length === 11_601)
  expect(following.events).toEqual(await right(store.readAll(beginning, 20_000)))
  for (const piece of following.pieces.slice(1))
    for (const [stream, events] of Object.entries(Object.groupBy(piece, (event) => event.stream)))
      expect([stream, events?.length]).toEqual([stream, sizes[Number(stream.slice(2))]])
})

test('what was appended while nobody followed is read in pages, not in one piece', async () => {
  const folder = await newFolder()
  const store = await openStore(folder)
  const reader = await openReader(folder)
  for (let i = 0; i < 4; i += 1) await right(store.append(`s-${i}`, noStream, newEvents(2500)))
  const following = follow(reader)
  await until(() => following.events.length === 10_000)
  expect(Math.max(...following.pieces.map(({ length }) => length))).toBeLessThanOrEqual(2000)
  await right(store.append('live', noStream, newEvents(2500)))
  await until(() => following.events.length === 12_500)
  expect(following.pieces.at(-1)).toHaveLength(2500)
})

test('a reader follows another process without gap or repetition, also after it was killed', async () => {
  const folder = await newFolder()
  const child = startStoreProcess([folder, '20'])
  await child.says('open')
  const reader = await openReader(folder)
  const following = follow(reader)
  await until(() => following.events.length > 500)
  child.child.kill('SIGKILL')
  await child.ended
  const late = follow(reader)
  const stored = await right(reader.readAll(beginning, 1_000_000))
  await until(() => following.events.length >= stored.length && late.events.length >= stored.length)
  expect(following.events).toEqual(stored)
  expect(late.events).toEqual(stored)
  expect(stored.map(({ revision }) => revision)).toEqual(Array.from(stored, (_, i) => i))
})

test('a reader cannot append', async () => {
  const folder = await newFolder()
  await openStore(folder)
  const reader = await openReader(folder)
  expect(await reader.append('a', noStream, newEvents(1))()).toEqual(
    E.left({ _tag: 'StoreUnavailable', reason: 'the log was opened for reading only' }),
  )
})

test('a log that does not exist is empty, and nothing is made by looking', async () => {
  const folder = await newFolder()
  const reader = await openReader(join(folder, 'none'))
  expect(await right(reader.readAll(beginning, 10))).toEqual([])
  expect(await right(reader.readStreamBackwards('a', 10))).toEqual([])
  const following = follow(reader)
  await new Promise((resolve) => setTimeout(resolve, 120))
  expect(readdirSync(folder)).toEqual([])
  following.stop()
})

test('a log that comes into being later is followed from then on', async () => {
  const folder = join(await newFolder(), 'later')
  const following = follow(await openReader(folder))
  const store = await openStore(folder)
  await right(store.append('a', noStream, newEvents(3)))
  await until(() => following.events.length === 3)
  await right(store.append('a', 2, newEvents(2)))
  await until(() => following.events.length === 5)
})

test('reading alone leaves the log as it is', async () => {
  const folder = await newFolder()
  const store = await openStore(folder)
  await right(store.append('a', noStream, newEvents(3)))
  await store.close()
  const before = readFileSync(join(folder, 'ledger.db'))
  const reader = await openReader(folder)
  expect(await right(reader.readAllBackwards(10))).toHaveLength(3)
  await reader.close()
  await reader.close()
  expect(readFileSync(join(folder, 'ledger.db')).equals(before)).toBe(true)
  expect(await reader.readAll(beginning, 1)()).toMatchObject({ left: { reason: 'the event store is closed' } })
})

test('a subscription ends when its reader is closed, and its process may end', async () => {
  const folder = await newFolder()
  await openStore(folder)
  const reader = await openReader(folder)
  const following = follow(reader)
  await reader.close()
  expect(following.ended()).toBe('complete')
})
