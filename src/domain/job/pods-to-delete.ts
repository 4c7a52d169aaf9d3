import type { JobEvent } from './events.ts'
import type { Job } from './job.ts'
import { activePods, podRow, type PodRow } from './pod-columns.ts'
import { wantedActive } from './policies/parallelism.ts'

type Deletions = { readonly pods: ReadonlyArray<JobEvent>; readonly complete: boolean }

/** [P-1, P-3] Active Pods beyond what is wanted, in the order of rule 2.7. They are never counted, so their finalizer goes first. */
export const podsToDelete = (job: Job, at: number, max: number): Deletions => {
  const excess = job.counts.active - wantedActive(job)
  if (excess <= 0) return { pods: [], complete: true }
  if (job.terms.suspend) return deletePods(job, at, 'uncounted', max)
  const chosen = [...activePods(job.pods)]
    .map((pod) => podRow(job.pods, pod))
    .sort(deletedFirst)
    .slice(0, Math.min(excess, max / 2))
    .map(({ pod }) => pod)
  return { pods: chosen.flatMap((pod) => deletePod(job, pod, 'uncounted', at)), complete: chosen.length === excess }
}

/**
 * Deletes active Pods, at most `max` events of them. `counted` says what becomes of their place in the counters: `failed` at once
 * (the Job fails, T-3), `uncounted` for ever (scaling down), or `tracked`: whatever their end will be.
 */
export const deletePods = (
  job: Job,
  at: number,
  counted: 'failed' | 'uncounted' | 'tracked',
  max: number,
): Deletions => {
  const pods: JobEvent[] = []
  for (const pod of activePods(job.pods)) {
    if (pods.length + 2 > max) return { pods, complete: false }
    pods.push(...deletePod(job, pod, counted, at))
  }
  return { pods, complete: true }
}

const deletePod = (
  { terms }: Job,
  pod: number,
  counted: 'failed' | 'uncounted' | 'tracked',
  at: number,
): ReadonlyArray<JobEvent> => {
  const { gracePeriodSeconds: graceSeconds } = terms
  const requested: JobEvent = { type: 'PodDeletionRequested', pod, graceSeconds, by: 'controller', at }
  if (counted === 'tracked') return [requested]
  const accounted: JobEvent = { type: 'PodAccounted', pod, as: counted, at }
  return counted === 'uncounted' ? [accounted, requested] : [requested, accounted]
}

/** Rule 2.7: not started before started, not ready before ready, the youngest start, the most restarts, the newest. */
const deletedFirst = (a: PodRow, b: PodRow): number =>
  Number(a.launched) - Number(b.launched) ||
  Number(a.phase === 'Running') - Number(b.phase === 'Running') ||
  Number(a.ready) - Number(b.ready) ||
  (b.startedAt ?? 0) - (a.startedAt ?? 0) ||
  b.restarts - a.restarts ||
  b.createdAt - a.createdAt ||
  b.pod - a.pod
