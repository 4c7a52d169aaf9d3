import { appendFileSync, existsSync, readFileSync, truncateSync } from 'node:fs'

/** An event as a client proposes it. */
export type ProposedEvent = {
  readonly id: string
  readonly type: string
  readonly contentType: string
  readonly data: Uint8Array
  readonly metadata: Uint8Array
}

export type RecordedEvent = ProposedEvent & {
  readonly stream: string
  readonly revision: number
  readonly position: bigint
  /** Milliseconds since 1970. */
  readonly created: number
}

export type Expected = number | 'any' | 'no-stream' | 'stream-exists'

/** `position` is null when the append had been stored before: what a server answers then is not relied on. */
export type DoubleAppended =
  | { readonly _tag: 'Stored'; readonly revision: number; readonly position: bigint | null }
  | { readonly _tag: 'WrongExpected'; readonly actual: number }

/** The log behind the double: streams, one order over all of them, and positions like byte offsets. */
export type DoubleLog = {
  readonly append: (stream: string, expected: Expected, events: ReadonlyArray<ProposedEvent>) => DoubleAppended
  readonly stream: (name: string) => ReadonlyArray<RecordedEvent>
  readonly all: () => ReadonlyArray<RecordedEvent>
  /** Index in `all` of the first event at `position` or behind it. */
  readonly indexOf: (position: bigint) => number
  /** Calls back after each append; answers how to stop that. */
  readonly onAppend: (listener: () => void) => () => void
}

export type DoubleLogOptions = {
  /** Keeps the log in this file, so that it outlives the process that serves it. */
  readonly file?: string | undefined
  /** False: takes every append whatever its expected revision, which a contract must notice. */
  readonly checkRevisions?: boolean | undefined
  readonly now?: () => number
}

/** Where the records of a new log begin: a server has written some of its own before. */
const firstPosition = 1842n

export const openDoubleLog = ({ file, checkRevisions = true, now = Date.now }: DoubleLogOptions = {}): DoubleLog => {
  const all: RecordedEvent[] = []
  const streams = new Map<string, RecordedEvent[]>()
  const listeners = new Set<() => void>()
  let end = firstPosition

  const store = (stream: string, events: ReadonlyArray<ProposedEvent>, created: number): RecordedEvent[] => {
    const past = streams.get(stream) ?? []
    streams.set(stream, past)
    return events.map((event) => {
      const recorded = { ...event, stream, revision: past.length, position: end, created }
      end += BigInt(180 + stream.length + event.type.length + event.data.length + event.metadata.length)
      past.push(recorded)
      all.push(recorded)
      return recorded
    })
  }

  if (file !== undefined && existsSync(file))
    for (const { stream, created, events } of linesOf(file)) store(stream, events.map(fromLine), created)

  return {
    append: (stream, expected, events) => {
      const past = streams.get(stream) ?? []
      const current = past.length - 1
      const verdict = judge(past, expected, events)
      if (verdict === 'stored before' && checkRevisions) {
        const first = typeof expected === 'number' ? expected : expected === 'no-stream' ? -1 : current - events.length
        return { _tag: 'Stored', revision: first + events.length, position: null }
      }
      if (verdict === 'wrong' && checkRevisions) return { _tag: 'WrongExpected', actual: current }
      if (events.length === 0) return { _tag: 'Stored', revision: current, position: null }
      const created = now()
      if (file !== undefined)
        appendFileSync(file, `${JSON.stringify({ stream, created, events: events.map(toLine) })}\n`)
      const last = store(stream, events, created).at(-1)
      for (const listener of [...listeners]) listener()
      return { _tag: 'Stored', revision: last?.revision ?? current, position: last?.position ?? null }
    },
    stream: (name) => streams.get(name) ?? [],
    all: () => all,
    indexOf: (position) => firstIndex(all, position),
    onAppend: (listener) => {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
  }
}

/** The server's rule: an append behind the present end is new, whatever its ids; one that begins earlier may be a repetition. */
const judge = (
  past: ReadonlyArray<RecordedEvent>,
  expected: Expected,
  events: ReadonlyArray<ProposedEvent>,
): 'new' | 'stored before' | 'wrong' => {
  const current = past.length - 1
  const isRepeatedFrom = (first: number) =>
    events.length > 0 && first >= 0 && events.every(({ id }, i) => past[first + i]?.id === id)
  switch (expected) {
    case 'any':
    case 'stream-exists': {
      if (expected === 'stream-exists' && current < 0) return 'wrong'
      return isRepeatedFrom(past.findLastIndex(({ id }) => id === events[0]?.id)) ? 'stored before' : 'new'
    }
    default: {
      const behind = expected === 'no-stream' ? -1 : expected
      if (behind === current) return 'new'
      return behind < current && isRepeatedFrom(behind + 1) ? 'stored before' : 'wrong'
    }
  }
}

const firstIndex = (all: ReadonlyArray<RecordedEvent>, position: bigint): number => {
  let low = 0
  let high = all.length
  while (low < high) {
    const middle = (low + high) >> 1
    if ((all[middle]?.position ?? 0n) < position) low = middle + 1
    else high = middle
  }
  return low
}

type EventLine = { id: string; type: string; contentType: string; data: string; metadata: string }
type AppendLine = { stream: string; created: number; events: EventLine[] }

const toLine = ({ id, type, contentType, data, metadata }: ProposedEvent): EventLine => ({
  id,
  type,
  contentType,
  data: Buffer.from(data).toString('base64'),
  metadata: Buffer.from(metadata).toString('base64'),
})

const fromLine = ({ id, type, contentType, data, metadata }: EventLine): ProposedEvent => ({
  id,
  type,
  contentType,
  data: Buffer.from(data, 'base64'),
  metadata: Buffer.from(metadata, 'base64'),
})

/** Whole appends; the torn one that a killed process leaves at the end was never answered and is cut off. */
const linesOf = (file: string): ReadonlyArray<AppendLine> => {
  const text = readFileSync(file, 'utf8')
  const whole = text.slice(0, text.lastIndexOf('\n') + 1)
  if (whole.length < text.length) truncateSync(file, Buffer.byteLength(whole))
  return whole
    .split('\n')
    .filter((line) => line !== '')
    .map((line): AppendLine => JSON.parse(line))
}
