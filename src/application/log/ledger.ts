import { type Observable, Subject } from 'rxjs'
import type { ChildJob } from '../../domain/cronjob/child-job.ts'
import type { CronJobEvent } from '../../domain/cronjob/events.ts'
import type { FreePodEvent } from '../../domain/free-pod/events.ts'
import type { JobEvent } from '../../domain/job/events.ts'
import type { NamespaceEvent } from '../../domain/namespace/events.ts'
import { childJob, controllingCronJob } from '../../projections/child-job.ts'
import { type CronJobView, emptyCronJobView, foldCronJobView } from '../../projections/cron-job-view.ts'
import { emptyJobView, foldJobView, type JobView } from '../../projections/job-view.ts'
import { emptyNamespaceView, foldNamespaceView, type NamespaceView } from '../../projections/namespace-view.ts'
import { E } from '../../prelude.ts'
import { UnreadableEvent } from './category.ts'
import { beginning, type EventStore, type StoredEvent } from '../ports/event-store.ts'
import { type FreePodView, emptyFreePodView, foldFreePodView } from '../../projections/free-pod-view.ts'
import { cronJobCategory, freePodCategory, jobCategory, namespaceCategory } from './read-event.ts'
import { noVault, type SecretVault } from '../ports/secret-vault.ts'
import { type FilledObjectShelf, newObjectShelf, type ObjectShelf, type StoredObjectNews } from './object-shelf.ts'
import type { Patience } from './patience.ts'
import { type FilledShelf, newShelf, type News, type Shelf } from './shelf.ts'
import { readWholeAppends } from './whole-appends.ts'

/** What happened to one Job in one piece of the log, and how the Job stands after it. */
export type JobNews = News<JobView, JobEvent>
export type CronJobNews = News<CronJobView, CronJobEvent>

/** One piece of the log as it was applied, with what it did to objects of each kind. */
export type Step = {
  readonly events: ReadonlyArray<StoredEvent>
  readonly jobs: ReadonlyArray<JobNews>
  readonly cronJobs: ReadonlyArray<CronJobNews>
  readonly namespaces: ReadonlyArray<News<NamespaceView, NamespaceEvent>>
  readonly freePods: ReadonlyArray<News<FreePodView, FreePodEvent>>
  readonly objects: ReadonlyArray<StoredObjectNews>
}

/**
 * The read side: every Job of the log as it stands (deleted ones may still have Pods), and every CronJob, folded from what has been
 * applied so far.
 */
export type Ledger = Shelf<JobView, JobEvent> & {
  /** Folds a piece of the log; then tells the listeners, those of Jobs (with nothing too) before those of CronJobs. */
  readonly apply: (events: ReadonlyArray<StoredEvent>) => ReadonlyArray<JobNews>
  /** Every piece of the log, when all who listen to the news have heard it. */
  readonly steps$: Observable<Step>
  /** Position of the last event applied. */
  readonly position: () => bigint
  /** Pods that no Job controls, also those that a Job has taken over since. */
  readonly freePods: Shelf<FreePodView, FreePodEvent>
  readonly cronJobs: Shelf<CronJobView, CronJobEvent>
  /** The namespaces that somebody has made; theirs is the empty namespace. */
  readonly namespaces: Shelf<NamespaceView, NamespaceEvent>
  /** ConfigMaps and everything else that is only kept. */
  readonly objects: ObjectShelf
  /** The Jobs that exist and name the CronJob of this uid as their controller, in order of creation. */
  readonly childrenOf: (cronJob: string) => ReadonlyArray<ChildJob>
  /** Another ledger that stands as this one does, and goes its own way from there: takes as long as there are objects, and shares them. */
  readonly fork: () => Ledger
}

/** `vault`: what objects hold outside of the log; absent: they are shown without it. */
export const newLedger = (vault: Pick<SecretVault, 'read'> = noVault): Ledger => ledgerOn(emptyShelves(vault.read))

/** What a ledger holds. */
type Shelves = {
  readonly jobs: FilledShelf<JobView, JobEvent>
  readonly cronJobs: FilledShelf<CronJobView, CronJobEvent>
  readonly namespaces: FilledShelf<NamespaceView, NamespaceEvent>
  readonly freePods: FilledShelf<FreePodView, FreePodEvent>
  readonly objects: FilledObjectShelf
  readonly children: Map<string, Set<string>>
  readonly position: bigint
}

const emptyShelves = (read: SecretVault['read']): Shelves => ({
  jobs: newShelf({
    category: jobCategory,
    empty: emptyJobView,
    fold: foldJobView,
    nameOf: ({ state }: JobView) => (state._tag === 'NoJob' ? null : state),
    created: 'JobCreated',
    deleted: 'JobDeleted',
    isGone: ({ state }) => state._tag === 'Job' && state.deleted && state.live === 0,
  }),
  cronJobs: newShelf({
    category: cronJobCategory,
    empty: emptyCronJobView,
    fold: foldCronJobView,
    nameOf: ({ state }: CronJobView) => (state._tag === 'NoCronJob' ? null : state),
    created: 'CronJobCreated',
    deleted: 'CronJobDeleted',
  }),
  namespaces: newShelf({
    category: namespaceCategory,
    empty: emptyNamespaceView,
    fold: foldNamespaceView,
    nameOf: ({ state }: NamespaceView) => (state._tag === 'NoNamespace' ? null : { namespace: '', name: state.name }),
    created: 'NamespaceCreated',
    deleted: 'NamespaceDeleted',
  }),
  freePods: newShelf({
    category: freePodCategory,
    empty: emptyFreePodView,
    fold: foldFreePodView,
    nameOf: ({ state }: FreePodView) => (state._tag === 'NoFreePod' ? null : state),
    created: 'FreePodReceived',
    deleted: 'FreePodRemoved',
  }),
  objects: newObjectShelf(read),
  children: new Map(),
  position: beginning,
})

const ledgerOn = (shelves: Shelves): Ledger => {
  const { jobs, cronJobs, namespaces, freePods, objects, children } = shelves
  const steps$ = new Subject<Step>()
  let { position } = shelves

  const noteChild = ({ uid, view, recorded }: JobNews): void => {
    const owner = controllingCronJob(view)
    if (owner === null || !recorded.some(({ event }) => event.type === 'JobCreated' || event.type === 'JobDeleted'))
      return
    const uids = children.get(owner) ?? new Set()
    children.set(owner, uids)
    if (childJob(view) === null) uids.delete(uid)
    else uids.add(uid)
    if (uids.size === 0) children.delete(owner)
  }

  return {
    ...jobs,
    apply: (events) => {
      const last = events.at(-1)
      if (last === undefined) return []
      const news = jobs.apply(events)
      for (const one of news) noteChild(one)
      const cronNews = cronJobs.apply(events)
      const namespaceNews = namespaces.apply(events)
      const freeNews = freePods.apply(events)
      const objectNews = objects.apply(events)
      position = last.position
      jobs.tell(news)
      if (cronNews.length > 0) cronJobs.tell(cronNews)
      if (freeNews.length > 0) freePods.tell(freeNews)
      if (objectNews.length > 0) objects.tell(objectNews)
      steps$.next({
        events,
        jobs: news,
        cronJobs: cronNews,
        namespaces: namespaceNews,
        freePods: freeNews,
        objects: objectNews,
      })
      return news
    },
    steps$,
    position: () => position,
    cronJobs,
    namespaces,
    freePods,
    objects,
    childrenOf: (cronJob) =>
      [...(children.get(cronJob) ?? [])].flatMap((uid) => {
        const view = jobs.getByUid(uid)
        return (view === null ? null : childJob(view)?.job) ?? []
      }),
    fork: () =>
      ledgerOn({
        jobs: jobs.fork(),
        cronJobs: cronJobs.fork(),
        namespaces: namespaces.fork(),
        freePods: freePods.fork(),
        objects: objects.fork(),
        children: new Map([...children].map(([owner, uids]) => [owner, new Set(uids)])),
        position,
      }),
  }
}

const pageSize = 5000

/**
 * Folds everything that is stored now. Left: the log could not be read, or not be understood, with the reason. Who has patience waits
 * for a log that is away.
 */
export const catchUp = async (
  store: EventStore,
  ledger: Ledger,
  patience: Patience | null = null,
): Promise<E.Either<string, void>> => {
  for (;;) {
    const page = await readWholeAppends(store, ledger.position(), pageSize)
    if (E.isLeft(page)) {
      if (patience === null) return E.left(page.left.reason)
      await patience(page.left.reason)
      continue
    }
    if (page.right.length === 0) return E.right(undefined)
    try {
      ledger.apply(page.right)
    } catch (problem) {
      if (problem instanceof UnreadableEvent) return E.left(problem.message)
      throw problem
    }
  }
}
