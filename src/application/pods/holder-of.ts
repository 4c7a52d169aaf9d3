import type { FreePod, FreePodState } from '../../domain/free-pod/free-pod.ts'
import { adoptedAs, ordinalsOf } from '../../domain/job/adopted-pods.ts'
import { hasIndex, indexesOf } from '../../domain/job/index-set.ts'
import type { Job, JobState } from '../../domain/job/job.ts'
import { podRow } from '../../domain/job/pod-columns.ts'
import { podIdentityOf } from '../../domain/job/pod-identity.ts'
import type { PodPlace } from '../../domain/job/pod-run.ts'
import type { JobView } from '../../projections/job-view.ts'
import type { Ledger } from '../log/ledger.ts'

/** The Job to which a Pod was given, and the Pod's number there; null: it does not have the Pod (yet, or any more). */
export const holderOf = ({ uid, givenTo }: FreePod, ledger: Ledger): PodPlace | null => {
  const state = givenTo === null ? undefined : ledger.getByUid(givenTo)?.state
  if (state?._tag !== 'Job') return null
  const pod = adoptedAs(state, uid)
  return pod === null ? null : { job: state.uid, pod }
}

/** Whether the Job to which a Pod was given has it. */
export const isTaken = (pod: FreePod, ledger: Ledger): boolean => holderOf(pod, ledger) !== null

/** The Pod was given to a Job that does not have it yet. */
export const isUnderWay = (state: FreePodState, ledger: Ledger): state is FreePod & { readonly givenTo: string } =>
  state._tag === 'FreePod' && !state.isRemoved && state.givenTo !== null && !isTaken(state, ledger)

/** Whether the Job has taken the Pod since it came last: another move was faster, and by now the Job may have let it go. */
export const hasTaken = (job: JobState | undefined, { uid, from }: FreePod): boolean =>
  job?._tag === 'Job' && ordinalsOf(job.adopted, uid).some((pod) => !(from?.job === job.uid && pod <= from.pod))

/** Pods that the Job has let go and that have not come into a stream of their own since. */
export const podsInTransit = ({ state }: JobView, ledger: Ledger): ReadonlyArray<number> =>
  state._tag === 'NoJob' ? [] : [...indexesOf(state.released)].filter((pod) => isInTransit(state, pod, ledger))

/** The same of one Pod. */
export const isInTransit = (job: Job, pod: number, ledger: Ledger): boolean => {
  if (!hasIndex(job.released, pod)) return false
  const { uid } = podIdentityOf(job, pod, podRow(job.pods, pod).index)
  const there = ledger.freePods.getByUid(uid)?.state
  if (there?._tag !== 'FreePod') return true
  if (there.givenTo !== job.uid || (there.from?.job === job.uid && there.from.pod === pod)) return false
  // The Job may have had it, let it go and taken it over again: then it has several numbers there.
  return !ordinalsOf(job.adopted, uid).some((other) => other > pod)
}
