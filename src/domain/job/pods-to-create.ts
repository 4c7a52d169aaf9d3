import type { JobEvent } from './events.ts'
import { indexCount } from './index-counts.ts'
import { lowestFree } from './index-set.ts'
import { isIndexed, type Job } from './job.ts'
import { podIdentities } from './pod-identity.ts'
import { wantedActive } from './policies/parallelism.ts'
import { backoffEnd } from './policies/pod-backoff.ts'

/** The Pods that are missing now, at most `max` of them; none while the back-off lasts (P-4, P-5). */
export const podsToCreate = (
  job: Job,
  at: number,
  max: number,
): { readonly pods: ReadonlyArray<JobEvent>; readonly complete: boolean } => {
  const missing = missingPods(job)
  if (missing <= 0 || isBackingOff(job, at)) return { pods: [], complete: true }
  const slots = isIndexed(job) ? freeIndexes(job, Math.min(missing, max)) : noIndexes(Math.min(missing, max))
  const identityOf = podIdentities(job)
  const pods = slots.map((index, place): JobEvent => {
    const pod = job.pods.size + place
    const { name, uid } = identityOf(pod, index)
    return { type: 'PodCreated', pod, uid, name, index, attempt: attemptOf(job, index), generation: job.generation, at }
  })
  return { pods, complete: missing <= max }
}

/** [P-4] Wanted less active; under policy Failed Pods that still terminate keep their place. */
export const missingPods = (job: Job): number =>
  wantedActive(job) - job.counts.active - (job.terms.podReplacementPolicy === 'Failed' ? job.counts.terminating : 0)

const isBackingOff = (job: Job, at: number): boolean => {
  const end = backoffEnd(job, job.terms.podBackoffBaseMs)
  return end !== null && end > at
}

const noIndexes = (count: number): ReadonlyArray<null> => Array.from({ length: count }, () => null)

/** [I-1, I-2] The lowest indexes that are neither completed nor held. */
const freeIndexes = (job: Job, count: number): ReadonlyArray<number> => {
  const end = job.terms.completions ?? 0
  const indexes: number[] = []
  let from = job.firstFreeIndex
  while (indexes.length < count) {
    const index = lowestFree([job.completed, job.held], from, end)
    if (index >= end) break
    indexes.push(index)
    from = index + 1
  }
  return indexes
}

/** Counts from 0: earlier Pods of the index; for a Job without indexes, earlier failures. */
const attemptOf = (job: Job, index: number | null): number =>
  Math.min(index === null ? job.counts.failed : indexCount(job.podsPerIndex, index), attemptMax)

/** Attempts are kept in 16 bits; beyond that they no longer rise. */
const attemptMax = 65_534
