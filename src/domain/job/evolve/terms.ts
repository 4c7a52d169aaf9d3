import type { JobEventOf } from '../events.ts'
import { setNumbers } from '../index-numbers.ts'
import { hasIndex, indexesOf, putIndex, sealIndexSet } from '../index-set.ts'
import type { Job } from '../job.ts'
import * as P from '../pod-columns.ts'
import { awaitCount, dropUncounted, holdIndex, letGo, releaseIndex } from './counting.ts'
import { chunkOf, type Draft, flagsAt } from './draft.ts'

/** The user changed the spec: a new generation, which the next sync takes into account. */
export const changeTerms = (
  { job }: Draft,
  event: { readonly generation: number; readonly at: number },
  change: Partial<Job['terms']>,
): void => {
  job.terms = { ...job.terms, ...change }
  job.generation = event.generation
  job.version += 1
  job.unsyncedSince ??= event.at
}

/**
 * [4.6] Indexes beyond the new number are forgotten, be they completed or failed, unless they come back before a status was published
 * without them; their active Pods are deleted by the next sync, and those held back are let go.
 */
export const completionsChanged = (draft: Draft, event: JobEventOf<'CompletionsChanged'>): void => {
  const { completions } = event
  for (const [index, memory] of setNumbers(draft.heldBack)) if (index >= completions) letGo(draft, memory - 1)
  for (const which of ['completed', 'failedIndexes'] as const) {
    for (const index of indexesOf(sealIndexSet(draft[which])))
      if (index >= completions) putIndex(draft[which], index, false)
    for (const index of indexesOf(draft.job.published[which]))
      if (index < completions) putIndex(draft[which], index, true)
  }
  draft.counts.succeeded = draft.completed.size
  const pods = { size: draft.size, chunks: draft.chunks }
  draft.job.outOfRange = 0
  for (const pod of P.activePods(pods)) if (isOutOfRange(P.podRow(pods, pod), completions)) draft.job.outOfRange += 1
  draft.job.firstFreeIndex = 0
  draft.job.successProgress = draft.job.successProgress.map((progress) => ({
    ...progress,
    done: [...indexesOf(sealIndexSet(draft.completed))].filter(
      (index) => progress.listed === null || hasIndex(progress.listed, index),
    ).length,
  }))
  changeTerms(draft, event, { completions })
}

/** [5.7] What it means for Pods that terminate at this moment: whether they are counted, and keep their index, until they end. */
export const podReplacementPolicyChanged = (draft: Draft, event: JobEventOf<'PodReplacementPolicyChanged'>): void => {
  changeTerms(draft, event, { podReplacementPolicy: event.podReplacementPolicy })
  if (draft.counts.terminating === 0) return
  for (const pod of P.livePods({ size: draft.size, chunks: draft.chunks })) {
    const chunk = chunkOf(draft, pod)
    const place = P.placeOf(pod)
    if (P.get(chunk, place, P.field.phase) >= P.Succeeded || (flagsAt(chunk, place) & P.deleting) === 0) continue
    if (event.podReplacementPolicy === 'Failed') {
      holdIndex(draft, chunk, place)
      dropUncounted(draft, chunk, place, pod)
    } else {
      releaseIndex(draft, chunk, place)
      if ((flagsAt(chunk, place) & P.heldBack) === 0) awaitCount(draft, chunk, place, pod)
    }
  }
}

const isOutOfRange = ({ index, surplus }: P.PodRow, completions: number): boolean =>
  surplus || (index ?? -1) >= completions
