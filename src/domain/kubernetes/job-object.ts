import * as t from 'io-ts'
import { int } from '../codecs.ts'
import { PodTemplate } from './pod-spec.ts'

const StringMap = t.record(t.string, t.string, 'StringMap')

export const LabelSelector = t.partial(
  {
    matchLabels: StringMap,
    matchExpressions: t.readonlyArray(
      t.intersection([t.type({ key: t.string, operator: t.string }), t.partial({ values: t.readonlyArray(t.string) })]),
    ),
  },
  'LabelSelector',
)
export type LabelSelector = t.TypeOf<typeof LabelSelector>

const PodFailurePolicyRule = t.intersection([
  t.type({ action: t.keyof({ FailJob: null, FailIndex: null, Ignore: null, Count: null }) }),
  t.partial({
    onExitCodes: t.union([
      t.null,
      t.intersection([
        t.type({ operator: t.keyof({ In: null, NotIn: null }), values: t.readonlyArray(int) }),
        t.partial({ containerName: t.union([t.string, t.null]) }),
      ]),
    ]),
    onPodConditions: t.readonlyArray(t.intersection([t.type({ type: t.string }), t.partial({ status: t.string })])),
  }),
])

const SuccessPolicyRule = t.partial({ succeededIndexes: t.string, succeededCount: int })

/** A Job's spec as Kubernetes stores it: defaults applied (rules D-1 to D-3), so the fields required here are never absent. */
export const JobSpec = t.intersection(
  [
    t.type({
      parallelism: int,
      backoffLimit: int,
      completionMode: t.union([t.literal('NonIndexed'), t.literal('Indexed')]),
      suspend: t.boolean,
      podReplacementPolicy: t.union([t.literal('TerminatingOrFailed'), t.literal('Failed')]),
      template: PodTemplate,
    }),
    t.partial({
      completions: int,
      activeDeadlineSeconds: int,
      ttlSecondsAfterFinished: int,
      backoffLimitPerIndex: int,
      maxFailedIndexes: int,
      selector: LabelSelector,
      manualSelector: t.boolean,
      managedBy: t.string,
      podFailurePolicy: t.type({ rules: t.readonlyArray(PodFailurePolicyRule) }),
      successPolicy: t.type({ rules: t.readonlyArray(SuccessPolicyRule) }),
    }),
  ],
  'JobSpec',
)
export type JobSpec = t.TypeOf<typeof JobSpec>

export const ObjectMeta = t.intersection(
  [
    t.type({ name: t.string, namespace: t.string }),
    t.partial({
      generateName: t.string,
      uid: t.string,
      resourceVersion: t.string,
      generation: int,
      creationTimestamp: t.string,
      deletionTimestamp: t.string,
      deletionGracePeriodSeconds: int,
      labels: StringMap,
      annotations: StringMap,
      /** Who manages which fields, as `managed-fields` has it. */
      managedFields: t.readonlyArray(t.UnknownRecord),
      finalizers: t.readonlyArray(t.string),
      ownerReferences: t.readonlyArray(
        t.intersection([
          t.type({ apiVersion: t.string, kind: t.string, name: t.string, uid: t.string }),
          t.partial({ controller: t.boolean, blockOwnerDeletion: t.boolean }),
        ]),
      ),
    }),
  ],
  'ObjectMeta',
)
export type ObjectMeta = t.TypeOf<typeof ObjectMeta>

/** What a user asks for: a Job as read from a manifest, defaulted and valid, before the controller adds uid, labels and selector. */
export const JobManifest = t.type(
  { apiVersion: t.literal('batch/v1'), kind: t.literal('Job'), metadata: ObjectMeta, spec: JobSpec },
  'JobManifest',
)
export type JobManifest = t.TypeOf<typeof JobManifest>

export type JobCondition = {
  readonly type: 'Suspended' | 'SuccessCriteriaMet' | 'FailureTarget' | 'Complete' | 'Failed'
  readonly status: 'True' | 'False'
  readonly lastProbeTime: string
  readonly lastTransitionTime: string
  readonly reason: string
  readonly message: string
}

export type JobStatus = {
  readonly conditions?: ReadonlyArray<JobCondition>
  readonly startTime?: string
  readonly completionTime?: string
  readonly active?: number
  readonly succeeded?: number
  readonly failed?: number
  readonly terminating?: number
  readonly completedIndexes?: string
  readonly failedIndexes?: string
  readonly uncountedTerminatedPods?: Readonly<Record<string, never>>
  readonly ready?: number
}

/** A Job as `kubectl get -o yaml` shows it. */
export type JobObject = JobManifest & { readonly status: JobStatus }
