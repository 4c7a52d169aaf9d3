import { randomUUID } from 'node:crypto'
import type {
  AppendFailure,
  Appended,
  EventStore,
  NewEvent,
  StoredEvent,
  StoreUnavailable,
} from '../../../application/ports/event-store.ts'
import { E, invariant } from '../../../prelude.ts'
import { liveLog } from '../live-log.ts'
import { addressOf } from './address.ts'
import { type Connection, connect } from './connection.ts'
import { type FencedAppends, fencedAppends } from './fenced-appends.ts'
import { type Feed, followLog } from './feed.ts'
import { hereAndNow, isGone } from './here-and-now.ts'
import type { Holder } from './lease-record.ts'
import { type Names, namesWith } from './names.ts'
import { obtainLease } from './obtain-lease.ts'
import { visibleReads } from './visible-reads.ts'
import type { HeldLease, LeasePorts } from './writer-lease.ts'

export type EsdbOptions = {
  /** Somebody else took the log over; nothing can be appended any more. */
  readonly onStepBack?: (reason: string) => void
  /** Something an operator may want to know. */
  readonly onNotice?: (text: string) => void
  /** No call takes much longer than this. */
  readonly deadlineMs?: number
  /** A writer that is not heard of for so long may be replaced. */
  readonly leaseMs?: number
  /** Waits for the lease for as long as it takes, and says at first whom it waits for. */
  readonly standBy?: { readonly onWait: (reason: string) => void; readonly signal?: AbortSignal }
  /** Sets this log apart from others in the same EventStoreDB: its streams begin so. */
  readonly prefix?: string
  readonly watchMs?: number
  /** A term in which this many streams were written to is followed by a new one. */
  readonly openedMax?: number
  /** Whether a holder of the lease surely runs no more; this machine's processes are looked up when it is absent. */
  readonly isGone?: (holder: Holder) => boolean
}

/** Why the log cannot be opened: `Held` when another jobledger writes it. */
export type EsdbRefusal = { readonly _tag: 'Held' | 'BadAddress' | 'Unavailable'; readonly message: string }

const deadlineMsDefault = 10_000
const leaseMsDefault = 10_000
const watchMsDefault = 5000
const openedMaxDefault = 10_000
/** Closing waits this long for the last events to come back. */
const reachMs = 2000

/** Opens the log in an EventStoreDB as its one writer, once it has the lease. */
export const openEsdbEventStore = async (
  address: string,
  options: EsdbOptions = {},
): Promise<E.Either<EsdbRefusal, EventStore>> => {
  const connected = connectTo(address, options)
  if (E.isLeft(connected)) return connected
  const { connection, names } = connected.right
  const { deadlineMs = deadlineMsDefault, leaseMs = leaseMsDefault } = options
  const ports: LeasePorts = {
    connection,
    names,
    me: { session: randomUUID(), ...hereAndNow() },
    durationMs: leaseMs,
    deadlineMs,
    isGone: options.isGone ?? isGone,
  }
  const lease = await obtainLease(ports, options.standBy)
  if (E.isLeft(lease)) {
    await connection.close()
    return lease
  }
  return open(connection, names, options, lease.right)
}

/** Opens the log for reading beside its writer. */
export const openEsdbReader = async (
  address: string,
  options: EsdbOptions = {},
): Promise<E.Either<EsdbRefusal, EventStore>> => {
  const connected = connectTo(address, options)
  if (E.isLeft(connected)) return connected
  return open(connected.right.connection, connected.right.names, options, null)
}

const connectTo = (
  text: string,
  { deadlineMs = deadlineMsDefault, prefix = '' }: EsdbOptions,
): E.Either<EsdbRefusal, { readonly connection: Connection; readonly names: Names }> => {
  const address = addressOf(text)
  if (E.isLeft(address)) return E.left({ _tag: 'BadAddress', message: address.left })
  try {
    return E.right({ connection: connect(address.right.connectionString, deadlineMs), names: namesWith(prefix) })
  } catch (cause) {
    return E.left({ _tag: 'BadAddress', message: cause instanceof Error ? cause.message : String(cause) })
  }
}

const open = async (
  connection: Connection,
  names: Names,
  options: EsdbOptions,
  lease: HeldLease | null,
): Promise<E.Either<EsdbRefusal, EventStore>> => {
  const { onStepBack = () => {}, onNotice = () => {}, deadlineMs = deadlineMsDefault } = options
  const { leaseMs = leaseMsDefault, watchMs = watchMsDefault, openedMax = openedMaxDefault } = options
  const reads = visibleReads(connection, names)
  const tail = await reads.readAllBackwards(1)()
  if (E.isLeft(tail)) {
    await connection.close()
    return E.left({ _tag: 'Unavailable', message: tail.left.reason })
  }
  const begin = tail.right[0]?.position ?? null
  let published = begin ?? -1n
  const live = liveLog(begin ?? 0n, (after, limit) => async () => {
    // A node that was just reconnected to may be behind what another one told.
    for (const ends = Date.now() + deadlineMs; ; ) {
      const page = await reads.readAll(after, limit)()
      if (E.isLeft(page) && Date.now() > ends) return page
      if (E.isRight(page) && (page.right.length > 0 || after >= published || Date.now() > ends)) return page
      await new Promise((resolve) => setTimeout(resolve, 50))
    }
  })

  const answered = new Map<string, Promise<unknown>>()
  const feed: Feed = followLog(
    {
      connection,
      names,
      onNotice,
      watchMs,
      // Whoever appended learns of it first.
      tell: async (events) => {
        const last = events.at(-1)
        if (last === undefined) return
        await answered.get(keyOf(last.stream, last.id))
        published = last.position
        live.publish(last.position, () => events)
      },
    },
    begin,
  )

  const stepBack = (): void => {
    if (appends === null || renewing === null) return
    const reason = 'another jobledger has taken this log over; this one has stepped back'
    clearInterval(renewing)
    renewing = null
    appends.shut(reason)
    onStepBack(reason)
  }
  const appends: FencedAppends | null =
    lease === null ? null : fencedAppends({ connection, names, deadlineMs, onLost: stepBack, openedMax }, lease)
  let isRenewing = false
  let renewing: NodeJS.Timeout | null =
    lease === null
      ? null
      : setInterval(() => {
          if (isRenewing) return
          isRenewing = true
          void lease.renew().then((outcome) => {
            isRenewing = false
            if (outcome === 'lost') stepBack()
          })
        }, leaseMs / 3)
  renewing?.unref()

  let closing: Promise<void> | null = null
  let lastStored = -1n
  const pending = new Set<Promise<unknown>>()
  const close = async (): Promise<void> => {
    await Promise.allSettled(pending)
    await feed.reach(lastStored, reachMs)
    live.close()
    await feed.stop()
    if (renewing !== null) {
      clearInterval(renewing)
      renewing = null
      await lease?.release(appends?.isClean() ?? true)
    }
    await connection.close()
  }

  const performed = async (
    writer: FencedAppends,
    stream: string,
    expected: number,
    events: ReadonlyArray<NewEvent>,
  ): Promise<E.Either<AppendFailure, Appended>> => {
    const key = keyOf(stream, events.at(-1)?.id ?? '')
    const appending = writer.append(stream, expected, events)
    const mine = Promise.all([answered.get(key), appending])
    answered.set(key, mine)
    const outcome = await appending
    if (E.isRight(outcome)) {
      if (outcome.right.position > lastStored) lastStored = outcome.right.position
      feed.expect(outcome.right.position)
    }
    if (answered.get(key) === mine) answered.delete(key)
    return outcome
  }

  const unlessClosed =
    <A>(task: () => Promise<E.Either<StoreUnavailable, A>>) =>
    async () =>
      closing === null ? task() : E.left(storeIsClosed)

  return E.right({
    append: (stream, expectedRevision, events) => {
      invariant(events.length > 0, 'an append has events')
      return async () => {
        if (closing !== null) return E.left(storeIsClosed)
        if (appends === null)
          return E.left({
            _tag: 'StoreUnavailable',
            reason: 'this log was opened for reading: nothing can be appended',
          })
        const appending = performed(appends, stream, expectedRevision, events)
        pending.add(appending)
        try {
          return await appending
        } finally {
          pending.delete(appending)
        }
      }
    },
    readStream: (...asked) => unlessClosed(reads.readStream(...asked)),
    readStreamBackwards: (...asked) => unlessClosed(reads.readStreamBackwards(...asked)),
    readAll: (...asked) => unlessClosed(reads.readAll(...asked)),
    readAllBackwards: (...asked) => unlessClosed(reads.readAllBackwards(...asked)),
    subscribeAll: live.subscribeAll,
    close: () => {
      closing ??= close()
      return closing
    },
  })
}

const keyOf = (stream: StoredEvent['stream'], id: string): string => `${stream}\n${id}`

const storeIsClosed: StoreUnavailable = { _tag: 'StoreUnavailable', reason: 'the event store is closed' }
