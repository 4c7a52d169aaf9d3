import { E } from '../../prelude.ts'
import { beginning, type EventStore, type NewEvent, type StoredEvent } from '../ports/event-store.ts'

/** The first line of an exported log. A file with another version is refused. */
const head = { jobledger: 'log', version: 1 }

/** Read at once, and appended at once: EventStoreDB takes 1 MiB by default. */
const pageSize = 1000
const eventsPerAppend = 500
const charactersPerAppend = 300_000

/**
 * The whole log as lines of JSON: a head, one line for each event with the texts as they are stored, and a last line that says how many
 * there are. Throws when the store cannot be read.
 */
export const exportedLog = async function* (store: EventStore): AsyncGenerator<string> {
  yield JSON.stringify(head)
  let events = 0
  for (let after = beginning; ; ) {
    const page = await store.readAll(after, pageSize)()
    if (E.isLeft(page)) throw new Error(page.left.reason)
    for (const { position, ...event } of page.right) yield JSON.stringify({ position: String(position), ...event })
    events += page.right.length
    const last = page.right.at(-1)
    if (last === undefined) break
    after = last.position
  }
  yield JSON.stringify({ events })
}

/** How an import went: events that were there before, and events that are new. */
export type Imported = { readonly already: number; readonly imported: number }

/**
 * Stores an exported log in the same order, streams and revisions, and tells for each event which position it had and which it has. A log
 * that begins as the file does is continued, so an import that was cut off is done again; any other log is refused.
 */
export const importLog = async (
  store: EventStore,
  lines: AsyncIterable<string>,
  onMapped: (from: bigint, to: bigint) => Promise<void> | void,
): Promise<E.Either<string, Imported>> => {
  let line = 0
  let already = 0
  let imported = 0
  let after = beginning
  let isOver = false
  let waiting: StoredEvent[] = []
  let characters = 0
  const there = await storedPages(store)

  const flush = async (): Promise<string | null> => {
    const [first] = waiting
    if (first === undefined) return null
    const outcome = await store.append(first.stream, first.revision - 1, waiting.map(newEventOf))()
    if (E.isLeft(outcome)) return `line ${line}: ${JSON.stringify(outcome.left)}`
    const stored = await store.readAll(after, waiting.length)()
    if (E.isLeft(stored)) return stored.left.reason
    for (const [i, event] of waiting.entries()) {
      const copy = stored.right[i]
      if (copy === undefined || !isSame(copy, event))
        return `somebody else writes this log: ${event.id} is not where it belongs`
      await onMapped(event.position, copy.position)
      after = copy.position
    }
    imported += waiting.length
    waiting = []
    characters = 0
    return null
  }

  for await (const text of lines) {
    line += 1
    if (text === '') continue
    const value = parsed(text)
    if (line === 1) {
      if (value?.['jobledger'] !== head.jobledger || value['version'] !== head.version)
        return E.left('line 1: this is no log that jobledger of this version exported')
      continue
    }
    if (isOver) return E.left(`line ${line}: stands behind the end of the log`)
    if (value !== null && typeof value['events'] === 'number') {
      const problem = await flush()
      if (problem !== null) return E.left(problem)
      if (value['events'] !== already + imported)
        return E.left(`line ${line}: the log should have ${value['events']} events, the file has ${already + imported}`)
      isOver = true
      continue
    }
    const event = value === null ? null : eventOf(value)
    if (event === null) return E.left(`line ${line}: this is no event`)
    const before = await there.next()
    if (typeof before === 'string') return E.left(before)
    if (before !== null) {
      if (!isSame(before, event)) return E.left(`line ${line}: this log holds other events; import into an empty one`)
      already += 1
      after = before.position
      await onMapped(event.position, before.position)
      continue
    }
    const [first] = waiting
    const expected = (first?.stream === event.stream ? waiting.at(-1)?.revision : undefined) ?? event.revision - 1
    if (event.revision !== expected + 1)
      return E.left(`line ${line}: revision ${expected + 1} of ${event.stream} is missing`)
    const isFull = waiting.length >= eventsPerAppend || characters + sizeOf(event) > charactersPerAppend
    if (first !== undefined && (first.stream !== event.stream || isFull)) {
      const problem = await flush()
      if (problem !== null) return E.left(problem)
    }
    waiting.push(event)
    characters += sizeOf(event)
  }
  if (!isOver) return E.left('the file ends before the log does')
  const beyond = await there.next()
  if (typeof beyond === 'string') return E.left(beyond)
  return beyond === null ? E.right({ already, imported }) : E.left('this log holds more events than the file')
}

/** What the store held before, one event after the other; null at its end, a text when it cannot be read. */
const storedPages = async (store: EventStore) => {
  const last = await store.readAllBackwards(1)()
  let end = E.isLeft(last) ? null : (last.right[0]?.position ?? beginning)
  let page: ReadonlyArray<StoredEvent> = []
  let place = 0
  let after = beginning
  return {
    next: async (): Promise<StoredEvent | null | string> => {
      if (end === null) return 'the log cannot be read'
      if (after >= end && place >= page.length) return null
      if (place >= page.length) {
        const read = await store.readAll(after, pageSize)()
        if (E.isLeft(read)) return read.left.reason
        page = read.right
        place = 0
      }
      const event = page[place] ?? null
      place += 1
      if (event === null) end = beginning
      else after = event.position
      return event
    },
  }
}

const newEventOf = ({ id, type, data, metadata }: StoredEvent): NewEvent => ({ id, type, data, metadata })

const isSame = (a: StoredEvent, b: StoredEvent): boolean =>
  a.id === b.id &&
  a.type === b.type &&
  a.data === b.data &&
  a.metadata === b.metadata &&
  a.stream === b.stream &&
  a.revision === b.revision

const sizeOf = ({ data, metadata }: StoredEvent): number => data.length + metadata.length

type Value = Readonly<Record<string, unknown>>

const parsed = (text: string): Value | null => {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null ? (value as Value) : null
  } catch {
    return null
  }
}

const eventOf = (value: Value): StoredEvent | null => {
  const { position, stream, revision, id, type, data, metadata } = value
  if (typeof position !== 'string' || !/^\d+$/.test(position)) return null
  if (typeof revision !== 'number' || !Number.isSafeInteger(revision)) return null
  if (typeof stream !== 'string' || typeof id !== 'string' || typeof type !== 'string') return null
  if (typeof data !== 'string' || typeof metadata !== 'string') return null
  return { position: BigInt(position), stream, revision, id, type, data, metadata }
}
