import { absurd } from '../prelude.ts'
import type { JobEvent, JobEventOf } from '../domain/job/events.ts'
import type { FailureReason, JobCounts, SuccessReason } from '../domain/job/job-facts.ts'
import { fixedMessages } from './outcome-message.ts'

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
    case 'CompletionsChanged':
      return `spec.completions is ${event.completions}`
    case 'PodReplacementPolicyChanged':
      return `spec.podReplacementPolicy is ${event.podReplacementPolicy}`
    case 'MaxFailedIndexesChanged':
      return `spec.maxFailedIndexes is ${event.maxFailedIndexes ?? 'unset'}`
    case 'BackoffLimitChanged':
      return `spec.backoffLimit is ${event.backoffLimit}`
    case 'ActiveDeadlineChanged':
      return `spec.activeDeadlineSeconds is ${event.activeDeadlineSeconds ?? 'unset'}`
    case 'TtlChanged':
      return `spec.ttlSecondsAfterFinished is ${event.ttlSecondsAfterFinished ?? 'unset'}`
    case 'JobChanged':
      return isOfManagers(event.patch)
        ? 'who manages which fields'
        : `the manifest, ${Object.keys(event.patch).join(' and ')}`
    case 'JobDeletionRequested':
      return `deletion, ${event.propagation.toLowerCase()}`
    case 'JobStatusReported':
      return `the status as reported${event.finishedAt === null ? '' : ': the Job has ended'}`
    case 'JobStatusRecorded':
      return 'the status as reported'
    case 'JobDependentsSettled':
      return 'nothing that depends on the Job keeps it'
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
    case 'PodReported':
      return `pod ${event.pod} is ${event.phase}${event.ready ? ' and ready' : ''}, as reported`
    case 'PodStatusRecorded':
      return `pod ${event.pod}: the status as reported`
    case 'PodAccounted':
      return `pod ${event.pod} ${accountedTexts[event.as]}`
    case 'PodHeldBack':
      return `pod ${event.pod} is counted once another Pod has its index`
    case 'IndexFailed':
      return `index ${event.index} has failed for good`
    case 'PodDeletionRequested':
      return `pod ${event.pod}, ${event.graceSeconds}s of grace`
    case 'PodDisrupted':
      return `pod ${event.pod} has to make way: ${event.reason}`
    case 'PodUnschedulable':
      return `pod ${event.pod} waits for a node: ${event.obstacle}`
    case 'PodBound':
      return `pod ${event.pod} is on node ${event.node}`
    case 'PodChanged':
      return `pod ${event.pod}: ${Object.keys(event.patch).join(' and ') || 'finalizers'} changed${event.isSelected ? '' : '; the selector finds it no longer'}`
    case 'PodReleased':
      return `pod ${event.pod} is let go`
    case 'PodFormRecorded':
      return `pod ${event.pod}: the form of a Pod that is taken over`
    case 'PodAdopted':
      return `pod ${event.pod} is ${event.name}, taken over${event.index === null ? '' : ` for index ${event.index}`}`
    case 'PodRunTakenOver':
      return `pod ${event.pod} runs on${event.restartsBefore > 0 ? `, after ${event.restartsBefore} restart${event.restartsBefore === 1 ? '' : 's'}` : ''}`
    case 'PodRemoved':
      return `pod ${event.pod} is gone`
    case 'SuccessCriteriaMet':
      return event.rule === null ? ending(event.reason) : `${event.reason}, rule ${event.rule}`
    case 'FailureTargeted':
      return event.match === null
        ? ending(event.reason)
        : `${event.reason}, rule ${event.match.rule} for pod ${event.match.pod}`
    case 'JobCompleted':
    case 'JobFailed':
      return ending(event.reason)
    case 'JobSynced':
      return `${counts(event.counts)}${event.suspended === null ? '' : event.suspended ? ', suspended' : ', resumed'}`
    case 'StatusWithheld':
      return 'the status stays as it was: succeeded cannot fall while spec.parallelism differs from spec.completions'
    default:
      return absurd(event)
  }
}

/** Nothing of the object itself has changed. */
const isOfManagers = ({ metadata, ...rest }: Readonly<Record<string, unknown>>): boolean =>
  Object.keys(rest).length === 0 && Object.keys(metadata ?? {}).join() === 'managedFields'

const ending = (reason: SuccessReason | FailureReason): string =>
  reason in fixedMessages ? `${reason}: ${fixedMessages[reason as keyof typeof fixedMessages]}` : reason

const accountedTexts: { readonly [K in JobEventOf<'PodAccounted'>['as']]: string } = {
  succeeded: 'counted as succeeded',
  failed: 'counted as failed',
  ignored: 'failed, which the policy ignores',
  uncounted: 'will not be counted',
}

/** The default where every index has a limit of its own. */
const unlimited = 2_147_483_647

const plan = (terms: Extract<JobEvent, { readonly type: 'JobCreated' }>['terms']): string =>
  [
    terms.completions === null ? 'work queue' : `${terms.completions} completion${terms.completions === 1 ? '' : 's'}`,
    `${terms.parallelism} at a time`,
    ...(terms.backoffLimit < unlimited ? [`backoffLimit ${terms.backoffLimit}`] : []),
    ...(terms.completionMode === 'Indexed' ? ['indexed'] : []),
    ...(terms.suspend ? ['suspended'] : []),
  ].join(', ')

const counts = ({ active, ready, terminating, succeeded, failed }: JobCounts): string =>
  `${active} active (${ready} ready), ${succeeded} succeeded, ${failed} failed${terminating > 0 ? `, ${terminating} terminating` : ''}`
