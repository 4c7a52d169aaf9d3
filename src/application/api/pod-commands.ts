import type { ChangePod, ReportPod } from '../../domain/job/commands.ts'
import { containerNames } from '../../domain/job/job-terms.ts'
import type { PodCondition, PodObject, PodStatus } from '../../domain/kubernetes/pod-object.ts'
import { podReport, type ReportedStatus } from '../../domain/kubernetes/pod-report.ts'
import { selects } from '../../domain/kubernetes/validation/selectors.ts'
import { mergePatchBetween } from '../../domain/merge-patch.ts'
import { trackingFinalizer } from '../../projections/pod-object.ts'
import { kubernetesTime } from '../../projections/time.ts'
import type { Found } from './pod-lookup.ts'
import type { Removed } from './resource.ts'

/** What a client reports of a Pod of a Job. */
export const report = (
  { view, place, object: now }: Extract<Found, { readonly _tag: 'OfJob' }>,
  { status }: PodObject,
): ReportPod => ({
  type: 'ReportPod',
  pod: place.pod,
  report: podReport(
    (status ?? now.status) as ReportedStatus,
    view.manifest === null ? [] : containerNames(view.manifest.spec),
  ),
  status: status as unknown as ReportPod['status'],
})

/** What makes `next` of a Pod of a Job. */
export const changeOf = (
  { view, place, object: now }: Extract<Found, { readonly _tag: 'OfJob' }>,
  next: PodObject,
): ChangePod => ({
  type: 'ChangePod',
  pod: place.pod,
  patch: mergePatchBetween(ownForm(now, place.job), ownForm(next, place.job)),
  isSelected:
    view.manifest?.spec.selector !== undefined && selects(view.manifest.spec.selector, next.metadata.labels ?? {}),
  hasNode: (next.spec.nodeName ?? '') !== '',
  hasFinalizers: otherFinalizers(next).length > 0,
  isTracked: next.metadata.finalizers?.includes(trackingFinalizer) === true,
  isOwned:
    next.metadata.ownerReferences?.some(({ uid, controller }) => uid === place.job && controller === true) === true,
})

/** What is left of a Pod's object without what its Job adds. */
const ownForm = (object: PodObject, job: string): Readonly<Record<string, unknown>> => {
  const { generateName, labels, annotations, ownerReferences = [], managedFields } = object.metadata
  const owners = ownerReferences.filter(({ uid }) => uid !== job)
  const finalizers = otherFinalizers(object)
  return {
    metadata: {
      ...(generateName === undefined ? {} : { generateName }),
      ...(labels === undefined ? {} : { labels }),
      ...(annotations === undefined ? {} : { annotations }),
      ...(finalizers.length === 0 ? {} : { finalizers }),
      ...(owners.length === 0 ? {} : { ownerReferences: owners }),
      ...(managedFields === undefined ? {} : { managedFields }),
    },
    spec: object.spec,
  }
}

const otherFinalizers = ({ metadata }: PodObject): ReadonlyArray<string> =>
  (metadata.finalizers ?? []).filter((finalizer) => finalizer !== trackingFinalizer)

const hasEnded = ({ status }: PodObject): boolean => status.phase === 'Succeeded' || status.phase === 'Failed'

/** The same for a Pod of nobody. */
export const freeReport = (object: PodObject) =>
  ({ type: 'ReportPod', status: object.status as unknown as ReportPod['status'], hasEnded: hasEnded(object) }) as const

/** The same for a Pod of nobody. */
export const freeChange = ({ object: now }: Found, next: PodObject) =>
  ({
    type: 'ChangePod',
    patch: mergePatchBetween(freeForm(now), freeForm(next)) ?? {},
    hasNode: (next.spec.nodeName ?? '') !== '',
    hasFinalizers: (next.metadata.finalizers ?? []).length > 0,
  }) as const

const freeForm = ({ metadata, spec }: PodObject): Readonly<Record<string, unknown>> => {
  const { generateName, labels, annotations, finalizers, ownerReferences, managedFields } = metadata
  const kept = Object.entries({ generateName, labels, annotations, finalizers, ownerReferences, managedFields })
  return { metadata: Object.fromEntries(kept.filter(([, value]) => value !== undefined)), spec }
}

/** A client gives the Pod to a node. */
export type PodBinding = {
  readonly node: string
  readonly labels: Readonly<Record<string, string>>
  readonly annotations: Readonly<Record<string, string>>
}

/** The Pod as it is on the node. `at`: epoch milliseconds. */
export const boundPod = (now: PodObject, { node, labels, annotations }: PodBinding, at: number): PodObject => ({
  ...now,
  metadata: {
    ...now.metadata,
    ...merged('labels', now.metadata.labels, labels),
    ...merged('annotations', now.metadata.annotations, annotations),
  },
  spec: { ...now.spec, nodeName: node },
  status: withCondition(now.status, { type: 'PodScheduled', status: 'True' }, at),
})

const merged = (
  field: 'labels' | 'annotations',
  present: Readonly<Record<string, string>> | undefined,
  more: Readonly<Record<string, string>>,
) => (Object.keys(more).length === 0 ? {} : { [field]: { ...present, ...more } })

/** The Pod as it is when it is about to be evicted. */
export const evictedPod = (now: PodObject, at: number): PodObject => ({
  ...now,
  status: withCondition(
    now.status,
    {
      type: 'DisruptionTarget',
      status: 'True',
      reason: 'EvictionByEvictionAPI',
      message: 'Eviction API: evicting',
    },
    at,
  ),
})

/** The status with a condition, which keeps its place and, as long as it says the same, its time. */
const withCondition = (
  status: PodStatus,
  condition: Omit<PodCondition, 'lastProbeTime' | 'lastTransitionTime'>,
  at: number,
): PodStatus => {
  const { conditions = [] } = status
  const before = conditions.find(({ type }) => type === condition.type)
  const lastTransitionTime = before?.status === condition.status ? before.lastTransitionTime : kubernetesTime(at)
  const { type, status: value, ...why } = condition
  const told: PodCondition = { type, status: value, lastProbeTime: null, lastTransitionTime, ...why }
  return {
    ...status,
    conditions: before === undefined ? [...conditions, told] : conditions.map((one) => (one === before ? told : one)),
  }
}

/** The Pod as it is while it is deleted, or was last. `at`: epoch milliseconds. */
export const deletedPod = (now: PodObject, graceSeconds: number, at: number): PodObject => {
  const { deletionTimestamp, generation = 1 } = now.metadata
  const times = {
    generation: deletionTimestamp === undefined ? generation + 1 : generation,
    deletionTimestamp: kubernetesTime(at + graceSeconds * 1000),
    deletionGracePeriodSeconds: graceSeconds,
  }
  return { ...now, metadata: { ...now.metadata, ...times } }
}

/** What a deletion with this grace (null: the Pod's own) would leave of the Pod. */
export const asIfDeleted = (now: PodObject, asked: number | null, at: number): Removed<PodObject> => {
  const { deletionGracePeriodSeconds: before = Infinity, finalizers = [] } = now.metadata
  const isIdle = hasEnded(now) || (now.spec.nodeName ?? '') === ''
  const graceSeconds = isIdle ? 0 : (asked ?? now.spec.terminationGracePeriodSeconds ?? 30)
  const object = graceSeconds < before ? deletedPod(now, graceSeconds, at) : now
  return { gone: Math.min(graceSeconds, before) === 0 && finalizers.length === 0, object }
}

/** What makes `next` of a Pod of nobody, in one. */
export const freeBinding = (now: Found, next: PodObject) =>
  ({ type: 'BindPod', change: freeChange(now, next), report: freeReport(next) }) as const

/** A Pod that a user creates. */
export const received = (form: PodObject, uid: string) => ({
  uid,
  namespace: form.metadata.namespace,
  name: form.metadata.name,
  from: null,
  gracePeriodSeconds: form.spec.terminationGracePeriodSeconds ?? 30,
  hasNode: (form.spec.nodeName ?? '') !== '',
  hasEnded: hasEnded(form),
  hasFinalizers: (form.metadata.finalizers ?? []).length > 0,
  deletion: null,
  form,
})
