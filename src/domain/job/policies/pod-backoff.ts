import type { Job } from '../job.ts'
import { type PodRow, podRow } from '../pod-columns.ts'

/** What the back-off remembers of a Job: failures since the last success, and the end of the latest of them. */
export type Backoff = { readonly podFailures: number; readonly lastPodFailureAt: number | null }

/** [B-3] When the next Pod may be created, in epoch milliseconds; null when nothing has to be waited for. */
export const backoffEnd = ({ podFailures, lastPodFailureAt }: Backoff, baseMs: number): number | null =>
  podFailures === 0 || lastPodFailureAt === null
    ? null
    : lastPodFailureAt + Math.min(baseMs * 2 ** Math.min(podFailures - 1, 30), baseMs * longestDelayInBases)

/** 600 s with the usual base of 10 s. */
const longestDelayInBases = 60

/** [B-1] When a Pod failed, in epoch milliseconds. */
export const endOf = (row: PodRow): number => row.finishedAt ?? untoldEnd(row)

/** [B-1] Where nothing tells of an end: the second in which the Pod was to be deleted, or else was created. */
export const untoldEnd = ({ deletedAt, createdAt }: Pick<PodRow, 'deletedAt' | 'createdAt'>): number =>
  Math.floor((deletedAt ?? createdAt) / 1000) * 1000

/** [B-2] The back-off after a sync that counts `pods` (ordinals): a success clears what failed before it. */
export const backoffAfter = (job: Job, pods: ReadonlyArray<number>): Backoff => {
  let latestSuccess: number | null = null
  const failures: number[] = []
  for (const pod of pods) {
    const row = podRow(job.pods, pod)
    const end = endOf(row)
    if (row.phase === 'Succeeded') latestSuccess = Math.max(latestSuccess ?? 0, end)
    else failures.push(end)
  }
  if (latestSuccess === null)
    return failures.length === 0
      ? { podFailures: job.podFailures, lastPodFailureAt: job.lastPodFailureAt }
      : { podFailures: job.podFailures + failures.length, lastPodFailureAt: latest(failures) }
  const since = latestSuccess
  const later = failures.filter((end) => end > since)
  return { podFailures: later.length, lastPodFailureAt: later.length === 0 ? null : latest(later) }
}

const latest = (times: ReadonlyArray<number>): number => times.reduce((a, b) => Math.max(a, b), 0)
