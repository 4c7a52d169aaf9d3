import { absurd } from '../prelude.ts'
import type { JobCounts, JobEvent } from '../domain/job/events.ts'
import { outcomeMessages } from './job-object.ts'

/** What an event says, as one sentence for a person. Container numbers count init containers first. */
export const sayEvent = (event: JobEvent): string => {
  switch (event.type) {
    case 'ManifestRecorded':
      return `the manifest, generation ${event.generation}`
    case 'JobCreated':
      return `Job ${event.namespace}/${event.name}: ${plan(event.terms)}`
    case 'JobSuspended':
      return 'spec.suspend is true'
    case 'JobResumed':
      return 'spec.suspend is false'
    case 'ParallelismChanged':
      return `spec.parallelism is ${event.parallelism}`
    case 'BackoffLimitChanged':
      return `spec.backoffLimit is ${event.backoffLimit}`
    case 'ActiveDeadlineChanged':
      return `spec.activeDeadlineSeconds is ${event.activeDeadlineSeconds ?? 'unset'}`
    case 'TtlChanged':
      return `spec.ttlSecondsAfterFinished is ${event.ttlSecondsAfterFinished ?? 'unset'}`
    case 'JobDeletionRequested':
      return `deletion, ${event.propagation.toLowerCase()}`
    case 'JobDeleted':
      return 'the Job is gone'
    case 'PodCreated':
      return `${event.name}${event.index === null ? '' : ` for index ${event.index}`}${event.attempt > 0 ? `, attempt ${event.attempt + 1}` : ''}`
    case 'ProcessStarted':
      return `pod ${event.pod} container ${event.container}: pid ${event.pid}${event.restart > 0 ? `, restart ${event.restart}` : ''}`
    case 'PodStarted':
      return `pod ${event.pod} runs${event.ready ? ' and is ready' : ''}`
    case 'PodReadinessChanged':
      return `pod ${event.pod} is ${event.ready ? 'ready' : 'not ready'}`
    case 'ContainerWaiting':
      return `pod ${event.pod} container ${event.container} waits: ${event.reason}${event.backoffMs > 0 ? `, ${event.backoffMs / 1000}s` : ''}`
    case 'ContainerExited':
      return `pod ${event.pod} container ${event.container}: ${event.reason}, exit code ${event.exitCode}, ${event.logBytes} bytes of log`
    case 'MessageRecorded':
      return `pod ${event.pod} container ${event.container}: ${event.message}`
    case 'PodSucceeded':
      return `pod ${event.pod}`
    case 'PodFailed':
      return `pod ${event.pod}${event.reason === null ? '' : `: ${event.reason}`}${event.exitCode === null ? '' : `, exit code ${event.exitCode}`}`
    case 'PodAccounted':
      return `pod ${event.pod} ${event.as === 'uncounted' ? 'will not be counted' : `counted as ${event.as}`}`
    case 'PodDeletionRequested':
      return `pod ${event.pod}, ${event.graceSeconds}s of grace`
    case 'PodRemoved':
      return `pod ${event.pod} is gone`
    case 'SuccessCriteriaMet':
    case 'FailureTargeted':
    case 'JobCompleted':
    case 'JobFailed':
      return `${event.reason}: ${outcomeMessages[event.reason]}`
    case 'JobSynced':
      return `${counts(event.counts)}${event.suspended === null ? '' : event.suspended ? ', suspended' : ', resumed'}`
    default:
      return absurd(event)
  }
}

const plan = (terms: Extract<JobEvent, { readonly type: 'JobCreated' }>['terms']): string =>
  [
    terms.completions === null ? 'work queue' : `${terms.completions} completions`,
    `${terms.parallelism} at a time`,
    `backoffLimit ${terms.backoffLimit}`,
    ...(terms.completionMode === 'Indexed' ? ['indexed'] : []),
    ...(terms.suspend ? ['suspended'] : []),
  ].join(', ')

const counts = ({ active, ready, terminating, succeeded, failed }: JobCounts): string =>
  `${active} active (${ready} ready), ${succeeded} succeeded, ${failed} failed${terminating > 0 ? `, ${terminating} terminating` : ''}`
