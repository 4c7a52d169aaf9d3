import type { Observable } from 'rxjs'
import type { StoredObjectEvent } from '../../domain/stored-object/events.ts'
import { openedForm } from '../../domain/stored-object/sealed-form.ts'
import {
  emptyStoredObjectView,
  foldStoredObjectView,
  storedObject,
  type StoredObjectShown,
  type StoredObjectView,
} from '../../projections/stored-object-view.ts'
import type { SecretVault } from '../ports/secret-vault.ts'
import { storedObjectCategory } from './read-event.ts'
import { type FilledShelf, newShelf, type News } from './shelf.ts'

export type StoredObjectNews = News<StoredObjectView, StoredObjectEvent>

/** The objects that are only kept, as they stand, by the name of their resource. */
export type ObjectShelf = {
  readonly getByUid: (uid: string) => StoredObjectView | null
  /** The object that has this name now. */
  readonly find: (resource: string, namespace: string, name: string) => StoredObjectView | null
  /** All that are remembered, also those that are gone. */
  readonly all: () => ReadonlyArray<StoredObjectView>
  /** Those that exist, of one namespace or of all (null), in no order. */
  readonly list: (resource: string, namespace: string | null) => ReadonlyArray<StoredObjectView>
  /** Whether there is or ever was one of this name. */
  readonly wasThere: (resource: string, namespace: string, name: string) => boolean
  /** An object as clients see it, with what it holds outside of the log; null when it is not there. */
  readonly shown: (view: StoredObjectView) => StoredObjectShown | null
  readonly news$: Observable<ReadonlyArray<StoredObjectNews>>
}

/** An object shelf for whoever fills it, as a shelf is filled. */
export type FilledObjectShelf = ObjectShelf &
  Pick<StoredObjectShelf, 'apply' | 'tell'> & { readonly fork: () => FilledObjectShelf }

type StoredObjectShelf = FilledShelf<StoredObjectView, StoredObjectEvent>

/** The uids of what there is, by resource and namespace. */
type Places = Map<string, Map<string, Set<string>>>

/** An empty one. `read`: what is kept outside of the log. */
export const newObjectShelf = (read: SecretVault['read']): FilledObjectShelf =>
  objectShelfOn(
    read,
    newShelf({
      category: storedObjectCategory,
      empty: emptyStoredObjectView,
      fold: foldStoredObjectView,
      nameOf: ({ state }: StoredObjectView) =>
        state._tag === 'NoStoredObject'
          ? null
          : { namespace: homeOf(state.resource, state.namespace), name: state.name },
      created: 'ObjectCreated',
      deleted: 'ObjectDeleted',
      isGone: ({ state }) => state._tag === 'StoredObject' && state.isDeleted,
    }),
    new Map(),
  )

const objectShelfOn = (read: SecretVault['read'], shelf: StoredObjectShelf, places: Places): FilledObjectShelf => {
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
    all: shelf.all,
    find: (resource, namespace, name) => shelf.find(homeOf(resource, namespace), name),
    list: (resource, namespace) => {
      const homes = places.get(resource)
      const wanted = namespace === null ? [...(homes?.values() ?? [])] : [homes?.get(namespace) ?? []]
      return wanted.flatMap((uids) => [...uids].flatMap((uid) => shelf.getByUid(uid) ?? []))
    },
    wasThere: (resource, namespace, name) => shelf.history(homeOf(resource, namespace), name).length > 0,
    shown: (view) => {
      const object = storedObject(view)
      return object === null ? null : openedForm(object, read)
    },
    news$: shelf.news$,
    apply: (events) => {
      const news = shelf.apply(events)
      for (const one of news) note(one)
      return news
    },
    tell: shelf.tell,
    fork: () => objectShelfOn(read, shelf.fork(), copyOf(places)),
  }
}

const copyOf = (places: Places): Places =>
  new Map(
    [...places].map(([resource, homes]) => [
      resource,
      new Map([...homes].map(([namespace, uids]) => [namespace, new Set(uids)])),
    ]),
  )

/** Names are told apart by the resource too. */
const homeOf = (resource: string, namespace: string): string => `${resource}/${namespace}`
