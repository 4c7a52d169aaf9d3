import type { JobManifest } from '../kubernetes/job-object.ts'
import type { JobTerms, PodFailureRule, SuccessRule } from './job-facts.ts'

/** What the rules read of a manifest's spec. */
export const jobTerms = (
  { spec }: JobManifest,
  { podBackoffBaseMs, podsRunElsewhere }: Pick<JobTerms, 'podBackoffBaseMs' | 'podsRunElsewhere'>,
): JobTerms => ({
  completionMode: spec.completionMode,
  parallelism: spec.parallelism,
  completions: spec.completions ?? null,
  backoffLimit: spec.backoffLimit,
  activeDeadlineSeconds: spec.activeDeadlineSeconds ?? null,
  ttlSecondsAfterFinished: spec.ttlSecondsAfterFinished ?? null,
  suspend: spec.suspend,
  restartPolicy: spec.template.spec.restartPolicy === 'OnFailure' ? 'OnFailure' : 'Never',
  podReplacementPolicy: spec.podReplacementPolicy,
  podFailurePolicy: spec.podFailurePolicy?.rules.map((rule) => podFailureRule(rule, containerNames(spec))) ?? null,
  successPolicy: spec.successPolicy?.rules.map(successRule) ?? null,
  backoffLimitPerIndex: spec.backoffLimitPerIndex ?? null,
  maxFailedIndexes: spec.maxFailedIndexes ?? null,
  managedElsewhere: spec.managedBy !== undefined && spec.managedBy !== builtInController,
  podsRunElsewhere,
  hasNode: (spec.template.spec.nodeName ?? '') !== '',
  podsHaveFinalizers: (spec.template.metadata?.finalizers ?? []).length > 0,
  gracePeriodSeconds: Math.max(spec.template.spec.terminationGracePeriodSeconds ?? 30, 1),
  podBackoffBaseMs,
})

type Spec = JobManifest['spec']

/** Init containers first, then app containers: the numbering of observations. */
export const containerNames = ({ template: { spec } }: Pick<Spec, 'template'>): ReadonlyArray<string> =>
  [...(spec.initContainers ?? []), ...spec.containers].map(({ name }) => name)

const podFailureRule = (
  { action, onExitCodes, onPodConditions }: NonNullable<Spec['podFailurePolicy']>['rules'][number],
  names: ReadonlyArray<string>,
): PodFailureRule => ({
  action,
  onExitCodes: onExitCodes
    ? {
        container: onExitCodes.containerName ? names.indexOf(onExitCodes.containerName) : null,
        operator: onExitCodes.operator,
        values: onExitCodes.values,
      }
    : null,
  onPodConditions: (onPodConditions ?? []).map(({ type, status = 'True' }) => ({ type, status })),
})

const successRule = ({
  succeededIndexes,
  succeededCount,
}: NonNullable<Spec['successPolicy']>['rules'][number]): SuccessRule => ({
  indexes: succeededIndexes ?? null,
  count: succeededCount ?? null,
})

/** [M-1] The reserved value that names the controller itself. */
const builtInController = 'kubernetes.io/job-controller'
