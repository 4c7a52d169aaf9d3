import { renderIndexes } from '../domain/job/index-set.ts'
import type { Job, Outcome } from '../domain/job/job.ts'
import { isIndexed } from '../domain/job/job.ts'
import { podRow } from '../domain/job/pod-columns.ts'
import { podIdentityOf } from '../domain/job/pod-identity.ts'
import { deletionFinalizers } from '../domain/kubernetes/deletion-finalizers.ts'
import type { JobCondition, JobManifest, JobObject, JobSpec, JobStatus } from '../domain/kubernetes/job-object.ts'
import type { JobView } from './job-view.ts'
import { type Naming, outcomeMessage } from './outcome-message.ts'
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
      ...deletionFields(state, manifest.metadata.finalizers ?? []),
      ...(labels === undefined ? {} : { labels }),
      ...(annotations === undefined ? {} : { annotations }),
    },
    spec: presentSpec(manifest.spec, state),
    status: view.reportedStatus ?? jobStatus(state, manifest),
  }
}

const deletionFields = ({ deletion }: Job, finalizers: ReadonlyArray<string>) => {
  if (deletion === null) return {}
  const { propagation, isSettled } = deletion
  const ours = propagation === 'Background' || isSettled ? [] : [deletionFinalizers[propagation]]
  return {
    deletionTimestamp: kubernetesTime(deletion.at),
    deletionGracePeriodSeconds: 0,
    ...(ours.length === 0 ? {} : { finalizers: [...finalizers, ...ours] }),
  }
}

/** The spec as created, with the changes that have events of their own. */
const presentSpec = (spec: JobSpec, { terms }: Job): JobSpec => {
  const { completions, activeDeadlineSeconds, ttlSecondsAfterFinished, maxFailedIndexes, ...rest } = spec
  return {
    ...rest,
    parallelism: terms.parallelism,
    ...(terms.completions === null ? {} : { completions: terms.completions }),
    podReplacementPolicy: terms.podReplacementPolicy,
    ...(terms.maxFailedIndexes === null ? {} : { maxFailedIndexes: terms.maxFailedIndexes }),
    backoffLimit: terms.backoffLimit,
    suspend: terms.suspend,
    ...(terms.activeDeadlineSeconds === null ? {} : { activeDeadlineSeconds: terms.activeDeadlineSeconds }),
    ...(terms.ttlSecondsAfterFinished === null ? {} : { ttlSecondsAfterFinished: terms.ttlSecondsAfterFinished }),
  }
}

/** [ST-1, ST-2] The published status: `{}` before the first sync; zero counts are absent, `ready` and `terminating` are not. */
export const jobStatus = (job: Job, manifest: JobManifest | null): JobStatus => {
  const { counts, startTime, completed, failedIndexes, synced } = job.published
  if (!synced) return {}
  const conditions = jobConditions(job, manifest)
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
    ...(job.terms.backoffLimitPerIndex === null ? {} : { failedIndexes: renderIndexes(failedIndexes) }),
    uncountedTerminatedPods: {},
    ready: counts.ready,
  }
}

/** [ST-5] In the order of their first appearance: Suspended, the interim condition, the terminal one. */
const jobConditions = (job: Job, manifest: JobManifest | null): ReadonlyArray<JobCondition> => {
  const { suspended, interim, finished } = job
  const condition = (type: JobCondition['type'], outcome: Outcome): JobCondition =>
    outcomeCondition(type, outcome, outcomeMessage(outcome, namingOf(job, manifest)))
  return [
    ...(suspended === null ? [] : [suspendedCondition(suspended)]),
    ...(interim === null
      ? []
      : [condition(interim._tag === 'Success' ? 'SuccessCriteriaMet' : 'FailureTarget', interim)]),
    ...(finished === null ? [] : [condition(finished._tag === 'Success' ? 'Complete' : 'Failed', finished)]),
  ]
}

const namingOf = (job: Job, manifest: JobManifest | null): Naming => ({
  namespace: job.namespace,
  terms: job.terms,
  manifest,
  podName: (pod) => podIdentityOf(job, pod, podRow(job.pods, pod).index).name,
})

/** How the Job has ended, as its terminal condition says it; null while it has not. */
export const jobEnd = ({
  state,
  manifest,
}: JobView): {
  readonly type: 'Complete' | 'Failed'
  readonly reason: string
  readonly message: string
  readonly at: number
} | null => {
  if (state._tag === 'NoJob' || state.finished === null) return null
  const { finished } = state
  const message = outcomeMessage(finished, namingOf(state, manifest))
  return {
    type: finished._tag === 'Success' ? 'Complete' : 'Failed',
    reason: finished.reason,
    message,
    at: finished.at,
  }
}

const suspendedCondition = ({ status, at }: { readonly status: boolean; readonly at: number }): JobCondition => ({
  type: 'Suspended',
  status: status ? 'True' : 'False',
  lastProbeTime: kubernetesTime(at),
  lastTransitionTime: kubernetesTime(at),
  reason: status ? 'JobSuspended' : 'JobResumed',
  message: status ? 'Job suspended' : 'Job resumed',
})

const outcomeCondition = (type: JobCondition['type'], { reason, at }: Outcome, message: string): JobCondition => ({
  type,
  status: 'True',
  lastProbeTime: kubernetesTime(at),
  lastTransitionTime: kubernetesTime(at),
  reason,
  message,
})
