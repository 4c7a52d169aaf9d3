import { podIdentities } from '../job/pod-identity.ts'
import type { CronJob, Run } from './cron-job.ts'

export type ScheduledRun = Run & { readonly scheduledAt: number }

/**
 * [11.4] The Job of a scheduled time. Its name counts minutes, so that two times within one minute share it; its uid is made of the
 * CronJob's seed and the second, so that whoever creates the Job again creates the same one.
 */
export const runAt = ({ name, seed }: Pick<CronJob, 'name' | 'seed'>, scheduledAt: number): ScheduledRun => ({
  uid: podIdentities({ name, seed })(Math.floor(scheduledAt / 1000), null).uid,
  name: `${name}-${Math.floor(scheduledAt / 60_000)}`,
  scheduledAt,
})
