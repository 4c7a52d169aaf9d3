import type { CronJobEvent } from '../domain/cronjob/events.ts'
import type { EventObject } from '../domain/kubernetes/event-object.ts'
import type { RecordedCronJobEvent } from './cron-job-view.ts'
import { type EventBook, eventsIn, newEventBook, noted } from './event-recorder.ts'

/**
 * [9.1, 11.2] The Kubernetes Events of the CronJob controller, from a CronJob's own history: nothing is stored for them. Thinned out as
 * those of Jobs are.
 */
export const cronJobKubernetesEvents = (history: ReadonlyArray<RecordedCronJobEvent>): ReadonlyArray<EventObject> => {
  const book = history.reduce<EventBook | null>(toldOfCronJob, null)
  return book === null ? [] : eventsIn(book)
}

/** What is told of a CronJob after one more event of its stream, null before it is created. */
export const toldOfCronJob = (told: EventBook | null, { event, position }: RecordedCronJobEvent): EventBook | null => {
  if (event.type === 'CronJobCreated')
    return newEventBook({
      kind: 'CronJob',
      component: 'cronjob-controller',
      uid: event.uid,
      name: event.name,
      namespace: event.namespace,
    })
  const said = sayingOf(event)
  return told === null || said === null
    ? told
    : noted(told, { type: said.type, reason: said.reason, text: said.message, at: event.at, position })
}

type Saying = { readonly type: 'Normal' | 'Warning'; readonly reason: string; readonly message: string }

const normal = (reason: string, message: string): Saying => ({ type: 'Normal', reason, message })
const warning = (reason: string, message: string): Saying => ({ type: 'Warning', reason, message })

/** What the controller says of an event, null when it says nothing. */
const sayingOf = (event: CronJobEvent): Saying | null => {
  switch (event.type) {
    case 'RunStarted':
      return event.found ? null : normal('SuccessfulCreate', `Created job ${event.name}`)
    case 'RunRefused':
      return warning('FailedCreate', `Error creating job: ${event.message}`)
    case 'RunFinished':
      return normal('SawCompletedJob', `Saw completed job: ${event.name}, condition: ${event.condition}`)
    case 'RunVanished':
      return normal('MissingJob', `Active job went missing: ${event.name}`)
    case 'UnexpectedJobSeen':
      return warning('UnexpectedJob', `Saw a job that the controller did not create or forgot: ${event.name}`)
    case 'RunDeletionRequested':
      return event.by === 'collector' ? null : normal('SuccessfulDelete', `Deleted job ${event.name}`)
    case 'RunForbidden':
      return normal('JobAlreadyActive', alreadyActive)
    case 'TooManyTimesMissed':
      return warning('TooManyMissedTimes', tooMany)
    case 'ScheduleRefused':
      return warning(event.reason, event.message)
    default:
      return null
  }
}

const alreadyActive = 'Not starting job because prior execution is running and concurrency policy is Forbid'

const tooMany = 'too many missed start times. Set or decrease .spec.startingDeadlineSeconds or check clock skew'
