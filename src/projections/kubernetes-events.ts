import { podIdentities } from '../domain/job/pod-identity.ts'
import type { JobEventOf } from '../domain/job/events.ts'
import type { EventObject } from '../domain/kubernetes/event-object.ts'
import type { JobManifest } from '../domain/kubernetes/job-object.ts'
import { type EventFold, eventFold, type EventRecorder, eventRecorder } from './event-recorder.ts'
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
export const jobEventFold = (known: Known = { manifest: null, teller: null }): EventFold<Recorded> => {
  let { manifest, teller } = known
  return eventFold(() => teller?.recorder ?? null, {
    take: (recorded) => {
      const { event } = recorded
      if (event.type === 'ManifestRecorded') manifest ??= event.manifest as JobManifest
      if (event.type === 'JobCreated') teller = newTeller(event)
      if (teller !== null) tell(teller, recorded, manifest)
    },
    copy: () => jobEventFold({ manifest, teller: teller === null ? null : copyOf(teller) }),
  })
}

type Known = { readonly manifest: JobManifest | null; readonly teller: Teller | null }

/** What is known of a Job whose Events are told. */
type Teller = {
  readonly recorder: EventRecorder
  readonly created: JobEventOf<'JobCreated'>
  readonly podName: (pod: number) => string
  /** Of Indexed Jobs only; the name of any other Pod derives from its number alone. */
  readonly indexes: number[]
  /** Names of Pods that the Job has taken over. */
  readonly adopted: Map<number, string>
  failure: string
}

const newTeller = (
  created: JobEventOf<'JobCreated'>,
  recorder = eventRecorder({ kind: 'Job', component: 'job-controller', ...created }),
  indexes: number[] = [],
  adopted = new Map<number, string>(),
  failure = '',
): Teller => {
  const identityOf = podIdentities(created)
  const podName = (pod: number): string => adopted.get(pod) ?? identityOf(pod, indexes[pod] ?? null).name
  return { recorder, created, podName, indexes, adopted, failure }
}

const copyOf = ({ created, recorder, indexes, adopted, failure }: Teller): Teller =>
  newTeller(created, recorder.copy(), [...indexes], new Map(adopted), failure)

const tell = (teller: Teller, { event, position }: Recorded, manifest: JobManifest | null): void => {
  const { recorder, podName, indexes, created } = teller
  const { namespace, terms } = created
  switch (event.type) {
    case 'PodCreated':
      if (event.index !== null) indexes[event.pod] = event.index
      recorder.note('Normal', 'SuccessfulCreate', () => `Created pod: ${podName(event.pod)}`, event.at, position)
      break
    case 'PodAdopted':
      teller.adopted.set(event.pod, event.name)
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
      teller.failure = outcomeMessage(event, { namespace, terms, manifest, podName })
      break
    case 'JobFailed':
      recorder.note('Warning', event.reason, teller.failure, event.at, position)
      break
    default:
  }
}

const tooMany = 'Too many succeeded pods running after completion count reached'
