import type { CronJobEvent } from '../../../src/domain/cronjob/events.ts'
import type { CronJobManifest } from '../../../src/domain/kubernetes/cron-job-object.ts'

/** A CronJob as the log tells it. */
export type ObservedCronJob = {
  readonly uid: string
  readonly name: string
  readonly createdAt: number
  spec: CronJobManifest['spec']
  /** Since when it has its present schedule: times before start nothing by themselves (rule H-5). */
  scheduleSince: number
  isDeleting: boolean
  isDeleted: boolean
  propagation: string | null
  lastScheduleTime: number | null
  /** The Job that is to be created. */
  pending: { readonly uid: string; readonly name: string; readonly scheduledAt: number } | null
  /** Uids of Jobs that it started and that were not yet seen finished or gone. */
  active: ReadonlySet<string>
  /** Uids of Jobs that it ever wanted, and of those whose deletion it asked for. */
  readonly wanted: Set<string>
  readonly removing: Set<string>
  readonly scheduled: Set<number>
}

/** One more event of a CronJob; the first one that has a name makes it. */
export const observedCronJob = (
  manifest: CronJobManifest,
  { uid, name, at }: { readonly uid: string; readonly name: string; readonly at: number },
): ObservedCronJob => ({
  uid,
  name,
  createdAt: at,
  spec: manifest.spec,
  scheduleSince: at,
  isDeleting: false,
  isDeleted: false,
  propagation: null,
  lastScheduleTime: null,
  pending: null,
  active: new Set(),
  wanted: new Set(),
  removing: new Set(),
  scheduled: new Set(),
})

export const observeCronJob = (cron: ObservedCronJob, event: CronJobEvent): void => {
  const set = (change: Partial<ObservedCronJob>): void => void Object.assign(cron, change)
  const inactive = (uid: string): void => set({ active: new Set([...cron.active].filter((other) => other !== uid)) })
  switch (event.type) {
    case 'CronJobManifestRecorded': {
      const { spec } = event.manifest as CronJobManifest
      return set({ spec, scheduleSince: spec.schedule === cron.spec.schedule ? cron.scheduleSince : event.at })
    }
    case 'CronJobDeletionRequested':
      return set({ isDeleting: true, propagation: event.propagation })
    case 'CronJobDeleted':
      return set({ isDeleted: true })
    case 'RunScheduled':
      cron.wanted.add(event.uid)
      cron.scheduled.add(event.scheduledAt)
      return set({ pending: event })
    case 'RunStarted':
      return set({
        pending: null,
        lastScheduleTime: event.scheduledAt,
        active: new Set([...cron.active, event.uid]),
      })
    case 'RunBlocked':
    case 'RunRefused':
      return set({ pending: null })
    case 'RunFinished':
    case 'RunVanished':
      return inactive(event.uid)
    case 'RunDeletionRequested':
      cron.removing.add(event.uid)
      if (event.by !== 'collector') inactive(event.uid)
      return
    case 'RunRemoved':
      cron.removing.delete(event.uid)
      return
    default:
  }
}
