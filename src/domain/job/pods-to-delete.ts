import type { JobEvent } from './events.ts'
import { isOutOfRange, type Job } from './job.ts'
import { activePods, livePods, podRow, type PodRow } from './pod-columns.ts'
import { deleteUntracked, isGone } from './pod-deletion.ts'
import { wantedActive } from './policies/parallelism.ts'

type Deletions = { readonly pods: ReadonlyArray<JobEvent>; readonly complete: boolean }

/** [P-1, P-3] Active Pods beyond what is wanted, in the order of rule 2.7. They are never counted, so their finalizer goes first. */
export const podsToDelete = (job: Job, at: number, max: number): Deletions => {
  const excess = Math.max(job.counts.active - wantedActive(job), job.outOfRange)
  if (excess <= 0) return { pods: [], complete: true }
  if (job.terms.suspend) return withdrawPods(job, at, max)
  const chosen = [...activePods(job.pods)]
    .map((pod) => podRow(job.pods, pod))
    .sort(deletedFirst(job.terms.completions))
    .slice(0, Math.min(excess, max / 3))
    .map(({ pod }) => pod)
  return { pods: chosen.flatMap((pod) => withdraw(job, pod, at)), complete: chosen.length === excess }
}

/** Takes active Pods back, at most `max` events of them: they are deleted and never counted. */
export const withdrawPods = (job: Job, at: number, max: number): Deletions =>
  bounded(activePods(job.pods), max, (pod) => withdraw(job, pod, at))

/**
 * [3.2, T-3] The Job is decided: active Pods are deleted, and they and those that terminate are counted as failed at once when it
 * fails, and not at all when it succeeds. Where a deletion is an end (C-8), who terminates waits for `countTheRest`. At most `max` events.
 */
export const stopPods = (job: Job, at: number, as: 'failed' | 'uncounted', max: number): Deletions => {
  const pods = job.counts.terminating > 0 ? livePods(job.pods) : activePods(job.pods)
  return bounded(pods, max, (pod) => {
    const row = podRow(job.pods, pod)
    if (row.finishedAt !== null) return []
    const accounted: JobEvent = { type: 'PodAccounted', pod, as: isOutOfRange(job, row.index) ? 'uncounted' : as, at }
    if (row.deleting && job.terms.podReplacementPolicy === 'TerminatingOrFailed') return []
    if (row.deleting) return row.tracked ? [accounted, ...removedIfGone(job, row, at)] : []
    const events = deleteUntracked(job, row, { by: 'controller', graceSeconds: null, at })
    return row.tracked ? [...events.slice(0, 1), accounted, ...events.slice(1)] : events
  })
}

/**
 * [I-12] Active Pods of a Job whose verdict cannot be told yet: they are deleted, and stay tracked until their end is counted. At
 * most `max` events.
 */
export const podsToAbandon = (
  job: Job,
  at: number,
  max: number,
): Omit<Deletions, 'pods'> & { readonly events: Deletions['pods'] } => {
  const { pods: events, complete } = bounded(activePods(job.pods), max, (pod) => {
    const row = podRow(job.pods, pod)
    const deletion = deleteUntracked(job, row, { by: 'controller', graceSeconds: null, at })
    return row.tracked ? deletion.slice(0, 1) : deletion
  })
  return { events, complete }
}

/** A Pod that was to be deleted goes with its finalizer when nothing else keeps it. */
const removedIfGone = (job: Job, row: PodRow, at: number): ReadonlyArray<JobEvent> =>
  isGone(job, row, row.graceSeconds) ? [{ type: 'PodRemoved', pod: row.pod, at }] : []

const bounded = (
  pods: Iterable<number>,
  max: number,
  eventsOf: (pod: number) => ReadonlyArray<JobEvent>,
): Deletions => {
  const events: JobEvent[] = []
  for (const pod of pods) {
    if (events.length + 3 > max) return { pods: events, complete: false }
    events.push(...eventsOf(pod))
  }
  return { pods: events, complete: true }
}

const withdraw = (job: Job, pod: number, at: number): ReadonlyArray<JobEvent> => {
  const row = podRow(job.pods, pod)
  const deletion = deleteUntracked(job, row, { by: 'controller', graceSeconds: null, at })
  return row.tracked ? [{ type: 'PodAccounted', pod, as: 'uncounted', at }, ...deletion] : deletion
}

/**
 * Rule 2.7: indexes that are no longer wanted, then not started before started, not ready before ready, those that are ready for the
 * shortest time (or do not say since when), the most restarts, the newest.
 */
const deletedFirst =
  (completions: number | null) =>
  (a: PodRow, b: PodRow): number =>
    Number(isIn(completions, a)) - Number(isIn(completions, b)) ||
    Number(a.bound) - Number(b.bound) ||
    Number(a.phase === 'Running') - Number(b.phase === 'Running') ||
    Number(a.ready) - Number(b.ready) ||
    (a.ready && b.ready ? (b.readyTurnedAt ?? Infinity) - (a.readyTurnedAt ?? Infinity) : 0) ||
    b.restarts - a.restarts ||
    b.createdAt - a.createdAt ||
    b.pod - a.pod

const isIn = (completions: number | null, { index, surplus }: PodRow): boolean =>
  !surplus && (index ?? 0) < (completions ?? Infinity)
