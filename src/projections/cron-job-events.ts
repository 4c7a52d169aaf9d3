import type { CronJobEvent } from '../domain/cronjob/events.ts'
import type { EventObject } from '../domain/kubernetes/event-object.ts'
import type { RecordedCronJobEvent } from './cron-job-view.ts'
import { type EventFold, eventFold, type EventRecorder, eventRecorder } from './event-recorder.ts'

/**
 * [9.1, 11.2] The Kubernetes Events of the CronJob controller, from a CronJob's own history: nothing is stored for them. Thinned out as
 * those of Jobs are.
 */
export const cronJobKubernetesEvents = (history: ReadonlyArray<RecordedCronJobEvent>): ReadonlyArray<EventObject> => {
  const fold = cronJobEventFold()
  for (const recorded of history) fold.take(recorded)
  return fold.events()
}

/** The same, for a history that goes on. */
export const cronJobEventFold = (known: EventRecorder | null = null): EventFold<RecordedCronJobEvent> => {
  let recorder = known
  return eventFold(() => recorder, {
    take: ({ event, position }) => {
      if (event.type === 'CronJobCreated')
        recorder = eventRecorder({ kind: 'CronJob', component: 'cronjob-controller', ...event })
      const said = sayingOf(event)
      if (said !== null) recorder?.note(said.type, said.reason, said.message, event.at, position)
    },
    copy: () => cronJobEventFold(recorder?.copy() ?? null),
  })
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
