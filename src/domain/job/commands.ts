import type { JobManifest } from '../kubernetes/job-object.ts'
import type { JobEventOf } from './events.ts'
import type { PodObservation } from './observations.ts'
import type { PodRun } from './pod-run.ts'

/** A user asks for a Job. `uid` is new; `podBackoffBaseMs` is the controller's first back-off delay (10 s unless told otherwise). */
export type CreateJob = {
  readonly type: 'CreateJob'
  readonly uid: string
  readonly manifest: JobManifest
  readonly podBackoffBaseMs: number
  /** Clients run the Pods; absent: a runtime of ours does. */
  readonly podsRunElsewhere?: boolean
}

/** A user changes what may change; an absent field stays, null unsets. */
export type ChangeJob = {
  readonly type: 'ChangeJob'
  readonly suspend?: boolean
  readonly parallelism?: number
  readonly completions?: number
  readonly podReplacementPolicy?: 'TerminatingOrFailed' | 'Failed'
  readonly maxFailedIndexes?: number | null
  readonly backoffLimit?: number
  readonly activeDeadlineSeconds?: number | null
  readonly ttlSecondsAfterFinished?: number | null
  /** What else changes, as a merge patch of the manifest; with it what the user looked at, and whether finalizers are left. */
  readonly rest?: {
    readonly patch: Readonly<Record<string, unknown>>
    readonly hasFinalizers: boolean
  }
  /** The `version` of the Job that the user decided on; absent: any. */
  readonly basedOn?: number
}

/** A client writes the status of a Job; `finishedAt` as in `JobStatusReported`. */
export type ReportJob = {
  readonly type: 'ReportJob'
  readonly status: Readonly<Record<string, unknown>>
  readonly finishedAt: number | null
}

/** `propagation` null: as was said before, or else Orphan. */
export type DeleteJob = {
  readonly type: 'DeleteJob'
  readonly propagation: 'Background' | 'Foreground' | 'Orphan' | null
}

/** A user deletes one Pod; the grace period is the Pod's own unless given. */
export type DeletePod = { readonly type: 'DeletePod'; readonly pod: number; readonly graceSeconds: number | null }

/** A Pod has to make way: it is deleted, and if it fails by that, it was disrupted. */
export type EvictPod = {
  readonly type: 'EvictPod'
  readonly pod: number
  readonly graceSeconds: number | null
}

/** A client gives a Pod that clients run to a node: a change of the Pod and a report of it in one. */
export type BindPod = { readonly type: 'BindPod'; readonly change: ChangePod; readonly report: ReportPod }

/** The nodes that take Pods of the Job which run here, the one that is to get the first of them first; and why there is none, if so. */
export type Placement = { readonly nodes: ReadonlyArray<string>; readonly obstacle: string }

/** Pods that run here are waiting for a node, and may have one now. */
export type PlacePods = { readonly type: 'PlacePods'; readonly placement: Placement }

/** The node of these Pods, which run here, is gone: so are they. */
export type LosePods = { readonly type: 'LosePods'; readonly pods: ReadonlyArray<number> }

/** What a runtime saw, in order. */
export type RecordPodFacts = {
  readonly type: 'RecordPodFacts'
  readonly facts: ReadonlyArray<{ readonly pod: number; readonly observation: PodObservation }>
}

/** A client that runs Pods reports one: the facts that rules read, and the whole status as it wrote it. */
export type ReportPod = {
  readonly type: 'ReportPod'
  readonly pod: number
  readonly report: PodReport
  readonly status: Readonly<Record<string, unknown>>
}

/** What rules read of a Pod's status. Containers by their number in the template; times in epoch milliseconds. */
export type PodReport = Pick<
  JobEventOf<'PodReported'>,
  'phase' | 'ready' | 'readySince' | 'restarts' | 'exits' | 'finishedAt'
> & { readonly conditions: ReadonlyArray<{ readonly type: string; readonly status: string }> }

/** A user changes a Pod; `isTracked`, `isOwned`: the tracking finalizer and the reference to this Job are left on it. */
export type ChangePod = {
  readonly type: 'ChangePod'
  readonly pod: number
  /** Null: nothing of its form. */
  readonly patch: Readonly<Record<string, unknown>> | null
  readonly isSelected: boolean
  readonly hasNode: boolean
  readonly hasFinalizers: boolean
  readonly isTracked: boolean
  readonly isOwned: boolean
}

/** The Job takes over a Pod that nobody controls: as clients report it, or as it runs here. */
export type AdoptPod = ({ readonly report: PodReport } | { readonly run: PodRun }) & {
  readonly type: 'AdoptPod'
  readonly uid: string
  readonly name: string
  readonly index: number | null
  readonly hasNode: boolean
  readonly hasFinalizers: boolean
  readonly createdAt: number
  readonly form: Readonly<Record<string, unknown>>
}

/**
 * After a crash: every Pod whose process had been started is lost with the process that ran it (reason NodeLost). `below`: Pods with this number
 * or a higher one have come since; absent: none has.
 */
export type RecordLostPods = { readonly type: 'RecordLostPods'; readonly below?: number }

/** The controller shuts down: active Pods are taken back, deleted and never counted, so that a later run creates them anew. */
export type WithdrawPods = { readonly type: 'WithdrawPods' }

/**
 * The sagas' wishes. Each names the invariant it protects; the decider looks at the Job as it stands and does what the rules
 * say, whichever intent asked, or nothing.
 */
export const intentTypes = ['CreatePods', 'FailOnBackoff', 'ExpireDeadline', 'DeleteExpired', 'RemovePods'] as const
export type IntentType = (typeof intentTypes)[number]
export type Intent = {
  readonly type: IntentType
  /** Absent: there is only the first node, and it takes everything. */
  readonly placement?: Placement
  /** Something that is no Pod of the Job keeps it from going in the foreground; absent: nothing does. */
  readonly isBlocked?: boolean
}

export type JobCommand =
  | CreateJob
  | ChangeJob
  | ReportJob
  | DeleteJob
  | DeletePod
  | EvictPod
  | BindPod
  | PlacePods
  | LosePods
  | RecordPodFacts
  | ReportPod
  | ChangePod
  | AdoptPod
  | RecordLostPods
  | WithdrawPods
  | Intent
