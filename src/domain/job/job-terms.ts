import type { JobManifest } from '../kubernetes/job-object.ts'
import type { JobTerms } from './events.ts'

/** What the rules read of a manifest's spec. */
export const jobTerms = ({ spec }: JobManifest, podBackoffBaseMs: number): JobTerms => ({
  completionMode: spec.completionMode,
  parallelism: spec.parallelism,
  completions: spec.completions ?? null,
  backoffLimit: spec.backoffLimit,
  activeDeadlineSeconds: spec.activeDeadlineSeconds ?? null,
  ttlSecondsAfterFinished: spec.ttlSecondsAfterFinished ?? null,
  suspend: spec.suspend,
  restartPolicy: spec.template.spec.restartPolicy === 'OnFailure' ? 'OnFailure' : 'Never',
  podReplacementPolicy: spec.podReplacementPolicy,
  gracePeriodSeconds: Math.max(spec.template.spec.terminationGracePeriodSeconds ?? 30, 1),
  podBackoffBaseMs,
})

/** The first field of the spec that the controller would have to ignore: refusing says so before anything is recorded. */
export const notSupportedYet = ({ spec }: JobManifest): string | null => {
  for (const field of [
    'podFailurePolicy',
    'successPolicy',
    'backoffLimitPerIndex',
    'maxFailedIndexes',
    'manualSelector',
    'managedBy',
  ] as const)
    if (spec[field] !== undefined && spec[field] !== false && spec[field] !== builtInController) return `spec.${field}`
  return null
}

/** [M-1] The reserved value that names the controller itself. */
const builtInController = 'kubernetes.io/job-controller'
