import type { JobEvent } from './events.ts'
import type { Job } from './job.ts'
import type { PodRow } from './pod-columns.ts'

/** Who wants a Pod gone, with what grace: null is the Pod's own. */
export type Deletion = {
  readonly by: 'controller' | 'user' | 'collector'
  readonly graceSeconds: number | null
  readonly at: number
}

/**
 * [10.4] The request to delete a Pod. Its grace is 0 when nothing has to be ended any more: it is over, or no node has it.
 */
const requestDeletion = (job: Job, row: PodRow, { by, graceSeconds, at }: Deletion): JobEvent => ({
  type: 'PodDeletionRequested',
  pod: row.pod,
  graceSeconds: hasNothingToEnd(job, row) ? 0 : (graceSeconds ?? job.terms.gracePeriodSeconds),
  by,
  at,
})

const hasNothingToEnd = ({ terms }: Job, { finishedAt, bound, unschedulable }: PodRow): boolean =>
  finishedAt !== null || (terms.podsRunElsewhere ? !bound : unschedulable)

/**
 * Whether the object of a Pod that is being deleted and that nothing holds is gone: where clients run the Pods, when its grace is
 * 0 (a phase that is reported later removes nothing); here, when it has ended, or no node has it.
 */
export const isGone = ({ terms }: Job, { finishedAt, kept, unschedulable }: PodRow, graceSeconds: number): boolean =>
  !kept && (terms.podsRunElsewhere || unschedulable ? graceSeconds === 0 : finishedAt !== null)

/** The Pod goes, if nothing holds it: the request, and the end of its object when that follows at once. */
export const deleteUntracked = (job: Job, row: PodRow, deletion: Deletion): ReadonlyArray<JobEvent> => {
  const requested = requestDeletion(job, row, deletion)
  const { pod } = row
  return requested.type === 'PodDeletionRequested' && isGone(job, row, requested.graceSeconds)
    ? [requested, { type: 'PodRemoved', pod, at: deletion.at }]
    : [requested]
}
