import { Worker } from 'node:worker_threads'
import type { Appended, AppendFailure, NewEvent, StoredEvent } from '../../../../application/ports/event-store.ts'
import { E } from '../../../../prelude.ts'
import type { AppendRequest, FromWriter, ToWriter, Verdict, WriterStart } from './protocol.ts'
import { closedReason } from '../reading/reads.ts'
import { charactersIn, pack } from '../folder/piece.ts'
import type { StoreRefusal } from '../folder/store-refusal.ts'

export type WriterThread = {
  /** Position of the last event when the thread was ready. */
  readonly last: bigint
  readonly append: (
    stream: string,
    expected: number,
    events: ReadonlyArray<NewEvent>,
  ) => Promise<E.Either<AppendFailure, Appended>>
  /** Waits for what is in flight; later appends are refused. */
  readonly close: () => Promise<void>
}

export type WriterListeners = {
  /** A transaction was committed; `events` makes what it stored. Called after those who appended were answered. */
  readonly onCommitted: (last: bigint, events: () => ReadonlyArray<StoredEvent>) => void
  /** The last append before closing was answered; the thread closes the log when this has resolved. */
  readonly onDrained: () => Promise<void>
  /** Called once when nothing more can be written. */
  readonly onFatal: (reason: string) => void
}

type Pending = {
  readonly stream: string
  readonly expected: number
  readonly events: ReadonlyArray<NewEvent>
  readonly characters: number
  readonly answer: (outcome: E.Either<AppendFailure, Appended>) => void
}

/**
 * Starts the thread that writes and waits until it has opened the log. What is appended in one turn of the event loop travels together,
 * and so does what is appended while the thread has work behind its present work: to wake it costs as much as to write.
 */
export const startWriterThread = (
  start: WriterStart,
  listeners: WriterListeners,
): Promise<E.Either<StoreRefusal, WriterThread>> =>
  new Promise((resolve) => {
    const worker = new Worker(new URL('./worker.ts', import.meta.url), { workerData: start })
    const pending = new Map<number, Pending>()
    let unsent: AppendRequest[] = []
    /** The last ticket of each message that the thread has. */
    const messages: number[] = []
    let waitingCharacters = 0
    let tickets = 0
    let refusing: string | null = null
    let closing: Promise<void> | null = null
    let hasClosed = (): void => {}

    const send = (): void => {
      if (unsent.length === 0 || messages.length >= messagesMax || refusing !== null) return
      messages.push(tickets)
      worker.postMessage(unsent satisfies ToWriter)
      unsent = []
    }

    const done = (verdicts: ReadonlyArray<Verdict>): void => {
      const settled = verdicts.at(-1)?.ticket ?? 0
      while (messages[0] !== undefined && messages[0] <= settled) messages.shift()
      send()
      const stored: Array<{ readonly append: Pending; readonly first: number }> = []
      for (const verdict of verdicts) {
        const append = pending.get(verdict.ticket)
        if (append === undefined) continue
        pending.delete(verdict.ticket)
        waitingCharacters -= append.characters
        if (verdict._tag === 'Stored') stored.push({ append, first: verdict.first })
        append.answer(outcomeOf(append, verdict))
      }
      const end = stored.at(-1)
      if (end !== undefined) {
        const last = BigInt(end.first + end.append.events.length - 1)
        listeners.onCommitted(last, () => stored.flatMap(({ append, first }) => placed(append, first)))
      }
      if (closing !== null && pending.size === 0) endThread()
    }

    const endThread = (): void => {
      void listeners.onDrained().then(() => worker.postMessage('close' satisfies ToWriter))
    }

    const lose = (reason: string, isOpen: (ticket: number) => boolean): void => {
      if (refusing !== null) return
      refusing = reason
      for (const [ticket, { stream, answer }] of pending)
        answer(
          E.left(isOpen(ticket) ? { _tag: 'UnknownOutcome', stream, reason } : { _tag: 'StoreUnavailable', reason }),
        )
      pending.clear()
      listeners.onFatal(reason)
      hasClosed()
    }

    const thread = (last: number): WriterThread => ({
      last: BigInt(last),
      append: (stream, expected, events) =>
        new Promise((answer) => {
          if (refusing !== null || closing !== null)
            return answer(E.left({ _tag: 'StoreUnavailable', reason: refusing ?? closedReason }))
          if (waitingCharacters >= waitingCharactersMax)
            return answer(E.left({ _tag: 'StoreUnavailable', reason: 'too many appends are waiting for the disk' }))
          const pieces = pack(events)
          const characters = charactersIn(pieces)
          waitingCharacters += characters
          tickets += 1
          pending.set(tickets, { stream, expected, events, characters, answer })
          if (unsent.push({ ticket: tickets, stream, expected, count: events.length, pieces }) === 1) setImmediate(send)
        }),
      close: () => {
        closing ??= new Promise((isClosed) => {
          if (refusing !== null) return isClosed()
          hasClosed = isClosed
          if (pending.size === 0) endThread()
        })
        return closing
      },
    })

    worker.on('message', (message: FromWriter) => {
      switch (message._tag) {
        case 'Ready':
          return resolve(E.right(thread(message.last)))
        case 'Refused':
          return resolve(E.left(message.refusal))
        case 'Done':
          return done(message.verdicts)
        case 'Fatal':
          return lose(message.reason, (ticket) => message.lost.includes(ticket))
        case 'Closed':
          refusing = closedReason
          return hasClosed()
      }
    })
    const died = (reason: string): void => {
      resolve(E.left({ _tag: 'Unavailable', message: `the log ${start.path} cannot be opened: ${reason}` }))
      lose(reason, () => true)
    }
    worker.on('error', (cause) =>
      died(`the writing thread failed: ${cause instanceof Error ? cause.message : String(cause)}`),
    )
    worker.on('exit', () => died('the writing thread ended'))
  })

/** One that is written, and one that waits for it. */
const messagesMax = 2

/** Beyond this, appends are refused until the disk has caught up: about half a second of writing, and some 200 MB of memory. */
const waitingCharactersMax = 64_000_000

const outcomeOf = ({ stream, expected, events }: Pending, verdict: Verdict): E.Either<AppendFailure, Appended> => {
  switch (verdict._tag) {
    case 'Stored':
      return E.right({
        revision: expected + events.length,
        position: BigInt(verdict.first + events.length - 1),
      })
    case 'Conflict':
      return E.left({ _tag: 'WrongExpectedRevision', stream, expected, actual: verdict.actual })
    case 'Unavailable':
      return E.left({ _tag: 'StoreUnavailable', reason: verdict.reason })
  }
}

const placed = ({ stream, expected, events }: Pending, first: number): ReadonlyArray<StoredEvent> =>
  events.map((event, i) => ({
    ...event,
    stream,
    revision: expected + 1 + i,
    position: BigInt(first + i),
  }))
