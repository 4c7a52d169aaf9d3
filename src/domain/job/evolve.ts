import { absurd } from '../../prelude.ts'
import type { JobEvent } from './events.ts'
import type { JobCounts, PolicyMatch } from './job-facts.ts'
import { podAccounted, podHeldBack } from './evolve/counting.ts'
import { close, type Draft, open } from './evolve/draft.ts'
import { podAdopted, podChanged, podReleased, podRunTakenOver } from './evolve/claims.ts'
import { containerExited } from './evolve/failure-matching.ts'
import {
  podCreated,
  podDeletionRequested,
  podEnded,
  podFailed,
  podReadinessChanged,
  podRemoved,
  setFlags,
  podReported,
  podStarted,
  processStarted,
} from './evolve/pods.ts'
import { changeTerms, completionsChanged, podReplacementPolicyChanged } from './evolve/terms.ts'
import { draftIndexSet, type IndexSet, isUnwritten, putIndex, sealIndexSet } from './index-set.ts'
import { isFinished, type JobState, newJob, noJob, type Outcome } from './job.ts'
import * as P from './pod-columns.ts'

/** The state after one more event. Total: a recorded fact is never argued with. */
export const evolve = (state: JobState, event: JobEvent): JobState => evolveAll(state, [event])

/**
 * The state after a batch of events; the same as one `evolve` after the other, but each shared chunk is copied once a batch.
 * The result shares nothing that a later batch would write to. No events: the same state.
 */
export const evolveAll = (state: JobState, events: Iterable<JobEvent>): JobState => {
  if (Array.isArray(events) && events.length === 0) return state
  let draft: Draft | null = state._tag === 'Job' ? open(state) : null
  for (const event of events) {
    if (event.type === 'JobCreated') draft = open(newJob(event))
    else if (draft !== null) apply(draft, event)
  }
  return draft === null ? noJob : close(draft)
}

const apply = (draft: Draft, event: Exclude<JobEvent, { readonly type: 'JobCreated' }>): void => {
  const { job } = draft
  switch (event.type) {
    case 'ManifestRecorded':
    case 'ContainerWaiting':
    case 'MessageRecorded':
    case 'PodStatusRecorded':
    case 'PodFormRecorded':
    case 'JobStatusRecorded':
      return
    case 'ContainerExited':
      return containerExited(draft, event)
    case 'JobSuspended':
      return changeTerms(draft, event, { suspend: true })
    case 'JobResumed':
      return changeTerms(draft, event, { suspend: false })
    case 'ParallelismChanged':
      return changeTerms(draft, event, { parallelism: event.parallelism })
    case 'CompletionsChanged':
      return completionsChanged(draft, event)
    case 'PodReplacementPolicyChanged':
      return podReplacementPolicyChanged(draft, event)
    case 'MaxFailedIndexesChanged':
      return changeTerms(draft, event, { maxFailedIndexes: event.maxFailedIndexes })
    case 'BackoffLimitChanged':
      return changeTerms(draft, event, { backoffLimit: event.backoffLimit })
    case 'ActiveDeadlineChanged':
      return changeTerms(draft, event, { activeDeadlineSeconds: event.activeDeadlineSeconds })
    case 'TtlChanged':
      return changeTerms(draft, event, { ttlSecondsAfterFinished: event.ttlSecondsAfterFinished })
    case 'JobChanged':
      if (job.syncedGeneration === job.generation) job.syncedGeneration = event.generation
      job.generation = event.generation
      job.version += 1
      job.hasFinalizers = event.hasFinalizers
      return
    case 'JobDeletionRequested':
      job.generation += job.deletion === null ? 1 : 0
      job.deletion = { at: job.deletion?.at ?? event.at, propagation: event.propagation, isSettled: false }
      job.version += 1
      return
    case 'JobDependentsSettled':
      if (job.deletion !== null) job.deletion = { ...job.deletion, isSettled: true }
      job.version += 1
      return
    case 'JobStatusReported':
      job.finishedElsewhereAt = job.terms.managedElsewhere ? event.finishedAt : null
      job.version += 1
      if (!isFinished(job)) job.unsyncedSince ??= event.at
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
      return podEnded(draft, event.pod, { phase: P.Succeeded, exitCode: 0, reason: 0, finishedAt: event.at }, event.at)
    case 'PodFailed':
      return podFailed(draft, event)
    case 'PodReported':
      return podReported(draft, event)
    case 'PodAccounted':
      return podAccounted(draft, event)
    case 'PodHeldBack':
      return podHeldBack(draft, event)
    case 'IndexFailed':
      putIndex(draft.failedIndexes, event.index, true)
      return
    case 'PodDeletionRequested':
      return podDeletionRequested(draft, event)
    case 'PodDisrupted':
      return setFlags(draft, event.pod, P.disrupted, 0)
    case 'PodUnschedulable':
      return setFlags(draft, event.pod, P.unschedulable, 0)
    case 'PodBound':
      return setFlags(draft, event.pod, 0, P.unschedulable)
    case 'PodRemoved':
      return podRemoved(draft, event)
    case 'PodChanged':
      return podChanged(draft, event)
    case 'PodReleased':
      return podReleased(draft, event)
    case 'PodAdopted':
      return podAdopted(draft, event)
    case 'PodRunTakenOver':
      return podRunTakenOver(draft, event)
    case 'SuccessCriteriaMet':
      job.interim = { _tag: 'Success', reason: event.reason, rule: event.rule, at: event.at }
      return publish(draft, event)
    case 'FailureTargeted':
      job.interim = { _tag: 'Failure', reason: event.reason, match: event.match, at: event.at }
      return publish(draft, event)
    case 'JobCompleted':
      return finish(draft, event, { _tag: 'Success', reason: event.reason, rule: ruleOf(job.interim), at: event.at })
    case 'JobFailed':
      return finish(draft, event, { _tag: 'Failure', reason: event.reason, match: matchOf(job.interim), at: event.at })
    case 'JobSynced':
      job.podFailures = event.podFailures
      job.lastPodFailureAt = event.lastPodFailureAt
      job.unsyncedSince = event.complete && event.counts.terminating === draft.counts.terminating ? null : event.at
      job.retryAt = event.retryAt
      job.syncedGeneration = job.generation
      if (event.suspended !== null) job.suspended = { status: event.suspended, at: event.at }
      return publish(draft, event)
    case 'StatusWithheld':
      job.podFailures = event.podFailures
      job.lastPodFailureAt = event.lastPodFailureAt
      job.unsyncedSince = event.complete ? null : event.at
      job.retryAt = event.retryAt
      job.syncedGeneration = job.generation
      return
    default:
      return absurd(event)
  }
}

const publish = (draft: Draft, event: { readonly counts: JobCounts; readonly startTime: number | null }): void => {
  const { job } = draft
  job.startTime = event.startTime
  job.published = {
    counts: event.counts,
    startTime: event.startTime,
    completed: sharedSet(draft, 'completed'),
    failedIndexes: sharedSet(draft, 'failedIndexes'),
    synced: true,
  }
}

/** A set as it stands, sharing the draft's chunks: those are given away, so the draft copies on its next write. */
const sharedSet = (draft: Draft, which: 'completed' | 'failedIndexes'): IndexSet => {
  const before = draft.job.published[which]
  if (isUnwritten(draft[which], before)) return before
  const shared = sealIndexSet(draft[which])
  draft[which] = draftIndexSet(shared, {})
  return shared
}

/** The terminal condition says what the interim one said. */
const ruleOf = (interim: Outcome | null): number | null => (interim?._tag === 'Success' ? interim.rule : null)

const matchOf = (interim: Outcome | null): PolicyMatch | null => (interim?._tag === 'Failure' ? interim.match : null)

const finish = (
  draft: Draft,
  event: { readonly counts: JobCounts; readonly startTime: number | null },
  outcome: Outcome,
): void => {
  draft.job.finished = outcome
  draft.job.interim ??= outcome
  publish(draft, event)
}
