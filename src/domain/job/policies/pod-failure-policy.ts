import { O } from '../../../prelude.ts'
import type { PodFailureRule, PolicyMatch } from '../job-facts.ts'
import type { Job } from '../job.ts'
import { podRow } from '../pod-columns.ts'
import type { Policy } from './policy.ts'

/** [F-3] A rule `FailJob` holds for a failed Pod. */
export const podFailurePolicy: Policy = ({ job }) =>
  job.failJobPod === null
    ? O.none
    : O.some({ _tag: 'Failure', reason: 'PodFailurePolicy', match: matchOf(job, job.failJobPod) })

const matchOf = (job: Job, pod: number): PolicyMatch | null => {
  const { match } = podRow(job.pods, pod)
  return match === null ? null : { pod, ...match }
}

/** [5.1] What the first matching rule wants done about a failed Pod; `Count` when none matches. */
export const failureAction = ({ terms }: Job, match: { readonly rule: number } | null): PodFailureRule['action'] =>
  match === null ? 'Count' : (terms.podFailurePolicy?.[match.rule]?.action ?? 'Count')

/** The first rule that the end of this container makes true; -1 when there is none. Exit code 0 never matches. */
export const ruleOnExit = (rules: ReadonlyArray<PodFailureRule>, container: number, exitCode: number): number =>
  exitCode === 0
    ? -1
    : rules.findIndex(
        ({ onExitCodes: wanted }) =>
          wanted !== null &&
          (wanted.container === null || wanted.container === container) &&
          wanted.values.includes(exitCode) === (wanted.operator === 'In'),
      )

/** Every rule that these conditions make true, with the first of its patterns that does, in the order of the rules. */
export const patternsOf = (
  rules: ReadonlyArray<PodFailureRule>,
  conditions: ReadonlyArray<{ readonly type: string; readonly status: string }>,
): ReadonlyArray<{ readonly rule: number; readonly pattern: number }> =>
  rules.flatMap(({ onPodConditions }, rule) => {
    const pattern = onPodConditions.findIndex(({ type, status }) =>
      conditions.some((condition) => condition.type === type && condition.status === status),
    )
    return pattern < 0 ? [] : { rule, pattern }
  })
