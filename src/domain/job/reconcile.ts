import { releaseUnselected } from './change-pod.ts'
import { countPods, countTheRest } from './count-pods.ts'
import type { JobEvent } from './events.ts'
import { eventsMax } from './events-max.ts'
import { evolveAll } from './evolve.ts'
import { isFinished, type Job } from './job.ts'
import { isComplete } from './policies/completions.ts'
import { backoffAfter } from './policies/pod-backoff.ts'
import type { Verdict } from './policies/policy.ts'
import { podRow } from './pod-columns.ts'
import { stopPods } from './pods-to-delete.ts'
import { publication } from './publication.ts'
import { isStatusRefused } from './status-refusal.ts'
import { endingFor, nothingPlanned, planFor, verdictAt } from './sync-plan.ts'
import { withheldSync } from './withheld-sync.ts'

/**
 * One sync: everything the rules want of the Job at this moment, as one append. It counts ended Pods, creates and deletes Pods,
 * decides whether the Job is over, publishes the status, and ends with `JobSynced`. Nothing to do and nothing new to say: no
 * events. What does not fit into one append is left to the next sync (`complete: false`).
 */
export const reconcile = (present: Job, at: number): ReadonlyArray<JobEvent> => {
  if (isFinished(present) || present.deletion !== null || present.terms.managedElsewhere) return []
  const released = releaseUnselected(present, at, eventsMax)
  const before = evolveAll(present, released) as Job
  if (released.length > goAlongMax) {
    const begun = { before, at, complete: false, managed: false, vanished: 0, retryAt: null }
    return [...released, ...publication(before, null, begun)]
  }
  const room = eventsMax - released.length
  if (isStatusRefused(before)) return [...released, ...withheldSync(before, at, room)]
  const counting = countPods(before, at, countedMax)
  const counted = evolveAll(before, counting.events) as Job
  const job: Job = { ...counted, ...backoffAfter(before, counting.pods), startTime: startTimeAt(counted, at) }
  const verdict =
    job.interim ?? (counting.complete ? verdictAt({ ...job, restarts: before.restarts }, counting, at) : null)
  const afterCounting = room - counting.events.length
  const plan = verdict === null ? planFor(job, counting, at, afterCounting) : endingFor(job, verdict, at, afterCounting)
  const planned = evolveAll(job, plan.events) as Job
  const outcome = verdict ?? (counting.complete ? reached(planned) : null)
  const left = afterCounting - plan.events.length
  const stopped = verdict === null && outcome !== null ? stopPods(planned, at, 'uncounted', left) : stopNone
  const ended = evolveAll(planned, stopped.pods) as Job
  const rest = outcome === null ? nothingPlanned : countTheRest(ended, at, left - stopped.pods.length)
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

/** So many events of Pods that are let go fit into the append of a whole sync; more than that have a sync of their own. */
const goAlongMax = 100

/** The Pods that one sync counts have one to three events each, and something has to follow. */
const countedMax = eventsMax / 4

/** [C-7] The first sync of a Job that is not suspended starts it. */
const startTimeAt = ({ startTime, terms }: Job, at: number): number | null => startTime ?? (terms.suspend ? null : at)

/** [T-3] A Job that is complete lets Pods that still terminate go at once, counted neither way: here there is none. */
const stopNone: ReturnType<typeof stopPods> = { pods: [], complete: true }

/** [F-9] Evaluated after the number of Pods was brought to what is wanted. */
const reached = (job: Job): Verdict | null =>
  isComplete(job) ? { _tag: 'Success', reason: 'CompletionsReached', rule: null } : null

/** No fact waited for this sync, and it publishes what is published already. */
const changesNothing = (before: Job, after: Job): boolean =>
  before.unsyncedSince === null && before.startTime === after.startTime && before.published.synced
