import {
  AccessDeniedError,
  type AllStreamSubscription,
  type EventData,
  EventStoreDBClient,
  excludeSystemEvents,
  InvalidArgumentError,
  MaxAppendSizeExceededError,
  NotLeaderError,
  type RecordedEvent,
  StreamDeletedError,
  StreamNotFoundError,
  UnknownError,
  WrongExpectedVersionError,
} from '@eventstore/db-client'
import type { StoreUnavailable } from '../../../application/ports/event-store.ts'
import { E } from '../../../prelude.ts'
import { withDeadline } from './with-deadline.ts'

/** What one try to append came to. `position` is absent when the server did not say it. */
export type Attempt =
  | { readonly _tag: 'Stored'; readonly revision: number; readonly position: bigint | null }
  | { readonly _tag: 'Wrong'; readonly actual: number }
  /** Surely not stored, and trying again is of no use. */
  | { readonly _tag: 'Refused'; readonly reason: string }
  /** Surely not stored: it never left, or came to a node that does not write. */
  | { readonly _tag: 'NotSent'; readonly reason: string }
  /** `isSilent`: nothing broke, and yet no answer came, to this append or any other. */
  | { readonly _tag: 'Unknown'; readonly isSilent: boolean; readonly reason: string }

export type Read = E.Either<StoreUnavailable, ReadonlyArray<RecordedEvent>>

/** What the adapter asks of a server. A read begins at a revision or position, that event included when reading forwards, or at the end. */
export type Connection = {
  /** One try, answered within `ms` whatever happens. `expected` is -1 for a stream that does not exist. */
  readonly append: (stream: string, expected: number, events: ReadonlyArray<EventData>, ms: number) => Promise<Attempt>
  readonly readStream: (stream: string, from: number | 'end', way: Way, count: number) => Promise<Read>
  readonly readAll: (from: bigint | 'start' | 'end', way: Way, count: number) => Promise<Read>
  /** Everything behind `after`, the server's own events left out. */
  readonly subscribe: (after: bigint | 'start') => AllStreamSubscription
  /** Forgets the connection that appends go over: a new one is made, and what is on its way over the old one is unknown. */
  readonly renew: () => Promise<void>
  readonly close: () => Promise<void>
}

export type Way = 'forwards' | 'backwards'

/**
 * How many appends may be on their way at once. The client writes them all to one call; more than this adds waiting, not speed.
 */
const inFlightMax = 256

/** Shutting down waits this long for the server to let go of its calls. */
const disposeMs = 2000

/**
 * Two clients of one server. Appends have one of their own: when their call breaks, the client forgets every append on its way in this
 * process, and an answer that still came over an older call would end the process.
 */
export const connect = (connectionString: string, readDeadlineMs: number): Connection => {
  const reader = EventStoreDBClient.connectionString(connectionString)
  let appender = EventStoreDBClient.connectionString(connectionString)
  let isWarm = false
  let warming: Promise<unknown> | null = null
  let renewing: Promise<void> | null = null
  let inFlight = 0
  let answers = 0
  const waiting: Array<() => void> = []

  /** Waits for one of the places; whoever gives up while waiting leaves none behind. */
  const enter = async (ms: number): Promise<boolean> => {
    if (inFlight < inFlightMax) {
      inFlight += 1
      return true
    }
    let goOn = (): void => {}
    const place = new Promise<true>((resolve) => {
      goOn = () => resolve(true)
    })
    waiting.push(goOn)
    if ((await withDeadline(place, ms)) !== null) return true
    const index = waiting.indexOf(goOn)
    if (index < 0) leave()
    else waiting.splice(index, 1)
    return false
  }
  const leave = (): void => {
    const next = waiting.shift()
    if (next === undefined) inFlight -= 1
    else next()
  }

  /** The first append of a connection goes alone: with more than a hundred at once on a new one the client may never answer. */
  const warmly = async (send: (ms: number) => Promise<Attempt>, ms: number): Promise<Attempt> => {
    const ends = Date.now() + ms
    for (let left = ms; left > 0; left = ends - Date.now()) {
      if (renewing !== null) await withDeadline(renewing, left)
      else if (isWarm) return send(left)
      else if (warming !== null) await withDeadline(warming, left)
      else {
        const first = send(left)
        warming = first
        const outcome = await first
        warming = null
        isWarm = outcome._tag === 'Stored' || outcome._tag === 'Wrong'
        return outcome
      }
    }
    return { _tag: 'NotSent', reason: 'the connection to EventStoreDB is not ready' }
  }

  return {
    append: async (stream, expected, events, ms) => {
      if (!(await enter(ms))) return { _tag: 'NotSent', reason: 'too many appends are on their way' }
      const begun = appender
      const heard = answers
      try {
        return await warmly(async (left) => {
          const sent = appender.appendToStream(stream, [...events], {
            expectedRevision: expected < 0 ? 'no_stream' : BigInt(expected),
            requiresLeader: true,
            deadline: left,
          })
          const answer = await withDeadline(sent.then(stored, failed), left)
          if (answer !== null && answer._tag !== 'Unknown') answers += 1
          const isSilent = begun === appender && heard === answers
          return answer ?? { _tag: 'Unknown', isSilent, reason: `no answer within ${ms} ms` }
        }, ms)
      } finally {
        leave()
      }
    },
    readStream: (stream, from, way, count) =>
      readAgain(readDeadlineMs, () =>
        reader.readStream(stream, {
          direction: way,
          fromRevision: from === 'end' ? 'end' : BigInt(from),
          maxCount: count,
          requiresLeader: true,
        }),
      ),
    readAll: (from, way, count) =>
      readAgain(readDeadlineMs, () =>
        reader.readAll({
          direction: way,
          fromPosition: typeof from === 'bigint' ? { commit: from, prepare: from } : from,
          maxCount: count,
          requiresLeader: true,
        }),
      ),
    subscribe: (after) =>
      reader.subscribeToAll({
        fromPosition: after === 'start' ? 'start' : { commit: after, prepare: after },
        filter: excludeSystemEvents({ checkpointInterval: 1000 }),
      }),
    renew: () => {
      renewing ??= (async () => {
        const old = appender
        await withDeadline(old.dispose(), disposeMs)
        appender = EventStoreDBClient.connectionString(connectionString)
        isWarm = false
        renewing = null
      })()
      return renewing
    },
    close: async () => {
      await withDeadline(Promise.allSettled([appender.dispose(), reader.dispose()]), disposeMs)
    },
  }
}

const stored = (result: {
  readonly nextExpectedRevision: bigint
  readonly position?: { readonly commit: bigint } | undefined
}): Attempt => ({
  _tag: 'Stored',
  revision: Number(result.nextExpectedRevision),
  position: result.position?.commit ?? null,
})

const failed = (cause: unknown): Attempt => {
  const reason = reasonOf(cause)
  if (cause instanceof WrongExpectedVersionError)
    return { _tag: 'Wrong', actual: typeof cause.actualVersion === 'bigint' ? Number(cause.actualVersion) : -1 }
  if (cause instanceof MaxAppendSizeExceededError)
    return { _tag: 'Refused', reason: `one append may weigh ${cause.maxAppendSize} bytes in this EventStoreDB` }
  if (cause instanceof AccessDeniedError)
    return { _tag: 'Refused', reason: 'EventStoreDB denies this user the right to write' }
  if (cause instanceof InvalidArgumentError || cause instanceof StreamDeletedError) return { _tag: 'Refused', reason }
  if (cause instanceof NotLeaderError || neverLeft.test(reason)) return { _tag: 'NotSent', reason }
  return { _tag: 'Unknown', isSilent: cause instanceof UnknownError, reason }
}

/** The client's words for a call that found no server to go to. */
const neverLeft = /No connection established|ECONNREFUSED|Failed to discover|Name resolution failed|ENOTFOUND/

/** The client's words, without the code in front and the heads that are left when it has nothing more to say. */
export const reasonOf = (cause: unknown): string =>
  (cause instanceof Error ? cause.message : String(cause))
    .replace(/^\d+ [A-Z_]+: /, '')
    .replace('established. Last error: Error:', 'established:')
    .replace(/\s*Resolution note:\s*$/, '')

type Resolved = { readonly event?: RecordedEvent }
type Reading = AsyncIterable<Resolved> & { readonly cancel: () => Promise<void> }

/** A read changes nothing: one that fails is tried again for this part of its time, so that a change of the leader passes unnoticed. */
const readAgainPart = 2
/** A server that cannot be reached at all is tried for so long. */
export const awayMsMax = 2000
const pauseMs = 50

const readAgain = async (ms: number, begin: () => Reading): Promise<Read> => {
  for (const began = Date.now(); ; ) {
    const answer = await collect(begin(), Math.max(1, ms - (Date.now() - began)))
    if (E.isRight(answer)) return answer
    const patienceMs = neverLeft.test(answer.left.reason) ? Math.min(awayMsMax, ms / readAgainPart) : ms / readAgainPart
    if (Date.now() - began > patienceMs) return answer
    await new Promise((resolve) => setTimeout(resolve, pauseMs))
  }
}

/** Everything a read gives, or why not; a stream that does not exist is empty. */
const collect = async (reading: Reading, ms: number): Promise<Read> => {
  const gathered: RecordedEvent[] = []
  const reads = async (): Promise<Read> => {
    try {
      for await (const { event } of reading) if (event !== undefined) gathered.push(event)
      return E.right(gathered)
    } catch (cause) {
      if (cause instanceof StreamNotFoundError) return E.right([])
      const reason = reasonOf(cause)
      return unavailable(`EventStoreDB ${neverLeft.test(reason) ? 'is away' : 'cannot be read'}: ${reason}`)
    }
  }
  const answer = await withDeadline(reads(), ms)
  if (answer !== null) return answer
  void reading.cancel().catch(() => {})
  return unavailable(`EventStoreDB did not answer a read within ${ms} ms`)
}

const unavailable = (reason: string): E.Either<StoreUnavailable, never> => E.left({ _tag: 'StoreUnavailable', reason })
