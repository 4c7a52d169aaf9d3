import type { JobEvent } from './events.ts'
import { numberOf } from './index-numbers.ts'
import { lowestFree } from './index-set.ts'
import { isIndexed, type Job } from './job.ts'
import { podRow, type PodRow } from './pod-columns.ts'
import { podIdentities } from './pod-identity.ts'
import { indexBackoffEnd, indexFailuresAfter } from './policies/backoff-limit-per-index.ts'
import { wantedActive } from './policies/parallelism.ts'
import { backoffEnd } from './policies/pod-backoff.ts'

export type Creations = {
  readonly pods: ReadonlyArray<JobEvent>
  readonly complete: boolean
  /** Pods are missing that may not be created before this time; null: none. */
  readonly retryAt: number | null
}

/** The Pods that are missing now, at most `max` of them; those whose back-off lasts come later (P-4, P-5). */
export const podsToCreate = (job: Job, at: number, max: number): Creations => {
  const missing = missingPods(job)
  if (missing <= 0) return nothing
  if (job.terms.backoffLimitPerIndex !== null) return ofReadyIndexes(job, at, missing, max)
  const end = backoffEnd(job, job.terms.podBackoffBaseMs)
  if (end !== null && end > at) return { ...nothing, retryAt: end }
  const count = Math.min(missing, max)
  const slots = isIndexed(job) ? freeIndexes(job, count) : Array.from({ length: count }, () => null)
  return { pods: created(job, slots, at), complete: missing <= max, retryAt: null }
}

const nothing: Creations = { pods: [], complete: true, retryAt: null }

/** [P-6, I-3] The lowest free indexes; one whose back-off lasts keeps its slot, so that no higher one takes its place. */
const ofReadyIndexes = (job: Job, at: number, missing: number, max: number): Creations => {
  const ready: number[] = []
  let retryAt: number | null = null
  for (const index of freeIndexes(job, missing)) {
    const held = heldBackPod(job, index)
    const end = held === null ? at : indexBackoffEnd(job, held)
    if (end <= at) ready.push(index)
    else retryAt = Math.min(retryAt ?? end, end)
  }
  return { pods: created(job, ready.slice(0, max), at), complete: ready.length <= max, retryAt }
}

/** The failed Pod that is held back as the memory of an index; null: there is none. */
export const heldBackPod = (job: Job, index: number): PodRow | null => {
  const pod = numberOf(job.heldBack, index) - 1
  return pod < 0 ? null : podRow(job.pods, pod)
}

const created = (job: Job, slots: ReadonlyArray<number | null>, at: number): ReadonlyArray<JobEvent> => {
  const identityOf = podIdentities(job)
  return slots.map((index, place): JobEvent => {
    const pod = job.pods.size + place
    const { name, uid } = identityOf(pod, index)
    const indexFailures =
      index === null || job.terms.backoffLimitPerIndex === null
        ? null
        : indexFailuresAfter(job, heldBackPod(job, index))
    const { generation } = job
    return { type: 'PodCreated', pod, uid, name, index, attempt: attemptOf(job, index), indexFailures, generation, at }
  })
}

/** [P-4] Wanted less active; under policy Failed Pods that still terminate keep their place. */
export const missingPods = (job: Job): number =>
  Math.min(wantedActive(job), activeMax) -
  job.counts.active -
  (job.terms.podReplacementPolicy === 'Failed' ? job.counts.terminating : 0)

/**
 * More Pods of a Job are never created beside each other: a parallelism may be any int32, and Pods that nobody could run would fill the
 * memory. The same bound is a rule for the parallelism of Indexed Jobs.
 */
const activeMax = 100_000

/** [I-1, I-2] The lowest indexes that are neither completed nor failed nor held. */
const freeIndexes = (job: Job, count: number): ReadonlyArray<number> => {
  const end = job.terms.completions ?? 0
  const taken = [job.completed, job.held, job.failedIndexes]
  const indexes: number[] = []
  let from = job.firstFreeIndex
  while (indexes.length < count) {
    const index = lowestFree(taken, from, end)
    if (index >= end) break
    indexes.push(index)
    from = index + 1
  }
  return indexes
}

/** Counts from 0: earlier Pods of the index; for a Job without indexes, earlier failures. */
const attemptOf = (job: Job, index: number | null): number =>
  index === null ? job.counts.failed : numberOf(job.podsPerIndex, index)
