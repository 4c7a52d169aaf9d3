import type { FailureReason, JobCounts, JobTerms, PolicyMatch, SuccessReason } from './job-facts.ts'
import { type AdoptedPods, noAdoptedPods } from './adopted-pods.ts'
import { type IndexNumbers, noIndexNumbers } from './index-numbers.ts'
import { emptyIndexSet, type IndexSet } from './index-set.ts'
import { noPods, type PodColumns } from './pod-columns.ts'
import { noSuccess, type SuccessProgress } from './policies/success-policy.ts'

/** A verdict that was published as a condition: the interim one and later the terminal one carry the same reason. */
export type Outcome =
  | { readonly _tag: 'Success'; readonly reason: SuccessReason; readonly rule: number | null; readonly at: number }
  | {
      readonly _tag: 'Failure'
      readonly reason: FailureReason
      readonly match: PolicyMatch | null
      readonly at: number
    }

/** The status that clients see: it moves only when a sync publishes it. */
export type PublishedStatus = {
  readonly counts: JobCounts
  readonly startTime: number | null
  readonly completed: IndexSet
  readonly failedIndexes: IndexSet
  /** Not before the first sync: the status is `{}` until then (rule ST-1). */
  readonly synced: boolean
}

/**
 * A Job as it stands: folded from its events, with counters that move with each event so that no rule ever walks over its
 * Pods. Live counters (`counts`) are ahead of the published ones between two syncs.
 */
export type Job = {
  readonly _tag: 'Job'
  readonly uid: string
  readonly namespace: string
  readonly name: string
  readonly seed: string
  readonly createdAt: number
  readonly generation: number
  /** How often a user has changed the object: who decided on an older one has to look again. */
  readonly version: number
  /** A finalizer of somebody's keeps the object when the Job is deleted. */
  readonly hasFinalizers: boolean
  readonly terms: JobTerms
  readonly deletion: {
    readonly at: number
    readonly propagation: 'Background' | 'Foreground' | 'Orphan'
    /** The dependents are gone, or let go. */
    readonly isSettled: boolean
  } | null
  /** The Job object is gone. */
  readonly deleted: boolean
  readonly startTime: number | null
  readonly interim: Outcome | null
  readonly finished: Outcome | null
  /** When somebody else's controller says that the Job ended. */
  readonly finishedElsewhereAt: number | null
  /** The condition Suspended: null until there is one. */
  readonly suspended: { readonly status: boolean; readonly at: number } | null
  /** Failures since the last success, and the end of the latest: what the back-off is computed from (rules B-1 to B-3). */
  readonly podFailures: number
  readonly lastPodFailureAt: number | null
  readonly counts: JobCounts
  /** Sum of container restarts over Pods in phase Pending or Running (rule O-3). */
  readonly restarts: number
  /** Pods whose objects exist. */
  readonly live: number
  readonly pods: PodColumns
  /** Tracked Pods whose end the next sync counts, in the order of their ends. */
  readonly uncounted: ReadonlyArray<number>
  /** Indexes with a counted success. */
  readonly completed: IndexSet
  /** Indexes for which no further Pod is made (`backoffLimitPerIndex`). */
  readonly failedIndexes: IndexSet
  /** Indexes that an active (or, under policy Failed, still terminating) Pod holds. */
  readonly held: IndexSet
  /** How many Pods each index has had so far. */
  readonly podsPerIndex: IndexNumbers
  /** By index: one more than the ordinal of the failed Pod that is held back as its memory (rule 5.6). */
  readonly heldBack: IndexNumbers
  /** How many of those Pods will be counted as failed. */
  readonly heldBackFailures: number
  /** Active Pods of indexes that `completions` no longer has. */
  readonly outOfRange: number
  /** The first Pod for whose failure `podFailurePolicy` wants the Job to fail. */
  readonly failJobPod: number | null
  readonly adopted: AdoptedPods
  /** Ordinals of the Pods that the selector finds no longer: the next sync lets them go. */
  readonly unselected: IndexSet
  /** Ordinals of the Pods that were let go. */
  readonly released: IndexSet
  /** By rule of `successPolicy`. */
  readonly successProgress: ReadonlyArray<SuccessProgress>
  /** The generation that the last sync took into account: a newer one does not wait for the window (rule E-1). */
  readonly syncedGeneration: number
  /** Pods are missing, and this is when their back-off ends, as the last sync saw it; null when nothing is waited for. */
  readonly retryAt: number | null
  /** No free index is below this one. */
  readonly firstFreeIndex: number
  /** The time of the first fact that no sync has taken into account; null when there is none. */
  readonly unsyncedSince: number | null
  readonly published: PublishedStatus
}

/** Nothing has happened in the stream yet. */
export type NoJob = { readonly _tag: 'NoJob' }
export const noJob: NoJob = { _tag: 'NoJob' }

export type JobState = NoJob | Job

const noCounts: JobCounts = { active: 0, ready: 0, terminating: 0, succeeded: 0, failed: 0 }

/** A Job of which only the creation is known. */
export const newJob = (created: {
  readonly uid: string
  readonly namespace: string
  readonly name: string
  readonly seed: string
  readonly terms: JobTerms
  readonly hasFinalizers: boolean
  readonly at: number
}): Job => ({
  _tag: 'Job',
  uid: created.uid,
  namespace: created.namespace,
  name: created.name,
  seed: created.seed,
  createdAt: created.at,
  generation: 1,
  version: 1,
  hasFinalizers: created.hasFinalizers,
  terms: created.terms,
  deletion: null,
  deleted: false,
  startTime: null,
  interim: null,
  finished: null,
  finishedElsewhereAt: null,
  suspended: null,
  podFailures: 0,
  lastPodFailureAt: null,
  counts: noCounts,
  restarts: 0,
  live: 0,
  pods: noPods,
  uncounted: [],
  completed: emptyIndexSet,
  failedIndexes: emptyIndexSet,
  held: emptyIndexSet,
  podsPerIndex: noIndexNumbers,
  heldBack: noIndexNumbers,
  heldBackFailures: 0,
  outOfRange: 0,
  failJobPod: null,
  adopted: noAdoptedPods,
  unselected: emptyIndexSet,
  released: emptyIndexSet,
  successProgress: noSuccess(created.terms.successPolicy ?? []),
  syncedGeneration: 0,
  retryAt: null,
  firstFreeIndex: 0,
  unsyncedSince: created.at,
  published: {
    counts: noCounts,
    startTime: null,
    completed: emptyIndexSet,
    failedIndexes: emptyIndexSet,
    synced: false,
  },
})

export const isIndexed = (job: Job): boolean => job.terms.completionMode === 'Indexed'

/** Whether a terminal condition is published (F-18: the controller leaves such a Job alone). */
export const isFinished = (job: Job): boolean => job.finished !== null

/** [4.2] A Pod of an Indexed Job that has no index, or one that the Job does not have (any more), is not counted. */
export const isOutOfRange = (job: Job, index: number | null): boolean =>
  isIndexed(job) && (index === null || index >= (job.terms.completions ?? 0))
