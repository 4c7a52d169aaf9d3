import { type Observable, Subject } from 'rxjs'
import type { EventObject } from '../../domain/kubernetes/event-object.ts'
import { toldOfCronJob } from '../../projections/cron-job-events.ts'
import { type EventBook, forgotten, latestIn, toldAt } from '../../projections/event-recorder.ts'
import { toldOfJob } from '../../projections/kubernetes-events.ts'
import type { Ledger } from '../log/ledger.ts'
import type { Clock } from '../ports/clock.ts'
import type { Entropy } from '../ports/entropy.ts'
import type { News } from '../log/shelf.ts'
import type { Resource } from './resource.ts'

/** A core/v1 Event as the API shows it: always with its `eventTime`, which recorders of this kind leave open. */
export type ApiEvent = EventObject & { readonly eventTime: null }

/** An Event that is new, or counted once more, with the place in the log of what it tells. */
export type ToldApiEvent = { readonly object: () => ApiEvent; readonly isNew: boolean; readonly position: bigint }

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
  eventsOn({ ledger, entropy, now: clock.now }, { jobs: newBooks(), cronJobs: newBooks() })

const eventsOn = ({ ledger, entropy, now }: EventsOn, { jobs, cronJobs }: AllBooks): EventsResource => {
  const told$ = new Subject<ToldApiEvent>()
  const apiEvent = (event: EventObject, position: bigint): ApiEvent => ({
    ...event,
    metadata: {
      ...event.metadata,
      uid: uidFrom(entropy.digest(`event/${event.metadata.namespace}/${event.metadata.name}`)),
      resourceVersion: `${position}`,
    },
    eventTime: null,
  })
  const tell = (book: EventBook, position: bigint): void => {
    for (const { event, isNew } of toldAt(book, position))
      told$.next({ object: () => apiEvent(event(), position), isNew, position })
  }
  keepBooks(ledger, jobs, { take: toldOfJob, deleted: 'JobDeleted', tell })
  keepBooks(ledger.cronJobs, cronJobs, { take: toldOfCronJob, deleted: 'CronJobDeleted', tell })

  const list = (namespace: string | null): ReadonlyArray<ApiEvent> => {
    const since = now() - kept
    return [...jobs.known.values(), ...cronJobs.known.values()]
      .flatMap(latestIn)
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
      return eventsOn({ ledger: other, entropy, now: () => Math.max(forks.jobs.toldAt, forks.cronJobs.toldAt) }, forks)
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

/** A book for each object about which there may be something to tell. */
type Books = {
  readonly known: Map<string, EventBook>
  /** Those that are deleted: they are let go once all is told. */
  readonly over: Array<{ readonly uid: string; readonly at: number }>
  /** The time of what was told last. */
  toldAt: number
}
type AllBooks = { readonly jobs: Books; readonly cronJobs: Books }

const newBooks = (): Books => ({ known: new Map(), over: [], toldAt: 0 })

const forkOf = ({ known, over, toldAt: at }: Books): Books => ({ known: new Map(known), over: [...over], toldAt: at })

const keepBooks = <View, Event extends { readonly type: string; readonly at: number }>(
  shelf: Shelf<View, Event>,
  books: Books,
  how: {
    readonly take: (
      book: EventBook | null,
      recorded: News<View, Event>['recorded'][number],
      view: View,
    ) => EventBook | null
    readonly deleted: Event['type']
    readonly tell: (book: EventBook, position: bigint) => void
  },
): void => {
  const { known, over } = books
  shelf.news$.subscribe((news) => {
    for (const { uid, recorded, view } of news) {
      let book = known.get(uid) ?? null
      for (const one of recorded) {
        const { at, type } = one.event
        const before = book && forgotten(book, at - kept)
        book = how.take(before, one, view)
        if (book !== null && book !== before) how.tell(book, one.position)
        if (type === how.deleted) over.push({ uid, at })
        books.toldAt = at
      }
      if (book !== null) known.set(uid, book)
    }
    while (over[0] !== undefined && over[0].at < books.toldAt - kept) known.delete(over.shift()?.uid ?? '')
  })
}
