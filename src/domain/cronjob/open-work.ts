import type { CronJob } from './cron-job.ts'
import type { ScheduledRun } from './run-identity.ts'

/**
 * What is recorded and may not have been done yet: the Job to create, and the Jobs to delete. Doing any of it twice does it
 * once, so after a crash it is simply done again.
 */
export const openWork = ({ pending, removing, deleted }: CronJob): OpenWork => ({
  create: deleted ? null : pending,
  remove: removing,
})

export type OpenWork = { readonly create: ScheduledRun | null; readonly remove: CronJob['removing'] }
