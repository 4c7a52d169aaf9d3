import type { Json } from '../../domain/stored-object/stored-object.ts'
import { E } from '../../prelude.ts'
import { controllingCronJob } from '../../projections/child-job.ts'
import type { Asked, Resource } from '../api/resource.ts'
import type { FreePodWriter } from '../pods/free-pod-writer.ts'
import { isTaken } from '../pods/holder-of.ts'
import type { Ledger } from '../log/ledger.ts'
import { fateOfUid, isOwned, type Owner } from './owners.ts'

/** An object that names owners, as far as their fate is its own. */
export type Dependent = {
  /** Empty for what is in no namespace. */
  readonly namespace: string
  readonly owners: ReadonlyArray<Owner>
  /** Its deletion is under way. */
  readonly isGoing: boolean
  readonly remove: (propagation: 'Background' | 'Foreground') => Promise<unknown>
  /** Makes these its only owners. */
  readonly leaveTo: (owners: ReadonlyArray<Owner>) => Promise<unknown>
}

/** What deletes and changes objects, by the name of their resource. */
export type OwnedResources = Readonly<Record<string, Pick<Resource, 'change' | 'remove'>>>

/** Finds a dependent by its uid; null: it is not there. Who is controlled by its own Job or CronJob is its affair and has no owners here. */
export const dependentsIn =
  ({
    ledger,
    podWriter,
    resources,
  }: {
    readonly ledger: Ledger
    readonly podWriter: FreePodWriter
    readonly resources: OwnedResources
  }) =>
  (uid: string): Dependent | null =>
    freePod(ledger, podWriter, uid) ??
    job(ledger, resources, uid) ??
    cronJob(ledger, resources, uid) ??
    kept(ledger, resources, uid)

const actor = { kind: 'saga', name: 'ensure-dependents-follow-their-owners' } as const

const freePod = (ledger: Ledger, writer: FreePodWriter, uid: string): Dependent | null => {
  const view = ledger.freePods.getByUid(uid)
  if (view === null || view.state._tag === 'NoFreePod' || view.state.isRemoved) return null
  const { namespace, deletion, hasNode, hasFinalizers } = view.state
  return {
    namespace,
    owners: isTaken(view.state, ledger) ? [] : (view.form?.metadata.ownerReferences ?? []),
    isGoing: deletion !== null,
    remove: () => writer.handle(uid, { type: 'DeletePod', graceSeconds: null }, { actor })(),
    leaveTo: (owners) => {
      const patch = { metadata: { ownerReferences: owners.length === 0 ? null : owners } }
      return writer.handle(uid, { type: 'ChangePod', patch, hasNode, hasFinalizers }, { actor })()
    },
  }
}

const job = (ledger: Ledger, resources: OwnedResources, uid: string): Dependent | null => {
  const view = ledger.getByUid(uid)
  if (view === null || view.state._tag === 'NoJob' || view.state.deleted) return null
  const controller = controllingCronJob(view)
  const isOthers =
    controller !== null &&
    ledger.cronJobs.getByUid(controller) !== null &&
    fateOfUid(controller, ledger) !== 'orphaning'
  return {
    ...through(resources['jobs'], { ...view.state, uid }),
    owners: isOthers ? [] : (view.manifest?.metadata.ownerReferences ?? []),
    isGoing: view.state.deletion !== null,
  }
}

const cronJob = (ledger: Ledger, resources: OwnedResources, uid: string): Dependent | null => {
  const state = ledger.cronJobs.getByUid(uid)?.state
  if (state?._tag !== 'CronJob' || state.deleted) return null
  return {
    ...through(resources['cronjobs'], state),
    owners: state.manifest.metadata.ownerReferences ?? [],
    isGoing: state.deletion !== null,
  }
}

const kept = (ledger: Ledger, resources: OwnedResources, uid: string): Dependent | null => {
  const state = ledger.objects.getByUid(uid)?.state
  if (state?._tag !== 'StoredObject' || state.isDeleted || !isOwned(state.resource)) return null
  return {
    ...through(resources[state.resource], state),
    owners: ownersIn(state.form),
    isGoing: state.deletionAt !== null,
  }
}

/** Its shape was checked when it was recorded. */
const ownersIn = (form: Json): ReadonlyArray<Owner> =>
  (form as { readonly metadata?: { readonly ownerReferences?: ReadonlyArray<Owner> } }).metadata?.ownerReferences ?? []

type Place = { readonly namespace: string; readonly name: string; readonly uid: string }

export const askedByCollector: Asked = { actor, warn: () => {} }

/** As a client would, but for this object alone and for no other one of its name. */
const through = (resource: OwnedResources[string] | undefined, { namespace, name, uid }: Place) => ({
  namespace,
  remove: async (propagation: 'Background' | 'Foreground') =>
    resource?.remove?.(namespace, name, { propagation }, askedByCollector)(),
  leaveTo: async (owners: ReadonlyArray<Owner>) =>
    resource?.change?.({ namespace, name, part: 'main' }, withOwners(uid, owners), askedByCollector)(),
})

const withOwners =
  (uid: string, owners: ReadonlyArray<Owner>): Parameters<NonNullable<Resource['change']>>[1] =>
  (present) => {
    if (present.metadata.uid !== uid) return E.left({ _tag: 'NotFound' })
    const { ownerReferences: _, ...metadata } = present.metadata
    return E.right({
      ...present,
      metadata: { ...metadata, ...(owners.length === 0 ? {} : { ownerReferences: owners }) },
    })
  }
