import { countsOf, isActive } from '../observed/counted.ts'
import { isOneOf, ofSyncs, ofTheLiving } from '../observed/kinds-of-events.ts'
import { type CommandInvariant, differs, eventsOf, type EventInvariant, type Named } from './invariant.ts'

const isOfTheLiving = isOneOf(ofTheLiving)
const isOfSyncs = isOneOf(ofSyncs)

/** What must hold at each single event about a Job. */
export const invariantsOfJobs: Named<EventInvariant> = {
  'terminal is absorbing': (job, event) => {
    if (job.finished === null) return null
    if (isOfTheLiving(event)) return `${event.type} of a Job that is finished`
    return event.type === 'PodAccounted' && event.as !== 'uncounted' ? 'a finished Job counts a Pod' : null
  },

  'a verdict is given once': (job, event) =>
    (event.type === 'SuccessCriteriaMet' || event.type === 'FailureTargeted') && job.interim !== null
      ? `${event.type} after ${job.interim.reason}`
      : null,

  'the terminal condition says what the interim one said': (job, event) => {
    if (event.type !== 'JobCompleted' && event.type !== 'JobFailed') return null
    const type = event.type === 'JobFailed' ? 'failure' : 'success'
    return differs('verdict', [job.interim?.type, job.interim?.reason], [type, event.reason])
  },

  'a Job that finishes has no Pod at work and none unaccounted for': (job, event) => {
    if (event.type !== 'JobCompleted' && event.type !== 'JobFailed') return null
    const { active, ready, terminating } = event.counts
    const now = countsOf(job)
    const kept = job.pods.find((pod) => pod.hasFinalizer && !pod.isGone)
    if (kept !== undefined) return `Pod ${kept.ordinal} still has its finalizer`
    return differs('Pods at work', [0, 0, 0, 0, 0], [active, ready, terminating, now.active, now.terminating])
  },

  'a Job that finishes has a start, but for one that is suspended and wants nothing': ({ spec }, event) => {
    if (event.type !== 'JobCompleted' && event.type !== 'JobFailed') return null
    return event.startTime !== null || (spec.suspend && spec.completions === 0) ? null : 'there is no start time'
  },

  'a Job goes when it was to be deleted, without finalizers': (job, event) => {
    if (event.type !== 'JobDeleted') return null
    if (job.isDeleted) return 'the Job is gone already'
    if (job.deletion === null) return 'nobody asked'
    return job.hasFinalizers ? 'it has finalizers' : null
  },

  'each change of the spec is a generation': (job, event) => {
    if (!('generation' in event) || event.type === 'PodCreated' || event.type === 'ManifestRecorded') return null
    return event.generation === job.generation || event.generation === job.generation + 1
      ? null
      : `generation ${event.generation} after ${job.generation}`
  },
}

/** What must hold of the events of one command that is no sync. */
export const invariantsOfCommands: Named<CommandInvariant> = {
  'only a sync creates Pods, decides and publishes': ({ events }) => {
    const strange = events.find(isOfSyncs)
    return strange === undefined ? null : `${strange.type} outside of a sync`
  },

  'outside of a sync no Pod is counted': ({ events, actor, before }) => {
    const counted = eventsOf(events, 'PodAccounted').find(({ as }) => as !== 'uncounted')
    if (counted !== undefined) return `Pod ${counted.pod} is counted as ${counted.as}`
    const letGo = new Set(eventsOf(events, 'PodReleased').map(({ pod }) => pod))
    const changed = new Set(eventsOf(events, 'PodChanged').map(({ pod }) => pod))
    const released = eventsOf(events, 'PodAccounted').find(
      ({ pod }) =>
        before.deletion === null &&
        !letGo.has(pod) &&
        !(actor === 'ada' && (before.podsRunElsewhere || changed.has(pod))) &&
        !(actor === 'shutdown' && before.pods[pod] && isActive(before.pods[pod])),
    )
    return released === undefined ? null : `Pod ${released.pod} is released by ${actor}`
  },

  'a time to live is waited for': ({ events, actor, before }) => {
    const [request] = eventsOf(events, 'JobDeletionRequested')
    if (request === undefined || !actor.startsWith('ensure-') || actor === 'ensure-scheduled-jobs-start') return null
    const ttl = before.spec.ttlSecondsAfterFinished
    const finishedAt = before.finished?.at ?? before.finishedElsewhereAt
    if (finishedAt === null || ttl === undefined) return 'the Job is not finished or lives for ever'
    const end = finishedAt + ttl * 1000
    return request.at >= end ? null : `it is deleted at ${request.at}, its time ends at ${end}`
  },

  'a status that somebody writes changes nothing that is counted': ({ before, after, events }) =>
    eventsOf(events, 'JobStatusReported').length > 0
      ? differs('counts', [countsOf(before), before.published], [countsOf(after), after.published])
      : null,

  'a Job that is deleted in the foreground goes after its Pods, unless its user is in a hurry': ({
    events,
    actor,
    after,
  }) => {
    // A CronJob deletes in the background, whatever was asked for before.
    if (actor === 'ada' || actor === 'ensure-scheduled-jobs-start') return null
    if (eventsOf(events, 'JobDeleted').length === 0) return null
    const left = after.pods.filter(({ isGone }) => !isGone).length
    return after.deletion?.propagation === 'Foreground' && left > 0 ? `${left} Pods are left` : null
  },

  'a user deletes nothing but what was asked for': ({ events, actor }) => {
    const deletions = eventsOf(events, 'PodDeletionRequested')
    return actor === 'ada' && deletions.length > 1 ? `${deletions.length} Pods are deleted at once` : null
  },
}
