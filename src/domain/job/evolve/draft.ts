import type { AdoptedPodsDraft } from '../adopted-pods.ts'
import type { JobCounts } from '../job-facts.ts'
import type { NumberChunk } from '../index-numbers.ts'
import { draftIndexSet, hasIndex, type IndexSetDraft, putIndex, sealIndexSet } from '../index-set.ts'
import type { Job } from '../job.ts'
import * as P from '../pod-columns.ts'

type Mutable<T> = { -readonly [K in keyof T]: T[K] }

/** A Job that one batch writes to: own counters, own copies of the chunks it touches. */
export type Draft = {
  readonly job: Mutable<Job>
  readonly counts: Mutable<JobCounts>
  readonly owner: object
  readonly chunks: P.PodChunk[]
  size: number
  /** The draft's own copy of a collection of the Job, once it is written to. */
  uncounted: number[] | null
  adopted: AdoptedPodsDraft | null
  unselected: IndexSetDraft | null
  released: IndexSetDraft | null
  readonly podsPerIndex: NumberChunk[]
  readonly heldBack: NumberChunk[]
  completed: IndexSetDraft
  failedIndexes: IndexSetDraft
  held: IndexSetDraft
}

/** A draft of the Job: shares its chunks until they are written to. */
export const open = (job: Job): Draft => {
  const owner = {}
  return {
    job: { ...job },
    counts: { ...job.counts },
    owner,
    chunks: [...job.pods.chunks],
    size: job.pods.size,
    uncounted: null,
    adopted: null,
    unselected: null,
    released: null,
    podsPerIndex: [...job.podsPerIndex],
    heldBack: [...job.heldBack],
    completed: draftIndexSet(job.completed, owner),
    failedIndexes: draftIndexSet(job.failedIndexes, owner),
    held: draftIndexSet(job.held, owner),
  }
}

/** The draft as a Job: from then on neither is written to. */
export const close = (draft: Draft): Job => {
  const { job } = draft
  job.counts = draft.counts
  job.pods = { size: draft.size, chunks: draft.chunks }
  job.uncounted = draft.uncounted ?? job.uncounted
  job.adopted = draft.adopted ?? job.adopted
  if (draft.unselected !== null) job.unselected = sealIndexSet(draft.unselected)
  if (draft.released !== null) job.released = sealIndexSet(draft.released)
  job.podsPerIndex = draft.podsPerIndex
  job.heldBack = draft.heldBack
  job.completed = sealIndexSet(draft.completed)
  job.failedIndexes = sealIndexSet(draft.failedIndexes)
  job.held = sealIndexSet(draft.held)
  return job
}

/** The selector of the Job finds the Pod, or does so no longer. */
export const select = (draft: Draft, pod: number, isSelected: boolean): void => {
  if (hasIndex(draft.unselected ?? draft.job.unselected, pod) !== isSelected) return
  draft.unselected ??= draftIndexSet(draft.job.unselected, draft.owner)
  putIndex(draft.unselected, pod, !isSelected)
}

/** The Pod's chunk, as the draft's own. */
export const chunkOf = (draft: Draft, pod: number): P.PodChunk => P.ownPodChunk(draft.chunks, pod, draft.owner)

export const flagsAt = (chunk: P.PodChunk, place: number): number => P.get(chunk, place, P.field.flags)

/** Neither ended nor being deleted. */
export const isActive = (chunk: P.PodChunk, place: number): boolean =>
  P.get(chunk, place, P.field.phase) < P.Succeeded && (flagsAt(chunk, place) & P.deleting) === 0

/** A fact that the next sync has to take into account. */
export const unsynced = ({ job }: Draft, at: number): void => {
  job.unsyncedSince ??= at
}

/** One active Pod less. */
export const leaveActive = (draft: Draft, chunk: P.PodChunk, place: number): void => {
  chunk.active -= 1
  draft.counts.active -= 1
  if (isOutOfRange(draft, chunk, place)) draft.job.outOfRange -= 1
}

/** Its index is none of the Job's any more, or was never its own. */
const isOutOfRange = ({ job }: Draft, chunk: P.PodChunk, place: number): boolean =>
  (flagsAt(chunk, place) & P.surplus) !== 0 ||
  P.get(chunk, place, P.field.index) > (job.terms.completions ?? Number.POSITIVE_INFINITY)
