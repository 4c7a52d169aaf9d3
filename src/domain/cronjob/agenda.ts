import { O } from '../../prelude.ts'
import type { ChildJob } from './child-job.ts'
import type { CronJob } from './cron-job.ts'
import { bookkeeping, reconcile } from './reconcile.ts'

/**
 * When a sync has work to do, in epoch milliseconds (past or present: now); none when it has not. Jobs that finished, went missing
 * or are too many are work at once, and so is the end of the CronJob; else the schedule says.
 */
export const syncDue = (cronJob: CronJob, children: ReadonlyArray<ChildJob>): O.Option<number> => {
  const { deletion, createdAt, unexpected } = cronJob
  const now = O.some(createdAt)
  if (deletion !== null)
    return reconcile(cronJob, children, { at: deletion.at, localZone: '' }).some(isNews(unexpected)) ? now : O.none
  if (bookkeeping(cronJob, children, createdAt).some(isNews(unexpected))) return now
  return cronJob.pending === null ? O.fromNullable(cronJob.next) : O.none
}

/** A Job that was warned of is warned of again with each sync, but is no reason for one. */
const isNews =
  (unexpected: ReadonlyArray<string>) =>
  (event: ReturnType<typeof reconcile>[number]): boolean =>
    event.type !== 'UnexpectedJobSeen' || !unexpected.includes(event.uid)
