import type { Subscription } from 'rxjs'
import type { ObjectMeta } from '../domain/kubernetes/job-object.ts'
import { storedKinds } from '../domain/kubernetes/stored-kinds/stored-kinds.ts'
import type { FreePodView } from '../projections/free-pod-view.ts'
import { type FreePodWriter, isTaken } from './free-pods.ts'
import type { Ledger } from './ledger.ts'

export type GarbageCollectorPorts = {
  readonly ledger: Ledger
  readonly podWriter: FreePodWriter
  /** A Job that is being deleted may have nothing to wait for any more. */
  readonly lookAgain: (job: string) => void
}

export type GarbageCollector = {
  /** Whether a Pod that somebody else made keeps a Job that is being deleted. */
  readonly isBlocked: (job: string) => boolean
  readonly close: () => void
}

/**
 * Deletes the Pods whose owners, named by them, are all gone, or are being deleted in the foreground; others lose the references
 * that lead nowhere. Pods that their own Job controls are its own affair.
 */
export const startGarbageCollector = ({ ledger, podWriter, lookAgain }: GarbageCollectorPorts): GarbageCollector => {
  const because = { actor: { kind: 'saga' as const, name: 'ensure-dependents-follow-their-owners' } }
  /** Pods by the uid of an owner that they name. */
  const dependents = new Map<string, Set<string>>()
  const named = new Map<string, ReadonlyArray<string>>()

  const note = (pod: string, view: FreePodView): void => {
    for (const owner of named.get(pod) ?? []) {
      const pods = dependents.get(owner)
      pods?.delete(pod)
      if (pods?.size === 0) dependents.delete(owner)
    }
    const owners = ownersOf(view, ledger).map(({ uid }) => uid)
    if (owners.length === 0) named.delete(pod)
    else named.set(pod, owners)
    for (const owner of owners) dependents.set(owner, (dependents.get(owner) ?? new Set()).add(pod))
  }

  const look = async (pod: string): Promise<void> => {
    const view = ledger.freePods.getByUid(pod)
    if (view === null || view.state._tag === 'NoFreePod') return
    const owners = ownersOf(view, ledger)
    const fates = owners.map((owner) => fateOf(owner, ledger))
    if (owners.length === 0 || fates.includes('unknown')) return
    const kept = owners.filter((_, place) => fates[place] === 'there')
    const isLeft = kept.length > 0 || fates.includes('orphaning')
    if (!isLeft) {
      if (view.state.deletion === null)
        await podWriter.handle(pod, { type: 'DeletePod', graceSeconds: null }, because)()
      return
    }
    if (kept.length === owners.length) return
    const { hasNode, hasFinalizers } = view.state
    const patch = { metadata: { ownerReferences: kept.length === 0 ? null : kept } }
    await podWriter.handle(pod, { type: 'ChangePod', patch, hasNode, hasFinalizers }, because)()
  }

  const lookAtDependents = (owner: string): void => {
    for (const pod of dependents.get(owner) ?? []) void look(pod)
  }

  const lookAtTheirs = (owners: ReadonlyArray<{ readonly uid: string }>): void => {
    for (const { uid } of owners) lookAtDependents(uid)
  }

  const subscriptions: Subscription[] = [
    ledger.news$.subscribe(lookAtTheirs),
    ledger.cronJobs.news$.subscribe(lookAtTheirs),
    ledger.objects.news$.subscribe(lookAtTheirs),
    ledger.freePods.news$.subscribe((news) => {
      for (const { uid, view } of news) {
        const before = named.get(uid) ?? []
        note(uid, view)
        for (const owner of before) if (isGoing(owner, ledger)) lookAgain(owner)
        void look(uid)
      }
    }),
  ]
  for (const view of ledger.freePods.all()) {
    if (view.state._tag === 'NoFreePod') continue
    note(view.state.uid, view)
    void look(view.state.uid)
  }

  return {
    isBlocked: (job) => {
      const state = ledger.getByUid(job)?.state
      if (state?._tag !== 'Job' || state.deletion === null) return false
      const { propagation } = state.deletion
      return [...(dependents.get(job) ?? [])].some((pod) => {
        const view = ledger.freePods.getByUid(pod)
        const owners = view === null ? [] : ownersOf(view, ledger).filter(({ uid }) => uid === job)
        return propagation === 'Orphan'
          ? owners.length > 0
          : propagation === 'Foreground' && owners.some(({ blockOwnerDeletion }) => blockOwnerDeletion === true)
      })
    },
    close: () => {
      for (const subscription of subscriptions) subscription.unsubscribe()
    },
  }
}

type Owner = NonNullable<ObjectMeta['ownerReferences']>[number]

/** Whom the Pod names, as long as it is here. */
const ownersOf = ({ state, form }: FreePodView, ledger: Ledger): ReadonlyArray<Owner> =>
  state._tag === 'NoFreePod' || state.isRemoved || isTaken(state, ledger) ? [] : (form?.metadata.ownerReferences ?? [])

/**
 * What becomes of an owner: `going` takes its dependents along, `orphaning` leaves them behind. `unknown`: nobody here can say, so nothing
 * is done.
 */
type Fate = 'there' | 'going' | 'orphaning' | 'gone' | 'unknown'

const fateOf = ({ apiVersion, kind, uid }: Owner, ledger: Ledger): Fate => {
  switch (`${apiVersion}/${kind}`) {
    case 'batch/v1/Job': {
      const state = ledger.getByUid(uid)?.state
      if (state?._tag !== 'Job' || state.deleted) return 'gone'
      if (state.deletion === null || state.deletion.isSettled) return 'there'
      return fates[state.deletion.propagation]
    }
    case 'batch/v1/CronJob': {
      const state = ledger.cronJobs.getByUid(uid)?.state
      return state?._tag !== 'CronJob' || state.deleted ? 'gone' : 'there'
    }
    default: {
      if (!Object.values(storedKinds).some((stored) => stored.apiVersion === apiVersion && stored.kind === kind))
        return 'unknown'
      const state = ledger.objects.getByUid(uid)?.state
      return state?._tag !== 'StoredObject' || state.isDeleted ? 'gone' : 'there'
    }
  }
}

const fates = { Foreground: 'going', Orphan: 'orphaning', Background: 'there' } as const

const isGoing = (owner: string, ledger: Ledger): boolean => {
  const state = ledger.getByUid(owner)?.state
  return state?._tag === 'Job' && state.deletion !== null && !state.deleted
}
