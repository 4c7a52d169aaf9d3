import type { CronJobEvent } from '../domain/cronjob/events.ts'
import { absurd } from '../prelude.ts'
import { exactTime, kubernetesTime } from './time.ts'

/** What an event of a CronJob says, as one sentence for a person. */
export const sayCronJobEvent = (event: CronJobEvent): string => {
  switch (event.type) {
    case 'CronJobManifestRecorded':
      return `the manifest, generation ${event.generation}`
    case 'CronJobCreated':
      return `CronJob ${event.namespace}/${event.name}`
    case 'CronJobChanged':
      return `generation ${event.generation}, ${nextLook(event.next)}`
    case 'CronJobDeletionRequested':
      return `deletion, ${event.propagation.toLowerCase()}`
    case 'CronJobDeleted':
      return 'the CronJob is gone'
    case 'RunScheduled':
      return `${event.name} for ${kubernetesTime(event.scheduledAt)}`
    case 'RunStarted':
      return `${event.name} for ${kubernetesTime(event.scheduledAt)}${event.found ? ', which was there already' : ''}`
    case 'RunBlocked':
      return `${event.name} is the name of a Job of somebody else`
    case 'RunRefused':
      return `${event.name} could not be created, again at ${exactTime(event.retryAt)}: ${event.message}`
    case 'RunForbidden':
      return `${kubernetesTime(event.scheduledAt)} is left out: a Job is active`
    case 'TooManyTimesMissed':
      return `about ${event.count} times went by, only the latest is started`
    case 'ScheduleRefused':
      return event.message
    case 'RunFinished':
      return `${event.name} is no longer active: ${event.condition}`
    case 'RunSucceeded':
      return `${event.name} completed at ${kubernetesTime(event.completedAt)}`
    case 'RunVanished':
      return `${event.name} is no longer active: it went missing`
    case 'UnexpectedJobSeen':
      return `${event.name} was not started by the schedule`
    case 'RunDeletionRequested':
      return `${event.name} is to be deleted, ${deletionReasons[event.by]}`
    case 'RunRemoved':
      return `${event.name} is gone`
    case 'CronJobStatusReplaced':
      return `the status was written: ${event.active.length} active, last scheduled ${timeOr(event.lastScheduleTime)}, last successful ${timeOr(event.lastSuccessfulTime)}`
    case 'CronJobSynced':
      return nextLook(event.next)
    default:
      return absurd(event)
  }
}

const deletionReasons = {
  history: 'more finished Jobs than the history keeps',
  replace: 'a new one replaces it',
  collector: 'the CronJob is deleted',
}

const timeOr = (time: number | null): string => (time === null ? 'never' : kubernetesTime(time))

const nextLook = (next: number | null): string =>
  next === null ? 'nothing is due' : `looks again at ${exactTime(next)}`
