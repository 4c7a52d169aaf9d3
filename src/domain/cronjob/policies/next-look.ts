import { E } from '../../../prelude.ts'
import type { CronJob } from '../cron-job.ts'
import { type Next, unmetTime } from './unmet-time.ts'

/**
 * [11.2] When the CronJob is looked at again: a little after the next scheduled time, counted from the latest that has come.
 * `startingDeadlineSeconds` plays no part in it.
 */
export const nextLook = (cronJob: CronJob, next: Next, now: number): number | null => {
  const time = next(baseOf(cronJob, next, now))
  return time === null ? null : time + slackMs
}

/** Since when scheduled times are looked for [H-4]: the last one started, else the creation. */
export const earliestTime = ({ lastScheduleTime, createdAt }: CronJob): number => lastScheduleTime ?? createdAt

/** For clocks that run a little apart. */
const slackMs = 100

const baseOf = (cronJob: CronJob, next: Next, now: number): number => {
  const earliest = earliestTime(cronJob)
  const unmet = unmetTime(next, earliest, now)
  if (E.isLeft(unmet)) return now
  return unmet.right.time ?? (unmet.right.missed === 0 ? earliest : now)
}
