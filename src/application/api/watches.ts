import type { Application } from '../start-application.ts'
import type { ChangeFeed } from './change-feed.ts'
import { type PastChanges, pastChanges } from './past-changes.ts'

/** What watches of the API stand on: what is remembered, what is only in the log, and time. */
export const watchesOf = ({ store, clock, entropy }: Application, feed: ChangeFeed) => ({
  feed,
  past: (after: bigint): AsyncGenerator<PastChanges | null, void> => pastChanges({ store, clock, entropy }, after),
  later: (ms: number, work: () => void): (() => void) => {
    const timer = clock.scheduler.schedule(work, ms)
    return () => timer.unsubscribe()
  },
})
