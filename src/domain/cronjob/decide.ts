import { absurd, E } from '../../prelude.ts'
import type {
  ChangeCronJob,
  CreateCronJob,
  CronJobCommand,
  DeleteCronJob,
  RecordRunOutcome,
  ReplaceCronJobStatus,
} from './commands.ts'
import type { CronJob, CronJobState } from './cron-job.ts'
import type { CronJobEvent } from './events.ts'
import { nextLook } from './policies/next-look.ts'
import { type Here, timesOf } from './policies/start-run.ts'
import { reconcile } from './reconcile.ts'
import type { CronJobRefusal } from './refusals.ts'
import { sameValue } from '../same-value.ts'

export type CronJobDecision = E.Either<CronJobRefusal, ReadonlyArray<CronJobEvent>>

/** Time, place and randomness of one decision: they arrive with the command. */
export type CronJobMoment = Here & { readonly seed: string }

/** What follows from a command, given the CronJob as it stands: events, or why not. What is already so yields no events. */
export const decideCronJob =
  (command: CronJobCommand, moment: CronJobMoment) =>
  (state: CronJobState): CronJobDecision => {
    if (command.type === 'CreateCronJob') return createCronJob(command, moment)(state)
    if (state._tag === 'NoCronJob') return E.left({ _tag: 'CronJobNotFound' })
    switch (command.type) {
      case 'ChangeCronJob':
        return changeCronJob(command, moment)(state)
      case 'DeleteCronJob':
        return deleteCronJob(command, moment.at)(state)
      case 'ReplaceCronJobStatus':
        return replaceStatus(command, moment.at)(state)
      case 'RecordRunOutcome':
        return E.right(recordRunOutcome(command, moment.at)(state))
      case 'SyncCronJob':
        return E.right(reconcile(state, command.children, moment, command.isBlocked))
      default:
        return absurd(command)
    }
  }

const createCronJob =
  ({ uid, manifest }: CreateCronJob, { at, seed }: CronJobMoment) =>
  (state: CronJobState): CronJobDecision => {
    if (state._tag === 'CronJob') return E.left({ _tag: 'CronJobAlreadyExists' })
    const { name, namespace } = manifest.metadata
    return E.right([
      { type: 'CronJobManifestRecorded', generation: 1, manifest, at },
      { type: 'CronJobCreated', uid, namespace, name, seed, at },
    ])
  }

/** Only a change of the spec makes a new generation [1.11]; one of the metadata is a reason to look at the CronJob as well. */
const changeCronJob =
  ({ manifest }: ChangeCronJob, { at, localZone }: CronJobMoment) =>
  (before: CronJob): CronJobDecision => {
    if (before.deleted) return E.left({ _tag: 'CronJobNotFound' })
    const isSameSpec = sameValue(manifest.spec, before.manifest.spec)
    if (isSameSpec && sameValue(manifest.metadata, before.manifest.metadata)) return E.right([])
    const generation = before.generation + (isSameSpec ? 0 : 1)
    const next = lookAfterChange({ ...before, manifest }, before, { at, localZone })
    return E.right([
      { type: 'CronJobManifestRecorded', generation, manifest, at },
      { type: 'CronJobChanged', generation, next, at },
    ])
  }

/** [H-5] A change is looked at at once; one of the schedule waits for the next time, of the new schedule or of the old one. */
const lookAfterChange = (cronJob: CronJob, before: CronJob, { at, localZone }: Here): number | null => {
  const [spec, old] = [cronJob.manifest.spec, before.manifest.spec]
  if (spec.schedule === old.schedule && spec.timeZone === old.timeZone) return at
  const times = timesOf(cronJob, localZone)
  const next = E.isLeft(times) ? null : nextLook(cronJob, times.right, at)
  return next === null || before.next === null ? (next ?? before.next) : Math.min(next, before.next)
}

const deleteCronJob =
  ({ propagation }: DeleteCronJob, at: number) =>
  (cronJob: CronJob): CronJobDecision => {
    if (cronJob.deleted) return E.left({ _tag: 'CronJobNotFound' })
    const requested: ReadonlyArray<CronJobEvent> =
      cronJob.deletion === null ? [{ type: 'CronJobDeletionRequested', propagation, at }] : []
    return E.right(propagation === 'Foreground' ? requested : [...requested, { type: 'CronJobDeleted', at }])
  }

const replaceStatus =
  ({ active, lastScheduleTime, lastSuccessfulTime }: ReplaceCronJobStatus, at: number) =>
  (cronJob: CronJob): CronJobDecision => {
    if (cronJob.deleted) return E.left({ _tag: 'CronJobNotFound' })
    return E.right(
      sameValue(active, cronJob.active) &&
        lastScheduleTime === cronJob.lastScheduleTime &&
        lastSuccessfulTime === cronJob.lastSuccessfulTime
        ? []
        : [{ type: 'CronJobStatusReplaced', active, lastScheduleTime, lastSuccessfulTime, at }],
    )
  }

/** [11.2 step 10] An answer that nobody waits for any more is no news. */
const recordRunOutcome =
  ({ uid, outcome }: RecordRunOutcome, at: number) =>
  ({ pending, active, failures }: CronJob): ReadonlyArray<CronJobEvent> => {
    if (pending === null || pending.uid !== uid) return []
    const { name, scheduledAt } = pending
    switch (outcome._tag) {
      case 'Created': {
        const { resourceVersion } = outcome
        return [{ type: 'RunStarted', uid, name, scheduledAt, resourceVersion, found: false, at }]
      }
      case 'NameTaken': {
        const { own } = outcome
        return own === null || active.some((run) => run.uid === own.uid)
          ? [{ type: 'RunBlocked', name, scheduledAt, at }]
          : [{ type: 'RunStarted', ...own, name, scheduledAt, found: true, at }]
      }
      case 'Failed': {
        const retryAt = at + Math.min(firstRetryMs * 2 ** failures, longestRetryMs)
        return [{ type: 'RunRefused', name, scheduledAt, message: outcome.message, retryAt, at }]
      }
    }
  }

/** The work queue of the reference: 5 ms, doubled with each failure, at most 1000 s. */
const firstRetryMs = 5
const longestRetryMs = 1_000_000
