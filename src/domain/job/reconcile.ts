import { O } from '../../prelude.ts'
import { releaseUnselected } from './change-pod.ts'
import { countPods, countTheRest, type Counting } from './count-pods.ts'
import type { JobEvent } from './events.ts'
import { evolveAll } from './evolve.ts'
import { isFinished, type Job } from './job.ts'
import { isComplete } from './policies/completions.ts'
import { backoffAfter } from './policies/pod-backoff.ts'
import type { Verdict } from './policies/policy.ts'
import { verdictOn } from './policies/verdict.ts'
import { podRow } from './pod-columns.ts'
import { podsToCreate } from './pods-to-create.ts'
import { podsToDelete, stopPods } from './pods-to-delete.ts'
import { publication } from './publication.ts'

/**
 * One sync: everything the rules want of the Job at this moment, as one append. It counts ended Pods, creates and deletes Pods,
 * decides whether the Job is over, publishes the status, and ends with `JobSynced`. Nothing to do and nothing new to say: no
 * events. What does not fit into one append is left to the next sync (`complete: false`).
 */
export const reconcile = (present: Job, at: number): ReadonlyArray<JobEvent> => {
  if (isFinished(present) || present.deletion !== null || present.terms.managedElsewhere) return []
  const released = releaseUnselected(present, at)
  const before = evolveAll(present, released) as Job
  const counting = countPods(before, at, countedMax)
  const counted = evolveAll(before, counting.events) as Job
  const job: Job = { ...counted, ...backoffAfter(before, counting.pods), startTime: startTimeAt(counted, at) }
  const verdict =
    job.interim ?? (counting.complete ? verdictAt({ ...job, restarts: before.restarts }, counting, at) : null)
  const plan = verdict === null ? planFor(job, counting, at) : endingFor(job, verdict, at)
  const planned = evolveAll(job, plan.events) as Job
  const outcome = verdict ?? (counting.complete ? reached(planned) : null)
  const left = eventsMax - counting.events.length - plan.events.length
  const stopped = verdict === null && outcome !== null ? stopPods(planned, at, 'uncounted', left) : stopNone
  const ended = evolveAll(planned, stopped.pods) as Job
  const rest = outcome === null ? nothing : countTheRest(ended, at, left - stopped.pods.length)
  const after = evolveAll(ended, rest.events) as Job
  const complete = plan.complete && stopped.complete && rest.complete && after.uncounted.length === 0
  const vanished = [...counting.events, ...plan.events, ...stopped.pods, ...rest.events].filter(
    (event) => event.type === 'PodRemoved' && podRow(before.pods, event.pod).finishedAt === null,
  ).length
  const end = { before, at, complete, managed: plan.complete, vanished, retryAt: plan.retryAt }
  const events = [
    ...released,
    ...counting.events,
    ...plan.events,
    ...stopped.pods,
    ...rest.events,
    ...publication(after, complete ? outcome : verdict, end),
  ]
  return events.length === 1 && changesNothing(before, after) ? [] : events
}

/** Bounds one append: a thousand events, and well under a mebibyte. */
const eventsMax = 900
/** Half of it for the Pods that are counted, which have one or two events each, and half for what follows. */
const stepMax = eventsMax / 2
const countedMax = stepMax / 2

/** [C-7] The first sync of a Job that is not suspended starts it. */
const startTimeAt = ({ startTime, terms }: Job, at: number): number | null => startTime ?? (terms.suspend ? null : at)

/** What a sync does about Pods after it has counted. `complete`: everything the rules want fitted into this append. */
type Plan = { readonly events: ReadonlyArray<JobEvent>; readonly complete: boolean; readonly retryAt: number | null }
const nothing: Plan = { events: [], complete: true, retryAt: null }
/** [T-3] A Job that is complete lets Pods that still terminate go at once, counted neither way: here there is none. */
const stopNone: ReturnType<typeof stopPods> = { pods: [], complete: true }

/**
 * The verdict that holds before the number of Pods is looked at (F-3 to F-8). It is published at once, also when more Pods have
 * to be stopped than one append holds: they are counted as failed, and that must not become another reason.
 */
const verdictAt = (job: Job, { failuresToHoldBack }: Counting, at: number): Verdict | null =>
  O.toNullable(verdictOn({ job, at, failed: job.counts.failed + job.heldBackFailures + failuresToHoldBack }))

/** [F-1 to F-8, 3.2] The Job is decided: no Pod runs on. */
const endingFor = (job: Job, { _tag }: Verdict, at: number): Plan => {
  const { pods, complete } = stopPods(job, at, _tag === 'Failure' ? 'failed' : 'uncounted', stepMax)
  return { events: pods, complete, retryAt: null }
}

/** [2.6, 5.6] The Job goes on: failures are remembered, surplus Pods deleted, or else missing ones created. */
const planFor = (counted: Job, { toHoldBack, complete }: Counting, at: number): Plan => {
  const heldBack = toHoldBack.map((pod): JobEvent => ({ type: 'PodHeldBack', pod, at }))
  if (!complete) return { events: heldBack, complete, retryAt: null }
  const job = evolveAll(counted, heldBack) as Job
  const excess = podsToDelete(job, at, stepMax)
  if (excess.pods.length > 0) return { events: [...heldBack, ...excess.pods], complete: excess.complete, retryAt: null }
  const { pods, ...rest } = podsToCreate(job, at, stepMax)
  return { events: [...heldBack, ...pods], ...rest }
}

/** [F-9] Evaluated after the number of Pods was brought to what is wanted. */
const reached = (job: Job): Verdict | null =>
  isComplete(job) ? { _tag: 'Success', reason: 'CompletionsReached', rule: null } : null

/** No fact waited for this sync, and it publishes what is published already. */
const changesNothing = (before: Job, after: Job): boolean =>
  before.unsyncedSince === null && before.startTime === after.startTime && before.published.synced
