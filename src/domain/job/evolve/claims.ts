import { adoptedPod, draftAdoptedPods, putAdoptedPod } from '../adopted-pods.ts'
import type { JobEventOf } from '../events.ts'
import { numberOf } from '../index-numbers.ts'
import { draftIndexSet, hasIndex, putIndex, sealIndexSet } from '../index-set.ts'
import * as P from '../pod-columns.ts'
import { chunkOf, type Draft, flagsAt, select, unsynced } from './draft.ts'
import { podRemoved } from './pods.ts'
import { dropUncounted, forget, letGo } from './counting.ts'

/** A user changed the Pod: whether the Job still finds it, whether a node has it, whether somebody keeps it. */
export const podChanged = (draft: Draft, event: JobEventOf<'PodChanged'>): void => {
  const { pod } = event
  const chunk = chunkOf(draft, pod)
  const place = P.placeOf(pod)
  const flags = flagsAt(chunk, place) & ~(P.bound | P.kept)
  P.put(chunk, place, P.field.flags, flags | (event.hasNode ? P.bound : 0) | (event.hasFinalizers ? P.kept : 0))
  select(draft, pod, event.isSelected)
  if (!event.isSelected) unsynced(draft, event.at)
}

/** The Pod is nobody's, or another's: for this Job it is as gone as a removed one. */
export const podReleased = (draft: Draft, event: JobEventOf<'PodReleased'>): void => {
  const { pod } = event
  const chunk = chunkOf(draft, pod)
  const place = P.placeOf(pod)
  if ((flagsAt(chunk, place) & P.removed) !== 0) return
  const isReady = (flagsAt(chunk, place) & P.ready) !== 0
  const readySince = P.get(chunk, place, P.field.readyTurnedAt)
  forget(draft, chunk, place)
  dropUncounted(draft, chunk, place, pod)
  podRemoved(draft, event)
  if (isReady) {
    // For who has it next it is as ready as it was.
    P.put(chunk, place, P.field.flags, flagsAt(chunk, place) | P.ready)
    P.put(chunk, place, P.field.readyTurnedAt, readySince)
  }
  draft.released ??= draftIndexSet(draft.job.released, draft.owner)
  putIndex(draft.released, pod, true)
  unsynced(draft, event.at)
}

/** [8.1, 2.7] The Pod is the Job's own from now on; in an Indexed Job it needs an index that nobody else has, and takes it over. */
export const podAdopted = (draft: Draft, event: JobEventOf<'PodAdopted'>): void => {
  const { pod, uid, name, index, at } = event
  const chunk = chunkOf(draft, pod)
  const place = P.placeOf(pod)
  if (P.get(chunk, place, P.field.createdAt) !== 0) return
  const { job } = draft
  P.put(chunk, place, P.field.createdAt, event.createdAt)
  P.put(chunk, place, P.field.generation, job.generation)
  chunk.active += 1
  chunk.live += 1
  draft.size = Math.max(draft.size, pod + 1)
  draft.counts.active += 1
  job.live += 1
  draft.adopted ??= draftAdoptedPods(job.adopted)
  putAdoptedPod(draft.adopted, pod, { uid, name, place: null }, draft.owner)
  const flags = P.tracked | (event.hasNode ? P.bound : 0) | (event.hasFinalizers ? P.kept : 0)
  P.put(chunk, place, P.field.flags, flags | claimIndex(draft, chunk, place, index))
  unsynced(draft, at)
}

/** The runtime goes on to know the Pod by the place under which it was started. */
export const podRunTakenOver = (draft: Draft, { pod, place, restartsBefore }: JobEventOf<'PodRunTakenOver'>): void => {
  const { job } = draft
  const adopted = adoptedPod(draft.adopted ?? job.adopted, pod)
  if (adopted === null || adopted.place !== null) return
  draft.adopted ??= draftAdoptedPods(job.adopted)
  putAdoptedPod(draft.adopted, pod, { ...adopted, place }, draft.owner)
  P.put(chunkOf(draft, pod), P.placeOf(pod), P.field.restarts, restartsBefore)
  job.restarts += restartsBefore
}

const claimIndex = (draft: Draft, chunk: P.PodChunk, place: number, index: number | null): number => {
  const { job } = draft
  if (job.terms.completionMode !== 'Indexed') return 0
  if (index !== null) P.put(chunk, place, P.field.index, index + 1)
  const isFree = index !== null && index < (job.terms.completions ?? 0) && !hasIndex(sealIndexSet(draft.held), index)
  if (index === null || !isFree) {
    job.outOfRange += 1
    return P.surplus
  }
  putIndex(draft.held, index, true)
  const memory = numberOf(draft.heldBack, index)
  if (memory !== 0) letGo(draft, memory - 1)
  return P.holding
}
