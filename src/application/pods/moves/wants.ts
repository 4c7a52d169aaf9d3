import { isAdoptable } from '../../../domain/free-pod/free-pod.ts'
import { isFinished, type Job } from '../../../domain/job/job.ts'
import { selects } from '../../../domain/kubernetes/validation/selectors.ts'
import type { FreePodView } from '../../../projections/free-pod-view.ts'
import type { JobView } from '../../../projections/job-view.ts'

/** [8.1] The selector of an open Job finds the Pod. Where Pods run here, the Pod has to run here, too: one that waits for a node goes on waiting alone. */
export const wants = ({ state, manifest }: JobView, pod: FreePodView): boolean =>
  state._tag === 'Job' &&
  isOpen(state) &&
  !state.terms.managedElsewhere &&
  pod.state._tag === 'FreePod' &&
  isAdoptable(pod.state) &&
  state.terms.podsRunElsewhere === (pod.state.node === null) &&
  pod.state.namespace === state.namespace &&
  manifest?.spec.selector !== undefined &&
  selects(manifest.spec.selector, pod.form?.metadata.labels ?? {})

/** A user chose the Job's selector, so it may find Pods that are not its own. */
export const isChoosy = ({ state, manifest }: JobView): boolean =>
  state._tag === 'Job' && isOpen(state) && manifest?.spec.manualSelector === true

const isOpen = (job: Job): boolean => !job.deleted && job.deletion === null && !isFinished(job)
