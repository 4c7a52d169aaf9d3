import { O, pipe } from '../../prelude.ts'
import { hasGarbage } from './collect-garbage.ts'
import type { IntentType } from './commands.ts'
import { isFinished, type Job } from './job.ts'
import { deadlineOf } from './policies/active-deadline.ts'
import { backoffLimit } from './policies/backoff-limit.ts'
import { isStatusRefused } from './status-refusal.ts'

/**
 * When an intent has work to do on this Job, in epoch milliseconds (past or present: now); none when it has not. A fact of the future,
 * noted before the clock was set back to `now`, is as good as one of the present.
 */
export type Due = (job: Job, windowMs: number, now: number) => O.Option<number>

const when = (holds: boolean, at: number | null): O.Option<number> => (holds && at !== null ? O.some(at) : O.none)

const isOpen = (job: Job): boolean => !isFinished(job) && job.deletion === null && !job.terms.managedElsewhere

/**
 * Facts wait for a sync, which comes one window after the first of them, or at once for a new Job and a new spec (E-1); or Pods are
 * missing and a back-off ends.
 */
const createPods: Due = (job, windowMs, now) => {
  if (!isOpen(job)) return O.none
  if (job.unsyncedSince !== null) return O.some(Math.min(job.unsyncedSince, now) + (isNewSpec(job) ? 0 : windowMs))
  return when(job.interim === null, job.retryAt)
}

const isNewSpec = ({ generation, syncedGeneration }: Job): boolean => generation !== syncedGeneration

/** More Pods have failed than the limit allows, counted or not yet counted. */
const failOnBackoff: Due = (job, windowMs, now) => {
  if (!isOpen(job) || job.interim !== null || job.unsyncedSince === null) return O.none
  const failed = job.counts.failed + job.uncounted.length + job.heldBackFailures
  return pipe(
    backoffLimit({ job, at: job.unsyncedSince, failed }),
    O.flatMap(() =>
      when(job.uncounted.length > 0 || job.restarts > 0, Math.min(job.unsyncedSince ?? 0, now) + windowMs),
    ),
  )
}

/** [I-12] A status that is withheld cannot tell the verdict: then there is something to do only while Pods are active. */
const expireDeadline: Due = (job) => {
  if (!isOpen(job) || job.interim !== null) return O.none
  return when(job.counts.active > 0 || !isStatusRefused(job), deadlineOf(job))
}

/** [G-1] The time to live of a finished Job has passed. */
const deleteExpired: Due = (job) => when(job.deletion === null, expiryOf(job))

/** When a finished Job with `ttlSecondsAfterFinished` may be deleted, in epoch milliseconds. */
export const expiryOf = ({ finished, finishedElsewhereAt, terms }: Job): number | null => {
  const end = finished?.at ?? finishedElsewhereAt
  return end === null || terms.ttlSecondsAfterFinished === null ? null : end + terms.ttlSecondsAfterFinished * 1000
}

const removePods: Due = (job, _windowMs, now) => when(hasGarbage(job), now)

/** What the sagas wait for: one entry for each intent. */
export const agenda: { readonly [K in IntentType]: Due } = {
  CreatePods: createPods,
  FailOnBackoff: failOnBackoff,
  ExpireDeadline: expireDeadline,
  DeleteExpired: deleteExpired,
  RemovePods: removePods,
}
