import type { Observable } from 'rxjs'
import type { TE } from '../../prelude.ts'

/**
 * An event as the log keeps it. `data` and `metadata` are JSON texts, made once by the caller and stored byte for byte,
 * because the hash chain is over these bytes. `id` is a UUID derived from the content and place of the event, so that the
 * same append tried twice is recognised.
 */
export type NewEvent = {
  readonly id: string
  readonly type: string
  readonly data: string
  readonly metadata: string
  /**
   * What `data` is the text of, where whoever decided it has it at hand. An adapter may pass it on to those who follow in the same
   * process, who need not read the text again; nobody writes to it.
   */
  readonly decided?: object
}

/** `revision` counts from 0 within the stream; `position` rises strictly over the whole log (gaps are allowed). */
export type StoredEvent = NewEvent & {
  readonly stream: string
  readonly revision: number
  readonly position: bigint
}

/** The stream does not exist yet: the expected revision of its first append. */
export const noStream = -1

/** The position before the first event of the log. */
export const beginning = -1n

/** Somebody else appended first: nothing was stored; `actual` is the stream's last revision (`noStream` when there is none). */
export type WrongExpectedRevision = {
  readonly _tag: 'WrongExpectedRevision'
  readonly stream: string
  readonly expected: number
  readonly actual: number
}

/** Nobody knows whether the events were stored. Read the tail of the stream and compare event ids before trying again. */
export type UnknownOutcome = { readonly _tag: 'UnknownOutcome'; readonly stream: string; readonly reason: string }

/** Surely not stored, or not readable now (disk full, server away): try again later. */
export type StoreUnavailable = { readonly _tag: 'StoreUnavailable'; readonly reason: string }

export type AppendFailure = WrongExpectedRevision | UnknownOutcome | StoreUnavailable

/** `revision` and `position` of the last event of the append. */
export type Appended = { readonly revision: number; readonly position: bigint }

/**
 * The log. Whatever the adapter: an append is stored whole or not at all, is durable before it is answered, and its events
 * have distinct rising positions. There is no "any revision".
 */
export type EventStore = {
  /** Stores `events` behind revision `expectedRevision` of `stream`. Refuses an empty list (a bug of the caller: throws). */
  readonly append: (
    stream: string,
    expectedRevision: number,
    events: ReadonlyArray<NewEvent>,
  ) => TE.TaskEither<AppendFailure, Appended>
  /** At most `limit` events from revision `from` on, rising. Empty when the stream has none there or does not exist. */
  readonly readStream: (
    stream: string,
    from: number,
    limit: number,
  ) => TE.TaskEither<StoreUnavailable, ReadonlyArray<StoredEvent>>
  /** At most `limit` events before revision `before` (absent: from the end), falling: the tail, newest first. */
  readonly readStreamBackwards: (
    stream: string,
    limit: number,
    before?: number,
  ) => TE.TaskEither<StoreUnavailable, ReadonlyArray<StoredEvent>>
  /** At most `limit` events behind position `after`, rising. */
  readonly readAll: (after: bigint, limit: number) => TE.TaskEither<StoreUnavailable, ReadonlyArray<StoredEvent>>
  /** At most `limit` events before position `before` (absent: from the end), falling. */
  readonly readAllBackwards: (
    limit: number,
    before?: bigint,
  ) => TE.TaskEither<StoreUnavailable, ReadonlyArray<StoredEvent>>
  /**
   * Every event behind `after`, in order, without end: first what is stored, then what is appended. One emission is a
   * non-empty piece of the log that never splits the events of one append once live. Errors when the store is lost.
   */
  readonly subscribeAll: (after: bigint) => Observable<ReadonlyArray<StoredEvent>>
  /** Waits for what is in flight, then releases everything. Later calls are refused as unavailable; a second close is nothing. */
  readonly close: () => Promise<void>
}
