import { countPods } from './count-pods.ts'
import type { JobEvent } from './events.ts'
import { evolveAll } from './evolve.ts'
import type { Job } from './job.ts'
import { backoffAfter } from './policies/pod-backoff.ts'
import { podsToAbandon } from './pods-to-delete.ts'
import { type Plan, planFor, verdictAt } from './sync-plan.ts'

/**
 * [I-12] A sync whose status Kubernetes would refuse. Pods are created and deleted as usual; their ends are looked at and not
 * counted, so they stay tracked, and no verdict is told. It ends with `StatusWithheld`. It is not tried again until there is a new
 * fact: nothing else could make the status acceptable. At most `max` events before that.
 */
export const withheldSync = (before: Job, at: number, max: number): ReadonlyArray<JobEvent> => {
  const counting = countPods(before, at, Number.POSITIVE_INFINITY)
  const counted = evolveAll(before, counting.events) as Job
  const job: Job = { ...counted, ...backoffAfter(before, counting.pods) }
  const verdict = before.interim ?? verdictAt({ ...job, restarts: before.restarts }, counting, at)
  const plan: Plan =
    verdict !== null ? { ...podsToAbandon(before, at, max), retryAt: null } : planFor(job, counting, at, max)
  const { podFailures, lastPodFailureAt, unsyncedSince: from } = before
  const { events, complete, retryAt } = plan
  if (events.length === 0 && from === null) return []
  return [...events, { type: 'StatusWithheld', podFailures, lastPodFailureAt, from, complete, retryAt, at }]
}
