import type { AllStreamSubscription, RecordedEvent } from '@eventstore/db-client'
import type { StoredEvent } from '../../../application/ports/event-store.ts'
import { E } from '../../../prelude.ts'
import type { Connection } from './connection.ts'
import { reasonOf } from './connection.ts'
import type { Names } from './names.ts'
import { positionOf } from './settled-append.ts'
import { visible } from './visible-reads.ts'

/** What the log gives, append by append, whatever happens to the subscription that brings it. */
export type Feed = {
  /** An append of ours was answered: its last event must come by; if what follows it comes first, it was skipped. */
  readonly expect: (position: bigint) => void
  /** Waits until everything up to `position` was told, for at most `ms`. */
  readonly reach: (position: bigint, ms: number) => Promise<void>
  readonly stop: () => Promise<void>
}

export type FeedPorts = {
  readonly connection: Connection
  readonly names: Names
  /** Events of one whole append, in order; the next waits until this is done. */
  readonly tell: (events: ReadonlyArray<StoredEvent>) => Promise<void> | void
  readonly onNotice: (text: string) => void
  /** The subscription is looked after this often. */
  readonly watchMs: number
}

const pauseMsMin = 20
const pauseMsMax = 2000
/** How far back from the end of the log the newest event that a subscription would bring is looked for. */
const lookBack = 50

/**
 * Follows the log behind `after` by a catch-up subscription. One that ends is begun again behind the last event that was told, never behind a
 * checkpoint; so is one that stays silent although the log has grown, or that skipped an append of ours.
 */
export const followLog = (ports: FeedPorts, after: bigint | null): Feed => {
  const { connection, names, tell, onNotice, watchMs } = ports
  let told = after
  let received = after ?? -1n
  let receivedAtWatch: bigint | null = null
  let round = 0
  let stopped = false
  let current: AllStreamSubscription | null = null
  let pauseMs = pauseMsMin
  const expected = new Set<bigint>()
  const reached = new Set<() => void>()

  const pass = (position: bigint): void => {
    told = position
    for (const wake of [...reached]) wake()
  }

  /** An append of ours lies before `position` and never came. Each is missed once: beginning again brings what is really there. */
  const wasSkipped = (position: bigint): boolean => {
    const before = expected.size
    for (const awaited of expected) if (awaited < position) expected.delete(awaited)
    return expected.size < before
  }

  /** Brings the events of one subscription; comes back when it is over, with the reason. */
  const run = async (mine: number): Promise<string> => {
    const subscription = connection.subscribe(told ?? 'start')
    current = subscription
    let group: StoredEvent[] = []
    let last = told ?? -1n
    try {
      for await (const { event: recorded } of subscription) {
        if (mine !== round) return 'replaced'
        if (recorded === undefined) continue
        const position = positionOf(recorded as RecordedEvent)
        // The same event may come twice.
        if (position <= last) continue
        if (wasSkipped(position)) return 'an event was skipped'
        last = position
        received = position
        pauseMs = pauseMsMin
        const seen = visible(names, recorded as RecordedEvent)
        if (seen === null) {
          if (group.length === 0) pass(position)
          continue
        }
        group.push(seen.event)
        if (seen.more > 0) continue
        const whole = group
        group = []
        await tell(whole)
        for (const { position: at } of whole) expected.delete(at)
        pass(position)
      }
      return 'it ended'
    } catch (cause) {
      return reasonOf(cause)
    }
  }

  const supervise = async (): Promise<void> => {
    let quiet = false
    while (!stopped) {
      round += 1
      const reason = await run(round)
      if (stopped) return
      if (!quiet && pauseMs > pauseMsMin) {
        onNotice(`EventStoreDB is not followed now (${reason}); trying again`)
        quiet = true
      }
      if (pauseMs === pauseMsMin) quiet = false
      await new Promise((resolve) => setTimeout(resolve, pauseMs))
      pauseMs = Math.min(pauseMsMax, pauseMs * 2)
    }
  }

  /** A subscription may stop without a word: then the log has events behind what was received, and nothing was received since the last look. */
  const watch = async (): Promise<void> => {
    const before = received
    const tail = await connection.readAll('end', 'backwards', lookBack)
    if (stopped || E.isLeft(tail)) return
    const newest = tail.right.find(({ type }) => !type.startsWith('$'))
    if (newest !== undefined && positionOf(newest) > received && received === before && receivedAtWatch === before)
      await replace()
    receivedAtWatch = before
  }

  const replace = async (): Promise<void> => {
    round += 1
    const silent = current
    current = null
    if (silent !== null) {
      silent.destroy()
      await silent.unsubscribe().catch(() => {})
    }
  }

  const watching = setInterval(() => void watch(), watchMs)
  watching.unref()
  void supervise()

  return {
    expect: (position) => {
      if (position > (told ?? -1n)) expected.add(position)
    },
    reach: (position, ms) =>
      new Promise((resolve) => {
        const isThere = (): boolean => position <= (told ?? -1n)
        if (isThere()) return resolve()
        const done = (): void => {
          reached.delete(wake)
          clearTimeout(timer)
          resolve()
        }
        const wake = (): void => {
          if (isThere()) done()
        }
        const timer = setTimeout(done, ms)
        reached.add(wake)
      }),
    stop: async () => {
      stopped = true
      clearInterval(watching)
      await replace()
    },
  }
}
