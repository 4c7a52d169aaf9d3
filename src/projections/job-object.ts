import { renderIndexes } from '../domain/job/index-set.ts'
import type { Job, Outcome } from '../domain/job/job.ts'
import { isIndexed } from '../domain/job/job.ts'
import type { JobCondition, JobObject, JobSpec, JobStatus } from '../domain/kubernetes/job-object.ts'
import type { JobView } from './job-view.ts'
import { kubernetesTime } from './time.ts'

/** The Job as the Kubernetes API shows it; null when it does not exist (not yet, or deleted). */
export const jobObject = (view: JobView): JobObject | null => {
  const { state, manifest } = view
  if (state._tag === 'NoJob' || state.deleted || manifest === null) return null
  const { labels, annotations, ...rest } = manifest.metadata
  return {
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: {
      ...rest,
      name: state.name,
      namespace: state.namespace,
      uid: state.uid,
      resourceVersion: `${view.position}`,
      generation: state.generation,
      creationTimestamp: kubernetesTime(state.createdAt),
      ...deletionFields(state),
      ...(labels === undefined ? {} : { labels }),
      ...(annotations === undefined ? {} : { annotations }),
    },
    spec: presentSpec(manifest.spec, state),
    status: jobStatus(state),
  }
}

const deletionFields = ({ deletion }: Job) =>
  deletion === null
    ? {}
    : {
        deletionTimestamp: kubernetesTime(deletion.at),
        deletionGracePeriodSeconds: 0,
        ...(deletion.propagation === 'Foreground' ? { finalizers: ['foregroundDeletion'] } : {}),
      }

/** The spec as created, with the changes that have events of their own. */
const presentSpec = (spec: JobSpec, { terms }: Job): JobSpec => {
  const { activeDeadlineSeconds, ttlSecondsAfterFinished, ...rest } = spec
  return {
    ...rest,
    parallelism: terms.parallelism,
    backoffLimit: terms.backoffLimit,
    suspend: terms.suspend,
    ...(terms.activeDeadlineSeconds === null ? {} : { activeDeadlineSeconds: terms.activeDeadlineSeconds }),
    ...(terms.ttlSecondsAfterFinished === null ? {} : { ttlSecondsAfterFinished: terms.ttlSecondsAfterFinished }),
  }
}

/** [ST-1, ST-2] The published status: `{}` before the first sync; zero counts are absent, `ready` and `terminating` are not. */
export const jobStatus = (job: Job): JobStatus => {
  const { counts, startTime, completed, synced } = job.published
  if (!synced) return {}
  const conditions = jobConditions(job)
  const completedIndexes = isIndexed(job) ? renderIndexes(completed) : ''
  return {
    ...(conditions.length === 0 ? {} : { conditions }),
    ...(startTime === null ? {} : { startTime: kubernetesTime(startTime) }),
    ...(job.finished?._tag === 'Success' ? { completionTime: kubernetesTime(job.finished.at) } : {}),
    ...(counts.active === 0 ? {} : { active: counts.active }),
    ...(counts.succeeded === 0 ? {} : { succeeded: counts.succeeded }),
    ...(counts.failed === 0 ? {} : { failed: counts.failed }),
    terminating: counts.terminating,
    ...(completedIndexes === '' ? {} : { completedIndexes }),
    uncountedTerminatedPods: {},
    ready: counts.ready,
  }
}

/** [ST-5] In the order of their first appearance: Suspended, the interim condition, the terminal one. */
const jobConditions = ({ suspended, interim, finished }: Job): ReadonlyArray<JobCondition> => [
  ...(suspended === null ? [] : [suspendedCondition(suspended)]),
  ...(interim === null
    ? []
    : [outcomeCondition(interim._tag === 'Success' ? 'SuccessCriteriaMet' : 'FailureTarget', interim)]),
  ...(finished === null ? [] : [outcomeCondition(finished._tag === 'Success' ? 'Complete' : 'Failed', finished)]),
]

const suspendedCondition = ({ status, at }: { readonly status: boolean; readonly at: number }): JobCondition => ({
  type: 'Suspended',
  status: status ? 'True' : 'False',
  lastProbeTime: kubernetesTime(at),
  lastTransitionTime: kubernetesTime(at),
  reason: status ? 'JobSuspended' : 'JobResumed',
  message: status ? 'Job suspended' : 'Job resumed',
})

const outcomeCondition = (type: JobCondition['type'], { reason, at }: Outcome): JobCondition => ({
  type,
  status: 'True',
  lastProbeTime: kubernetesTime(at),
  lastTransitionTime: kubernetesTime(at),
  reason,
  message: outcomeMessages[reason],
})

/** What Kubernetes says with each reason, byte for byte (rule 3.1). */
export const outcomeMessages: { readonly [K in Outcome['reason']]: string } = {
  CompletionsReached: 'Reached expected number of succeeded pods',
  BackoffLimitExceeded: 'Job has reached the specified backoff limit',
  DeadlineExceeded: 'Job was active longer than specified deadline',
}
