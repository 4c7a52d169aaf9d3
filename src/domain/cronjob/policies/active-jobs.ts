import type { ChildJob } from '../child-job.ts'
import type { CronJob } from '../cron-job.ts'
import type { CronJobEvent } from '../events.ts'

/**
 * [11.2 step 3] What the Jobs of the CronJob have come to: finished ones leave the active list, as do those that are gone, a later
 * success is noted, and an unfinished Job that the CronJob did not start is warned of.
 */
export const activeJobs = (
  cronJob: CronJob,
  children: ReadonlyArray<ChildJob>,
  at: number,
): ReadonlyArray<CronJobEvent> => [
  ...children.flatMap((job) => seen(cronJob, job, at)),
  ...latestSuccess(cronJob, children, at),
  ...cronJob.active
    .filter(({ uid }) => !children.some((job) => job.uid === uid))
    .map(({ uid, name }): CronJobEvent => ({ type: 'RunVanished', uid, name, at })),
]

const seen = (
  { active, removing, pending }: CronJob,
  { uid, name, finished }: ChildJob,
  at: number,
): ReadonlyArray<CronJobEvent> => {
  const isActive = active.some((run) => run.uid === uid)
  if (finished !== null) return isActive ? [{ type: 'RunFinished', uid, name, condition: finished.condition, at }] : []
  const isKnown = isActive || pending?.uid === uid || removing.some((run) => run.uid === uid)
  return isKnown ? [] : [{ type: 'UnexpectedJobSeen', uid, name, at }]
}

const latestSuccess = (
  { lastSuccessfulTime }: CronJob,
  children: ReadonlyArray<ChildJob>,
  at: number,
): ReadonlyArray<CronJobEvent> => {
  let latest: CronJobEvent | null = null
  let latestAt = lastSuccessfulTime ?? Number.NEGATIVE_INFINITY
  for (const { uid, name, finished } of children) {
    if (finished?.condition !== 'Complete' || finished.at <= latestAt) continue
    latestAt = finished.at
    latest = { type: 'RunSucceeded', uid, name, completedAt: finished.at, at }
  }
  return latest === null ? [] : [latest]
}
