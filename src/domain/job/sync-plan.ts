import { O } from '../../prelude.ts'
import type { Counting } from './count-pods.ts'
import type { JobEvent } from './events.ts'
import { evolveAll } from './evolve.ts'
import type { Job } from './job.ts'
import type { Verdict } from './policies/policy.ts'
import { verdictOn } from './policies/verdict.ts'
import { podsToCreate } from './pods-to-create.ts'
import { podsToDelete, stopPods } from './pods-to-delete.ts'

/** What a sync does about Pods after it has counted. `complete`: everything the rules want fitted into this append. */
export type Plan = {
  readonly events: ReadonlyArray<JobEvent>
  readonly complete: boolean
  readonly retryAt: number | null
}
export const nothingPlanned: Plan = { events: [], complete: true, retryAt: null }

/**
 * The verdict that holds before the number of Pods is looked at (F-3 to F-8). It is published at once, also when more Pods have
 * to be stopped than one append holds: they are counted as failed, and that must not become another reason.
 */
export const verdictAt = (job: Job, { failuresToHoldBack }: Counting, at: number): Verdict | null =>
  O.toNullable(verdictOn({ job, at, failed: job.counts.failed + job.heldBackFailures + failuresToHoldBack }))

/** [F-1 to F-8, 3.2] The Job is decided: no Pod runs on. At most `max` events. */
export const endingFor = (job: Job, { _tag }: Verdict, at: number, max: number): Plan => {
  const { pods, complete } = stopPods(job, at, _tag === 'Failure' ? 'failed' : 'uncounted', max)
  return { events: pods, complete, retryAt: null }
}

/** [2.6, 5.6] The Job goes on: failures are remembered, surplus Pods deleted, or else missing ones created. At most `max` events, with those that tell new Pods their nodes. */
export const planFor = (counted: Job, { toHoldBack, complete }: Counting, at: number, max: number): Plan => {
  const heldBack = toHoldBack.slice(0, max).map((pod): JobEvent => ({ type: 'PodHeldBack', pod, at }))
  if (!complete || heldBack.length < toHoldBack.length) return { events: heldBack, complete: false, retryAt: null }
  const job = evolveAll(counted, heldBack) as Job
  const left = max - heldBack.length
  const excess = podsToDelete(job, at, left)
  if (excess.pods.length > 0) return { events: [...heldBack, ...excess.pods], complete: excess.complete, retryAt: null }
  const { pods, ...rest } = podsToCreate(job, at, Math.floor(left / 2))
  return { events: [...heldBack, ...pods], ...rest }
}
