import type { Observable } from 'rxjs'
import type { StoredObjectEvent } from '../domain/stored-object/events.ts'
import {
  emptyStoredObjectView,
  foldStoredObjectView,
  type StoredObjectView,
} from '../projections/stored-object-view.ts'
import { storedObjectCategory } from './read-event.ts'
import { newShelf, type News } from './shelf.ts'

export type StoredObjectNews = News<StoredObjectView, StoredObjectEvent>

/** The objects that are only kept, as they stand, by the name of their resource. */
export type ObjectShelf = {
  readonly getByUid: (uid: string) => StoredObjectView | null
  /** The object that has this name now. */
  readonly find: (resource: string, namespace: string, name: string) => StoredObjectView | null
  /** Those that exist, of one namespace or of all (null), in no order. */
  readonly list: (resource: string, namespace: string | null) => ReadonlyArray<StoredObjectView>
  /** The resources of which there is something in a namespace. */
  readonly resourcesIn: (namespace: string) => ReadonlyArray<string>
  readonly news$: Observable<ReadonlyArray<StoredObjectNews>>
}

type Filling = Pick<ReturnType<typeof newShelf<StoredObjectView, StoredObjectEvent>>, 'apply' | 'tell'>

/** An empty one, to be filled as a shelf is. */
export const newObjectShelf = (): ObjectShelf & Filling => {
  const shelf = newShelf({
    category: storedObjectCategory,
    empty: emptyStoredObjectView,
    fold: foldStoredObjectView,
    nameOf: ({ state }: StoredObjectView) =>
      state._tag === 'NoStoredObject' ? null : { namespace: homeOf(state.resource, state.namespace), name: state.name },
    created: 'ObjectCreated',
    deleted: 'ObjectDeleted',
    isGone: ({ state }) => state._tag === 'StoredObject' && state.isDeleted,
  })
  const places = new Map<string, Map<string, Set<string>>>()

  const note = ({ uid, view: { state } }: StoredObjectNews): void => {
    if (state._tag === 'NoStoredObject') return
    const homes = places.get(state.resource) ?? new Map<string, Set<string>>()
    const uids = homes.get(state.namespace) ?? new Set<string>()
    if (state.isDeleted) uids.delete(uid)
    else uids.add(uid)
    if (uids.size === 0) homes.delete(state.namespace)
    else homes.set(state.namespace, uids)
    places.set(state.resource, homes)
  }

  return {
    getByUid: shelf.getByUid,
    find: (resource, namespace, name) => shelf.find(homeOf(resource, namespace), name),
    list: (resource, namespace) => {
      const homes = places.get(resource)
      const wanted = namespace === null ? [...(homes?.values() ?? [])] : [homes?.get(namespace) ?? []]
      return wanted.flatMap((uids) => [...uids].flatMap((uid) => shelf.getByUid(uid) ?? []))
    },
    resourcesIn: (namespace) => [...places].flatMap(([resource, homes]) => (homes.has(namespace) ? [resource] : [])),
    news$: shelf.news$,
    apply: (events) => {
      const news = shelf.apply(events)
      for (const one of news) note(one)
      return news
    },
    tell: shelf.tell,
  }
}

/** Names are told apart by the resource too. */
const homeOf = (resource: string, namespace: string): string => `${resource}/${namespace}`
