import { adoptedPod } from '../domain/job/adopted-pods.ts'
import { hasIndex } from '../domain/job/index-set.ts'
import { type Job, isIndexed } from '../domain/job/job.ts'
import { PodFailureReasons } from '../domain/job/observations.ts'
import { livePods, podRow, type PodRow } from '../domain/job/pod-columns.ts'
import { podIdentities, podPlaceOf } from '../domain/job/pod-identity.ts'
import type { JobManifest, ObjectMeta } from '../domain/kubernetes/job-object.ts'
import type { PodCondition, PodObject, PodStatus } from '../domain/kubernetes/pod-object.ts'
import type { Container, EnvVar, PodSpec } from '../domain/kubernetes/pod-spec.ts'
import { qosClass } from '../domain/kubernetes/qos-class.ts'
import { firstNode } from '../domain/job/first-node.ts'
import type { ContainerRecord } from './container-record.ts'
import { containerStatuses, type PodLife } from './container-status.ts'
import {
  type Disruption,
  disruptionOf,
  formPatches,
  type JobView,
  nodeOf,
  obstacleOf,
  podContainers,
  type PodForm,
  podPosition,
  recordedForm,
  reportedStatus,
} from './job-view.ts'
import { newPodSpec } from '../domain/kubernetes/pod-with-defaults.ts'
import type { Shape } from '../domain/kubernetes/schema.ts'
import { applyMergePatches } from '../domain/merge-patch.ts'
import { kubernetesTime } from './time.ts'

/** Pods have no network of their own. */
const localAddress = '127.0.0.1'

/** The Pod as the Kubernetes API shows it; null when it does not exist (not yet, removed, or let go). */
export const podObject = (view: JobView, pod: number): PodObject | null => {
  const { state, manifest } = view
  if (state._tag === 'NoJob' || manifest === null || pod < 0 || pod >= state.pods.size) return null
  const row = podRow(state.pods, pod)
  if (row.removed) return null
  const { metadata, spec } = podForm(view, state, manifest, row)
  const bound = row.launched || row.startedAt !== null
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { ...ownedMetadata(metadata, state, row), resourceVersion: `${podPosition(view, pod)}` },
    spec: bound && !state.terms.podsRunElsewhere ? { ...spec, nodeName: nodeOf(view, pod) ?? firstNode } : spec,
    status: state.terms.podsRunElsewhere
      ? statusElsewhere(view, pod, spec)
      : statusHere(view, state, row, { metadata, spec }),
  }
}

/** A Pod that the Job has let go, as it was then, and whose it was; null when the Job never had it. */
export const releasedPod = (
  view: JobView,
  pod: number,
): { readonly object: PodObject; readonly row: PodRow } | null => {
  const { state, manifest } = view
  if (state._tag === 'NoJob' || manifest === null || !hasIndex(state.released, pod)) return null
  const row = podRow(state.pods, pod)
  const form = podForm(view, state, manifest, row)
  const status = state.terms.podsRunElsewhere
    ? statusElsewhere(view, pod, form.spec)
    : statusHere(view, state, row, form)
  return { object: { apiVersion: 'v1', kind: 'Pod', ...form, status }, row }
}

const statusHere = (view: JobView, job: Job, row: PodRow, form: PodForm): PodStatus =>
  podStatus(form, {
    // The containers of a Pod that was taken over keep their ids.
    life: adoptedPod(job.adopted, row.pod) === null ? row : { ...row, pod: podPlaceOf(job, row.pod).pod },
    containers: podContainers(view, row.pod),
    isBound: row.launched || row.startedAt !== null,
    obstacle: obstacleOf(view, row.pod),
    more: disruptionTarget(disruptionOf(view, row.pod)),
  })

const statusElsewhere = (view: JobView, pod: number, spec: PodSpec): PodStatus => ({
  phase: 'Pending',
  qosClass: qosClass(spec),
  ...reportedStatus(view, pod),
})

/** What a Pod is, whoever has it: from the Job's template or as it was taken over, with what users changed since. */
export const podForm = (view: JobView, job: Job, manifest: JobManifest, row: PodRow): PodForm => {
  const form = recordedForm(view, row.pod) ?? {
    metadata: podMetadata(manifest, job, row),
    spec: job.terms.podsRunElsewhere
      ? (newPodSpec(podSpecOf(manifest, job, row.index) as Shape<'PodSpec'>) as PodSpec)
      : podSpecOf(manifest, job, row.index),
  }
  const patches = formPatches(view, row.pod)
  return patches === undefined ? form : (applyMergePatches(form, patches) as PodForm)
}

/** [4.1, D-10] A Pod's spec: the template's, for Indexed Jobs with hostname and `JOB_COMPLETION_INDEX`. */
export const podSpecOf = (manifest: JobManifest, job: Job, index: number | null): PodSpec => {
  const { spec } = manifest.spec.template
  if (index === null) return spec
  return {
    ...spec,
    hostname: `${job.name}-${index}`,
    containers: spec.containers.map(withIndexVariable),
    ...(spec.initContainers === undefined ? {} : { initContainers: spec.initContainers.map(withIndexVariable) }),
  }
}

const indexLabel = 'batch.kubernetes.io/job-completion-index'

const indexVariable: EnvVar = {
  name: 'JOB_COMPLETION_INDEX',
  valueFrom: { fieldRef: { apiVersion: 'v1', fieldPath: `metadata.labels['${indexLabel}']` } },
}

const withIndexVariable = (container: Container): Container =>
  container.env?.some(({ name }) => name === indexVariable.name)
    ? container
    : { ...container, env: [...(container.env ?? []), indexVariable] }

/** Labels and annotations of a Pod: the template's, for Indexed Jobs the index in both, and what failed for it before (5.3). */
export const podLabelsOf = (
  manifest: JobManifest,
  { index, indexFailures }: { readonly index: number | null; readonly indexFailures: PodRow['indexFailures'] | null },
) => {
  const { backoffLimitPerIndex, template } = manifest.spec
  const extra = index === null ? {} : { [indexLabel]: `${index}` }
  const failures = backoffLimitPerIndex === undefined || indexFailures === null ? {} : failureAnnotations(indexFailures)
  return {
    labels: { ...template.metadata?.labels, ...extra },
    annotations: { ...template.metadata?.annotations, ...extra, ...failures },
  }
}

const failureAnnotations = ({ counted, ignored }: PodRow['indexFailures']): Readonly<Record<string, string>> => ({
  'batch.kubernetes.io/job-index-failure-count': `${counted}`,
  ...(ignored > 0 ? { 'batch.kubernetes.io/job-index-ignored-failure-count': `${ignored}` } : {}),
})

const podMetadata = (manifest: JobManifest, job: Job, row: PodRow): ObjectMeta => {
  const { name, uid, generateName } = podIdentities(job)(row.pod, row.index)
  const { labels, annotations } = podLabelsOf(manifest, row)
  const finalizers = manifest.spec.template.metadata?.finalizers ?? []
  return {
    name,
    generateName,
    namespace: job.namespace,
    uid,
    generation: 1,
    creationTimestamp: kubernetesTime(row.createdAt),
    labels,
    ...(Object.keys(annotations).length === 0 ? {} : { annotations }),
    ...(finalizers.length === 0 ? {} : { finalizers }),
  }
}

/** What the Job adds to a Pod's metadata as long as it has the Pod: its finalizer, its claim, and the Pod's deletion. */
const ownedMetadata = (metadata: ObjectMeta, job: Job, row: PodRow): ObjectMeta => {
  const { labels, annotations, finalizers: others = [], ownerReferences = [], ...identity } = metadata
  const finalizers = [...others, ...(row.tracked ? [trackingFinalizer] : [])]
  return {
    ...identity,
    ...(row.deletedAt === null
      ? {}
      : {
          generation: (identity.generation ?? 1) + 1,
          deletionTimestamp: kubernetesTime(row.deletedAt + row.graceSeconds * 1000),
          deletionGracePeriodSeconds: row.graceSeconds,
        }),
    ...(labels === undefined ? {} : { labels }),
    ...(annotations === undefined ? {} : { annotations }),
    ...(finalizers.length === 0 ? {} : { finalizers }),
    ownerReferences: [
      ...ownerReferences,
      { apiVersion: 'batch/v1', kind: 'Job', name: job.name, uid: job.uid, controller: true, blockOwnerDeletion: true },
    ],
  }
}

/** Keeps a Pod's object until its Job has counted it. */
export const trackingFinalizer = 'batch.kubernetes.io/job-tracking'

/** The status of a Pod that runs here. `more`: conditions besides those of every Pod. */
export const podStatus = (
  { metadata, spec }: PodForm,
  {
    life: row,
    containers,
    isBound,
    obstacle,
    more,
  }: {
    readonly life: PodLife
    readonly containers: ReadonlyArray<ContainerRecord>
    readonly isBound: boolean
    readonly obstacle: string
    readonly more: ReadonlyArray<PodCondition>
  },
): PodStatus => {
  const reason = PodFailureReasons[row.reason - 1]
  const base: PodStatus = { phase: row.phase, qosClass: qosClass(spec) }
  if (row.unschedulable) return { ...base, conditions: [unschedulable(row, obstacle), ...more] }
  if (!isBound && row.finishedAt === null) return base
  return {
    ...base,
    ...(reason === undefined ? {} : { reason, message: reasonMessages[reason] ?? reason }),
    conditions: [...podConditions(row), ...more],
    startTime: kubernetesTime(row.createdAt),
    hostIP: localAddress,
    hostIPs: [{ ip: localAddress }],
    podIP: localAddress,
    podIPs: [{ ip: localAddress }],
    ...containerStatuses(metadata, spec, containers, row),
  }
}

const reasonMessages: Readonly<Record<string, string>> = {
  DeadlineExceeded: 'Pod was active on the node longer than the specified deadline',
  NodeLost: 'the process that ran the Pod ended before the Pod did',
}

/** [10.6] */
const podConditions = (row: PodLife): ReadonlyArray<PodCondition> => {
  const ended = row.finishedAt
  const endReason = ended === null ? {} : { reason: row.phase === 'Succeeded' ? 'PodCompleted' : 'PodFailed' }
  const ready = (type: string): PodCondition => ({
    type,
    status: row.ready ? 'True' : 'False',
    lastProbeTime: null,
    lastTransitionTime: kubernetesTime(ended ?? row.readyTurnedAt ?? row.startedAt ?? row.createdAt),
    ...endReason,
    ...(ended === null && !row.ready ? { reason: 'ContainersNotReady' } : {}),
  })
  const isInitialized = row.startedAt !== null || row.phase === 'Succeeded'
  return [
    {
      type: 'Initialized',
      status: isInitialized ? 'True' : 'False',
      lastProbeTime: null,
      lastTransitionTime: kubernetesTime(row.startedAt ?? row.createdAt),
      ...(isInitialized ? {} : { reason: 'ContainersNotInitialized' }),
      ...(row.phase === 'Succeeded' ? { reason: 'PodCompleted' } : {}),
    },
    ready('Ready'),
    ready('ContainersReady'),
    { type: 'PodScheduled', status: 'True', lastProbeTime: null, lastTransitionTime: kubernetesTime(row.createdAt) },
  ]
}

/** As a scheduler says it. */
const unschedulable = ({ createdAt }: PodLife, obstacle: string): PodCondition => ({
  type: 'PodScheduled',
  status: 'False',
  lastProbeTime: null,
  lastTransitionTime: kubernetesTime(createdAt),
  reason: 'Unschedulable',
  message: obstacle,
})

const disruptionTarget = (disruption: Disruption | undefined): ReadonlyArray<PodCondition> =>
  disruption === undefined
    ? []
    : [
        {
          type: 'DisruptionTarget',
          status: 'True',
          lastProbeTime: null,
          lastTransitionTime: kubernetesTime(disruption.at),
          reason: disruption.reason,
          message: disruptionMessages[disruption.reason],
        },
      ]

const disruptionMessages: { readonly [K in Disruption['reason']]: string } = {
  EvictionByEvictionAPI: 'Eviction API: evicting',
  DeletionByPodGC: 'PodGC: node no longer exists',
}

/** Ordinals of the Job's Pods from a Pod's name, by a walk over them: null when none of them has it. */
export const findPodByName = (view: JobView, name: string): number | null => {
  const { state } = view
  if (state._tag === 'NoJob') return null
  const mayBeOwn = name.startsWith(state.name.slice(0, 40))
  const ownIdentityOf = podIdentities(state)
  const nameOf = (pod: number): string | null =>
    adoptedPod(state.adopted, pod)?.name ??
    (mayBeOwn ? ownIdentityOf(pod, isIndexed(state) ? podRow(state.pods, pod).index : null).name : null)
  for (const pod of livePods(state.pods)) if (nameOf(pod) === name) return pod
  return null
}
