import { hasIndex } from './index-set.ts'
import { isIndexed, isOutOfRange, type Job } from './job.ts'
import { podRow } from './pod-columns.ts'

/**
 * [I-12] Whether Kubernetes would refuse whatever status a sync writes now: indexes that count as completed in the published one
 * are no longer wanted, and not enough others have been completed since.
 */
export const isStatusRefused = (job: Job): boolean =>
  fallsBack(job, job.counts.succeeded) && fallsBack(job, job.counts.succeeded + waitingSuccesses(job))

/** [V-27] The succeeded counter may fall only while parallelism and completions of an Indexed Job are the same. */
export const fallsBack = (job: Job, succeeded: number): boolean =>
  isIndexed(job) && job.terms.completions !== job.terms.parallelism && succeeded < job.published.counts.succeeded

/** Indexes whose success the next sync would count. */
const waitingSuccesses = (job: Job): number =>
  new Set(
    job.uncounted
      .map((pod) => podRow(job.pods, pod))
      .filter(({ phase, index }) => phase === 'Succeeded' && !isOutOfRange(job, index))
      .filter(({ index }) => index !== null && !hasIndex(job.completed, index))
      .map(({ index }) => index),
  ).size
