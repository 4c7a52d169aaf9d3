import type { CronJobManifest } from '../kubernetes/cron-job-object.ts'
import type { Propagation } from './events.ts'

/** One Job of a CronJob, by the two names it has. */
export type Run = { readonly uid: string; readonly name: string }

/** A CronJob as it stands: folded from its events. Times are epoch milliseconds. */
export type CronJob = {
  readonly _tag: 'CronJob'
  readonly uid: string
  readonly namespace: string
  readonly name: string
  readonly seed: string
  readonly createdAt: number
  readonly generation: number
  readonly manifest: CronJobManifest
  readonly deletion: { readonly at: number; readonly propagation: Propagation } | null
  /** The CronJob object is gone. */
  readonly deleted: boolean
  /** `status.active`, in the order of their starts; `resourceVersion` is that of the start. */
  readonly active: ReadonlyArray<Run & { readonly resourceVersion: string }>
  readonly lastScheduleTime: number | null
  readonly lastSuccessfulTime: number | null
  /** The run whose Job is to be created: recorded, and not yet answered. No other run starts meanwhile. */
  readonly pending: (Run & { readonly scheduledAt: number }) | null
  /** Jobs whose deletion was requested and that were not yet seen to be gone. */
  readonly removing: ReadonlyArray<Run & { readonly propagation: 'Background' | 'Foreground' }>
  /** Uids of the latest Jobs that were warned of as unexpected. */
  readonly unexpected: ReadonlyArray<string>
  /** Starts that failed since the last one that did not. */
  readonly failures: number
  /** When it is looked at again if nothing else happens. */
  readonly next: number | null
}

/** There is no CronJob yet; its manifest may have been read, since it stands before the creation. */
export type NoCronJob = { readonly _tag: 'NoCronJob'; readonly manifest: CronJobManifest | null }
export const noCronJob: NoCronJob = { _tag: 'NoCronJob', manifest: null }

export type CronJobState = NoCronJob | CronJob
