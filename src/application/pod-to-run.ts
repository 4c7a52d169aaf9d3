import type { JobEventOf } from '../domain/job/events.ts'
import { podRow } from '../domain/job/pod-columns.ts'
import { podIdentities } from '../domain/job/pod-identity.ts'
import { type JobView, nodeOf } from '../projections/job-view.ts'
import { podLabelsOf, podSpecOf } from '../projections/pod-object.ts'
import type { PodToRun } from './ports/pod-runtime.ts'

type Identity = Pick<JobEventOf<'PodCreated'>, 'pod' | 'uid' | 'name' | 'index' | 'attempt' | 'indexFailures'>

/** Everything a runtime needs to run the Pod; null when the Job's manifest is not known, or no node has the Pod. */
export const podToRun = (view: JobView, pod: Identity): PodToRun | null => {
  const { state, manifest } = view
  const node = nodeOf(view, pod.pod)
  if (state._tag === 'NoJob' || manifest === null || node === null) return null
  return {
    job: state.uid,
    pod: pod.pod,
    uid: pod.uid,
    name: pod.name,
    namespace: state.namespace,
    index: pod.index,
    attempt: pod.attempt,
    node,
    ...podLabelsOf(manifest, pod),
    spec: podSpecOf(manifest, state, pod.index),
  }
}

/** The same for a Pod that was created earlier. */
export const podToRunAgain = (view: JobView, pod: number): PodToRun | null => {
  if (view.state._tag === 'NoJob') return null
  const { index, attempt, indexFailures } = podRow(view.state.pods, pod)
  return podToRun(view, { pod, index, attempt, indexFailures, ...podIdentities(view.state)(pod, index) })
}
