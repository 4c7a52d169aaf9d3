import * as t from 'io-ts'
import { int, nullable } from '../codecs.ts'

/**
 * One rule of `podFailurePolicy`: it looks at exit codes or, when `onExitCodes` is null, at conditions of the Pod. `container` is
 * a container's number in the template (init containers first), null for any of them.
 */
export const PodFailureRule = t.strict(
  {
    action: t.keyof({ FailJob: null, FailIndex: null, Ignore: null, Count: null }),
    onExitCodes: nullable(
      t.strict({
        container: nullable(int),
        operator: t.keyof({ In: null, NotIn: null }),
        values: t.readonlyArray(int),
      }),
    ),
    onPodConditions: t.readonlyArray(t.strict({ type: t.string, status: t.string })),
  },
  'PodFailureRule',
)
export type PodFailureRule = t.TypeOf<typeof PodFailureRule>

/** One rule of `successPolicy`; `indexes` in the form of `completedIndexes`, null: any. */
export const SuccessRule = t.strict({ indexes: nullable(t.string), count: nullable(int) }, 'SuccessRule')
export type SuccessRule = t.TypeOf<typeof SuccessRule>

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
    podFailurePolicy: nullable(t.readonlyArray(PodFailureRule)),
    successPolicy: nullable(t.readonlyArray(SuccessRule)),
    backoffLimitPerIndex: nullable(int),
    maxFailedIndexes: nullable(int),
    /** Somebody else's controller acts for this Job (`managedBy`); ours leaves it alone. */
    managedElsewhere: t.boolean,
    /** Clients run the Pods and say what becomes of them (runtime `external`); no runtime of ours does. */
    podsRunElsewhere: t.boolean,
    /** The template names a node. */
    hasNode: t.boolean,
    /** The template has finalizers of somebody's, which keep each Pod. */
    podsHaveFinalizers: t.boolean,
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

export const SuccessReason = t.keyof({ CompletionsReached: null, SuccessPolicy: null }, 'SuccessReason')
export type SuccessReason = t.TypeOf<typeof SuccessReason>

export const FailureReason = t.keyof(
  {
    PodFailurePolicy: null,
    BackoffLimitExceeded: null,
    DeadlineExceeded: null,
    MaxFailedIndexesExceeded: null,
    FailedIndexes: null,
  },
  'FailureReason',
)
export type FailureReason = t.TypeOf<typeof FailureReason>

/**
 * What made a rule of `podFailurePolicy` hold for a failed Pod: the exit code of a container, or (`container` null) the
 * rule's pattern of a condition. Numbers count from 0.
 */
export const PolicyMatch = t.strict(
  { pod: int, rule: int, container: nullable(int), exitCode: int, pattern: int },
  'PolicyMatch',
)
export type PolicyMatch = t.TypeOf<typeof PolicyMatch>
