import { Observable, type Subscriber } from 'rxjs'
import {
  type AppendFailure,
  type Appended,
  beginning,
  type EventStore,
  type NewEvent,
  type StoredEvent,
} from '../../../src/application/ports/event-store.ts'
import { E } from '../../../src/prelude.ts'
import { assertFaithful } from '../../support/faithful-store.ts'

/** What becomes of an append: the answer may come in the same step or in a later one. */
export type AppendFate =
  | 'stored'
  | 'stored, answered later'
  | 'stored in silence'
  | 'lost in silence'
  | 'stored too late'
  | 'refused'

/** What becomes of the next piece of the subscription. */
export type DeliveryFate = 'whole' | 'piece by piece' | 'told twice' | 'left out' | 'broken off'

type Answer = E.Either<AppendFailure, Appended>
type Append = {
  readonly stream: string
  readonly expected: number
  readonly events: ReadonlyArray<NewEvent>
  readonly resolve: (answer: Answer) => void
}
type Piece = ReadonlyArray<StoredEvent>

/** What one process has of the store: calls that wait for the simulation, and its subscription. */
type Connection = {
  readonly appends: Append[]
  readonly answers: Array<() => void>
  readonly reads: Array<(available: boolean) => void>
  /** How many appends of the log it was told; null before it subscribes. */
  told: number | null
  /** Streams of which it was not told everything, each with the first piece left out; and whether it was told what comes behind. */
  readonly leftOut: Map<string, number>
  isToldBehind: boolean
  /** The last piece that it was told. */
  heard: number
  subscriber: Subscriber<Piece> | null
}

/**
 * The port of the log, with a log behind it that outlives processes. Nothing happens by itself: each call waits until the simulation
 * says what becomes of it. An append is a piece that subscriptions never split.
 */
export const storeDouble = () => {
  const log: StoredEvent[] = []
  const pieces: Piece[] = []
  const streams = new Map<string, StoredEvent[]>()
  let belated: Array<() => unknown> = []
  let connection = newConnection()

  const store = ({ stream, expected, events }: Append): Answer => {
    const past = streams.get(stream) ?? []
    const actual = past.length - 1
    if (actual !== expected) return E.left({ _tag: 'WrongExpectedRevision', stream, expected, actual })
    streams.set(stream, past)
    const piece = events.map((event, place): StoredEvent => {
      const { id, type, data, metadata } = event
      return {
        id,
        type,
        data,
        metadata,
        stream,
        revision: past.length + place,
        position: BigInt(log.length + place + 1),
      }
    })
    log.push(...piece)
    past.push(...piece)
    pieces.push(piece)
    return E.right({ revision: past.length - 1, position: BigInt(log.length) })
  }

  const landBelated = (): void => {
    for (const land of belated) land()
    belated = []
  }

  const reading =
    (own: Connection, read: () => Piece): ReturnType<EventStore['readAll']> =>
    () =>
      new Promise((resolve) => {
        own.reads.push((available) =>
          resolve(
            available ? E.right(read()) : E.left({ _tag: 'StoreUnavailable', reason: 'the disk does not answer' }),
          ),
        )
      })

  return {
    log: log as ReadonlyArray<StoredEvent>,
    /** The same, append by append. */
    pieces: pieces as ReadonlyArray<Piece>,
    streamOf: (stream: string): Piece => streams.get(stream) ?? [],
    waitingAppends: () => connection.appends.length,
    /** The first that goes on with a stream, or else the first. */
    olderAppend: () =>
      Math.max(
        0,
        connection.appends.findIndex(({ expected }) => expected >= 0),
      ),
    isBirthNext: () => connection.appends.every(({ expected }) => expected < 0),
    waitingAnswers: () => connection.answers.length,
    waitingReads: () => connection.reads.length,
    belated: () => belated.length,
    landBelated,
    untold: () => (connection.subscriber === null ? 0 : pieces.length - (connection.told ?? 0)),
    /** Whether the present process was told of an event behind one of the same stream that was left out. */
    isToldBehindGap: () => connection.isToldBehind,

    /** A new process opens the store. What the one before left on its way is settled; it is told nothing any more. */
    open: (): EventStore => {
      landBelated()
      const own = newConnection()
      connection = own
      return {
        append: (stream, expected, events) => () =>
          new Promise((resolve) => {
            assertFaithful(events)
            own.appends.push({ stream, expected, events, resolve })
          }),
        readStream: (stream, from, limit) =>
          reading(own, () => (streams.get(stream) ?? []).slice(Math.max(0, from), Math.max(0, from) + limit)),
        readStreamBackwards: (stream, limit, before = Number.POSITIVE_INFINITY) =>
          reading(own, () => (streams.get(stream) ?? []).slice(0, before).slice(-limit).toReversed()),
        readAll: (after, limit) => async () =>
          E.right(log.slice(after === beginning ? 0 : Number(after), Number(after) + limit + 1).slice(0, limit)),
        readAllBackwards: (limit, before) =>
          reading(own, () =>
            log
              .slice(0, before === undefined ? log.length : Number(before) - 1)
              .slice(-limit)
              .toReversed(),
          ),
        subscribeAll: (after) =>
          new Observable((subscriber) => {
            own.subscriber = subscriber
            own.told = pieces.findIndex((piece) => piece[0]!.position > after)
            if (own.told < 0) own.told = pieces.length
          }),
        close: async () => {},
      }
    },

    /** Settles the n-th waiting append. */
    settle: (place: number, fate: AppendFate): void => {
      const [append] = connection.appends.splice(place, 1)
      if (append === undefined) return
      const silence: Answer = E.left({ _tag: 'UnknownOutcome', stream: append.stream, reason: 'the line went dead' })
      if (fate !== 'stored too late') landBelated()
      switch (fate) {
        case 'stored':
          return append.resolve(store(append))
        case 'stored, answered later': {
          const answer = store(append)
          connection.answers.push(() => append.resolve(answer))
          return
        }
        case 'stored in silence':
          store(append)
          return append.resolve(silence)
        case 'lost in silence':
          return append.resolve(silence)
        case 'stored too late':
          belated.push(() => store(append))
          return append.resolve(silence)
        case 'refused':
          return append.resolve(E.left({ _tag: 'StoreUnavailable', reason: 'the disk is full' }))
      }
    },
    answer: (place: number): void => connection.answers.splice(place, 1)[0]?.(),
    read: (place: number, available: boolean): void => connection.reads.splice(place, 1)[0]?.(available),

    /** Tells the subscription what it has not heard yet, in this manner. */
    deliver: (fate: DeliveryFate): void => {
      const own = connection
      const { subscriber } = own
      const from = own.told ?? 0
      if (subscriber === null || from >= pieces.length) return
      const first = fate === 'told twice' ? Math.max(0, from - 2) : from
      const end = fate === 'whole' ? pieces.length : from + 1
      const next = pieces.slice(first, end).flat()
      if (fate !== 'broken off' && fate !== 'left out') {
        // What was left out is told in time when nothing behind it was told before.
        for (const [stream, place] of own.leftOut) if (place >= first && place > own.heard) own.leftOut.delete(stream)
        own.isToldBehind = pieces.slice(from, end).some((piece) => own.leftOut.has(piece[0]!.stream))
        own.heard = end - 1
      }
      switch (fate) {
        case 'whole':
          own.told = pieces.length
          return subscriber.next(next)
        case 'piece by piece':
          own.told = from + 1
          return subscriber.next(next)
        case 'told twice':
          own.told = from + 1
          return subscriber.next(next)
        case 'left out':
          own.told = from + 1
          for (const { stream } of next) own.leftOut.set(stream, own.leftOut.get(stream) ?? from)
          return
        case 'broken off':
          return subscriber.error(new Error('the subscription broke off'))
      }
    },
  }
}

export type StoreDouble = ReturnType<typeof storeDouble>

const newConnection = (): Connection => ({
  appends: [],
  answers: [],
  reads: [],
  told: null,
  leftOut: new Map(),
  isToldBehind: false,
  heard: -1,
  subscriber: null,
})
