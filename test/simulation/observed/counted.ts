import type { JobCounts } from '../../../src/domain/job/job-facts.ts'
import type { Backoff, ObservedJob } from './observed-job.ts'
import type { ObservedPod } from './observed-pod.ts'

/** Rule 2.5 and its like, each counted over all Pods. */
export const isOver = ({ phase }: ObservedPod): boolean => phase === 'Succeeded' || phase === 'Failed'
export const isDeleting = ({ deletedAt }: ObservedPod): boolean => deletedAt !== null
export const isActive = (pod: ObservedPod): boolean => !isOver(pod) && !isDeleting(pod) && !pod.isGone
export const isTerminating = (pod: ObservedPod): boolean => !isOver(pod) && isDeleting(pod) && !pod.isGone
export const isIndexed = ({ spec }: ObservedJob): boolean => spec.completionMode === 'Indexed'
export const isPerIndex = ({ spec }: ObservedJob): boolean => spec.backoffLimitPerIndex !== undefined
export const isOutOfRange = ({ spec }: ObservedJob, { index }: ObservedPod): boolean =>
  spec.completionMode === 'Indexed' && (index === null || index >= (spec.completions ?? 0))
/** [2.7] Its index is none of the Job's, or another Pod has it. */
export const isUnwanted = (job: ObservedJob, pod: ObservedPod): boolean => pod.isSurplus || isOutOfRange(job, pod)

/** Its end is known: it has ended, or (policy TerminatingOrFailed) it is being deleted. */
export const hasKnownEnd = ({ spec }: ObservedJob, pod: ObservedPod): boolean =>
  isOver(pod) || (spec.podReplacementPolicy === 'TerminatingOrFailed' && isDeleting(pod))

export const completedIndexes = ({ pods }: ObservedJob): ReadonlySet<number> => {
  const indexes = new Set<number>()
  for (const { accountedAs, isForgotten, index } of pods)
    if (accountedAs === 'succeeded' && !isForgotten && index !== null) indexes.add(index)
  return indexes
}

/** [I-5] With what has succeeded and is not counted yet. */
export const completedSoon = (job: ObservedJob): ReadonlySet<number> =>
  new Set([
    ...completedIndexes(job),
    ...job.pods
      .filter((pod) => pod.hasFinalizer && !pod.isGone && pod.phase === 'Succeeded' && !isOutOfRange(job, pod))
      .flatMap(({ index }) => index ?? []),
  ])

export const countsOf = (job: ObservedJob): JobCounts => {
  let [active, ready, terminating, succeeded, failed] = [0, 0, 0, 0, 0]
  for (const pod of job.pods) {
    if (isActive(pod)) active += 1
    if (isActive(pod) && pod.ready) ready += 1
    if (isTerminating(pod)) terminating += 1
    if (pod.accountedAs === 'succeeded') succeeded += 1
    if (pod.accountedAs === 'failed') failed += 1
  }
  return { active, ready, terminating, succeeded: isIndexed(job) ? completedIndexes(job).size : succeeded, failed }
}

/** [P-2] */
export const wanted = (job: ObservedJob): number => {
  const { spec } = job
  const { active, succeeded } = countsOf(job)
  if (spec.suspend) return 0
  if (spec.completions === undefined) return succeeded > 0 ? active : spec.parallelism
  return Math.max(0, Math.min(spec.parallelism, spec.completions - succeeded))
}

type Rule = NonNullable<ObservedJob['spec']['podFailurePolicy']>['rules'][number]

/** [5.1] The number of the first rule that the failed Pod makes true; -1 when there is none. */
export const ruleOf = ({ spec }: ObservedJob, pod: ObservedPod): number => {
  if (pod.phase !== 'Failed') return -1
  const { containers, initContainers = [] } = spec.template.spec
  const names = [...initContainers, ...containers].map(({ name }) => name)
  const holds = ({ onExitCodes, onPodConditions = [] }: Rule): boolean => {
    if (onExitCodes === undefined || onExitCodes === null)
      return onPodConditions.some(({ type, status = 'True' }) =>
        pod.conditions.some((condition) => condition.type === type && condition.status === status),
      )
    return pod.exits.some(
      ({ container, exitCode }) =>
        exitCode !== 0 &&
        (onExitCodes.containerName === undefined || onExitCodes.containerName === names[container]) &&
        onExitCodes.values.includes(exitCode) === (onExitCodes.operator === 'In'),
    )
  }
  return (spec.podFailurePolicy?.rules ?? []).findIndex(holds)
}

export const actionOn = (job: ObservedJob, pod: ObservedPod): Rule['action'] =>
  job.spec.podFailurePolicy?.rules[ruleOf(job, pod)]?.action ?? 'Count'

/** [T-3] What the known end of a Pod is for the counters of a Job that goes on. */
export const endCountsAs = (job: ObservedJob, pod: ObservedPod): 'succeeded' | 'failed' | 'ignored' | 'uncounted' => {
  if (isOutOfRange(job, pod)) return 'uncounted'
  if (pod.phase === 'Succeeded') return 'succeeded'
  return actionOn(job, pod) === 'Ignore' ? 'ignored' : 'failed'
}

/** [5.4] Whether the failure of the Pod is the last that its index may have. */
export const isLastOfIndex = (job: ObservedJob, pod: ObservedPod): boolean => {
  const action = actionOn(job, pod)
  if (action === 'FailIndex') return true
  return action !== 'Ignore' && (pod.indexFailures?.counted ?? 0) >= (job.spec.backoffLimitPerIndex ?? 0)
}

/** [B-1] */
export const endOf = ({ finishedAt, deletedAt }: ObservedPod): number =>
  finishedAt ?? Math.floor((deletedAt ?? 0) / 1000) * 1000

/** [B-3] 10 s, 20 s, ... 600 s. */
export const delayAfter = ({ backoffBaseMs }: ObservedJob, failures: number): number => {
  let delay = backoffBaseMs
  for (let step = 1; step < failures && delay < 60 * backoffBaseMs; step += 1) delay *= 2
  return Math.min(delay, 60 * backoffBaseMs)
}

/** [B-2] The memory of the back-off after a sync has counted these Pods. */
export const backoffAfter = (before: Backoff, counted: ReadonlyArray<ObservedPod>): Backoff => {
  const successes = counted.filter(({ phase }) => phase === 'Succeeded').map(endOf)
  const failures = counted.filter(({ phase }) => phase !== 'Succeeded').map(endOf)
  if (counted.length === 0) return before
  if (successes.length === 0) return { failures: before.failures + failures.length, lastAt: Math.max(...failures) }
  const later = failures.filter((end) => end > Math.max(...successes))
  return { failures: later.length, lastAt: later.length === 0 ? null : Math.max(...later) }
}

/** When the back-off ends that this memory asks for; null when there is nothing to wait for. */
export const backoffEnd = (job: ObservedJob, { failures, lastAt }: Backoff): number | null =>
  failures === 0 || lastAt === null ? null : lastAt + delayAfter(job, failures)

/** [5.5] When the index may have its next Pod; null when nothing is remembered of it. */
export const indexBackoffEnd = (job: ObservedJob, index: number): number | null => {
  const memory = memoryOf(job, index)
  if (memory === undefined) return null
  const { counted, ignored } = memory.indexFailures ?? { counted: 0, ignored: 0 }
  return endOf(memory) + delayAfter(job, counted + ignored + 1)
}

export const memoryOf = ({ pods }: ObservedJob, index: number): ObservedPod | undefined =>
  pods.find((pod) => pod.isHeldBack && pod.index === index)

/** [I-1] Whether the index may have a Pod. */
export const isEligible = (job: ObservedJob, index: number): boolean => {
  if (index >= (job.spec.completions ?? 0) || job.failedIndexes.has(index)) return false
  if (completedIndexes(job).has(index)) return false
  return !job.pods.some((pod) => pod.index === index && holdsIndex(job, pod))
}

export const holdsIndex = ({ spec }: ObservedJob, pod: ObservedPod): boolean =>
  !pod.isSurplus && (isActive(pod) || (spec.podReplacementPolicy === 'Failed' && isTerminating(pod)))

/** The same, or it has succeeded and nobody has counted that yet. */
export const keepsIndex = (job: ObservedJob, pod: ObservedPod): boolean =>
  holdsIndex(job, pod) || (pod.phase === 'Succeeded' && pod.hasFinalizer && !pod.isGone && !pod.isSurplus)
