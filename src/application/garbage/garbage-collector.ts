import type { Subscription } from 'rxjs'
import { dependentsIn, type OwnedResources } from './dependents.ts'
import { dependentsIndex } from './dependents-index.ts'
import { type Fate, fateOf, fateOfUid } from './owners.ts'
import { settleDeletion } from './settle-deletion.ts'
import type { FreePodWriter } from '../pods/free-pod-writer.ts'
import type { Ledger } from '../log/ledger.ts'

export type GarbageCollectorPorts = {
  readonly ledger: Ledger
  readonly podWriter: FreePodWriter
  readonly resources: OwnedResources
  /** A Job that is being deleted may have nothing to wait for any more. */
  readonly lookAgain: (job: string) => void
}

export type GarbageCollector = {
  /** Whether a dependent that somebody else made keeps a Job or CronJob that is being deleted. */
  readonly isBlocked: (owner: string) => boolean
  readonly close: () => void
}

/**
 * Deletes what names owners that are all gone, or being deleted in the foreground; what has others left loses the references that lead nowhere. Kept
 * objects that are being deleted wait for their dependents, or leave them behind. What its own Job or CronJob controls is their affair.
 */
export const startGarbageCollector = (ports: GarbageCollectorPorts): GarbageCollector => {
  const { ledger, resources, lookAgain } = ports
  const find = dependentsIn(ports)
  const index = dependentsIndex()

  const look = async (uid: string): Promise<void> => {
    const dependent = find(uid)
    if (dependent === null || dependent.owners.length === 0) return
    const { owners, namespace, isGoing } = dependent
    const fates = owners.map((owner) => fateOf(owner, namespace, ledger))
    const ownersOf = (...wanted: ReadonlyArray<Fate>) =>
      owners.filter((_, place) => wanted.includes(fates[place] ?? 'unknown'))
    if (fates.includes('orphaning'))
      return void (await dependent.leaveTo(ownersOf('there', 'going', 'gone', 'unknown')))
    if (isGoing || fates.includes('unknown')) return
    const present = ownersOf('there')
    if (present.length === owners.length) return
    if (present.length > 0) return void (await dependent.leaveTo(present))
    const own = fates.includes('going') ? index.dependentsOf(uid) : []
    /** In a circle nobody waits for somebody who waits for them. */
    if (own.some((one) => fateOfUid(one, ledger) === 'going'))
      await dependent.leaveTo(owners.map((owner) => ({ ...owner, blockOwnerDeletion: false })))
    await dependent.remove(own.length > 0 ? 'Foreground' : 'Background')
  }

  /** Whether somebody keeps an owner from ending in this way. */
  const isHeld = (owner: string, fate: Fate): boolean =>
    (fate === 'orphaning' || fate === 'going') &&
    index
      .dependentsOf(owner)
      .some((uid) =>
        find(uid)?.owners.some((one) => one.uid === owner && (fate === 'orphaning' || one.blockOwnerDeletion === true)),
      )

  const settle = (owner: string): void => {
    const fate = fateOfUid(owner, ledger)
    if ((fate !== 'going' && fate !== 'orphaning') || isHeld(owner, fate)) return
    if (ledger.getByUid(owner) !== null) lookAgain(owner)
    else void settleDeletion(ledger, resources, owner)
  }

  /** Something was told of an object: it may have other owners now, and another fate. */
  const hear = (uid: string, hasOtherOwners: boolean): void => {
    if (hasOtherOwners) {
      for (const owner of index.note(uid, find(uid)?.owners ?? [])) settle(owner)
      void look(uid)
    }
    for (const dependent of index.dependentsOf(uid)) void look(dependent)
  }

  const subscriptions: ReadonlyArray<Subscription> = [
    ledger.news$.subscribe((news) => {
      for (const { uid, before, view } of news)
        hear(uid, before.manifest !== view.manifest || fateOfUid(uid, ledger) === 'gone')
    }),
    ledger.cronJobs.news$.subscribe((news) => {
      for (const { uid, before, view } of news) {
        hear(uid, before.state.manifest !== view.state.manifest || fateOfUid(uid, ledger) === 'gone')
        /** Its Jobs are its own affair no longer. */
        if (fateOfUid(uid, ledger) === 'orphaning') for (const job of ledger.childrenOf(uid)) hear(job.uid, true)
      }
    }),
    ledger.objects.news$.subscribe((news) => {
      for (const { uid } of news) hear(uid, true)
      for (const { uid } of news) settle(uid)
    }),
    ledger.freePods.news$.subscribe((news) => {
      for (const { uid } of news) hear(uid, true)
    }),
  ]

  const known = [...ledger.all(), ...ledger.cronJobs.all(), ...ledger.freePods.all(), ...ledger.objects.all()].flatMap(
    ({ state }) => ('uid' in state ? [state.uid] : []),
  )
  for (const uid of known) index.note(uid, find(uid)?.owners ?? [])
  for (const uid of known) {
    void look(uid)
    settle(uid)
  }

  return {
    isBlocked: (owner) => isHeld(owner, fateOfUid(owner, ledger)),
    close: () => {
      for (const subscription of subscriptions) subscription.unsubscribe()
    },
  }
}
