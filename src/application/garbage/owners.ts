import { deletionFinalizers } from '../../domain/kubernetes/deletion-finalizers.ts'
import type { ObjectMeta } from '../../domain/kubernetes/job-object.ts'
import { isStoredResource, storedKindOf, storedKinds } from '../../domain/kubernetes/stored-kinds/stored-kinds.ts'
import { finalizersOf, type StoredObject } from '../../domain/stored-object/stored-object.ts'
import type { Ledger } from '../log/ledger.ts'

export type Owner = NonNullable<ObjectMeta['ownerReferences']>[number]

/**
 * What becomes of an owner: `going` takes its dependents along, `orphaning` leaves them behind. `unknown`: nobody here can say, so nothing
 * is done.
 */
export type Fate = 'there' | 'going' | 'orphaning' | 'gone' | 'unknown'

/**
 * What becomes of somebody whom an object of this namespace names. Owners are in the same namespace, or in none: what is in none itself
 * cannot be owned from within one, and is believed.
 */
export const fateOf = (owner: Owner, namespace: string, ledger: Ledger): Fate => {
  const { apiVersion, kind, name, uid } = owner
  const isHere = (place: { readonly namespace: string; readonly name: string }): boolean =>
    place.name === name && (place.namespace === '' || place.namespace === namespace)
  switch (`${apiVersion}/${kind}`) {
    case 'batch/v1/Job': {
      if (namespace === '') return 'unknown'
      const state = ledger.getByUid(uid)?.state
      return state?._tag === 'Job' && isHere(state) ? fateOfUid(uid, ledger) : 'gone'
    }
    case 'batch/v1/CronJob': {
      if (namespace === '') return 'unknown'
      const state = ledger.cronJobs.getByUid(uid)?.state
      return state?._tag === 'CronJob' && isHere(state) ? fateOfUid(uid, ledger) : 'gone'
    }
    default: {
      const known = Object.values(storedKinds).find((one) => one.apiVersion === apiVersion && one.kind === kind)
      if (known === undefined || known === storedKinds.events) return 'unknown'
      if (namespace === '' && known !== storedKinds.nodes) return 'unknown'
      const state = ledger.objects.getByUid(uid)?.state
      return state?._tag === 'StoredObject' && state.resource === known.resource && isHere(state)
        ? fateOfUid(uid, ledger)
        : 'gone'
    }
  }
}

/** The same of whoever has this uid. */
export const fateOfUid = (uid: string, ledger: Ledger): Fate => {
  const job = ledger.getByUid(uid)?.state
  if (job?._tag === 'Job') {
    if (job.deleted) return 'gone'
    return job.deletion === null || job.deletion.isSettled ? 'there' : fates[job.deletion.propagation]
  }
  const cronJob = ledger.cronJobs.getByUid(uid)?.state
  if (cronJob?._tag === 'CronJob') {
    if (cronJob.deletion?.propagation === 'Orphan') return 'orphaning'
    return cronJob.deleted ? 'gone' : cronJob.deletion?.propagation === 'Foreground' ? 'going' : 'there'
  }
  const object = ledger.objects.getByUid(uid)?.state
  return object?._tag === 'StoredObject' ? fateOfKept(object) : 'gone'
}

const fates = { Foreground: 'going', Orphan: 'orphaning', Background: 'there' } as const

const fateOfKept = ({ isDeleted, deletionAt, form }: StoredObject): Fate => {
  if (isDeleted) return 'gone'
  if (deletionAt === null) return 'there'
  const finalizers = finalizersOf(form)
  if (finalizers.includes(deletionFinalizers.Orphan)) return 'orphaning'
  return finalizers.includes(deletionFinalizers.Foreground) ? 'going' : 'there'
}

/** Whether objects of this resource own others and are owned. */
export const isOwned = (resource: string): boolean =>
  isStoredResource(resource) && storedKindOf(resource)?.isApart !== true
