import { systemClock } from '../adapters/clock/system-clock.ts'
import { changeFeed } from '../application/api/change-feed.ts'
import { eventsResource } from '../application/api/events.ts'
import { pastOf } from '../application/api/past.ts'
import type { Ledger } from '../application/log/ledger.ts'
import type { EventStore } from '../application/ports/event-store.ts'
import { metricsFold } from '../projections/metrics.ts'
import { entropy } from './this-process.ts'

/** What is told of the whole log: to be made before it is read. */
export const toldBy = (store: EventStore, ledger: Ledger) => {
  const events = eventsResource({ ledger, clock: systemClock, entropy })
  const metrics = metricsFold()
  ledger.steps$.subscribe(({ jobs, cronJobs }) => {
    metrics.jobs(jobs)
    metrics.cronJobs(cronJobs)
  })
  return { events, feed: changeFeed({ ledger, events }), past: pastOf({ store, ledger, events, entropy }), metrics }
}

export type Told = ReturnType<typeof toldBy>
