import type { JobEventOf } from '../events.ts'
import { numberOf, setNumber } from '../index-numbers.ts'
import { putIndex } from '../index-set.ts'
import { PodFailureReasons } from '../observations.ts'
import * as P from '../pod-columns.ts'
import { awaitCount, letGo, releaseIndex } from './counting.ts'
import { chunkOf, type Draft, flagsAt, isActive, leaveActive, select, unsynced } from './draft.ts'
import { conditionsOf, containerExited, failureMatched } from './failure-matching.ts'

/** A Pod that the Job wants: active from now on, and the holder of its index. */
export const podCreated = (draft: Draft, event: Omit<JobEventOf<'PodCreated'>, 'type' | 'uid' | 'name'>): void => {
  const chunk = chunkOf(draft, event.pod)
  const place = P.placeOf(event.pod)
  if (P.get(chunk, place, P.field.createdAt) !== 0) return
  P.put(chunk, place, P.field.createdAt, event.at)
  const { hasNode, podsHaveFinalizers } = draft.job.terms
  const isWaiting = flagsAt(chunk, place) & P.unschedulable
  const flags = isWaiting | P.tracked | (hasNode ? P.bound : 0) | (podsHaveFinalizers ? P.kept : 0)
  P.put(chunk, place, P.field.flags, flags)
  P.put(chunk, place, P.field.attempt, event.attempt)
  P.put(chunk, place, P.field.generation, event.generation)
  chunk.active += 1
  chunk.live += 1
  draft.size = Math.max(draft.size, event.pod + 1)
  draft.counts.active += 1
  draft.job.live += 1
  if (event.index === null) return
  P.put(chunk, place, P.field.index, event.index + 1)
  P.put(chunk, place, P.field.flags, flags | P.holding)
  putIndex(draft.held, event.index, true)
  if (event.index === draft.job.firstFreeIndex) draft.job.firstFreeIndex += 1
  setNumber(draft.podsPerIndex, event.index, event.attempt + 1, draft.owner)
  if (event.indexFailures === null) return
  P.putPolicy(chunk, place, P.policyField.countedBefore, event.indexFailures.counted)
  P.putPolicy(chunk, place, P.policyField.ignoredBefore, event.indexFailures.ignored)
  const memory = numberOf(draft.heldBack, event.index)
  if (memory !== 0) letGo(draft, memory - 1)
}

/** From now on the Pod may have run; a process beyond a container's first is a restart. */
export const processStarted = (draft: Draft, event: { pod: number; restart: number; at: number }): void => {
  const chunk = chunkOf(draft, event.pod)
  const place = P.placeOf(event.pod)
  P.put(chunk, place, P.field.flags, flagsAt(chunk, place) | P.launched)
  if (event.restart === 0 || P.get(chunk, place, P.field.phase) >= P.Succeeded) return
  P.put(chunk, place, P.field.restarts, P.get(chunk, place, P.field.restarts) + 1)
  draft.job.restarts += 1
  unsynced(draft, event.at)
}

/** All app containers have been started. */
export const podStarted = (draft: Draft, event: { pod: number; ready: boolean; at: number }): void => {
  const chunk = chunkOf(draft, event.pod)
  const place = P.placeOf(event.pod)
  if (P.get(chunk, place, P.field.phase) !== P.Pending) return
  P.put(chunk, place, P.field.phase, P.Running)
  P.put(chunk, place, P.field.startedAt, event.at)
  P.put(chunk, place, P.field.flags, flagsAt(chunk, place) | P.launched)
  setReady(draft, chunk, place, event.ready, event.at)
  unsynced(draft, event.at)
}

/** The end of a Pod has the last word on its readiness. */
export const podReadinessChanged = (draft: Draft, event: { pod: number; ready: boolean; at: number }): void => {
  const chunk = chunkOf(draft, event.pod)
  const place = P.placeOf(event.pod)
  if (P.get(chunk, place, P.field.phase) >= P.Succeeded) return
  setReady(draft, chunk, place, event.ready, event.at)
  unsynced(draft, event.at)
}

/** Ready counts only while the Pod is active. */
const setReady = (draft: Draft, chunk: P.PodChunk, place: number, value: boolean, at: number): void => {
  const flags = flagsAt(chunk, place)
  const before = (flags & P.ready) !== 0
  if (before !== value) P.put(chunk, place, P.field.readyTurnedAt, at)
  P.put(chunk, place, P.field.flags, value ? flags | P.ready : flags & ~P.ready)
  if (before !== value && isActive(chunk, place)) draft.counts.ready += value ? 1 : -1
}

/** A runtime of ours says that the Pod has failed; its reason tells the conditions that rules may match. */
export const podFailed = (draft: Draft, { pod, reason, exitCode, at }: JobEventOf<'PodFailed'>): void => {
  const number = PodFailureReasons.indexOf(reason ?? '') + 1
  const end = { phase: P.Failed, exitCode: exitCode ?? -1, reason: number, finishedAt: at } as const
  const isDisrupted = (flagsAt(chunkOf(draft, pod), P.placeOf(pod)) & P.disrupted) !== 0
  podEnded(draft, pod, end, at, conditionsOf(draft, number, isDisrupted))
}

/** How a Pod ended, in the terms of its columns. */
type PodEnd = {
  readonly phase: typeof P.Succeeded | typeof P.Failed
  readonly exitCode: number
  readonly reason: number
  readonly finishedAt: number
}

/** The Pod is in a phase that it never leaves: no longer active, and to be counted by the next sync. */
export const podEnded = (
  draft: Draft,
  pod: number,
  { phase, exitCode, reason, finishedAt }: PodEnd,
  at: number,
  condition: { readonly rule: number; readonly pattern: number } | null = null,
): void => {
  const chunk = chunkOf(draft, pod)
  const place = P.placeOf(pod)
  if (P.get(chunk, place, P.field.phase) >= P.Succeeded) return
  setReady(draft, chunk, place, false, at)
  const wasActive = isActive(chunk, place)
  P.put(chunk, place, P.field.phase, phase)
  P.put(chunk, place, P.field.finishedAt, finishedAt)
  P.put(chunk, place, P.field.exitCode, exitCode + 1)
  P.put(chunk, place, P.field.reason, reason)
  if (wasActive) leaveActive(draft, chunk, place)
  else draft.counts.terminating -= 1
  draft.job.restarts -= P.get(chunk, place, P.field.restarts)
  if (phase === P.Failed) failureMatched(draft, chunk, place, pod, condition)
  if ((flagsAt(chunk, place) & P.heldBack) === 0) awaitCount(draft, chunk, place, pod)
  else if (phase === P.Succeeded) letGo(draft, pod)
  const willComplete = phase === P.Succeeded && (flagsAt(chunk, place) & P.tracked) !== 0
  if (!willComplete) releaseIndex(draft, chunk, place)
  unsynced(draft, at)
}

/** A Pod that a client runs, as it stands now. Nothing that comes after its end changes it. */
export const podReported = (draft: Draft, event: JobEventOf<'PodReported'>): void => {
  const { pod, at } = event
  const chunk = chunkOf(draft, pod)
  const place = P.placeOf(pod)
  if (P.get(chunk, place, P.field.phase) >= P.Succeeded) return
  const restarts = P.get(chunk, place, P.field.restarts)
  P.put(chunk, place, P.field.restarts, event.restarts)
  draft.job.restarts += event.restarts - restarts
  setReady(draft, chunk, place, event.ready, at)
  if (event.ready) P.put(chunk, place, P.field.readyTurnedAt, event.readySince ?? 0)
  P.put(chunk, place, P.field.startedAt, event.readySince ?? 0)
  unsynced(draft, at)
  if (event.phase === 'Pending' || event.phase === 'Running') {
    P.put(chunk, place, P.field.phase, event.phase === 'Pending' ? P.Pending : P.Running)
    return
  }
  for (const exit of event.exits) containerExited(draft, { pod, ...exit })
  const end = { exitCode: event.exits[0]?.exitCode ?? -1, reason: 0, finishedAt: event.finishedAt ?? at }
  const phase = event.phase === 'Succeeded' ? P.Succeeded : P.Failed
  podEnded(draft, pod, { phase, ...end }, at, event.conditions[0] ?? null)
}

/** The first request makes the Pod terminate; later ones only shorten its grace. */
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

/** Adds flags to a Pod, and takes others away. */
export const setFlags = (draft: Draft, pod: number, added: number, taken: number): void => {
  const chunk = chunkOf(draft, pod)
  const place = P.placeOf(pod)
  P.put(chunk, place, P.field.flags, (flagsAt(chunk, place) | added) & ~taken)
}

/** The Pod's object is gone. */
export const podRemoved = (draft: Draft, event: { pod: number; at: number }): void => {
  const chunk = chunkOf(draft, event.pod)
  const place = P.placeOf(event.pod)
  const flags = flagsAt(chunk, place)
  if ((flags & P.removed) !== 0) return
  const isUnended = P.get(chunk, place, P.field.phase) < P.Succeeded
  if (isUnended) leaveUnended(draft, chunk, place, event.at)
  P.put(chunk, place, P.field.flags, flagsAt(chunk, place) | P.removed)
  chunk.live -= 1
  draft.job.live -= 1
  select(draft, event.pod, true)
  if (isUnended || draft.job.deletion !== null) unsynced(draft, event.at)
}

/** A Pod that no node had is gone without an end. */
const leaveUnended = (draft: Draft, chunk: P.PodChunk, place: number, at: number): void => {
  if (isActive(chunk, place)) {
    setReady(draft, chunk, place, false, at)
    leaveActive(draft, chunk, place)
  } else draft.counts.terminating -= 1
  draft.job.restarts -= P.get(chunk, place, P.field.restarts)
  releaseIndex(draft, chunk, place)
}
