import type { Job } from '../job.ts'
import type { PodRow } from '../pod-columns.ts'
import { backoffEnd, endOf } from './pod-backoff.ts'
import { failureAction } from './pod-failure-policy.ts'

/** [5.4] Whether the failure of this Pod is the last that its index may have. */
export const isLastFailure = (job: Job, { match, indexFailures }: PodRow): boolean => {
  const action = failureAction(job, match)
  if (action === 'FailIndex') return true
  return action !== 'Ignore' && indexFailures.counted >= (job.terms.backoffLimitPerIndex ?? 0)
}

/** [5.3] What the next Pod of the index remembers, given the failed Pod that was held back; nothing when there is none. */
export const indexFailuresAfter = (
  job: Job,
  held: PodRow | null,
): { readonly counted: number; readonly ignored: number } => {
  if (held === null) return { counted: 0, ignored: 0 }
  const { counted, ignored } = held.indexFailures
  return failureAction(job, held.match) === 'Ignore'
    ? { counted, ignored: ignored + 1 }
    : { counted: counted + 1, ignored }
}

/** [5.5] When the next Pod of the index may be created, in epoch milliseconds. */
export const indexBackoffEnd = ({ terms }: Job, held: PodRow): number => {
  const podFailures = held.indexFailures.counted + held.indexFailures.ignored + 1
  return backoffEnd({ podFailures, lastPodFailureAt: endOf(held) }, terms.podBackoffBaseMs) ?? 0
}
