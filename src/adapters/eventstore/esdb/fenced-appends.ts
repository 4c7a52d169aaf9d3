import type { RecordedEvent } from '@eventstore/db-client'
import { type AppendFailure, type Appended, type NewEvent, noStream } from '../../../application/ports/event-store.ts'
import { E } from '../../../prelude.ts'
import type { Connection, Read } from './connection.ts'
import { type Names, sealType } from './names.ts'
import { type OpenedStreams, openedStreams } from './opened-streams.ts'
import { settledAppend } from './settled-append.ts'
import { fromWire, toWire } from './wire-event.ts'
import { withDeadline } from './with-deadline.ts'
import type { HeldLease } from './writer-lease.ts'

/** Appends of the writer of a term. One append per stream is on its way; the streams do not wait for each other. */
export type FencedAppends = {
  readonly append: (
    stream: string,
    expected: number,
    events: ReadonlyArray<NewEvent>,
  ) => Promise<E.Either<AppendFailure, Appended>>
  /** From now on everything is refused with this reason. */
  readonly shut: (reason: string) => void
  /** The outcome of every append is known: nothing of ours can still come in late. */
  readonly isClean: () => boolean
}

export type FencedAppendsPorts = {
  readonly connection: Connection
  readonly names: Names
  readonly deadlineMs: number
  /** Somebody else writes this log now. */
  readonly onLost: () => void
  /** A take-over seals each stream of a term: this many it may cost. */
  readonly openedMax: number
}

/** Ends of streams remembered, so that an append behind a past revision is refused even when its events are stored there already. */
const endsMax = 20_000
/** Seals at the end of a stream: one for each take-over since its last event. */
const sealsPerPage = 20
/** Even at the end of its time an append may ask what became of it. */
const readMsMin = 100

export const fencedAppends = (ports: FencedAppendsPorts, lease: HeldLease): FencedAppends => {
  const { connection, names, deadlineMs, onLost, openedMax } = ports
  const waiting: Array<{ readonly stream: string; readonly start: () => void }> = []
  const busy = new Set<string>()
  const ends = new Map<string, End>()
  let opened: OpenedStreams = openedStreams(connection, names.opened(lease.term()), deadlineMs / 2)
  let inFlight = 0
  let isDoubtful = false
  let turning: Promise<void> | null = null
  let refusal: string | null = null
  let idle: Array<() => void> = []

  const lost = (): E.Either<AppendFailure, never> => {
    onLost()
    return unavailable(refusal ?? 'another jobledger writes this log now')
  }

  const perform = async (
    stream: string,
    expected: number,
    events: ReadonlyArray<NewEvent>,
  ): Promise<E.Either<AppendFailure, Appended>> => {
    const until = Date.now() + deadlineMs
    const answer = await opened.open(stream)
    if (refusal !== null || answer === 'shut') return lost()
    if (answer !== 'opened') return unavailable(answer.reason)
    const wire = names.wireOf(stream)
    const find = async (): Promise<E.Either<string, End>> =>
      (await withDeadline(endOf(connection, wire), Math.max(readMsMin, until - Date.now()))) ??
      E.left('the end of the stream cannot be read in time')

    const known = ends.get(stream)
    const learned = known === undefined && expected !== noStream ? await find() : E.right(known ?? emptyStream)
    if (E.isLeft(learned)) return unavailable(learned.left)
    let end = learned.right
    if (end.sealedBy > lease.term()) return lost()
    if (expected < end.seen) return conflict(stream, expected, end.seen)
    for (;;) {
      // The server judges: the revision it should expect is ours and the seals in between.
      const seals = end.last - end.seen
      const behind = Math.max(noStream, expected) + seals
      const outcome = await settledAppend(connection, wire, behind, toWire(events, seals), until - Date.now())
      if (outcome._tag === 'Stored') {
        const revision = outcome.revision - seals
        remember(stream, { last: outcome.revision, seen: revision, sealedBy: 0 })
        return E.right({ revision, position: outcome.position })
      }
      ends.delete(stream)
      if (outcome._tag === 'Unavailable') return unavailable(outcome.reason)
      if (outcome._tag === 'Unknown') return unknown(stream, outcome.reason)
      const found = await find()
      if (E.isLeft(found)) return unknown(stream, found.left)
      end = found.right
      if (end.sealedBy > lease.term()) return lost()
      // Nothing but seals of terms before ours stands behind the expected revision: it is the end, as far as the log knows.
      if (end.seen !== expected || end.last === behind) return conflict(stream, expected, end.seen)
    }
  }

  const unknown = (stream: string, reason: string): E.Either<AppendFailure, never> => {
    isDoubtful = true
    return E.left({ _tag: 'UnknownOutcome', stream, reason })
  }

  /** Appends go out in the order they were asked for; one waits while another of its stream is on its way. */
  const turnOf = (stream: string): Promise<void> =>
    new Promise((resolve) => {
      waiting.push({ stream, start: resolve })
      dispatch()
    })

  const dispatch = (): void => {
    for (let next = waiting[0]; next !== undefined && !busy.has(next.stream); next = waiting[0]) {
      waiting.shift()
      busy.add(next.stream)
      next.start()
    }
  }

  const remember = (stream: string, end: End): void => {
    ends.delete(stream)
    ends.set(stream, end)
    for (const oldest of ends.keys()) {
      if (ends.size <= endsMax) break
      ends.delete(oldest)
    }
  }

  const leave = (): void => {
    inFlight -= 1
    if (inFlight > 0) return
    const waiting = idle
    idle = []
    for (const wake of waiting) wake()
  }

  const settled = (): Promise<void> =>
    inFlight === 0 ? Promise.resolve() : new Promise((resolve) => idle.push(resolve))

  /** A new term with an empty list, while nothing is on its way and nothing's outcome was left open. */
  const turn = async (): Promise<void> => {
    await settled()
    const term = lease.term()
    if (isDoubtful) return
    await lease.nextTerm()
    if (lease.term() !== term) opened = openedStreams(connection, names.opened(lease.term()), deadlineMs / 2)
  }

  return {
    append: async (stream, expected, events) => {
      if (turning === null && opened.count() >= openedMax && !isDoubtful)
        turning = turn().finally(() => {
          turning = null
        })
      if (turning !== null) await withDeadline(turning, deadlineMs)
      if (refusal !== null) return unavailable(refusal)
      inFlight += 1
      await turnOf(stream)
      try {
        return await perform(stream, expected, events)
      } finally {
        busy.delete(stream)
        dispatch()
        leave()
      }
    },
    shut: (reason) => {
      refusal ??= reason
    },
    isClean: () => inFlight === 0 && !isDoubtful,
  }
}

const conflict = (stream: string, expected: number, actual: number): E.Either<AppendFailure, never> =>
  E.left({ _tag: 'WrongExpectedRevision', stream, expected, actual })

const unavailable = (reason: string): E.Either<AppendFailure, never> => E.left({ _tag: 'StoreUnavailable', reason })

/**
 * Where a stream ends: `last` is its last revision in EventStoreDB, `seen` that of its last event in the log, which does not count seals,
 * and `sealedBy` the highest term that sealed it since.
 */
type End = { readonly last: number; readonly seen: number; readonly sealedBy: number }

const emptyStream: End = { last: noStream, seen: noStream, sealedBy: 0 }

const endOf = async (connection: Connection, wire: string): Promise<E.Either<string, End>> => {
  let sealedBy = 0
  let last: number | null = null
  for (let from: number | 'end' = 'end'; ; ) {
    const page: Read = await connection.readStream(wire, from, 'backwards', sealsPerPage)
    if (E.isLeft(page)) return E.left(page.left.reason)
    last ??= Number(page.right[0]?.revision ?? noStream)
    for (const event of page.right) {
      if (event.type !== sealType) return E.right({ last, seen: fromWire(event, '', 0n).event.revision, sealedBy })
      sealedBy = Math.max(sealedBy, termOf(event))
    }
    const first = page.right.at(-1)
    if (first === undefined || first.revision === 0n) return E.right({ last, seen: noStream, sealedBy })
    from = Number(first.revision) - 1
  }
}

const termOf = ({ data }: RecordedEvent): number => {
  const { term } = data as { readonly term?: unknown }
  return typeof term === 'number' ? term : 0
}
