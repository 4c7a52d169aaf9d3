import type { CronJobEvent } from '../../../src/domain/cronjob/events.ts'
import type { ObservedCronJob } from '../observed/observed-cron-job.ts'
import type { ObservedJob } from '../observed/observed-job.ts'
import { periods } from '../world/draw-cron-job.ts'
import type { Complaint, Named } from './invariant.ts'

export type CronInvariant = (
  cron: ObservedCronJob,
  event: CronJobEvent,
  jobs: ReadonlyMap<string, ObservedJob>,
) => Complaint

const periodMs = ({ spec }: ObservedCronJob): number => (periods[spec.schedule] ?? 1) * 60_000

/** [11.3] The latest time of the schedule that has come. */
export const latestTime = (cron: ObservedCronJob, at: number): number =>
  Math.floor(at / periodMs(cron)) * periodMs(cron)

/** What must hold at each event of a CronJob, which is as before it. */
export const invariantsOfCronJobs: Named<CronInvariant> = {
  'a run is for the latest time of the schedule, which has come since the last start': (cron, event) => {
    if (event.type !== 'RunScheduled') return null
    const { scheduledAt, at } = event
    if (scheduledAt !== latestTime(cron, at))
      return `${scheduledAt} is started at ${at}, the time was ${latestTime(cron, at)}`
    const earliest = cron.lastScheduleTime ?? cron.createdAt
    return scheduledAt > earliest ? null : `${scheduledAt} is not after ${earliest}`
  },

  'a time is started once, unless it could not be': (cron, event) =>
    event.type === 'RunStarted' && cron.lastScheduleTime !== null && event.scheduledAt <= cron.lastScheduleTime
      ? `${event.scheduledAt} is started again after ${cron.lastScheduleTime}`
      : null,

  'no run is later than its deadline allows': (cron, event) => {
    const { startingDeadlineSeconds: deadline } = cron.spec
    if (event.type !== 'RunScheduled' || deadline === undefined) return null
    return event.at - event.scheduledAt <= deadline * 1000 ? null : `it is ${event.at - event.scheduledAt} ms late`
  },

  'a CronJob that is suspended or goes starts nothing': (cron, event) =>
    event.type === 'RunScheduled' && (cron.spec.suspend === true || cron.isDeleting || cron.isDeleted)
      ? 'it starts a run'
      : null,

  'one run is under way at a time': (cron, event) =>
    event.type === 'RunScheduled' && cron.pending !== null ? `${cron.pending.name} is not there yet` : null,

  'Forbid starts nothing beside a Job, and Replace nothing that stays beside one': (cron, event) => {
    if (event.type !== 'RunScheduled' || cron.spec.concurrencyPolicy === 'Allow') return null
    return cron.active.size > 0 ? `${cron.active.size} Jobs are active` : null
  },

  'Forbid tells of a run that it left out': (cron, event) =>
    event.type === 'RunForbidden' && (cron.spec.concurrencyPolicy !== 'Forbid' || cron.active.size === 0)
      ? 'nothing forbids it'
      : null,

  'only a finished Job is beyond the limits of the history': (_, event, jobs) =>
    event.type === 'RunDeletionRequested' && event.by === 'history' && jobs.get(event.uid)?.finished === null
      ? `${event.name} is not finished`
      : null,

  'a Job is seen finished when it is, and gone when it is': (_, event, jobs) => {
    if (event.type !== 'RunFinished' && event.type !== 'RunVanished' && event.type !== 'RunRemoved') return null
    const job = jobs.get(event.uid)
    if (event.type === 'RunFinished') return job?.finished === null ? `${event.name} is not finished` : null
    return job?.isDeleted === false ? `${event.name} is there` : null
  },
}

/** What must hold of a CronJob about which nothing goes on any more. */
export const cronInvariantsAtRest: Named<(cron: ObservedCronJob, jobs: ReadonlyMap<string, ObservedJob>) => Complaint> =
  {
    'a run that was wanted has its Job, or an answer why not': ({ pending, isDeleted }) =>
      pending === null || isDeleted ? null : `${pending.name} is waited for`,

    'a Job whose deletion a CronJob asked for goes': ({ removing }, jobs) => {
      const left = [...removing].find((uid) => jobs.get(uid)?.deletion === null)
      return left === undefined ? null : `${jobs.get(left)?.name} is there`
    },

    'the Jobs of a CronJob go with it, unless they are to be orphaned': ({ isDeleting, propagation, wanted }, jobs) => {
      if (!isDeleting || propagation === 'Orphan') return null
      const left = [...wanted].find((uid) => jobs.get(uid)?.deletion === null)
      return left === undefined ? null : `${jobs.get(left)?.name} is left`
    },

    'a CronJob that is deleted is gone': ({ isDeleting, isDeleted }) =>
      isDeleting && !isDeleted ? 'it is there' : null,

    'no more finished Jobs are kept than the limits of the history say': (cron, jobs) => {
      if (cron.isDeleting) return null
      for (const [type, limit] of [
        ['success', cron.spec.successfulJobsHistoryLimit],
        ['failure', cron.spec.failedJobsHistoryLimit],
      ] as const) {
        const kept = [...cron.wanted].filter((uid) => {
          const job = jobs.get(uid)
          return job?.finished?.type === type && job.deletion === null
        })
        if (kept.length > limit) return `${kept.length} are kept, ${limit} may be`
      }
      return null
    },

    'active is what runs': (cron, jobs) => {
      if (cron.isDeleted) return null
      const over = [...cron.active].find((uid) => jobs.get(uid)?.finished !== null || jobs.get(uid)?.isDeleted === true)
      return over === undefined ? null : `${jobs.get(over)?.name ?? over} is over`
    },
  }

/** What should have been started by now; `slackMs` after its time, and a bit, it is late. */
export const lateRun = (cron: ObservedCronJob, now: number): Complaint => {
  const { spec, isDeleting, pending, active, lastScheduleTime, createdAt, scheduleSince } = cron
  if (spec.suspend === true || isDeleting || pending !== null) return null
  if (spec.concurrencyPolicy === 'Forbid' && active.size > 0) return null
  const time = latestTime(cron, now)
  const deadline = (spec.startingDeadlineSeconds ?? Number.POSITIVE_INFINITY) * 1000
  if (time <= Math.max(lastScheduleTime ?? createdAt, scheduleSince) || now - time <= slackMs || now - time > deadline)
    return null
  return `the run of ${time} was not started`
}

const slackMs = 200
