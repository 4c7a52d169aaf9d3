import * as t from 'io-ts'
import { int, nullable } from '../codecs.ts'
import { observationEvents } from './observations.ts'

/**
 * Everything that can have happened to a Job and its Pods: the events of a `job-<uid>` stream, version 1. Facts hold numbers and
 * enumerations; what users wrote stands in payload events (`ManifestRecorded`, `MessageRecorded`). `at` is the event's own
 * time in epoch milliseconds; `pod` is the Pod's ordinal in its Job, dense from 0.
 */
const at = { at: t.number }
const pod = { pod: int, ...at }

/** What the rules read of a Job's spec. The rest of the spec is in the manifest payload. */
export const JobTerms = t.strict(
  {
    completionMode: t.keyof({ NonIndexed: null, Indexed: null }),
    parallelism: int,
    /** null: a work queue, done when one Pod has succeeded and none is active. */
    completions: nullable(int),
    backoffLimit: int,
    activeDeadlineSeconds: nullable(int),
    ttlSecondsAfterFinished: nullable(int),
    suspend: t.boolean,
    restartPolicy: t.keyof({ Never: null, OnFailure: null }),
    podReplacementPolicy: t.keyof({ TerminatingOrFailed: null, Failed: null }),
    gracePeriodSeconds: int,
    /** First delay before a failed Pod is replaced; doubles with each failure up to sixty times itself (10 s … 10 min). */
    podBackoffBaseMs: int,
  },
  'JobTerms',
)
export type JobTerms = t.TypeOf<typeof JobTerms>

export const JobCounts = t.strict(
  { active: int, ready: int, terminating: int, succeeded: int, failed: int },
  'JobCounts',
)
export type JobCounts = t.TypeOf<typeof JobCounts>

export const SuccessReason = t.keyof({ CompletionsReached: null }, 'SuccessReason')
export type SuccessReason = t.TypeOf<typeof SuccessReason>

export const FailureReason = t.keyof({ BackoffLimitExceeded: null, DeadlineExceeded: null }, 'FailureReason')
export type FailureReason = t.TypeOf<typeof FailureReason>

/** The status as it is published with the event: what `kubectl` shows from this position on. */
const status = { counts: JobCounts, startTime: nullable(t.number), ...at }

export const jobEvents = {
  /** Payload: the user's metadata and spec, before uid, selector and generated labels are added. */
  ManifestRecorded: t.strict(
    { type: t.literal('ManifestRecorded'), generation: int, manifest: t.UnknownRecord, ...at },
    'ManifestRecorded',
  ),
  /** Names and uids of the Job's Pods derive from `seed` and their ordinals. */
  JobCreated: t.strict(
    {
      type: t.literal('JobCreated'),
      uid: t.string,
      namespace: t.string,
      name: t.string,
      seed: t.string,
      terms: JobTerms,
      ...at,
    },
    'JobCreated',
  ),
  JobSuspended: t.strict({ type: t.literal('JobSuspended'), generation: int, ...at }, 'JobSuspended'),
  JobResumed: t.strict({ type: t.literal('JobResumed'), generation: int, ...at }, 'JobResumed'),
  ParallelismChanged: t.strict(
    { type: t.literal('ParallelismChanged'), parallelism: int, generation: int, ...at },
    'ParallelismChanged',
  ),
  BackoffLimitChanged: t.strict(
    { type: t.literal('BackoffLimitChanged'), backoffLimit: int, generation: int, ...at },
    'BackoffLimitChanged',
  ),
  ActiveDeadlineChanged: t.strict(
    { type: t.literal('ActiveDeadlineChanged'), activeDeadlineSeconds: nullable(int), generation: int, ...at },
    'ActiveDeadlineChanged',
  ),
  TtlChanged: t.strict(
    { type: t.literal('TtlChanged'), ttlSecondsAfterFinished: nullable(int), generation: int, ...at },
    'TtlChanged',
  ),
  JobDeletionRequested: t.strict(
    { type: t.literal('JobDeletionRequested'), propagation: t.keyof({ Background: null, Foreground: null }), ...at },
    'JobDeletionRequested',
  ),
  /** The Job object is gone; facts about Pods that still end may follow. */
  JobDeleted: t.strict({ type: t.literal('JobDeleted'), ...at }, 'JobDeleted'),

  /** `index` is null unless Indexed. `attempt` counts from 0: earlier Pods of the index, or (not Indexed) earlier failures. */
  PodCreated: t.strict(
    {
      type: t.literal('PodCreated'),
      uid: t.string,
      name: t.string,
      index: nullable(int),
      attempt: int,
      generation: int,
      ...pod,
    },
    'PodCreated',
  ),
  ...observationEvents,
  /** The tracking finalizer is off: the Pod's end is in the Job's counters, or never will be (`uncounted`). */
  PodAccounted: t.strict(
    { type: t.literal('PodAccounted'), as: t.keyof({ succeeded: null, failed: null, uncounted: null }), ...pod },
    'PodAccounted',
  ),
  /** `by`: the Job's own sync, a user, or the collector that clears up behind a deleted Job. */
  PodDeletionRequested: t.strict(
    {
      type: t.literal('PodDeletionRequested'),
      graceSeconds: int,
      by: t.keyof({ controller: null, user: null, collector: null }),
      ...pod,
    },
    'PodDeletionRequested',
  ),
  /** The Pod object is gone. */
  PodRemoved: t.strict({ type: t.literal('PodRemoved'), ...pod }, 'PodRemoved'),

  SuccessCriteriaMet: t.strict(
    { type: t.literal('SuccessCriteriaMet'), reason: SuccessReason, ...status },
    'SuccessCriteriaMet',
  ),
  FailureTargeted: t.strict(
    { type: t.literal('FailureTargeted'), reason: FailureReason, ...status },
    'FailureTargeted',
  ),
  JobCompleted: t.strict({ type: t.literal('JobCompleted'), reason: SuccessReason, ...status }, 'JobCompleted'),
  JobFailed: t.strict({ type: t.literal('JobFailed'), reason: FailureReason, ...status }, 'JobFailed'),
  /**
   * The end of a sync, which took every fact since `from` (epoch milliseconds, null: none waited) into account.
   * `suspended`: the condition Suspended turned True or False, null when it did not. `complete` is false when the sync had
   * more to do than one append holds and goes on at once.
   */
  JobSynced: t.strict(
    {
      type: t.literal('JobSynced'),
      suspended: nullable(t.boolean),
      podFailures: int,
      lastPodFailureAt: nullable(t.number),
      from: nullable(t.number),
      complete: t.boolean,
      ...status,
    },
    'JobSynced',
  ),
}

type Codecs = typeof jobEvents
export type JobEventType = keyof Codecs
export type JobEvent = { [K in JobEventType]: t.TypeOf<Codecs[K]> }[JobEventType]
export type JobEventOf<K extends JobEventType> = t.TypeOf<Codecs[K]>

/** Versions of the stored events, by type: a table, so that no codec is ever found by trying. All types are at version 1. */
export const jobEventVersion = 1
