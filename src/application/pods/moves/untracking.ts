import type { FreePodCommand } from '../../../domain/free-pod/decide.ts'
import { isFinished } from '../../../domain/job/job.ts'
import type { PodObject } from '../../../domain/kubernetes/pod-object.ts'
import type { FreePodView } from '../../../projections/free-pod-view.ts'
import { trackingFinalizer } from '../../../projections/pod-object.ts'
import type { Ledger } from '../../log/ledger.ts'

/** [8.4] Takes the finalizer of Jobs off a Pod that no open Job has: nobody else ever would. Null: it has none, or somebody will. */
export const untracking = ({ state, form }: FreePodView, ledger: Ledger): FreePodCommand | null => {
  if (state._tag === 'NoFreePod' || state.isRemoved || state.givenTo !== null || form === null) return null
  const { finalizers = [] } = form.metadata
  const left = finalizers.filter((name) => name !== trackingFinalizer)
  if (left.length === finalizers.length || !mayBeFreed(form, ledger)) return null
  const hasFinalizers = left.length > 0
  const patch = { metadata: { finalizers: hasFinalizers ? left : null } }
  return { type: 'ChangePod', patch, hasNode: state.hasNode, hasFinalizers }
}

/** No controller of another kind has the Pod, and no Job that will account for it. */
const mayBeFreed = ({ metadata }: PodObject, ledger: Ledger): boolean => {
  const controller = metadata.ownerReferences?.find((owner) => owner.controller === true)
  if (controller === undefined) return true
  if (controller.kind !== 'Job' || controller.apiVersion !== 'batch/v1') return false
  const job = ledger.getByUid(controller.uid)?.state
  return job?._tag !== 'Job' || job.deleted || (isFinished(job) && !job.terms.managedElsewhere)
}
