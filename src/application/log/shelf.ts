import { type Observable, Subject } from 'rxjs'
import type { RecordedEvent } from '../../projections/recorded.ts'
import type { Category } from './category.ts'
import type { StoredEvent } from '../ports/event-store.ts'

/** What happened to one object in one piece of the log, and how the object stood before and stands after it. */
export type News<View, Event> = {
  readonly uid: string
  readonly before: View
  readonly view: View
  readonly recorded: ReadonlyArray<RecordedEvent<Event>>
}

/** Every object of one category as it stands, folded from what has been applied so far. */
export type Shelf<View, Event> = {
  /** Null also for one that is long gone: only the latest thousand of these are remembered. */
  readonly getByUid: (uid: string) => View | null
  /** The object that has this name now; null when there is none (or it is deleted). */
  readonly find: (namespace: string, name: string) => View | null
  /** Objects that exist, in order of creation. */
  readonly list: () => ReadonlyArray<View>
  /** Also those that are deleted, but for such as are forgotten. */
  readonly all: () => ReadonlyArray<View>
  /** Uid of every object that ever had this name, oldest first. */
  readonly history: (namespace: string, name: string) => ReadonlyArray<string>
  readonly news$: Observable<ReadonlyArray<News<View, Event>>>
}

/** A shelf for whoever fills it: `apply` folds a piece of the log, `tell` tells the listeners of `news$`. */
export type FilledShelf<View, Event> = Shelf<View, Event> & {
  readonly apply: (events: ReadonlyArray<StoredEvent>) => ReadonlyArray<News<View, Event>>
  readonly tell: (news: ReadonlyArray<News<View, Event>>) => void
  /** Another shelf that stands as this one does, and goes its own way from there. Views are shared. */
  readonly fork: () => FilledShelf<View, Event>
}

/** How the objects of a category are folded and named. */
export type Shelving<View, Event> = {
  readonly category: Category<Event>
  readonly empty: View
  readonly fold: (view: View, recorded: ReadonlyArray<RecordedEvent<Event>>) => View
  /** Null as long as the object does not exist. */
  readonly nameOf: (view: View) => { readonly namespace: string; readonly name: string } | null
  /** The type of the event that gives the name, and of the one that frees it. */
  readonly created: string
  readonly deleted: string
  /** Nothing of the object is left, and nothing more can happen to it; absent: objects are remembered for good. */
  readonly isGone?: (view: View) => boolean
}

/** Gone objects that are remembered, for those who ask what became of them: a process that starts Jobs for years must not grow with them. */
const goneMax = 1000

/** What a shelf holds. */
type Held<View> = {
  readonly gone: Set<string>
  readonly views: Map<string, View>
  readonly present: Map<string, string>
  readonly everNamed: Map<string, ReadonlyArray<string>>
}

/** An empty shelf, or one that goes on with what another holds. */
export const newShelf = <View, Event extends { readonly type: string }>(
  shelving: Shelving<View, Event>,
  held: Held<View> = { gone: new Set(), views: new Map(), present: new Map(), everNamed: new Map() },
): FilledShelf<View, Event> => {
  const { category, empty, fold, nameOf, created, deleted, isGone = () => false } = shelving
  const { gone, views, present, everNamed } = held
  const news$ = new Subject<ReadonlyArray<News<View, Event>>>()

  const note = (uid: string, { event }: RecordedEvent<Event>, view: View): void => {
    const names = nameOf(view)
    if (names === null) return
    const name = nameKey(names.namespace, names.name)
    if (event.type === created) {
      present.set(name, uid)
      everNamed.set(name, [...(everNamed.get(name) ?? []), uid])
    }
    if (event.type === deleted && present.get(name) === uid) present.delete(name)
  }

  const forgetOldest = (latest: string): void => {
    gone.add(latest)
    if (gone.size <= goneMax) return
    const [oldest = latest] = gone
    gone.delete(oldest)
    views.delete(oldest)
  }

  const existing = (uid: string | undefined): View | null => (uid === undefined ? null : (views.get(uid) ?? null))

  return {
    apply: (events) =>
      [...byUid(category, events)].map(([uid, recorded]) => {
        const before = views.get(uid) ?? empty
        const view = fold(before, recorded)
        views.set(uid, view)
        if (isGone(view)) forgetOldest(uid)
        for (const one of recorded) if (one.event.type === created || one.event.type === deleted) note(uid, one, view)
        return { uid, before, view, recorded }
      }),
    tell: (news) => news$.next(news),
    fork: () =>
      newShelf(shelving, {
        gone: new Set(gone),
        views: new Map(views),
        present: new Map(present),
        everNamed: new Map(everNamed),
      }),
    getByUid: (uid) => views.get(uid) ?? null,
    find: (namespace, name) => existing(present.get(nameKey(namespace, name))),
    list: () => [...present.values()].flatMap((uid) => existing(uid) ?? []),
    all: () => [...views.values()],
    history: (namespace, name) => everNamed.get(nameKey(namespace, name)) ?? [],
    news$,
  }
}

const nameKey = (namespace: string, name: string): string => `${namespace}/${name}`

const byUid = <Event>(
  { uidOf, read }: Category<Event>,
  events: ReadonlyArray<StoredEvent>,
): Map<string, Array<RecordedEvent<Event>>> => {
  const groups = new Map<string, Array<RecordedEvent<Event>>>()
  for (const stored of events) {
    const uid = uidOf(stored.stream)
    if (uid === null) continue
    const group = groups.get(uid)
    if (group === undefined) groups.set(uid, [read(stored)])
    else group.push(read(stored))
  }
  return groups
}
