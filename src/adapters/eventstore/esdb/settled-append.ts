import type { EventData, RecordedEvent } from '@eventstore/db-client'
import { E } from '../../../prelude.ts'
import { awayMsMax, type Connection } from './connection.ts'
import { withDeadline } from './with-deadline.ts'

/** An append whose outcome is known, or that could not be settled in time. `position` is that of its last event. */
export type Settled =
  | { readonly _tag: 'Stored'; readonly revision: number; readonly position: bigint }
  /** Something else stands behind the expected revision; `actual` is the stream's last revision on the server. */
  | { readonly _tag: 'Conflict'; readonly actual: number }
  | { readonly _tag: 'Unavailable'; readonly reason: string }
  | { readonly _tag: 'Unknown'; readonly reason: string }

/** One try may take this part of the whole time, so that a silent server leaves time to ask again. */
const triesPerDeadline = 4
const pauseMs = 50
/** Even at the end of its time an append may ask what became of it. */
const readMsMin = 100
/** So many tries without a word, and the connection is made anew. */
const silentMax = 2

/**
 * Appends, and asks again with the same events behind the same revision while the outcome is unknown: the server knows repeated events
 * by their ids. When it then speaks of a conflict, the ids that stand there say whose events they are.
 */
export const settledAppend = async (
  connection: Connection,
  stream: string,
  expected: number,
  events: ReadonlyArray<EventData>,
  deadlineMs: number,
): Promise<Settled> => {
  const began = Date.now()
  let doubt: string | null = null
  let silent = 0
  for (let tries = 1; ; tries += 1) {
    const left = deadlineMs - (Date.now() - began)
    if (left <= 0)
      return doubt === null
        ? { _tag: 'Unavailable', reason: 'EventStoreDB did not take the append in time' }
        : { _tag: 'Unknown', reason: doubt }
    const attempt = await connection.append(
      stream,
      expected,
      events,
      Math.min(left, Math.max(20, deadlineMs / triesPerDeadline)),
    )
    switch (attempt._tag) {
      case 'Stored':
        if (tries === 1 && attempt.position !== null)
          return { _tag: 'Stored', revision: attempt.revision, position: attempt.position }
        return found(connection, stream, expected, events, left, {
          _tag: 'Unknown',
          reason: 'stored, but not readable yet',
        })
      case 'Wrong': {
        const conflict: Settled = { _tag: 'Conflict', actual: attempt.actual }
        // A stream that is not yet so far may grow to where an earlier try of this append, still on its way, fits.
        if (doubt !== null && attempt.actual < expected) return { _tag: 'Unknown', reason: doubt }
        return doubt === null ? conflict : found(connection, stream, expected, events, left, conflict)
      }
      case 'Refused':
        return { _tag: 'Unavailable', reason: attempt.reason }
      case 'NotSent':
        // Nothing was sent, so nobody waits for an outcome.
        if (doubt === null && Date.now() - began > Math.min(awayMsMax, deadlineMs / 2))
          return { _tag: 'Unavailable', reason: `EventStoreDB is away: ${attempt.reason}` }
        break
      case 'Unknown':
        doubt = attempt.reason
        if (attempt.isSilent) silent += 1
        // The connection itself may be what is silent.
        if (silent >= silentMax) {
          silent = 0
          await withDeadline(connection.renew(), left)
        }
        break
    }
    await new Promise((resolve) => setTimeout(resolve, Math.min(pauseMs, deadlineMs / 20)))
  }
}

/** Our own events behind the expected revision, else what is said `otherwise`. */
const found = async (
  connection: Connection,
  stream: string,
  expected: number,
  events: ReadonlyArray<EventData>,
  ms: number,
  otherwise: Settled,
): Promise<Settled> => {
  const read = await withDeadline(
    connection.readStream(stream, expected + 1, 'forwards', events.length),
    Math.max(ms, readMsMin),
  )
  if (read === null || E.isLeft(read))
    return { _tag: 'Unknown', reason: read === null ? 'the tail cannot be read in time' : read.left.reason }
  const last = read.right.at(-1)
  const isOurs = read.right.length === events.length && read.right.every(({ id }, i) => id === events[i]?.id)
  return last !== undefined && isOurs
    ? { _tag: 'Stored', revision: Number(last.revision), position: positionOf(last) }
    : otherwise
}

/** Where an event stands in the whole log. */
export const positionOf = ({ position }: RecordedEvent): bigint => position?.commit ?? 0n
