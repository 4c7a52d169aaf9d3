import type { ChildJob } from '../child-job.ts'
import type { CronJob } from '../cron-job.ts'

/** [11.2 step 2] Finished Jobs beyond the limits of the history, the oldest first: completed ones, then failed ones. */
export const beyondHistory = ({ manifest, removing, pending }: CronJob, children: ReadonlyArray<ChildJob>) => {
  const { successfulJobsHistoryLimit, failedJobsHistoryLimit } = manifest.spec
  const kept = children.filter(({ uid }) => uid !== pending?.uid && !removing.some((run) => run.uid === uid))
  const surplus = (condition: 'Complete' | 'Failed', limit: number): ReadonlyArray<ChildJob> => {
    const finished = kept.filter((job) => job.finished?.condition === condition).sort(byStart)
    return finished.slice(0, Math.max(0, finished.length - limit))
  }
  return [...surplus('Complete', successfulJobsHistoryLimit), ...surplus('Failed', failedJobsHistoryLimit)]
}

/** A Job that never started comes last, equals by name. */
const byStart = (a: ChildJob, b: ChildJob): number =>
  a.startTime === b.startTime
    ? Number(a.name > b.name) - Number(a.name < b.name)
    : (a.startTime ?? Number.POSITIVE_INFINITY) - (b.startTime ?? Number.POSITIVE_INFINITY)
