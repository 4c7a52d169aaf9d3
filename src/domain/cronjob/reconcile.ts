import type { ChildJob } from './child-job.ts'
import type { CronJob } from './cron-job.ts'
import type { CronJobEvent } from './events.ts'
import { evolveCronJob } from './evolve.ts'
import { activeJobs } from './policies/active-jobs.ts'
import { beyondHistory } from './policies/history-limits.ts'
import { type Here, startRun } from './policies/start-run.ts'

/**
 * One sync [11.2]: everything the rules want of the CronJob at this moment, as one append that ends with `CronJobSynced`. Nothing to
 * do and nothing new to say: no events. A CronJob that is being deleted starts nothing; its Jobs go with it.
 */
export const reconcile = (
  before: CronJob,
  children: ReadonlyArray<ChildJob>,
  here: Here,
  isBlocked = false,
): ReadonlyArray<CronJobEvent> => {
  if (before.deletion !== null) return ending(before, children, here.at, isBlocked)
  const books = bookkeeping(before, children, here.at)
  const cronJob = evolveCronJob(before, books) as CronJob
  const { events, next } = cronJob.pending === null ? startRun(cronJob, here) : { events: [], next: before.next }
  return books.length + events.length === 0 && next === before.next
    ? []
    : [...books, ...events, { type: 'CronJobSynced', next, at: here.at }]
}

/** Steps 2 and 3, which go on while the CronJob is suspended: the limits of the history, and what became of its Jobs. */
export const bookkeeping = (
  before: CronJob,
  children: ReadonlyArray<ChildJob>,
  at: number,
): ReadonlyArray<CronJobEvent> => {
  const removed = before.removing
    .filter(({ uid }) => !children.some((job) => job.uid === uid))
    .map(({ uid, name }): CronJobEvent => ({ type: 'RunRemoved', uid, name, at }))
  const surplus = beyondHistory(before, children).map(
    ({ uid, name }): CronJobEvent => ({
      type: 'RunDeletionRequested',
      uid,
      name,
      by: 'history',
      propagation: 'Background',
      at,
    }),
  )
  const history = [...removed, ...surplus]
  return [...history, ...activeJobs(evolveCronJob(before, history) as CronJob, children, at)]
}

/** [11.5] Its Jobs are deleted unless they are to be orphaned; in the foreground the CronJob goes after the last of them, and of others that block it. */
const ending = (
  before: CronJob,
  children: ReadonlyArray<ChildJob>,
  at: number,
  isBlocked: boolean,
): ReadonlyArray<CronJobEvent> => {
  const books = before.deleted ? [] : bookkeeping(before, children, at)
  const { removing, deletion, deleted } = evolveCronJob(before, books) as CronJob
  const propagation = deletion?.propagation ?? 'Background'
  if (propagation === 'Orphan') return []
  const collected = children
    .filter(({ uid }) => !removing.some((run) => run.uid === uid))
    .map(
      ({ uid, name }): CronJobEvent => ({
        type: 'RunDeletionRequested',
        uid,
        name,
        by: 'collector',
        propagation,
        at,
      }),
    )
  const gone: ReadonlyArray<CronJobEvent> =
    !deleted && children.length === 0 && !isBlocked ? [{ type: 'CronJobDeleted', at }] : []
  return [...books, ...collected, ...gone]
}
