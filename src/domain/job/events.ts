import * as t from 'io-ts'
import { int, nullable } from '../codecs.ts'
import { FailureReason, JobCounts, JobTerms, PolicyMatch, SuccessReason } from './job-facts.ts'
import { observationEvents } from './observations.ts'
import { PodPlace } from './pod-run.ts'

/**
 * Everything that can have happened to a Job and its Pods: the events of a `job-<uid>` stream, version 1. Facts hold numbers and
 * enumerations; what users wrote stands in payload events (`ManifestRecorded`, `MessageRecorded`). `at` is the event's own
 * time in epoch milliseconds; `pod` is the Pod's ordinal in its Job, dense from 0.
 */
const at = { at: t.number }
const pod = { pod: int, ...at }

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
      /** A finalizer of somebody's keeps the object when the Job is deleted. */
      hasFinalizers: t.boolean,
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
  CompletionsChanged: t.strict(
    { type: t.literal('CompletionsChanged'), completions: int, generation: int, ...at },
    'CompletionsChanged',
  ),
  PodReplacementPolicyChanged: t.strict(
    {
      type: t.literal('PodReplacementPolicyChanged'),
      podReplacementPolicy: JobTerms.type.props.podReplacementPolicy,
      generation: int,
      ...at,
    },
    'PodReplacementPolicyChanged',
  ),
  MaxFailedIndexesChanged: t.strict(
    { type: t.literal('MaxFailedIndexesChanged'), maxFailedIndexes: nullable(int), generation: int, ...at },
    'MaxFailedIndexesChanged',
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
  /**
   * Payload: any other change of the Job's metadata and spec, as the smallest merge patch of what was there; the generation is the
   * next one when the spec is in it. `hasFinalizers`: as in `JobCreated`.
   */
  JobChanged: t.strict(
    { type: t.literal('JobChanged'), patch: t.UnknownRecord, hasFinalizers: t.boolean, generation: int, ...at },
    'JobChanged',
  ),
  /** Asked for again it may change what becomes of the dependents, and nothing else. */
  JobDeletionRequested: t.strict(
    {
      type: t.literal('JobDeletionRequested'),
      propagation: t.keyof({ Background: null, Foreground: null, Orphan: null }),
      ...at,
    },
    'JobDeletionRequested',
  ),
  /** What was to become of the dependents of a deleted Job has: only finalizers of somebody's keep it. */
  JobDependentsSettled: t.strict({ type: t.literal('JobDependentsSettled'), ...at }, 'JobDependentsSettled'),
  /**
   * Somebody wrote the status: `finishedAt` when it says that the Job has ended (epoch milliseconds). The status itself follows as
   * `JobStatusRecorded`. Of a Job that our controller looks after, the next sync writes it anew.
   */
  JobStatusReported: t.strict(
    { type: t.literal('JobStatusReported'), finishedAt: nullable(t.number), ...at },
    'JobStatusReported',
  ),
  /** Payload: the status as it was written. */
  JobStatusRecorded: t.strict(
    { type: t.literal('JobStatusRecorded'), status: t.UnknownRecord, ...at },
    'JobStatusRecorded',
  ),
  /** The Job object is gone; facts about Pods that still end may follow. */
  JobDeleted: t.strict({ type: t.literal('JobDeleted'), ...at }, 'JobDeleted'),

  /**
   * `index` is null unless Indexed. `attempt` counts from 0: earlier Pods of the index, or (not Indexed) earlier failures.
   * `indexFailures`, under backoffLimitPerIndex alone: what failed for the index before, counted and ignored.
   */
  PodCreated: t.strict(
    {
      type: t.literal('PodCreated'),
      uid: t.string,
      name: t.string,
      index: nullable(int),
      attempt: int,
      indexFailures: nullable(t.strict({ counted: int, ignored: int })),
      generation: int,
      ...pod,
    },
    'PodCreated',
  ),
  ...observationEvents,
  /**
   * What a client that runs Pods reported, as far as rules read it; the whole status follows as `PodStatusRecorded`. `readySince`
   * and `finishedAt` are epoch milliseconds. `conditions`: those that a pattern of `podFailurePolicy` names, by rule and pattern.
   */
  PodReported: t.strict(
    {
      type: t.literal('PodReported'),
      phase: t.keyof({ Pending: null, Running: null, Succeeded: null, Failed: null }),
      ready: t.boolean,
      readySince: nullable(t.number),
      restarts: int,
      exits: t.readonlyArray(t.strict({ container: int, exitCode: int })),
      conditions: t.readonlyArray(t.strict({ rule: int, pattern: int })),
      finishedAt: nullable(t.number),
      ...pod,
    },
    'PodReported',
  ),
  /** Payload: the Pod's status as the client wrote it. */
  PodStatusRecorded: t.strict(
    { type: t.literal('PodStatusRecorded'), status: t.UnknownRecord, ...pod },
    'PodStatusRecorded',
  ),
  /** The tracking finalizer is off: the Pod's end is in the Job's counters, or never will be (`ignored` by policy, `uncounted`). */
  PodAccounted: t.strict(
    {
      type: t.literal('PodAccounted'),
      as: t.keyof({ succeeded: null, failed: null, ignored: null, uncounted: null }),
      ...pod,
    },
    'PodAccounted',
  ),
  /** The failed Pod stays, uncounted, as the memory of its index until another Pod takes the index over (rule 5.6). */
  PodHeldBack: t.strict({ type: t.literal('PodHeldBack'), ...pod }, 'PodHeldBack'),
  /** No further Pod is made for the index (rule 5.4). */
  IndexFailed: t.strict({ type: t.literal('IndexFailed'), index: int, ...at }, 'IndexFailed'),
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
  /** The Pod is about to end by a disruption: from now on it has the condition DisruptionTarget, for this reason. */
  PodDisrupted: t.strict(
    {
      type: t.literal('PodDisrupted'),
      reason: t.keyof({ EvictionByEvictionAPI: null, DeletionByPodGC: null }),
      ...pod,
    },
    'PodDisrupted',
  ),
  /** Of a Pod that is to run here, which is on the first node unless it is told: no node takes it now. */
  PodUnschedulable: t.strict({ type: t.literal('PodUnschedulable'), obstacle: t.string, ...pod }, 'PodUnschedulable'),
  /** Of a Pod that is to run here: this node takes it. */
  PodBound: t.strict({ type: t.literal('PodBound'), node: t.string, ...pod }, 'PodBound'),
  /**
   * A user changed the Pod. Payload: the smallest merge patch of its form. `isSelected`: the Job's selector finds it still.
   */
  PodChanged: t.strict(
    {
      type: t.literal('PodChanged'),
      patch: t.UnknownRecord,
      isSelected: t.boolean,
      hasNode: t.boolean,
      hasFinalizers: t.boolean,
      ...pod,
    },
    'PodChanged',
  ),
  /** The Job controls the Pod no longer: it was left behind, or its labels were changed. It goes on in a `pod-<uid>` stream. */
  PodReleased: t.strict({ type: t.literal('PodReleased'), ...pod }, 'PodReleased'),
  /** Payload: the form of a Pod that the Job takes over. Stands before `PodAdopted`. */
  PodFormRecorded: t.strict({ type: t.literal('PodFormRecorded'), form: t.UnknownRecord, ...pod }, 'PodFormRecorded'),
  /**
   * The Job controls a Pod that it did not create (rule 8.1). What it is like says the `PodReported` that follows or, where it runs here,
   * `PodRunTakenOver` and what was seen of it so far, told again.
   */
  PodAdopted: t.strict(
    {
      type: t.literal('PodAdopted'),
      uid: t.string,
      name: t.string,
      index: nullable(int),
      hasNode: t.boolean,
      hasFinalizers: t.boolean,
      createdAt: t.number,
      ...pod,
    },
    'PodAdopted',
  ),
  /** The Pod runs here already, under this place. `restartsBefore`: of its containers, besides those that are told next. */
  PodRunTakenOver: t.strict(
    { type: t.literal('PodRunTakenOver'), place: PodPlace, restartsBefore: int, ...pod },
    'PodRunTakenOver',
  ),
  /** The Pod object is gone. */
  PodRemoved: t.strict({ type: t.literal('PodRemoved'), ...pod }, 'PodRemoved'),

  /** `rule` of `successPolicy`, null unless that is the reason. */
  SuccessCriteriaMet: t.strict(
    { type: t.literal('SuccessCriteriaMet'), reason: SuccessReason, rule: nullable(int), ...status },
    'SuccessCriteriaMet',
  ),
  /** `match` is null unless `podFailurePolicy` is the reason. */
  FailureTargeted: t.strict(
    { type: t.literal('FailureTargeted'), reason: FailureReason, match: nullable(PolicyMatch), ...status },
    'FailureTargeted',
  ),
  JobCompleted: t.strict({ type: t.literal('JobCompleted'), reason: SuccessReason, ...status }, 'JobCompleted'),
  JobFailed: t.strict({ type: t.literal('JobFailed'), reason: FailureReason, ...status }, 'JobFailed'),
  /**
   * The end of a sync, which took every fact since `from` (epoch milliseconds, null: none waited) into account.
   * `suspended`: the condition Suspended turned True or False, null when it did not. `complete` is false when the sync had
   * more to do than one append holds and goes on at once. `retryAt`: Pods are missing, and that is when their back-off ends.
   */
  JobSynced: t.strict(
    {
      type: t.literal('JobSynced'),
      suspended: nullable(t.boolean),
      podFailures: int,
      lastPodFailureAt: nullable(t.number),
      from: nullable(t.number),
      complete: t.boolean,
      retryAt: nullable(t.number),
      ...status,
    },
    'JobSynced',
  ),
  /** The end of a sync that publishes nothing, because Kubernetes would refuse the status (rule I-12). Fields as in `JobSynced`. */
  StatusWithheld: t.strict(
    {
      type: t.literal('StatusWithheld'),
      podFailures: int,
      lastPodFailureAt: nullable(t.number),
      from: nullable(t.number),
      complete: t.boolean,
      retryAt: nullable(t.number),
      ...at,
    },
    'StatusWithheld',
  ),
}

type Codecs = typeof jobEvents
export type JobEventType = keyof Codecs
export type JobEvent = { [K in JobEventType]: t.TypeOf<Codecs[K]> }[JobEventType]
export type JobEventOf<K extends JobEventType> = t.TypeOf<Codecs[K]>

/** Versions of the stored events, by type: a table, so that no codec is ever found by trying. All types are at version 1. */
export const jobEventVersion = 1
