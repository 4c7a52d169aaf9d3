import type { StoredResourceName } from '../../domain/kubernetes/stored-kinds/stored-kinds.ts'
import { E } from '../../prelude.ts'
import type { Ledger } from '../log/ledger.ts'
import type { Entropy } from '../ports/entropy.ts'
import type { EventStore } from '../ports/event-store.ts'
import { readWholeAppends } from '../log/whole-appends.ts'
import { listAllEvents } from './all-events.ts'
import { type Change, changesOf, seenStep } from './changes.ts'
import { keepCheckpoints, type World } from './checkpoints.ts'
import { listCronJobs } from './cron-jobs.ts'
import { emptyResources } from './empty-resource.ts'
import type { EventsResource, ToldApiEvent } from './events.ts'
import { listJobs } from './jobs.ts'
import { readNamespaces } from './namespaces.ts'
import { listPods } from './pods.ts'
import type { Resource } from './resource.ts'
import { listStoredObjects } from './stored-objects.ts'

export type PastPorts = {
  readonly store: EventStore
  readonly entropy: Entropy
  /** What is folded as the log grows. */
  readonly ledger: Ledger
  readonly events: EventsResource
}

/** Changes of a piece of the log, and the position of its last event. */
export type PastChanges = { readonly changes: ReadonlyArray<Change>; readonly position: bigint }

/** What the API served, as it was: to be read only. */
export type PastResources = ReturnType<typeof resourcesOf>

export type Past = {
  /** What the API showed when this was the last position of the log; null: the log cannot be read now. */
  readonly at: (position: bigint) => Promise<PastResources | null>
  /** Every change behind a position up to the present end of the log, in its order; ends early (`null`) when the log cannot be read. */
  readonly changes: (after: bigint) => AsyncGenerator<PastChanges | null, void>
}

/**
 * What the API showed at any position of the log. The nearest state that is known before it (a checkpoint, or one that was asked for a while ago) is folded
 * on from there. To be made before the ledger catches up, so that there are checkpoints of everything.
 */
export const pastOf = (
  { store, entropy, ledger, events }: PastPorts,
  { worldsMax = 4, ...spacing }: PastLimits = {},
): Past => {
  const checkpoints = keepCheckpoints({ ledger, events }, spacing)
  let asked: ReadonlyArray<World> = []
  let last: Promise<unknown> = Promise.resolve()

  /** A world of its own at this position. */
  const foldedTo = async (position: bigint): Promise<World | null> => {
    const world = fork(nearest([...checkpoints(), ...asked], position))
    while (world.ledger.position() < position) {
      const page = await store.readAll(world.ledger.position(), pageSize)()
      if (E.isLeft(page)) return null
      const known = page.right.filter((event) => event.position <= position)
      world.ledger.apply(known)
      if (known.length < pageSize) break
    }
    return world
  }

  /** The same for several who ask: nobody may change it. */
  const worldAt = async (position: bigint): Promise<World | null> => {
    const known = asked.find(({ ledger: past }) => past.position() === position)
    const world = known ?? (await foldedTo(position))
    if (world !== null) asked = [world, ...asked.filter((one) => one !== known)].slice(0, worldsMax)
    return world
  }

  return {
    at: async (position) => {
      const asking = last.then(() => worldAt(position))
      last = asking.catch(() => null)
      const world = await asking
      return world === null ? null : resourcesOf(world, entropy)
    },
    changes: async function* (after) {
      const world = await foldedTo(after)
      if (world === null) {
        yield null
        return
      }
      const { ledger: past } = world
      let told: ToldApiEvent[] = []
      let changes: ReadonlyArray<Change> = []
      world.events.told$.subscribe((one) => void told.push(one))
      past.steps$.subscribe((step) => {
        changes = changesOf(seenStep(step), told, past.objects.shown)
        told = []
      })
      for (;;) {
        const page = await readWholeAppends(store, past.position(), pageSize)
        if (E.isLeft(page)) {
          yield null
          return
        }
        if (page.right.length === 0) return
        past.apply(page.right)
        yield { changes, position: past.position() }
      }
    },
  }
}

export type PastLimits = {
  /** States that somebody asked for and may ask for again. */
  readonly worldsMax?: number
} & Parameters<typeof keepCheckpoints>[1]

/** A few at a time: others want to be served meanwhile. */
const pageSize = 500

const fork = ({ ledger, events }: World): World => {
  const other = ledger.fork()
  return { ledger: other, events: events.forkOn(other) }
}

/** The latest that is not behind the position; there is one of the beginning. */
const nearest = (worlds: ReadonlyArray<World>, position: bigint): World =>
  worlds
    .filter(({ ledger }) => ledger.position() <= position)
    .reduce((best, one) => (one.ledger.position() > best.ledger.position() ? one : best))

const resourcesOf = ({ ledger, events }: World, entropy: Entropy) => {
  const kept = (resource: StoredResourceName) => readOnly(listStoredObjects(ledger, resource))
  return {
    jobs: readOnly(listJobs(ledger)),
    pods: readOnly(listPods(ledger)),
    cronjobs: readOnly(listCronJobs(ledger)),
    namespaces: readOnly(readNamespaces(ledger, entropy).list),
    events: readOnly(listAllEvents(ledger, events.list)),
    ...emptyResources,
    configmaps: kept('configmaps'),
    leases: kept('leases'),
    nodes: kept('nodes'),
    secrets: kept('secrets'),
    serviceaccounts: kept('serviceaccounts'),
    services: kept('services'),
  } satisfies { readonly [Name in Change['resource']]: Resource }
}

/** Of the past there is no index of names. */
const readOnly = (list: Resource['list']): Resource => ({
  list,
  get: (namespace, name) =>
    list(namespace === '' ? null : namespace).find(({ metadata }) => metadata.name === name) ?? null,
})
