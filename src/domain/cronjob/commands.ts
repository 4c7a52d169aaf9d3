import type { CronJobManifest } from '../kubernetes/cron-job-object.ts'
import type { ChildJob } from './child-job.ts'
import type { CronJob } from './cron-job.ts'
import type { Propagation } from './events.ts'

/** A user asks for a CronJob. `uid` is new. */
export type CreateCronJob = { readonly type: 'CreateCronJob'; readonly uid: string; readonly manifest: CronJobManifest }

/** A user replaces metadata and spec; valid and with defaults, name and namespace as before. */
export type ChangeCronJob = { readonly type: 'ChangeCronJob'; readonly manifest: CronJobManifest }

export type DeleteCronJob = { readonly type: 'DeleteCronJob'; readonly propagation: Propagation }

/** A user writes the status [1.12]; times are epoch milliseconds. The next sync looks at what it says. */
export type ReplaceCronJobStatus = {
  readonly type: 'ReplaceCronJobStatus'
  readonly active: CronJob['active']
  readonly lastScheduleTime: number | null
  readonly lastSuccessfulTime: number | null
}

/** What came of creating the Job of a run. */
export type RunOutcome =
  /** The Job of this uid exists, made now or before a crash. */
  | { readonly _tag: 'Created'; readonly resourceVersion: string }
  /** Another Job has the name; `own`: that Job, if this CronJob is its controller. */
  | { readonly _tag: 'NameTaken'; readonly own: { readonly uid: string; readonly resourceVersion: string } | null }
  | { readonly _tag: 'Failed'; readonly message: string }

/** Answers `RunScheduled`. Told when the Job, if there is one, is among the children of the next sync. */
export type RecordRunOutcome = {
  readonly type: 'RecordRunOutcome'
  readonly uid: string
  readonly outcome: RunOutcome
}

/**
 * The sagas' wish: whatever the rules want of the CronJob now. `children` are all Jobs that exist and name it as their controller;
 * `isBlocked`: somebody else keeps it from going.
 */
export type SyncCronJob = {
  readonly type: 'SyncCronJob'
  readonly children: ReadonlyArray<ChildJob>
  readonly isBlocked?: boolean
}

export type CronJobCommand =
  | CreateCronJob
  | ChangeCronJob
  | DeleteCronJob
  | ReplaceCronJobStatus
  | RecordRunOutcome
  | SyncCronJob
