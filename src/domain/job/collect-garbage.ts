import type { JobEvent } from './events.ts'
import { eventsMax } from './events-max.ts'
import type { Job } from './job.ts'
import { livePods, podRow } from './pod-columns.ts'
import { releasePod } from './change-pod.ts'
import { deleteUntracked, isGone } from './pod-deletion.ts'

/**
 * [W-5, 8.4] What is next when a Job is being deleted: its Pods lose their finalizer uncounted and are deleted; ended ones go at
 * once. A Foreground deletion ends when the last Pod is gone, and (`isBlocked`) nothing else keeps the Job. Bounded: call again until it has nothing to say.
 */
export const collectGarbage = (job: Job, at: number, isBlocked = false): ReadonlyArray<JobEvent> => {
  if (job.deletion === null) return []
  const events: JobEvent[] = []
  let left = job.live
  for (const pod of livePods(job.pods)) {
    if (events.length + 3 > eventsMax) return events
    const row = podRow(job.pods, pod)
    if (job.deletion.propagation === 'Orphan') {
      events.push(...releasePod(row, at))
      left -= 1
      continue
    }
    const said = events.length
    if (row.tracked) events.push({ type: 'PodAccounted', pod, as: 'uncounted', at })
    if (!row.deleting) events.push(...deleteUntracked(job, row, { by: 'collector', graceSeconds: null, at }))
    else if (isGone(job, row, row.graceSeconds)) events.push({ type: 'PodRemoved', pod, at })
    if (events.length > said && events.at(-1)?.type === 'PodRemoved') left -= 1
  }
  if (left > 0 || isBlocked) return events
  if (!job.deleted && !job.hasFinalizers) events.push({ type: 'JobDeleted', at })
  else if (isUnsettled(job)) events.push({ type: 'JobDependentsSettled', at })
  return events
}

/** A finalizer of the deletion is to be taken off a Job that others keep. */
const isUnsettled = ({ deletion, deleted }: Job): boolean =>
  !deleted && deletion !== null && deletion.propagation !== 'Background' && !deletion.isSettled

/** Whether `collectGarbage` has something to say. */
export const hasGarbage = (job: Job): boolean => {
  const { deletion, deleted, hasFinalizers, live, counts } = job
  if (deletion === null) return false
  const isLeft = deletion.propagation === 'Orphan' ? live > 0 : live > counts.terminating
  return isLeft || (live === 0 && ((!deleted && !hasFinalizers) || isUnsettled(job)))
}
