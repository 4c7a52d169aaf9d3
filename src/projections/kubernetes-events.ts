import type { Job } from '../domain/job/job.ts'
import { podRow } from '../domain/job/pod-columns.ts'
import { podIdentityOf } from '../domain/job/pod-identity.ts'
import type { EventObject } from '../domain/kubernetes/event-object.ts'
import { type EventBook, eventsIn, newEventBook, noted } from './event-recorder.ts'
import { jobEnd } from './job-object.ts'
import { emptyJobView, foldJobView, type JobView } from './job-view.ts'
import type { Recorded } from './recorded.ts'

/**
 * [9.1] The Kubernetes Events of the Job controller, from a Job's own history: nothing is stored for them. Thinned out as the
 * recorder does it (EV-1 to EV-3), so that a Job with many Pods shows as many Events as a cluster would.
 */
export const kubernetesEvents = (history: ReadonlyArray<Recorded>): ReadonlyArray<EventObject> => {
  const view = foldJobView(emptyJobView, history)
  const book = history.reduce((told: EventBook | null, recorded) => toldOfJob(told, recorded, view), null)
  return book === null ? [] : eventsIn(book)
}

/**
 * What is told of a Job after one more event of its stream, null before it is created. The view is of then or later: only what later
 * events do not change is looked up in it. Each event costs the same, however many Pods there are.
 */
export const toldOfJob = (told: EventBook | null, { event, position }: Recorded, view: JobView): EventBook | null => {
  const { state } = view
  if (state._tag === 'NoJob') return told
  if (event.type === 'JobCreated')
    return newEventBook({
      kind: 'Job',
      component: 'job-controller',
      uid: event.uid,
      name: event.name,
      namespace: event.namespace,
    })
  if (told === null) return null
  const { at } = event
  const normal = (reason: string, text: string | (() => string)): EventBook =>
    noted(told, { type: 'Normal', reason, text, at, position })
  switch (event.type) {
    case 'PodCreated':
      return normal('SuccessfulCreate', () => `Created pod: ${podName(state, event.pod)}`)
    case 'PodDeletionRequested':
      return event.by === 'controller'
        ? normal('SuccessfulDelete', () => `Deleted pod: ${podName(state, event.pod)}`)
        : told
    case 'JobSynced':
      if (event.suspended === null) return told
      return event.suspended ? normal('Suspended', 'Job suspended') : normal('Resumed', 'Job resumed')
    case 'JobCompleted': {
      const { completions } = state.terms
      const isTooMany = completions !== null && event.counts.succeeded > completions
      const warned = isTooMany
        ? noted(told, { type: 'Warning', reason: 'TooManySucceededPods', text: tooMany, at, position })
        : told
      return noted(warned, { type: 'Normal', reason: 'Completed', text: 'Job completed', at, position })
    }
    case 'JobFailed': {
      const text = () => jobEnd(view)?.message ?? ''
      return noted(told, { type: 'Warning', reason: event.reason, text, at, position })
    }
    default:
      return told
  }
}

const podName = (job: Job, pod: number): string => podIdentityOf(job, pod, podRow(job.pods, pod).index).name

const tooMany = 'Too many succeeded pods running after completion count reached'
