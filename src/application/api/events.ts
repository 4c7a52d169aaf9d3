import { type Observable, Subject } from 'rxjs'
import type { EventObject } from '../../domain/kubernetes/event-object.ts'
import { cronJobEventFold } from '../../projections/cron-job-events.ts'
import type { EventFold } from '../../projections/event-recorder.ts'
import { jobEventFold } from '../../projections/kubernetes-events.ts'
import type { Ledger } from '../log/ledger.ts'
import type { Clock } from '../ports/clock.ts'
import type { Entropy } from '../ports/entropy.ts'
import type { News } from '../log/shelf.ts'
import type { Resource } from './resource.ts'

/** A core/v1 Event as the API shows it: always with its `eventTime`, which recorders of this kind leave open. */
export type ApiEvent = EventObject & { readonly eventTime: null }

/** An Event that is new, or counted once more, with the place in the log of what it tells. */
export type ToldApiEvent = { readonly object: ApiEvent; readonly isNew: boolean; readonly position: bigint }

export type EventsResource = Resource<ApiEvent> & {
  readonly told$: Observable<ToldApiEvent>
  /** The same for another ledger that stands where this one does: there it is as late as the latest of what is told. */
  readonly forkOn: (ledger: Ledger) => EventsResource
}

export type EventsPorts = { readonly ledger: Ledger; readonly clock: Clock; readonly entropy: Entropy }

/**
 * The Events of all Jobs and CronJobs as the API serves them, for an hour as Kubernetes does; nobody can write them. To be made
 * before the ledger catches up: what it was told earlier is not seen here. Each event of the log costs the same.
 */
export const eventsResource = ({ ledger, clock, entropy }: EventsPorts): EventsResource =>
  eventsOn({ ledger, entropy, now: clock.now }, { jobs: newFolds(), cronJobs: newFolds() })

const eventsOn = ({ ledger, entropy, now }: EventsOn, { jobs, cronJobs }: AllFolds): EventsResource => {
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
  foldEvents(ledger, jobs, { newFold: jobEventFold, deleted: 'JobDeleted', tell })
  foldEvents(ledger.cronJobs, cronJobs, { newFold: cronJobEventFold, deleted: 'CronJobDeleted', tell })

  const list = (namespace: string | null): ReadonlyArray<ApiEvent> => {
    const since = now() - kept
    return [...jobs.known.values(), ...cronJobs.known.values()]
      .flatMap(({ fold }) => fold.latest())
      .filter(({ event, at }) => at >= since && (namespace === null || event.metadata.namespace === namespace))
      .map(({ event, position }) => apiEvent(event, position))
      .sort((a, b) => compare(a.metadata.namespace, b.metadata.namespace) || compare(a.metadata.name, b.metadata.name))
  }
  return {
    get: (namespace, name) => list(namespace).find(({ metadata }) => metadata.name === name) ?? null,
    list,
    told$,
    forkOn: (other) => {
      const forks = { jobs: forkOf(jobs), cronJobs: forkOf(cronJobs) }
      return eventsOn({ ledger: other, entropy, now: () => Math.max(forks.jobs.told, forks.cronJobs.told) }, forks)
    },
  }
}

type EventsOn = Omit<EventsPorts, 'clock'> & { readonly now: () => number }

/** As long as Kubernetes keeps Events, in milliseconds. */
const kept = 3_600_000

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)

/** Whether an Event was told by the log, whoever has written to it since: clients' own have random uids. */
export const isOfLog = (uid: string): boolean => uid.charAt(14) === '8'

/** A UUID (version 8: its bits are ours) from the first digits of a digest. */
const uidFrom = (digits: string): string =>
  `${digits.slice(0, 8)}-${digits.slice(8, 12)}-8${digits.slice(13, 16)}-a${digits.slice(17, 20)}-${digits.slice(20, 32)}`

type Shelf<View, Event> = {
  readonly news$: { readonly subscribe: (next: (news: ReadonlyArray<News<View, Event>>) => void) => unknown }
}

/** One fold for each object about which there may be something to tell. A fold may change only what has its own `owner`. */
type Folds<Recorded> = {
  readonly known: Map<string, { readonly owner: object; readonly fold: EventFold<Recorded> }>
  owner: object
  /** Those that are deleted: they are let go once all is told. */
  readonly over: Array<{ readonly uid: string; readonly at: number }>
  /** The time of what was taken last. */
  told: number
}
type RecordedOf<View, Event> = News<View, Event>['recorded'][number]
type AllFolds = {
  readonly jobs: Folds<Parameters<ReturnType<typeof jobEventFold>['take']>[0]>
  readonly cronJobs: Folds<Parameters<ReturnType<typeof cronJobEventFold>['take']>[0]>
}

const newFolds = <Recorded>(): Folds<Recorded> => ({ known: new Map(), owner: {}, over: [], told: 0 })

/** What both have is copied by the one that changes it: neither has the owner of what was there. */
const forkOf = <Recorded>(folds: Folds<Recorded>): Folds<Recorded> => {
  folds.owner = {}
  return { known: new Map(folds.known), owner: {}, over: [...folds.over], told: folds.told }
}

const foldEvents = <View, Event extends { readonly type: string; readonly at: number }>(
  shelf: Shelf<View, Event>,
  folds: Folds<RecordedOf<View, Event>>,
  how: {
    readonly newFold: () => EventFold<RecordedOf<View, Event>>
    readonly deleted: Event['type']
    readonly tell: (fold: EventFold<never>, position: bigint) => void
  },
): void => {
  const { known, over } = folds
  const ownFold = (uid: string): EventFold<RecordedOf<View, Event>> => {
    const there = known.get(uid)
    if (there !== undefined && there.owner === folds.owner) return there.fold
    const fold = there === undefined ? how.newFold() : there.fold.copy()
    known.set(uid, { owner: folds.owner, fold })
    return fold
  }
  shelf.news$.subscribe((news) => {
    for (const { uid, recorded } of news) {
      const fold = ownFold(uid)
      for (const one of recorded) {
        const { at } = one.event
        fold.forget(at - kept)
        fold.take(one)
        how.tell(fold, one.position)
        if (one.event.type === how.deleted) over.push({ uid, at })
        folds.told = at
      }
    }
    while (over[0] !== undefined && over[0].at < folds.told - kept) known.delete(over.shift()?.uid ?? '')
  })
}
