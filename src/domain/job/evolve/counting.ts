import type { JobEventOf } from '../events.ts'
import { numberOf, setNumber } from '../index-numbers.ts'
import { hasIndex, putIndex } from '../index-set.ts'
import * as P from '../pod-columns.ts'
import { failureAction } from '../policies/pod-failure-policy.ts'
import { chunkOf, type Draft, flagsAt } from './draft.ts'

/** The tracking finalizer is off; the Pod's end is in the counters, or never will be. */
export const podAccounted = (draft: Draft, event: Omit<JobEventOf<'PodAccounted'>, 'type'>): void => {
  const chunk = chunkOf(draft, event.pod)
  const place = P.placeOf(event.pod)
  forget(draft, chunk, place)
  if ((flagsAt(chunk, place) & P.tracked) === 0) return
  dropUncounted(draft, chunk, place, event.pod)
  const flags = flagsAt(chunk, place)
  const counted = event.as === 'succeeded' ? P.countedSucceeded : event.as === 'failed' ? P.countedFailed : 0
  P.put(chunk, place, P.field.flags, (flags & ~P.tracked) | counted)
  if (event.as === 'failed') draft.counts.failed += 1
  if (event.as !== 'succeeded') {
    // A success that nobody counts does not keep its index from another Pod.
    if (P.get(chunk, place, P.field.phase) >= P.Succeeded) releaseIndex(draft, chunk, place)
    return
  }
  const index = P.get(chunk, place, P.field.index) - 1
  if (index < 0) {
    draft.counts.succeeded += 1
    return
  }
  if ((flags & P.holding) !== 0) {
    P.put(chunk, place, P.field.flags, flagsAt(chunk, place) & ~P.holding)
    putIndex(draft.held, index, false)
  }
  if (putIndex(draft.completed, index, true)) indexCompleted(draft, index)
}

const indexCompleted = (draft: Draft, index: number): void => {
  draft.counts.succeeded = draft.completed.size
  if (draft.job.successProgress.length === 0) return
  draft.job.successProgress = draft.job.successProgress.map((progress) =>
    progress.listed === null || hasIndex(progress.listed, index) ? { ...progress, done: progress.done + 1 } : progress,
  )
}

/** [5.6] The failed Pod becomes the memory of its index; the one it replaces as such is counted by the next sync. */
export const podHeldBack = (draft: Draft, event: { pod: number }): void => {
  const chunk = chunkOf(draft, event.pod)
  const place = P.placeOf(event.pod)
  const index = P.get(chunk, place, P.field.index) - 1
  if (index < 0) return
  const memory = numberOf(draft.heldBack, index)
  if (memory !== 0) letGo(draft, memory - 1)
  dropUncounted(draft, chunk, place, event.pod)
  P.put(chunk, place, P.field.flags, flagsAt(chunk, place) | P.heldBack)
  setNumber(draft.heldBack, index, event.pod + 1, draft.owner)
  if (!isIgnored(draft, chunk, place)) draft.job.heldBackFailures += 1
}

const isIgnored = ({ job }: Draft, chunk: P.PodChunk, place: number): boolean => {
  const rule = P.getPolicy(chunk, place, P.policyField.rule) - 1
  return rule >= 0 && failureAction(job, { rule }) === 'Ignore'
}

/** The Pod is held back no longer, so the next sync counts it. */
export const letGo = (draft: Draft, pod: number): void => {
  const chunk = chunkOf(draft, pod)
  const place = P.placeOf(pod)
  forget(draft, chunk, place)
  if (mayCount(draft, chunk, place)) awaitCount(draft, chunk, place, pod)
}

/** [2.5] It has ended, or its deletion counts as its end. */
const mayCount = ({ job }: Draft, chunk: P.PodChunk, place: number): boolean =>
  P.get(chunk, place, P.field.phase) >= P.Succeeded ||
  (job.terms.podReplacementPolicy === 'TerminatingOrFailed' && (flagsAt(chunk, place) & P.deleting) !== 0)

/** The Pod is not the memory of its index any more. */
export const forget = (draft: Draft, chunk: P.PodChunk, place: number): void => {
  if ((flagsAt(chunk, place) & P.heldBack) === 0) return
  P.put(chunk, place, P.field.flags, flagsAt(chunk, place) & ~P.heldBack)
  setNumber(draft.heldBack, P.get(chunk, place, P.field.index) - 1, 0, draft.owner)
  if (!isIgnored(draft, chunk, place)) draft.job.heldBackFailures -= 1
}

/** Puts a tracked Pod on the list of the next sync, once. */
export const awaitCount = (draft: Draft, chunk: P.PodChunk, place: number, pod: number): void => {
  const flags = flagsAt(chunk, place)
  if ((flags & P.tracked) === 0 || (flags & P.uncounted) !== 0) return
  P.put(chunk, place, P.field.flags, flags | P.uncounted)
  draft.uncounted ??= [...draft.job.uncounted]
  draft.uncounted.push(pod)
}

/** The index may be given to another Pod, unless it is completed. */
export const releaseIndex = (draft: Draft, chunk: P.PodChunk, place: number): void => {
  const index = P.get(chunk, place, P.field.index) - 1
  if (index < 0 || (flagsAt(chunk, place) & P.holding) === 0) return
  P.put(chunk, place, P.field.flags, flagsAt(chunk, place) & ~P.holding)
  putIndex(draft.held, index, false)
  draft.job.firstFreeIndex = Math.min(draft.job.firstFreeIndex, index)
}

/** The index may not be given to another Pod, unless another has it already. */
export const holdIndex = (draft: Draft, chunk: P.PodChunk, place: number): void => {
  const index = P.get(chunk, place, P.field.index) - 1
  if (index >= 0 && putIndex(draft.held, index, true))
    P.put(chunk, place, P.field.flags, flagsAt(chunk, place) | P.holding)
}

/** Takes a Pod off the list of the next sync; syncs count in list order, so it is nearly always the first. */
export const dropUncounted = (draft: Draft, chunk: P.PodChunk, place: number, pod: number): void => {
  const flags = flagsAt(chunk, place)
  if ((flags & P.uncounted) === 0) return
  P.put(chunk, place, P.field.flags, flags & ~P.uncounted)
  draft.uncounted ??= [...draft.job.uncounted]
  const listed = draft.uncounted.indexOf(pod)
  if (listed >= 0) draft.uncounted.splice(listed, 1)
}
