import { expect, test } from 'vitest'
import { inMemoryEventStore } from '../../../src/adapters/eventstore/memory/in-memory-event-store.ts'
import { openEsdbEventStore } from '../../../src/adapters/eventstore/esdb/open-esdb-event-store.ts'
import { exportedLog, importLog } from '../../../src/application/log/log-transfer.ts'
import { beginning, type EventStore, noStream } from '../../../src/application/ports/event-store.ts'
import { E } from '../../../src/prelude.ts'
import { newEvents, right } from '../../support/event-stores.ts'
import { startEsdbDouble } from '../../support/esdb-double/esdb-double.ts'
import { newFolder, openStore } from '../../support/sqlite-folders.ts'

test('a log goes to EventStoreDB and back, event by event, and every position is mapped', async () => {
  const origin = await filled(await openStore(await newFolder()))
  const double = await startEsdbDouble()
  const opened = await openEsdbEventStore(double.connectionString)
  if (E.isLeft(opened)) throw new Error(opened.left.message)
  const esdb = opened.right
  const there = new Map<bigint, bigint>()
  const back = new Map<bigint, bigint>()
  expect(await copy(origin, esdb, there)).toEqual(E.right({ already: 0, imported: 1707 }))
  const home = await openStore(await newFolder())
  expect(await copy(esdb, home, back)).toEqual(E.right({ already: 0, imported: 1707 }))
  expect(await all(home)).toEqual(await all(origin))
  expect([...there].every(([from, to]) => back.get(to) === from)).toBe(true)
  expect(there.size).toBe(1707)
  await esdb.close()
  await double.stop()
})

test('an import that was cut off goes on where it ended', async () => {
  const lines = await linesOf(exportedLog(await filled(inMemoryEventStore())))
  const store = inMemoryEventStore()
  expect(await importLog(store, each(lines.slice(0, 1000)), () => {})).toEqual(
    E.left('the file ends before the log does'),
  )
  const before = (await all(store)).length
  expect(before).toBeGreaterThan(400)
  expect(await importLog(store, each(lines), () => {})).toEqual(
    E.right({ already: before, imported: lines.length - 2 - before }),
  )
  expect(await linesOf(exportedLog(store))).toEqual(lines)
})

test('a log with other events is left alone', async () => {
  const lines = await linesOf(exportedLog(await filled(inMemoryEventStore())))
  const store = inMemoryEventStore()
  await right(store.append('other', noStream, newEvents(1, 'other')))
  expect(await importLog(store, each(lines), () => {})).toEqual(
    E.left('line 2: this log holds other events; import into an empty one'),
  )
  const short = await linesOf(exportedLog(inMemoryEventStore()))
  expect(await importLog(store, each(short), () => {})).toEqual(E.left('this log holds more events than the file'))
  expect(await all(store)).toHaveLength(1)
})

test.each([
  ['another kind of file', (lines: string[]) => ['{"kind":"List"}', ...lines.slice(1)], 'line 1: this is no log'],
  [
    'a line that is no event',
    (lines: string[]) => [lines[0] ?? '', 'x', ...lines.slice(2)],
    'line 2: this is no event',
  ],
  ['a missing event', (lines: string[]) => lines.toSpliced(2, 1), 'line 3: revision 1 of job-a is missing'],
  ['a missing first event', (lines: string[]) => lines.toSpliced(1, 1), 'WrongExpectedRevision'],
  ['a missing event at the end', (lines: string[]) => lines.toSpliced(-2, 1), 'should have 1707 events'],
  ['something behind the end', (lines: string[]) => [...lines, lines[1] ?? ''], 'stands behind the end of the log'],
])('%s is refused by its line', async (_, change, problem) => {
  const lines = await linesOf(exportedLog(await filled(inMemoryEventStore())))
  const outcome = await importLog(inMemoryEventStore(), each(change(lines)), () => {})
  expect(outcome).toEqual(E.left(expect.stringContaining(problem)))
})

const filled = async (store: EventStore): Promise<EventStore> => {
  await right(store.append('job-a', noStream, newEvents(3, 'a')))
  for (let i = 0; i < 2; i += 1) await right(store.append('job-b', 2 * i - 1, newEvents(2, `b${i}`)))
  await right(store.append('job-a', 2, newEvents(700, 'many')))
  await right(store.append('job-c', noStream, newEvents(1000, 'c')))
  return store
}

const copy = async (from: EventStore, to: EventStore, positions: Map<bigint, bigint>) =>
  importLog(to, exportedLog(from), (before, after) => void positions.set(before, after))

const all = (store: EventStore) => right(store.readAll(beginning, 100_000))

const linesOf = async (lines: AsyncIterable<string>): Promise<string[]> => {
  const gathered: string[] = []
  for await (const line of lines) gathered.push(line)
  return gathered
}

const each = async function* (lines: ReadonlyArray<string>): AsyncGenerator<string> {
  yield* lines
}
