import { E } from '../../../prelude.ts'
import type { CronJob } from '../cron-job.ts'
import type { CronJobEvent, ScheduleProblem } from '../events.ts'
import { runAt } from '../run-identity.ts'
import { nextActivation } from '../schedule/next-activation.ts'
import { namesTimeZone, parseSchedule } from '../schedule/parse-schedule.ts'
import { timeZone, unknownTimeZone, utc } from '../schedule/time-zone.ts'
import { concurrencyPolicy } from './concurrency-policy.ts'
import { earliestTime, nextLook } from './next-look.ts'
import { isTooMany, type Next, type Unmet, unmetTime } from './unmet-time.ts'

/** What a sync does about the schedule, and when it is looked at next. */
export type StartPlan = { readonly events: ReadonlyArray<CronJobEvent>; readonly next: number | null }

/** When and where a sync happens: `localZone` names the zone that the controller's own clock shows. */
export type Here = { readonly at: number; readonly localZone: string }

/** [11.2 steps 4 to 10] At most one run: the latest scheduled time that has come, if nothing speaks against it. */
export const startRun = (cronJob: CronJob, here: Here): StartPlan => {
  const { spec } = cronJob.manifest
  if (spec.timeZone !== undefined && timeZone(spec.timeZone) === null)
    return { events: [unknownZone(spec.timeZone, here.at)], next: null }
  if (spec.suspend) return { events: [], next: null }
  const warnings = namesTimeZone(spec.schedule) ? [unsupported(spec.schedule, here.at)] : []
  const next = timesOf(cronJob, here.localZone)
  if (E.isLeft(next)) return { events: [...warnings, unparseable(spec.schedule, next.left, here.at)], next: null }
  const unmet = unmetTime(next.right, earliestInTime(cronJob, here.at), here.at)
  if (E.isLeft(unmet)) return { events: [...warnings, broken(spec.schedule, unmet.left, here.at)], next: null }
  return {
    events: [...warnings, ...runFor(cronJob, unmet.right, here.at)],
    next: nextLook(cronJob, next.right, here.at),
  }
}

/** The times of the CronJob's schedule, in its own zone or the controller's. Left: the parser's words. */
export const timesOf = ({ manifest: { spec } }: CronJob, localZone: string): E.Either<string, Next> => {
  const zone = timeZone(spec.timeZone ?? localZone) ?? utc
  const schedule = parseSchedule(spec.schedule)
  return E.isLeft(schedule) ? schedule : E.right((after) => nextActivation(schedule.right, zone, after))
}

/** [H-3, H-6] Times before the deadline's window are not even looked for, so none is ever found to be missed (`MissSchedule`). */
const earliestInTime = (cronJob: CronJob, at: number): number => {
  const { startingDeadlineSeconds } = cronJob.manifest.spec
  const earliest = earliestTime(cronJob)
  return startingDeadlineSeconds === undefined ? earliest : Math.max(earliest, at - startingDeadlineSeconds * 1000)
}

/** [11.2 step 8] A time that was started is not found again, since times are counted from it; but its name may be shared. */
const runFor = (cronJob: CronJob, unmet: Unmet, at: number): ReadonlyArray<CronJobEvent> => {
  const { time: scheduledAt, missed } = unmet
  if (scheduledAt === null) return []
  const warnings: ReadonlyArray<CronJobEvent> = isTooMany(unmet)
    ? [{ type: 'TooManyTimesMissed', count: missed, at }]
    : []
  const run = runAt(cronJob, scheduledAt)
  if (cronJob.active.some(({ name }) => name === run.name)) return warnings
  return [...warnings, ...concurrencyPolicy(cronJob, run, at)]
}

const refused = (reason: ScheduleProblem, message: string, at: number): CronJobEvent => ({
  type: 'ScheduleRefused',
  reason,
  message,
  at,
})

const unknownZone = (zone: string, at: number) =>
  refused('UnknownTimeZone', `invalid timeZone: ${JSON.stringify(zone)}: ${unknownTimeZone(zone)}`, at)

const unsupported = (schedule: string, at: number) =>
  refused(
    'UnsupportedSchedule',
    `CRON_TZ or TZ used in schedule ${JSON.stringify(schedule)} is not officially supported, see https://kubernetes.io/docs/concepts/workloads/controllers/cron-jobs/ for more details`,
    at,
  )

const unparseable = (schedule: string, reason: string, at: number) =>
  refused('UnparseableSchedule', `unparseable schedule: ${JSON.stringify(schedule)} : ${reason}`, at)

const broken = (schedule: string, reason: string, at: number) =>
  refused('InvalidSchedule', `invalid schedule: ${schedule} : ${reason}`, at)
