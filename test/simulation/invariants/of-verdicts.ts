import { actionOn, completedSoon, countsOf, endCountsAs, isIndexed, isOver, ruleOf } from '../observed/counted.ts'
import type { ObservedJob } from '../observed/observed-job.ts'
import { differs, eventsOf, type Named, type SyncInvariant } from './invariant.ts'
import { failingIndexes, newEnds } from './of-syncs.ts'

/** What must hold of when a Job is decided, and how. */
export const invariantsOfVerdicts: Named<SyncInvariant> = {
  'the first policy that holds decides, at once': ({ before, after, events, at }) => {
    const expected = before.interim === null ? (verdictOn(before, at) ?? reached(after)) : null
    const given = [...eventsOf(events, 'FailureTargeted'), ...eventsOf(events, 'SuccessCriteriaMet')]
    return differs(
      'verdict',
      expected === null ? [] : [expected],
      given.map(({ reason }) => reason),
    )
  },

  'a success says which rule of its policy held': ({ before, events }) => {
    const [met] = eventsOf(events, 'SuccessCriteriaMet')
    if (met === undefined) return null
    return differs('rule', met.reason === 'SuccessPolicy' ? successRuleOf(before) : null, met.rule)
  },

  'a failure by policy names a Pod for which the rule holds': ({ before, events }) => {
    const [targeted] = eventsOf(events, 'FailureTargeted')
    if (targeted === undefined) return null
    const { match, reason } = targeted
    if (reason !== 'PodFailurePolicy') return differs('match', null, match)
    const pod = before.pods[match?.pod ?? -1]
    if (match === null || pod === undefined) return 'no Pod is named'
    const rule = before.spec.podFailurePolicy?.rules[match.rule]
    if (rule?.action !== 'FailJob') return `rule ${match.rule} does not fail Jobs`
    if (
      match.container !== null &&
      !pod.exits.some((exit) => exit.container === match.container && exit.exitCode === match.exitCode)
    )
      return `container ${match.container} of Pod ${match.pod} did not exit with ${match.exitCode}`
    return differs(`rule for Pod ${match.pod}`, ruleOf(before, pod), match.rule)
  },
}

/** [F-3 to F-8] */
export const verdictOn = (job: ObservedJob, at: number): string | null => {
  const { spec, pods } = job
  const ends = newEnds(job)
  const failed = countsOf(job).failed + ends.filter((pod) => endCountsAs(job, pod) === 'failed').length
  const failedIndexes = job.failedIndexes.size + failingIndexes(job).size
  const restarts = pods.filter((pod) => !isOver(pod) && !pod.isGone).reduce((sum, pod) => sum + pod.restarts, 0)
  const startTime = job.startTime ?? (spec.suspend ? null : at)
  const deadline = spec.activeDeadlineSeconds
  if (pods.some((pod) => pod.phase === 'Failed' && actionOn(job, pod) === 'FailJob')) return 'PodFailurePolicy'
  if (failed > spec.backoffLimit) return 'BackoffLimitExceeded'
  if (spec.template.spec.restartPolicy === 'OnFailure' && restarts >= Math.max(1, spec.backoffLimit))
    return 'BackoffLimitExceeded'
  if (deadline !== undefined && !spec.suspend && startTime !== null && at - startTime >= deadline * 1000)
    return 'DeadlineExceeded'
  if (spec.backoffLimitPerIndex !== undefined) {
    if (spec.maxFailedIndexes !== undefined && failedIndexes > spec.maxFailedIndexes) return 'MaxFailedIndexesExceeded'
    if (failedIndexes > 0 && failedIndexes + completedSoon(job).size >= (spec.completions ?? 0)) return 'FailedIndexes'
  }
  return successRuleOf(job) === null ? null : 'SuccessPolicy'
}

/** [5.8] */
const successRuleOf = (job: ObservedJob): number | null => {
  const completed = completedSoon(job)
  if (!isIndexed(job) || completed.size === 0) return null
  const rule = (job.spec.successPolicy?.rules ?? []).findIndex(({ succeededIndexes, succeededCount }) => {
    if (succeededIndexes === undefined) return completed.size >= (succeededCount ?? Number.POSITIVE_INFINITY)
    const listed = listOf(succeededIndexes)
    const done = listed.filter((index) => completed.has(index)).length
    return done > 0 && done >= (succeededCount ?? listed.length)
  })
  return rule < 0 ? null : rule
}

const listOf = (text: string): ReadonlyArray<number> =>
  text.split(',').flatMap((part) => {
    const [first = 0, last = first] = part.split('-').map(Number)
    return Array.from({ length: last - first + 1 }, (_, place) => first + place)
  })

/** [F-9] */
const reached = (job: ObservedJob): string | null => {
  const { active, succeeded } = countsOf(job)
  const isEnough = job.spec.completions === undefined ? succeeded > 0 : succeeded >= job.spec.completions
  return active === 0 && isEnough ? 'CompletionsReached' : null
}
