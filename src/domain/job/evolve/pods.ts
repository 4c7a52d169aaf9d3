import type { JobEventOf } from '../events.ts'
import { numberOf, setNumber } from '../index-numbers.ts'
import { putIndex } from '../index-set.ts'
import * as P from '../pod-columns.ts'
import { awaitCount, letGo, releaseIndex } from './counting.ts'
import { chunkOf, type Draft, flagsAt, isActive, leaveActive, unsynced } from './draft.ts'
import { failureMatched } from './failure-matching.ts'

export const podCreated = (draft: Draft, event: Omit<JobEventOf<'PodCreated'>, 'type' | 'uid' | 'name'>): void => {
  const chunk = chunkOf(draft, event.pod)
  const place = P.placeOf(event.pod)
  if (P.get(chunk, place, P.field.createdAt) !== 0) return
  P.put(chunk, place, P.field.createdAt, event.at)
  P.put(chunk, place, P.field.flags, P.tracked)
  P.put(chunk, place, P.field.attempt, event.attempt)
  P.put(chunk, place, P.field.generation, event.generation)
  chunk.active += 1
  chunk.live += 1
  draft.size = Math.max(draft.size, event.pod + 1)
  draft.counts.active += 1
  draft.job.live += 1
  if (event.index === null) return
  P.put(chunk, place, P.field.index, event.index + 1)
  P.put(chunk, place, P.field.flags, P.tracked | P.holding)
  putIndex(draft.held, event.index, true)
  if (event.index === draft.job.firstFreeIndex) draft.job.firstFreeIndex += 1
  setNumber(draft.podsPerIndex, event.index, event.attempt + 1, draft.owner)
  if (event.indexFailures === null) return
  P.put(chunk, place, P.field.countedBefore, event.indexFailures.counted)
  P.put(chunk, place, P.field.ignoredBefore, event.indexFailures.ignored)
  const memory = numberOf(draft.heldBack, event.index)
  if (memory !== 0) letGo(draft, memory - 1)
}

export const processStarted = (draft: Draft, event: { pod: number; restart: number; at: number }): void => {
  const chunk = chunkOf(draft, event.pod)
  const place = P.placeOf(event.pod)
  P.put(chunk, place, P.field.flags, flagsAt(chunk, place) | P.launched)
  if (event.restart === 0 || P.get(chunk, place, P.field.phase) >= P.Succeeded) return
  P.put(chunk, place, P.field.restarts, P.get(chunk, place, P.field.restarts) + 1)
  draft.job.restarts += 1
  unsynced(draft, event.at)
}

export const podStarted = (draft: Draft, event: { pod: number; ready: boolean; at: number }): void => {
  const chunk = chunkOf(draft, event.pod)
  const place = P.placeOf(event.pod)
  if (P.get(chunk, place, P.field.phase) !== P.Pending) return
  P.put(chunk, place, P.field.phase, P.Running)
  P.put(chunk, place, P.field.startedAt, event.at)
  P.put(chunk, place, P.field.flags, flagsAt(chunk, place) | P.launched)
  setReady(draft, chunk, place, event.ready)
  unsynced(draft, event.at)
}

export const podReadinessChanged = (draft: Draft, event: { pod: number; ready: boolean; at: number }): void => {
  const chunk = chunkOf(draft, event.pod)
  const place = P.placeOf(event.pod)
  if (P.get(chunk, place, P.field.phase) >= P.Succeeded) return
  setReady(draft, chunk, place, event.ready)
  unsynced(draft, event.at)
}

/** Ready counts only while the Pod is active. */
const setReady = (draft: Draft, chunk: P.PodChunk, place: number, value: boolean): void => {
  const flags = flagsAt(chunk, place)
  const before = (flags & P.ready) !== 0
  P.put(chunk, place, P.field.flags, value ? flags | P.ready : flags & ~P.ready)
  if (before !== value && isActive(chunk, place)) draft.counts.ready += value ? 1 : -1
}

export const podEnded = (
  draft: Draft,
  event: { pod: number; at: number },
  phase: number,
  exitCode: number,
  reason: number,
): void => {
  const chunk = chunkOf(draft, event.pod)
  const place = P.placeOf(event.pod)
  if (P.get(chunk, place, P.field.phase) >= P.Succeeded) return
  setReady(draft, chunk, place, false)
  const wasActive = isActive(chunk, place)
  P.put(chunk, place, P.field.phase, phase)
  P.put(chunk, place, P.field.finishedAt, event.at)
  P.put(chunk, place, P.field.exitCode, exitCode + 1)
  P.put(chunk, place, P.field.reason, reason)
  if (wasActive) leaveActive(draft, chunk, place)
  else draft.counts.terminating -= 1
  draft.job.restarts -= P.get(chunk, place, P.field.restarts)
  if (phase === P.Failed) failureMatched(draft, chunk, place, event.pod)
  if ((flagsAt(chunk, place) & P.heldBack) === 0) awaitCount(draft, chunk, place, event.pod)
  else if (phase === P.Succeeded) letGo(draft, event.pod)
  const willComplete = phase === P.Succeeded && (flagsAt(chunk, place) & P.tracked) !== 0
  if (!willComplete) releaseIndex(draft, chunk, place)
  unsynced(draft, event.at)
}

export const podDeletionRequested = (draft: Draft, event: { pod: number; graceSeconds: number; at: number }): void => {
  const chunk = chunkOf(draft, event.pod)
  const place = P.placeOf(event.pod)
  const flags = flagsAt(chunk, place)
  P.put(chunk, place, P.field.graceSeconds, event.graceSeconds)
  if ((flags & P.deleting) !== 0) return
  P.put(chunk, place, P.field.deletedAt, event.at)
  const wasActive = isActive(chunk, place)
  if (wasActive && (flags & P.ready) !== 0) draft.counts.ready -= 1
  P.put(chunk, place, P.field.flags, flags | P.deleting)
  if (!wasActive) return
  leaveActive(draft, chunk, place)
  draft.counts.terminating += 1
  if (draft.job.terms.podReplacementPolicy === 'TerminatingOrFailed') {
    releaseIndex(draft, chunk, place)
    awaitCount(draft, chunk, place, event.pod)
  }
  unsynced(draft, event.at)
}

export const podRemoved = (draft: Draft, event: { pod: number; at: number }): void => {
  const chunk = chunkOf(draft, event.pod)
  const place = P.placeOf(event.pod)
  const flags = flagsAt(chunk, place)
  if ((flags & P.removed) !== 0) return
  P.put(chunk, place, P.field.flags, flags | P.removed)
  chunk.live -= 1
  draft.job.live -= 1
  if (draft.job.deletion !== null) unsynced(draft, event.at)
}
