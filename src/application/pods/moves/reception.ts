import type { FreePodCommand } from '../../../domain/free-pod/decide.ts'
import { podPlaceOf } from '../../../domain/job/pod-identity.ts'
import { type JobView, nodeOf, podContainers } from '../../../projections/job-view.ts'
import { observationsOf } from '../../../projections/observations-of.ts'
import { releasedPod } from '../../../projections/pod-object.ts'

/** By what a Pod that its Job has let go comes into a stream of its own; null: the Job has not let it go. */
export const reception = (view: JobView, pod: number): Extract<FreePodCommand, { type: 'ReceivePod' }> | null => {
  const released = releasedPod(view, pod)
  if (released === null || view.state._tag === 'NoJob') return null
  const { object, row } = released
  const { state } = view
  const node = nodeOf(view, pod)
  const { uid = '', name, namespace, finalizers = [] } = object.metadata
  return {
    type: 'ReceivePod',
    uid,
    namespace,
    name,
    from: { job: state.uid, pod },
    gracePeriodSeconds: object.spec.terminationGracePeriodSeconds ?? 30,
    hasNode: row.bound,
    hasEnded: row.finishedAt !== null,
    hasFinalizers: finalizers.length > 0,
    deletion: row.deletedAt === null ? null : { at: row.deletedAt, graceSeconds: row.graceSeconds },
    form: object,
    ...(node !== null &&
      !state.terms.podsRunElsewhere && {
        run: { node, place: podPlaceOf(state, pod), observations: observationsOf(row, podContainers(view, pod)) },
      }),
  }
}
