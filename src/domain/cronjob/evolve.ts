import type { CronJobManifest } from '../kubernetes/cron-job-object.ts'
import type { CronJob, CronJobState, Run } from './cron-job.ts'
import type { CronJobEvent, CronJobEventOf } from './events.ts'

/** The state after more events. Total: a recorded fact is never argued with. */
export const evolveCronJob = (before: CronJobState, events: Iterable<CronJobEvent>): CronJobState => {
  let state = before
  for (const event of events) {
    if (event.type === 'CronJobManifestRecorded') state = { ...state, manifest: event.manifest as CronJobManifest }
    else if (state._tag === 'CronJob')
      state = event.type === 'CronJobCreated' ? state : { ...state, ...changeBy(event, state) }
    else if (event.type === 'CronJobCreated' && state.manifest !== null) state = newCronJob(event, state.manifest)
  }
  return state
}

type Later = Exclude<CronJobEvent, { readonly type: 'CronJobManifestRecorded' | 'CronJobCreated' }>

const newCronJob = (
  { uid, namespace, name, seed, at }: CronJobEventOf<'CronJobCreated'>,
  manifest: CronJobManifest,
): CronJob => ({
  _tag: 'CronJob',
  uid,
  namespace,
  name,
  seed,
  createdAt: at,
  generation: 1,
  manifest,
  deletion: null,
  deleted: false,
  active: [],
  lastScheduleTime: null,
  lastSuccessfulTime: null,
  pending: null,
  removing: [],
  unexpected: [],
  failures: 0,
  next: at,
})

const changeBy = (event: Later, cronJob: CronJob): Partial<CronJob> => {
  switch (event.type) {
    case 'CronJobChanged':
      return { generation: event.generation, next: event.next }
    case 'CronJobDeletionRequested':
      return {
        deletion: { at: event.at, propagation: event.propagation },
        generation: cronJob.generation + (event.propagation === 'Foreground' ? 1 : 0),
      }
    case 'CronJobDeleted':
      return { deleted: true }
    case 'RunScheduled':
      return { pending: { uid: event.uid, name: event.name, scheduledAt: event.scheduledAt } }
    case 'RunStarted':
      return {
        pending: null,
        failures: 0,
        lastScheduleTime: event.scheduledAt,
        active: [...cronJob.active, { uid: event.uid, name: event.name, resourceVersion: event.resourceVersion }],
      }
    case 'RunBlocked':
      return { pending: null }
    case 'RunRefused':
      return { pending: null, failures: cronJob.failures + 1, next: event.retryAt }
    case 'RunFinished':
    case 'RunVanished':
      return { active: without(cronJob.active, event) }
    case 'RunSucceeded':
      return { lastSuccessfulTime: event.completedAt }
    case 'UnexpectedJobSeen':
      return { unexpected: [...cronJob.unexpected.filter((uid) => uid !== event.uid), event.uid].slice(-unexpectedMax) }
    case 'RunDeletionRequested':
      return {
        active: event.by === 'collector' ? cronJob.active : without(cronJob.active, event),
        removing: [
          ...without(cronJob.removing, event),
          { uid: event.uid, name: event.name, propagation: event.propagation },
        ],
      }
    case 'RunRemoved':
      return { removing: without(cronJob.removing, event) }
    case 'CronJobStatusReplaced': {
      const { active, lastScheduleTime, lastSuccessfulTime } = event
      return { active, lastScheduleTime, lastSuccessfulTime, next: event.at }
    }
    case 'CronJobSynced':
      return { next: event.next }
    case 'RunForbidden':
    case 'TooManyTimesMissed':
    case 'ScheduleRefused':
      return {}
  }
}

/** Jobs made by hand are few; more of them would be warned of twice. */
const unexpectedMax = 100

/** The very same list where the run is not in it. */
const without = <R extends Run>(runs: ReadonlyArray<R>, { uid }: Run): ReadonlyArray<R> =>
  runs.some((one) => one.uid === uid) ? runs.filter((one) => one.uid !== uid) : runs
