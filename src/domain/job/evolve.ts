import { absurd } from '../../prelude.ts'
import type { JobCounts, JobEvent } from './events.ts'
import { type CountChunk, setIndexCount } from './index-counts.ts'
import { draftIndexSet, type IndexSetDraft, putIndex, sealIndexSet } from './index-set.ts'
import { type Job, type JobState, newJob, noJob, type Outcome } from './job.ts'
import { PodFailureReasons } from './observations.ts'
import * as P from './pod-columns.ts'

/** The state after one more event. Total: a recorded fact is never argued with. */
export const evolve = (state: JobState, event: JobEvent): JobState => evolveAll(state, [event])

/**
 * The state after a batch of events; the same as one `evolve` after the other, but each shared chunk is copied once a batch.
 * The result shares nothing that a later batch would write to.
 */
export const evolveAll = (state: JobState, events: Iterable<JobEvent>): JobState => {
  let draft: Draft | null = state._tag === 'Job' ? open(state) : null
  for (const event of events) {
    if (event.type === 'JobCreated') draft = open(newJob(event))
    else if (draft !== null) apply(draft, event)
  }
  return draft === null ? noJob : close(draft)
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] }

/** A Job that one batch writes to: own counters, own copies of the chunks it touches. */
type Draft = {
  readonly job: Mutable<Job>
  readonly counts: Mutable<JobCounts>
  readonly owner: object
  readonly chunks: P.PodChunk[]
  size: number
  uncounted: number[] | null
  readonly podsPerIndex: CountChunk[]
  completed: IndexSetDraft
  held: IndexSetDraft
}

const open = (job: Job): Draft => {
  const owner = {}
  return {
    job: { ...job },
    counts: { ...job.counts },
    owner,
    chunks: [...job.pods.chunks],
    size: job.pods.size,
    uncounted: null,
    podsPerIndex: [...job.podsPerIndex],
    completed: draftIndexSet(job.completed, owner),
    held: draftIndexSet(job.held, owner),
  }
}

const close = (draft: Draft): Job => ({
  ...draft.job,
  counts: draft.counts,
  pods: { size: draft.size, chunks: draft.chunks },
  uncounted: draft.uncounted ?? draft.job.uncounted,
  podsPerIndex: draft.podsPerIndex,
  completed: sealIndexSet(draft.completed),
  held: sealIndexSet(draft.held),
})

const apply = (draft: Draft, event: Exclude<JobEvent, { readonly type: 'JobCreated' }>): void => {
  const { job } = draft
  switch (event.type) {
    case 'ManifestRecorded':
    case 'ContainerWaiting':
    case 'ContainerExited':
    case 'MessageRecorded':
      return
    case 'JobSuspended':
      return changeTerms(draft, event, { suspend: true })
    case 'JobResumed':
      return changeTerms(draft, event, { suspend: false })
    case 'ParallelismChanged':
      return changeTerms(draft, event, { parallelism: event.parallelism })
    case 'BackoffLimitChanged':
      return changeTerms(draft, event, { backoffLimit: event.backoffLimit })
    case 'ActiveDeadlineChanged':
      return changeTerms(draft, event, { activeDeadlineSeconds: event.activeDeadlineSeconds })
    case 'TtlChanged':
      return changeTerms(draft, event, { ttlSecondsAfterFinished: event.ttlSecondsAfterFinished })
    case 'JobDeletionRequested':
      job.deletion = { at: event.at, propagation: event.propagation }
      job.generation += 1
      return
    case 'JobDeleted':
      job.deleted = true
      return
    case 'PodCreated':
      return podCreated(draft, event)
    case 'ProcessStarted':
      return processStarted(draft, event)
    case 'PodStarted':
      return podStarted(draft, event)
    case 'PodReadinessChanged':
      return podReadinessChanged(draft, event)
    case 'PodSucceeded':
      return podEnded(draft, event, P.Succeeded, 0, 0)
    case 'PodFailed':
      return podEnded(draft, event, P.Failed, event.exitCode ?? -1, PodFailureReasons.indexOf(event.reason ?? '') + 1)
    case 'PodAccounted':
      return podAccounted(draft, event)
    case 'PodDeletionRequested':
      return podDeletionRequested(draft, event)
    case 'PodRemoved':
      return podRemoved(draft, event)
    case 'SuccessCriteriaMet':
      job.interim = { _tag: 'Success', reason: event.reason, at: event.at }
      return publish(draft, event)
    case 'FailureTargeted':
      job.interim = { _tag: 'Failure', reason: event.reason, at: event.at }
      return publish(draft, event)
    case 'JobCompleted':
      return finish(draft, event, { _tag: 'Success', reason: event.reason, at: event.at })
    case 'JobFailed':
      return finish(draft, event, { _tag: 'Failure', reason: event.reason, at: event.at })
    case 'JobSynced':
      job.podFailures = event.podFailures
      job.lastPodFailureAt = event.lastPodFailureAt
      job.unsyncedSince = event.complete ? null : event.at
      if (event.suspended !== null) job.suspended = { status: event.suspended, at: event.at }
      return publish(draft, event)
    default:
      return absurd(event)
  }
}

const changeTerms = (
  { job }: Draft,
  event: { readonly generation: number; readonly at: number },
  change: Partial<Job['terms']>,
): void => {
  job.terms = { ...job.terms, ...change }
  job.generation = event.generation
  job.unsyncedSince ??= event.at
}

const publish = (draft: Draft, event: { readonly counts: JobCounts; readonly startTime: number | null }): void => {
  const { job } = draft
  job.startTime = event.startTime
  job.published = {
    counts: event.counts,
    startTime: event.startTime,
    completed: sharedSet(draft, job.published.completed),
    synced: true,
  }
}

/** The completed indexes as they stand, sharing the draft's chunks: those are given away, so the draft copies on its next write. */
const sharedSet = (draft: Draft, before: Job['completed']): Job['completed'] => {
  if (draft.completed.size === before.size) return before
  const shared = sealIndexSet(draft.completed)
  draft.completed = draftIndexSet(shared, {})
  return shared
}

const finish = (
  draft: Draft,
  event: { readonly counts: JobCounts; readonly startTime: number | null },
  outcome: Outcome,
): void => {
  draft.job.finished = outcome
  draft.job.interim ??= outcome
  publish(draft, event)
}

const chunkOf = (draft: Draft, pod: number): P.PodChunk => P.ownPodChunk(draft.chunks, pod, draft.owner)

const flagsAt = (chunk: P.PodChunk, place: number): number => P.get(chunk, place, P.field.flags)
const isActive = (chunk: P.PodChunk, place: number): boolean =>
  P.get(chunk, place, P.field.phase) < P.Succeeded && (flagsAt(chunk, place) & P.deleting) === 0

/** A fact that the next sync has to take into account. */
const unsynced = ({ job }: Draft, at: number): void => {
  job.unsyncedSince ??= at
}

const podCreated = (
  draft: Draft,
  event: { pod: number; index: number | null; attempt: number; generation: number; at: number },
): void => {
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
  setIndexCount(draft.podsPerIndex, event.index, event.attempt + 1, draft.owner)
}

const processStarted = (draft: Draft, event: { pod: number; restart: number; at: number }): void => {
  const chunk = chunkOf(draft, event.pod)
  const place = P.placeOf(event.pod)
  P.put(chunk, place, P.field.flags, flagsAt(chunk, place) | P.launched)
  if (event.restart === 0 || P.get(chunk, place, P.field.phase) >= P.Succeeded) return
  P.put(chunk, place, P.field.restarts, P.get(chunk, place, P.field.restarts) + 1)
  draft.job.restarts += 1
  unsynced(draft, event.at)
}

const podStarted = (draft: Draft, event: { pod: number; ready: boolean; at: number }): void => {
  const chunk = chunkOf(draft, event.pod)
  const place = P.placeOf(event.pod)
  if (P.get(chunk, place, P.field.phase) !== P.Pending) return
  P.put(chunk, place, P.field.phase, P.Running)
  P.put(chunk, place, P.field.startedAt, event.at)
  P.put(chunk, place, P.field.flags, flagsAt(chunk, place) | P.launched)
  setReady(draft, chunk, place, event.ready)
  unsynced(draft, event.at)
}

const podReadinessChanged = (draft: Draft, event: { pod: number; ready: boolean; at: number }): void => {
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

const podEnded = (
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
  if (wasActive) leaveActive(draft, chunk)
  else draft.counts.terminating -= 1
  draft.job.restarts -= P.get(chunk, place, P.field.restarts)
  awaitCount(draft, chunk, place, event.pod)
  const willComplete = phase === P.Succeeded && (flagsAt(chunk, place) & P.tracked) !== 0
  if (!willComplete) releaseIndex(draft, chunk, place)
  unsynced(draft, event.at)
}

const leaveActive = (draft: Draft, chunk: P.PodChunk): void => {
  chunk.active -= 1
  draft.counts.active -= 1
}

/** Puts a tracked Pod on the list of the next sync, once. */
const awaitCount = (draft: Draft, chunk: P.PodChunk, place: number, pod: number): void => {
  const flags = flagsAt(chunk, place)
  if ((flags & P.tracked) === 0 || (flags & P.uncounted) !== 0) return
  P.put(chunk, place, P.field.flags, flags | P.uncounted)
  draft.uncounted ??= [...draft.job.uncounted]
  draft.uncounted.push(pod)
}

/** The index may be given to another Pod, unless it is completed. */
const releaseIndex = (draft: Draft, chunk: P.PodChunk, place: number): void => {
  const index = P.get(chunk, place, P.field.index) - 1
  if (index < 0 || (flagsAt(chunk, place) & P.holding) === 0) return
  P.put(chunk, place, P.field.flags, flagsAt(chunk, place) & ~P.holding)
  putIndex(draft.held, index, false)
  draft.job.firstFreeIndex = Math.min(draft.job.firstFreeIndex, index)
}

const podAccounted = (
  draft: Draft,
  event: { pod: number; as: 'succeeded' | 'failed' | 'uncounted'; at: number },
): void => {
  const chunk = chunkOf(draft, event.pod)
  const place = P.placeOf(event.pod)
  const flags = flagsAt(chunk, place)
  if ((flags & P.tracked) === 0) return
  const counted = event.as === 'succeeded' ? P.countedSucceeded : event.as === 'failed' ? P.countedFailed : 0
  P.put(chunk, place, P.field.flags, (flags & ~(P.tracked | P.uncounted)) | counted)
  if ((flags & P.uncounted) !== 0) dropUncounted(draft, event.pod)
  if (event.as === 'failed') draft.counts.failed += 1
  if (event.as !== 'succeeded') return
  const index = P.get(chunk, place, P.field.index) - 1
  if (index < 0) {
    draft.counts.succeeded += 1
    return
  }
  putIndex(draft.completed, index, true)
  draft.counts.succeeded = draft.completed.size
}

/** Syncs count in list order, so the Pod is nearly always the first. */
const dropUncounted = (draft: Draft, pod: number): void => {
  draft.uncounted ??= [...draft.job.uncounted]
  const place = draft.uncounted.indexOf(pod)
  if (place >= 0) draft.uncounted.splice(place, 1)
}

const podDeletionRequested = (draft: Draft, event: { pod: number; graceSeconds: number; at: number }): void => {
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
  leaveActive(draft, chunk)
  draft.counts.terminating += 1
  if (draft.job.terms.podReplacementPolicy === 'TerminatingOrFailed') {
    releaseIndex(draft, chunk, place)
    awaitCount(draft, chunk, place, event.pod)
  }
  unsynced(draft, event.at)
}

const podRemoved = (draft: Draft, event: { pod: number; at: number }): void => {
  const chunk = chunkOf(draft, event.pod)
  const place = P.placeOf(event.pod)
  const flags = flagsAt(chunk, place)
  if ((flags & P.removed) !== 0) return
  P.put(chunk, place, P.field.flags, flags | P.removed)
  chunk.live -= 1
  draft.job.live -= 1
  if (draft.job.deletion !== null) unsynced(draft, event.at)
}
