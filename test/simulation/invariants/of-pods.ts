import { podNamePrefix } from '../../../src/domain/job/pod-identity.ts'
import {
  countsOf,
  hasKnownEnd,
  holdsIndex,
  indexBackoffEnd,
  isEligible,
  isIndexed,
  isOver,
  isPerIndex,
  memoryOf,
  actionOn,
  wanted,
} from '../observed/counted.ts'
import { differs, type EventInvariant, type Named } from './invariant.ts'

const births = new Set(['PodCreated', 'PodFormRecorded', 'PodBound', 'PodAdopted'])
const facts = new Set(['ProcessStarted', 'PodStarted', 'PodReadinessChanged', 'ContainerExited', 'ContainerWaiting'])

/** What must hold at each single event about a Pod. */
export const invariantsOfPods: Named<EventInvariant> = {
  'Pods are numbered densely, with a name and a uid of their own': ({ pods, name }, event) => {
    if (event.type !== 'PodCreated' && event.type !== 'PodAdopted') return null
    if (event.pod !== pods.length) return `Pod ${event.pod} comes after ${pods.length} Pods`
    if (event.type === 'PodAdopted') return null
    if (!event.name.startsWith(podNamePrefix(name, event.index))) return `Pod ${event.pod} is named ${event.name}`
    return pods.some((pod) => pod.uid === event.uid || pod.name === event.name)
      ? `Pod ${event.pod} has the name or uid of another`
      : null
  },

  'no Pod is created for a Job that is suspended, decided, being deleted or managed by another': (job, event) => {
    if (event.type !== 'PodCreated') return null
    if (job.spec.suspend) return 'the Job is suspended'
    if (job.interim !== null || job.finished !== null) return 'the Job is decided'
    if (job.deletion !== null) return 'the Job is being deleted'
    return job.spec.managedBy === undefined ? null : 'another controller manages the Job'
  },

  'no more Pods are active than parallelism and completions allow': (job, event) => {
    if (event.type !== 'PodCreated') return null
    const { active, terminating } = countsOf(job)
    const taken = active + (job.spec.podReplacementPolicy === 'Failed' ? terminating : 0)
    return taken < wanted(job) ? null : `${taken} Pods have a place, ${wanted(job)} are wanted, and one more is created`
  },

  'an index has one Pod at a time': (job, event) => {
    if (event.type !== 'PodCreated' || event.index === null) return null
    const other = job.pods.find((pod) => pod.index === event.index && holdsIndex(job, pod))
    return other === undefined ? null : `Pod ${other.ordinal} has index ${event.index} when Pod ${event.pod} is created`
  },

  'a Pod is created for an index that is wanted, or for none': (job, event) => {
    if (event.type !== 'PodCreated') return null
    if (!isIndexed(job)) return event.index === null ? null : `a Job without indexes has a Pod of index ${event.index}`
    return event.index !== null && isEligible(job, event.index) ? null : `index ${event.index} is not to have a Pod`
  },

  'no Pod of an index starts before the back-off of that index ends': (job, event) => {
    if (event.type !== 'PodCreated' || event.index === null || !isPerIndex(job)) return null
    const end = indexBackoffEnd(job, event.index)
    return end === null || event.at >= end ? null : `index ${event.index} was to wait until ${end}, it is ${event.at}`
  },

  'the failures of an index are remembered by its next Pod': (job, event) => {
    if (event.type !== 'PodCreated' || event.index === null) return null
    if (!isPerIndex(job)) return differs('failures of the index', null, event.indexFailures)
    const memory = memoryOf(job, event.index)
    // [I-12] While the status is withheld, older failures of the index stay uncounted beside the one it remembers.
    const isSecond = job.isWithheld && memory !== undefined
    const forgotten = job.pods.find(
      (pod) =>
        !isSecond &&
        pod.index === event.index &&
        pod.hasFinalizer &&
        !pod.isHeldBack &&
        pod.phase !== 'Succeeded' &&
        hasKnownEnd(job, pod),
    )
    if (forgotten !== undefined) return `Pod ${forgotten.ordinal} of index ${event.index} has failed and nobody looked`
    const { counted, ignored } = memory?.indexFailures ?? { counted: 0, ignored: 0 }
    const isIgnored = memory !== undefined && actionOn(job, memory) === 'Ignore'
    const expected = { counted: counted + (memory && !isIgnored ? 1 : 0), ignored: ignored + (isIgnored ? 1 : 0) }
    return differs(`failures of index ${event.index}`, expected, event.indexFailures)
  },

  'attempts count up from 0': (job, event) => {
    if (event.type !== 'PodCreated') return null
    const earlier = job.pods.filter(({ index, isAdopted }) => index === event.index && !isAdopted).length
    return differs('attempt', event.index === null ? countsOf(job).failed : earlier, event.attempt)
  },

  'a Pod ends once, and nothing happens to it afterwards': (job, event) => {
    if (!('pod' in event)) return null
    const pod = job.pods[event.pod]
    if (births.has(event.type)) return null
    if (pod === undefined) return `${event.type} of Pod ${event.pod}, which was never created`
    const isFact = facts.has(event.type) || event.type === 'PodSucceeded' || event.type === 'PodFailed'
    if (pod.isGone) return `${event.type} of Pod ${event.pod}, which is gone`
    return isFact && isOver(pod) ? `${event.type} of Pod ${event.pod}, which is ${pod.phase}` : null
  },

  'a Pod is accounted for once': (job, event) =>
    event.type === 'PodAccounted' && job.pods[event.pod]?.hasFinalizer !== true
      ? `Pod ${event.pod} is accounted for again`
      : null,

  'an index is completed by a success of that index alone': (job, event) =>
    event.type === 'PodAccounted' && event.as === 'succeeded' && job.pods[event.pod]?.phase !== 'Succeeded'
      ? `Pod ${event.pod} is ${job.pods[event.pod]?.phase} and counted as succeeded`
      : null,

  'an object goes when it was to be deleted, is accounted for and has ended': (job, event) => {
    if (event.type !== 'PodRemoved') return null
    const pod = job.pods[event.pod]
    if (pod === undefined) return null
    if (pod.deletedAt === null) return `nobody asked to delete Pod ${event.pod}`
    if (pod.hasFinalizer) return `Pod ${event.pod} goes with its finalizer`
    if (job.podsRunElsewhere) return pod.graceSeconds === 0 ? null : `Pod ${event.pod} goes within its grace`
    return isOver(pod) ? null : `Pod ${event.pod} goes while it is ${pod.phase}`
  },

  'a Pod that the Job lets go has lost its finalizer': (job, event) =>
    event.type === 'PodReleased' && job.pods[event.pod]?.hasFinalizer === true
      ? `Pod ${event.pod} is let go with its finalizer`
      : null,

  'a grace is never lengthened, and none is left to a Pod that has ended': (job, event) => {
    if (event.type !== 'PodDeletionRequested') return null
    const pod = job.pods[event.pod]
    if (pod === undefined) return null
    if (isOver(pod) && event.graceSeconds !== 0) return `Pod ${event.pod} has ended and gets ${event.graceSeconds} s`
    return pod.graceSeconds !== null && event.graceSeconds > pod.graceSeconds
      ? `Pod ${event.pod} had ${pod.graceSeconds} s and gets ${event.graceSeconds} s`
      : null
  },
}
