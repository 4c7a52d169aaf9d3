import type { FailureReason, JobTerms, PolicyMatch, SuccessReason } from '../domain/job/job-facts.ts'
import { containerNames } from '../domain/job/job-terms.ts'
import type { JobManifest } from '../domain/kubernetes/job-object.ts'

/** Why a Job is over, as the interim condition has it. */
export type Ending =
  | { readonly reason: SuccessReason; readonly rule: number | null }
  | { readonly reason: FailureReason; readonly match: PolicyMatch | null }

/** Who is who in a Job: events have numbers only. */
export type Naming = {
  readonly namespace: string
  readonly terms: JobTerms
  readonly manifest: JobManifest | null
  readonly podName: (pod: number) => string
}

/** The message of the conditions and of the Event that end a Job, byte for byte as Kubernetes has it (rules 3.1 and 5.2). */
export const outcomeMessage = (ending: Ending, naming: Naming): string => {
  if (ending.reason === 'SuccessPolicy') return `Matched rules at index ${ending.rule ?? 0}`
  if (ending.reason === 'PodFailurePolicy') return ending.match === null ? '' : matchMessage(ending.match, naming)
  return fixedMessages[ending.reason]
}

/** The messages that are the same for every Job. */
export const fixedMessages = {
  CompletionsReached: 'Reached expected number of succeeded pods',
  BackoffLimitExceeded: 'Job has reached the specified backoff limit',
  DeadlineExceeded: 'Job was active longer than specified deadline',
  MaxFailedIndexesExceeded: 'Job has exceeded the specified maximal number of failed indexes',
  FailedIndexes: 'Job has failed indexes',
}

const matchMessage = ({ pod, rule, container, exitCode, pattern }: PolicyMatch, naming: Naming): string => {
  const podName = `${naming.namespace}/${naming.podName(pod)}`
  if (container === null) {
    const type = naming.terms.podFailurePolicy?.[rule]?.onPodConditions[pattern]?.type ?? ''
    return `Pod ${podName} has condition ${type} matching FailJob rule at index ${rule}`
  }
  const name = naming.manifest === null ? '' : containerNames(naming.manifest.spec)[container]
  return `Container ${name} for pod ${podName} failed with exit code ${exitCode} matching FailJob rule at index ${rule}`
}
