import { Observable, type Subscriber } from 'rxjs'
import { beginning, type EventStore, type StoredEvent } from '../../application/ports/event-store.ts'
import { E } from '../../prelude.ts'

type Events = ReadonlyArray<StoredEvent>

/** The living end of a log: what was stored goes to those who follow it. */
export type LiveLog = {
  /**
   * Tells that everything up to position `last` is stored; `events` makes what is new (called only when somebody follows).
   * Followers hear of it in a later turn of the event loop, so whoever appended learns of it first.
   */
  readonly publish: (last: bigint, events: () => Events) => void
  /** Tells that everything up to position `last` is stored, when nobody follows: it will be read and not told. */
  readonly skipTo: (last: bigint) => void
  /** The port's `subscribeAll`: reads page by page until nothing is missing, then lives on what is published. Completes when the store is closed. */
  readonly subscribeAll: EventStore['subscribeAll']
  /** Ends every subscription with an error, now and from now on. */
  readonly fail: (reason: string) => void
  /** Tells what is still to tell, then completes every subscription. */
  readonly close: () => void
}

type Follower = { position: bigint; readonly subscriber: Subscriber<Events> }

/** Large enough that the cost of a read vanishes, small enough that the event loop is not held for more than a few milliseconds. */
const pageSize = 2000

/**
 * `last` is the position of the last event stored when the store was opened, 0 when there was none; `readAll` must see whatever
 * was published, and go on doing so until the log is closed.
 */
export const liveLog = (last: bigint, readAll: EventStore['readAll']): LiveLog => {
  const live = new Set<Follower>()
  const catchingUp = new Set<Follower>()
  const waiting: Array<{ readonly last: bigint; readonly events: () => Events }> = []
  let told = last === 0n ? beginning : last
  let ended: { readonly error: Error | null } | null = null

  const tell = (): void => {
    for (const piece of waiting.splice(0)) {
      told = piece.last
      if (live.size === 0) continue
      const events = piece.events()
      for (const follower of [...live]) deliver(follower, newer(events, follower.position))
    }
  }

  const catchUp = async (follower: Follower): Promise<void> => {
    while (!follower.subscriber.closed) {
      const toldBefore = told
      const page = await readAll(follower.position, pageSize)()
      if (follower.subscriber.closed) return
      if (E.isLeft(page)) return follower.subscriber.error(new Error(page.left.reason))
      // What is stored but not yet told comes later, as the whole appends it was stored with.
      deliver(follower, upTo(told, page.right))
      // What was told while the page was being read may be missing in it.
      if (follower.position >= told || (page.right.length === 0 && told === toldBefore)) {
        catchingUp.delete(follower)
        if (!follower.subscriber.closed) live.add(follower)
        return
      }
      await new Promise((resolve) => setImmediate(resolve))
    }
  }

  const end = (error: Error | null): void => {
    if (ended !== null) return
    ended = { error }
    for (const { subscriber } of [...live, ...catchingUp]) finish(subscriber, error)
    live.clear()
    catchingUp.clear()
  }

  return {
    publish: (position, events) => {
      if (waiting.push({ last: position, events }) === 1) setImmediate(tell)
    },
    skipTo: (position) => {
      tell()
      told = position
    },
    subscribeAll: (after) =>
      new Observable((subscriber) => {
        if (ended !== null) return finish(subscriber, ended.error)
        const follower = { position: after, subscriber }
        catchingUp.add(follower)
        void catchUp(follower)
        return () => {
          live.delete(follower)
          catchingUp.delete(follower)
        }
      }),
    fail: (reason) => {
      tell()
      end(new Error(reason))
    },
    close: () => {
      tell()
      end(null)
    },
  }
}

const deliver = (follower: Follower, events: Events): void => {
  const end = events.at(-1)
  if (end === undefined) return
  follower.position = end.position
  follower.subscriber.next(events)
}

const upTo = (last: bigint, events: Events): Events => {
  const end = events.at(-1)
  return end === undefined || end.position <= last ? events : events.filter(({ position }) => position <= last)
}

/** A follower may begin behind what is published only now. */
const newer = (events: Events, after: bigint): Events => {
  const [first] = events
  return first !== undefined && first.position > after ? events : events.filter(({ position }) => position > after)
}

const finish = (subscriber: Subscriber<Events>, error: Error | null): void =>
  error === null ? subscriber.complete() : subscriber.error(error)
