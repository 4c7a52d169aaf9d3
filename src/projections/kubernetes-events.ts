import { podIdentities } from '../domain/job/pod-identity.ts'
import type { JobEventOf } from '../domain/job/events.ts'
import type { EventObject } from '../domain/kubernetes/event-object.ts'
import type { JobManifest } from '../domain/kubernetes/job-object.ts'
import { type EventFold, eventFold, eventRecorder } from './event-recorder.ts'
import { outcomeMessage } from './outcome-message.ts'
import type { Recorded } from './recorded.ts'

/**
 * [9.1] The Kubernetes Events of the Job controller, from a Job's own history: nothing is stored for them. Thinned out as the
 * recorder does it (EV-1 to EV-3), so that a Job with many Pods shows as many Events as a cluster would.
 */
export const kubernetesEvents = (history: ReadonlyArray<Recorded>): ReadonlyArray<EventObject> => {
  const fold = jobEventFold()
  for (const recorded of history) fold.take(recorded)
  return fold.events()
}

/** The same, for a history that goes on: each event of the Job costs the same, however many Pods there are. */
export const jobEventFold = (): EventFold<Recorded> => {
  let manifest: JobManifest | null = null
  let take: ReturnType<typeof takingEventsOf> | null = null
  return eventFold((recorded) => {
    const { event } = recorded
    if (event.type === 'ManifestRecorded') manifest ??= event.manifest as JobManifest
    if (event.type === 'JobCreated') take = takingEventsOf(event, () => manifest)
    return take?.(recorded) ?? null
  })
}

const takingEventsOf = (created: JobEventOf<'JobCreated'>, manifestOf: () => JobManifest | null) => {
  const recorder = eventRecorder({ kind: 'Job', component: 'job-controller', ...created })
  const identityOf = podIdentities(created)
  /** Of Indexed Jobs only; the name of any other Pod derives from its number alone. */
  const indexes: number[] = []
  const podName = (pod: number): string => identityOf(pod, indexes[pod] ?? null).name
  const { namespace, terms } = created
  let failure = ''
  return ({ event, position }: Recorded) => {
    switch (event.type) {
      case 'PodCreated':
        if (event.index !== null) indexes[event.pod] = event.index
        recorder.note('Normal', 'SuccessfulCreate', () => `Created pod: ${podName(event.pod)}`, event.at, position)
        break
      case 'PodDeletionRequested':
        if (event.by === 'controller')
          recorder.note('Normal', 'SuccessfulDelete', () => `Deleted pod: ${podName(event.pod)}`, event.at, position)
        break
      case 'JobSynced':
        if (event.suspended === true) recorder.note('Normal', 'Suspended', 'Job suspended', event.at, position)
        if (event.suspended === false) recorder.note('Normal', 'Resumed', 'Job resumed', event.at, position)
        break
      case 'JobCompleted':
        if (terms.completions !== null && event.counts.succeeded > terms.completions)
          recorder.note('Warning', 'TooManySucceededPods', tooMany, event.at, position)
        recorder.note('Normal', 'Completed', 'Job completed', event.at, position)
        break
      case 'FailureTargeted':
        failure = outcomeMessage(event, { namespace, terms, manifest: manifestOf(), podName })
        break
      case 'JobFailed':
        recorder.note('Warning', event.reason, failure, event.at, position)
        break
      default:
    }
    return recorder
  }
}

const tooMany = 'Too many succeeded pods running after completion count reached'
