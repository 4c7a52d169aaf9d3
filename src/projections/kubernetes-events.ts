import type { EventObject } from '../domain/kubernetes/event-object.ts'
import { podIdentities } from '../domain/job/pod-identity.ts'
import { eventRecorder } from './event-recorder.ts'
import type { JobManifest } from '../domain/kubernetes/job-object.ts'
import { outcomeMessage } from './outcome-message.ts'
import type { Recorded } from './recorded.ts'

/**
 * [9.1] The Kubernetes Events of the Job controller, from a Job's own history: nothing is stored for them. Thinned out as the
 * recorder does it (EV-1 to EV-3), so that a Job with many Pods shows as many Events as a cluster would.
 */
export const kubernetesEvents = (history: ReadonlyArray<Recorded>): ReadonlyArray<EventObject> => {
  const created = history.find(({ event }) => event.type === 'JobCreated')?.event
  if (created?.type !== 'JobCreated') return []
  const recorder = eventRecorder({ kind: 'Job', component: 'job-controller', ...created })
  const identityOf = podIdentities(created)
  const names = new Map<number, string>()
  const { namespace, terms } = created
  const recordedManifest = history.find(({ event }) => event.type === 'ManifestRecorded')?.event
  const manifest = recordedManifest?.type === 'ManifestRecorded' ? (recordedManifest.manifest as JobManifest) : null
  const naming = { namespace, terms, manifest, podName: (pod: number) => names.get(pod) ?? '' }
  let failure = ''
  for (const { event, position } of history) {
    switch (event.type) {
      case 'PodCreated':
        names.set(event.pod, identityOf(event.pod, event.index).name)
        recorder.note('Normal', 'SuccessfulCreate', `Created pod: ${names.get(event.pod)}`, event.at, position)
        break
      case 'PodDeletionRequested':
        if (event.by === 'controller')
          recorder.note('Normal', 'SuccessfulDelete', `Deleted pod: ${names.get(event.pod)}`, event.at, position)
        break
      case 'JobSynced':
        if (event.suspended === true) recorder.note('Normal', 'Suspended', 'Job suspended', event.at, position)
        if (event.suspended === false) recorder.note('Normal', 'Resumed', 'Job resumed', event.at, position)
        break
      case 'JobCompleted':
        if (created.terms.completions !== null && event.counts.succeeded > created.terms.completions)
          recorder.note('Warning', 'TooManySucceededPods', tooMany, event.at, position)
        recorder.note('Normal', 'Completed', 'Job completed', event.at, position)
        break
      case 'FailureTargeted':
        failure = outcomeMessage(event, naming)
        break
      case 'JobFailed':
        recorder.note('Warning', event.reason, failure, event.at, position)
        break
      default:
    }
  }
  return recorder.events()
}

const tooMany = 'Too many succeeded pods running after completion count reached'
