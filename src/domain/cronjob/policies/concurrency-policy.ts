import type { CronJob } from '../cron-job.ts'
import type { CronJobEvent } from '../events.ts'
import type { ScheduledRun } from '../run-identity.ts'

/**
 * [11.2 step 9] Whether active Jobs stand in the way of a run: not for `Allow`; `Forbid` leaves the run out, and it stays a candidate;
 * `Replace` deletes them first.
 */
export const concurrencyPolicy = (cronJob: CronJob, run: ScheduledRun, at: number): ReadonlyArray<CronJobEvent> => {
  const scheduled: CronJobEvent = { type: 'RunScheduled', ...run, at }
  switch (cronJob.manifest.spec.concurrencyPolicy) {
    case 'Allow':
      return [scheduled]
    case 'Forbid':
      return cronJob.active.length > 0 ? [{ type: 'RunForbidden', scheduledAt: run.scheduledAt, at }] : [scheduled]
    case 'Replace':
      return [
        ...cronJob.active.map(
          ({ uid, name }): CronJobEvent => ({
            type: 'RunDeletionRequested',
            uid,
            name,
            by: 'replace',
            propagation: 'Background',
            at,
          }),
        ),
        scheduled,
      ]
  }
}
