import type { Application } from '../start-application.ts'
import { turns } from '../log/turns.ts'
import type { ChangeFeed } from './change-feed.ts'
import type { Past } from './past.ts'

/** What watches of the API stand on: what is remembered, what is only in the log, and time. */
export const watchesOf = ({ clock }: Pick<Application, 'clock'>, feed: ChangeFeed, past: Past) => ({
  feed,
  past: past.changes,
  replays: turns(replaysMax),
  later: (ms: number, work: () => void): (() => void) => {
    const timer = clock.scheduler.schedule(work, ms)
    return () => timer.unsubscribe()
  },
})

const replaysMax = 4
