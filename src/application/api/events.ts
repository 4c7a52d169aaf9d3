import { type Observable, Subject } from 'rxjs'
import type { EventObject } from '../../domain/kubernetes/event-object.ts'
import { cronJobEventFold } from '../../projections/cron-job-events.ts'
import type { EventFold } from '../../projections/event-recorder.ts'
import { jobEventFold } from '../../projections/kubernetes-events.ts'
import type { Ledger } from '../ledger.ts'
import type { Clock } from '../ports/clock.ts'
import type { Entropy } from '../ports/entropy.ts'
import type { News } from '../shelf.ts'
import type { Resource } from './resource.ts'

/** A core/v1 Event as the API shows it: always with its `eventTime`, which recorders of this kind leave open. */
export type ApiEvent = EventObject & { readonly eventTime: null }

/** An Event that is new, or counted once more, with the place in the log of what it tells. */
export type ToldApiEvent = { readonly object: ApiEvent; readonly isNew: boolean; readonly position: bigint }

export type EventsResource = Resource<ApiEvent> & { readonly told$: Observable<ToldApiEvent> }

export type EventsPorts = { readonly ledger: Ledger; readonly clock: Clock; readonly entropy: Entropy }

/**
 * The Events of all Jobs and CronJobs as the API serves them, for an hour as Kubernetes does; nobody can write them. To be made
 * before the ledger catches up: what it was told earlier is not seen here. Each event of the log costs the same.
 */
export const eventsResource = ({ ledger, clock, entropy }: EventsPorts): EventsResource => {
  const told$ = new Subject<ToldApiEvent>()
  const tell = (fold: EventFold<never>, position: bigint): void => {
    if (told$.observed)
      for (const { event, isNew } of fold.toldAt(position))
        told$.next({ object: apiEvent(event, position), isNew, position })
  }
  const apiEvent = (event: EventObject, position: bigint): ApiEvent => ({
    ...event,
    metadata: {
      ...event.metadata,
      uid: uidFrom(entropy.digest(`event/${event.metadata.namespace}/${event.metadata.name}`)),
      resourceVersion: `${position}`,
    },
    eventTime: null,
  })
  const jobs = eventsOf(ledger, jobEventFold, 'JobDeleted', tell)
  const cronJobs = eventsOf(ledger.cronJobs, cronJobEventFold, 'CronJobDeleted', tell)

  const list = (namespace: string | null): ReadonlyArray<ApiEvent> => {
    const since = clock.now() - kept
    return [...jobs.folds(since), ...cronJobs.folds(since)]
      .flatMap((fold) => fold.latest())
      .filter(({ event }) => namespace === null || event.metadata.namespace === namespace)
      .map(({ event, position }) => apiEvent(event, position))
      .sort((a, b) => compare(a.metadata.namespace, b.metadata.namespace) || compare(a.metadata.name, b.metadata.name))
  }
  return {
    get: (namespace, name) => list(namespace).find(({ metadata }) => metadata.name === name) ?? null,
    list,
    told$,
  }
}

/** As long as Kubernetes keeps Events, in milliseconds. */
const kept = 3_600_000

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)

/** A UUID (version 8: its bits are ours) from the first digits of a digest. */
const uidFrom = (digits: string): string =>
  `${digits.slice(0, 8)}-${digits.slice(8, 12)}-8${digits.slice(13, 16)}-a${digits.slice(17, 20)}-${digits.slice(20, 32)}`

type Shelf<View, Event> = {
  readonly news$: { readonly subscribe: (next: (news: ReadonlyArray<News<View, Event>>) => void) => unknown }
}

/** One fold for each object about which there may be something to tell. A deleted one is let go once all is told. */
const eventsOf = <View, Event extends { readonly type: string; readonly at: number }>(
  shelf: Shelf<View, Event>,
  newFold: () => EventFold<News<View, Event>['recorded'][number]>,
  deleted: Event['type'],
  tell: (fold: EventFold<never>, position: bigint) => void,
) => {
  const folds = new Map<string, EventFold<News<View, Event>['recorded'][number]>>()
  const over: Array<{ readonly uid: string; readonly at: number }> = []
  let told = 0
  shelf.news$.subscribe((news) => {
    for (const { uid, recorded } of news) {
      const fold = folds.get(uid) ?? newFold()
      folds.set(uid, fold)
      for (const one of recorded) {
        fold.take(one)
        tell(fold, one.position)
        if (one.event.type === deleted) over.push({ uid, at: one.event.at })
        told = one.event.at
      }
    }
    while (over[0] !== undefined && over[0].at < told - kept) folds.delete(over.shift()?.uid ?? '')
  })
  return {
    folds: (since: number) => {
      for (const fold of folds.values()) fold.forget(since)
      return folds.values()
    },
  }
}
