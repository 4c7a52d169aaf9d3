import { type Observable, Subject } from 'rxjs'
import type { Recorded } from '../projections/recorded.ts'
import { emptyJobView, foldJobView, type JobView } from '../projections/job-view.ts'
import { E } from '../prelude.ts'
import { beginning, type EventStore, type StoredEvent } from './ports/event-store.ts'
import { jobOfStream, readEvent, UnreadableEvent } from './read-event.ts'

/** What happened to one Job in one piece of the log, and how the Job stands after it. */
export type JobNews = { readonly uid: string; readonly view: JobView; readonly recorded: ReadonlyArray<Recorded> }

/** The read side: every Job of the log as it stands, folded from what has been applied so far. */
export type Ledger = {
  /** Folds a piece of the log; then tells the listeners of `news$`. */
  readonly apply: (events: ReadonlyArray<StoredEvent>) => ReadonlyArray<JobNews>
  /** Position of the last event applied. */
  readonly position: () => bigint
  readonly getByUid: (uid: string) => JobView | null
  /** The Job that has this name now; null when there is none (or it is deleted). */
  readonly find: (namespace: string, name: string) => JobView | null
  /** Jobs that exist, in order of creation. */
  readonly list: () => ReadonlyArray<JobView>
  /** Also those that are deleted but still have Pods. */
  readonly all: () => ReadonlyArray<JobView>
  /** Uid of every Job that ever had this name, oldest first. */
  readonly history: (namespace: string, name: string) => ReadonlyArray<string>
  readonly news$: Observable<ReadonlyArray<JobNews>>
}

export const newLedger = (): Ledger => {
  const jobs = new Map<string, JobView>()
  const present = new Map<string, string>()
  const everNamed = new Map<string, string[]>()
  const news$ = new Subject<ReadonlyArray<JobNews>>()
  let position = beginning

  const note = (uid: string, { event }: Recorded, view: JobView): void => {
    if (view.state._tag === 'NoJob') return
    const name = nameKey(view.state.namespace, view.state.name)
    if (event.type === 'JobCreated') {
      present.set(name, uid)
      everNamed.set(name, [...(everNamed.get(name) ?? []), uid])
    }
    if (event.type === 'JobDeleted' && present.get(name) === uid) present.delete(name)
  }

  const existing = (uid: string | undefined): JobView | null => (uid === undefined ? null : (jobs.get(uid) ?? null))

  return {
    apply: (events) => {
      const last = events.at(-1)
      if (last === undefined) return []
      const news = [...byJob(events)].map(([uid, recorded]): JobNews => {
        const view = foldJobView(jobs.get(uid) ?? emptyJobView, recorded)
        jobs.set(uid, view)
        for (const one of recorded)
          if (one.event.type === 'JobCreated' || one.event.type === 'JobDeleted') note(uid, one, view)
        return { uid, view, recorded }
      })
      position = last.position
      news$.next(news)
      return news
    },
    position: () => position,
    getByUid: (uid) => jobs.get(uid) ?? null,
    find: (namespace, name) => existing(present.get(nameKey(namespace, name))),
    list: () => [...present.values()].flatMap((uid) => existing(uid) ?? []),
    all: () => [...jobs.values()],
    history: (namespace, name) => everNamed.get(nameKey(namespace, name)) ?? [],
    news$,
  }
}

const nameKey = (namespace: string, name: string): string => `${namespace}/${name}`

const byJob = (events: ReadonlyArray<StoredEvent>): Map<string, Recorded[]> => {
  const groups = new Map<string, Recorded[]>()
  for (const stored of events) {
    const uid = jobOfStream(stored.stream)
    if (uid === null) continue
    const group = groups.get(uid)
    if (group === undefined) groups.set(uid, [readEvent(stored)])
    else group.push(readEvent(stored))
  }
  return groups
}

const pageSize = 5000

/** Folds everything that is stored now. Left: the log could not be read, or not be understood, with the reason. */
export const catchUp = async (store: EventStore, ledger: Ledger): Promise<E.Either<string, void>> => {
  for (;;) {
    const page = await store.readAll(ledger.position(), pageSize)()
    if (E.isLeft(page)) return E.left(page.left.reason)
    if (page.right.length === 0) return E.right(undefined)
    try {
      ledger.apply(page.right)
    } catch (problem) {
      if (problem instanceof UnreadableEvent) return E.left(problem.message)
      throw problem
    }
  }
}
