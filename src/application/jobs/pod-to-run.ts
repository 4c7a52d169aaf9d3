import { adoptedPod } from '../../domain/job/adopted-pods.ts'
import type { JobEventOf } from '../../domain/job/events.ts'
import { podRow } from '../../domain/job/pod-columns.ts'
import { podIdentities, podPlaceOf } from '../../domain/job/pod-identity.ts'
import { type JobView, nodeOf } from '../../projections/job-view.ts'
import { podForm, podLabelsOf, podSpecOf } from '../../projections/pod-object.ts'
import type { PodToRun } from '../ports/pod-runtime.ts'

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

/** The same for a Pod that was created earlier, or that the Job has taken over. */
export const podToRunAgain = (view: JobView, pod: number): PodToRun | null => {
  const { state, manifest } = view
  if (state._tag === 'NoJob') return null
  const { index, attempt, indexFailures, ...row } = podRow(state.pods, pod)
  const adopted = adoptedPod(state.adopted, pod)
  if (adopted === null)
    return podToRun(view, { pod, index, attempt, indexFailures, ...podIdentities(state)(pod, index) })
  const node = nodeOf(view, pod)
  if (manifest === null || node === null) return null
  const { metadata, spec } = podForm(view, state, manifest, { index, attempt, indexFailures, ...row })
  const { labels = {}, annotations = {} } = metadata
  const { uid, name } = adopted
  const { namespace } = state
  return { ...podPlaceOf(state, pod), uid, name, namespace, index, attempt, node, labels, annotations, spec }
}
