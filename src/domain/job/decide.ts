import { absurd, E } from '../../prelude.ts'
import { expiryOf } from './agenda.ts'
import { changeJob } from './change-job.ts'
import { collectGarbage } from './collect-garbage.ts'
import type {
  BindPod,
  CreateJob,
  DeleteJob,
  DeletePod,
  EvictPod,
  JobCommand,
  PodReport,
  RecordLostPods,
  RecordPodFacts,
  ReportJob,
  ReportPod,
} from './commands.ts'
import type { JobEvent } from './events.ts'
import { eventsMax } from './events-max.ts'
import type { Job, JobState } from './job.ts'
import { jobTerms } from './job-terms.ts'
import { lifecycleOf, livePods, type PodRow, podRow, succeededPhase } from './pod-columns.ts'
import { deleteUntracked } from './pod-deletion.ts'
import { untoldEnd } from './policies/pod-backoff.ts'
import { patternsOf } from './policies/pod-failure-policy.ts'
import { withdrawPods } from './pods-to-delete.ts'
import { adoptPod, changePod } from './change-pod.ts'
import { losePods, placed, placePods } from './pod-places.ts'
import { reconcile } from './reconcile.ts'
import type { JobRefusal } from './refusals.ts'

export type Decision = E.Either<JobRefusal, ReadonlyArray<JobEvent>>

/** Time and randomness of one decision: they arrive with the command and are stored with its events. */
export type Moment = { readonly at: number; readonly seed: string }

/** What follows from a command, given the Job as it stands: events, or why not. Deciding twice is harmless: what is already so yields no events. */
export const decide =
  (command: JobCommand, { at, seed }: Moment) =>
  (state: JobState): Decision => {
    if (command.type === 'CreateJob') return createJob(command, at, seed)(state)
    if (state._tag === 'NoJob') return E.left({ _tag: 'JobNotFound' })
    switch (command.type) {
      case 'ChangeJob':
        return changeJob(command, at)(state)
      case 'ReportJob':
        return reportJob(command, at)(state)
      case 'DeleteJob':
        return deleteJob(command, at)(state)
      case 'DeletePod':
        return deletePod(command, at)(state)
      case 'EvictPod':
        return evictPod(command, at)(state)
      case 'BindPod':
        return bindPod(command, at)(state)
      case 'PlacePods':
        return E.right(placePods(command.placement, state, at))
      case 'LosePods':
        return E.right(losePods(command.pods, state, at))
      case 'RecordPodFacts':
        return E.right(recordPodFacts(command, state))
      case 'ReportPod':
        return reportPod(command, at)(state)
      case 'ChangePod':
        return changePod(command, at)(state)
      case 'AdoptPod':
        return adoptPod(command, at)(state)
      case 'RecordLostPods':
        return E.right(recordLostPods(command, state, at))
      case 'WithdrawPods':
        return E.right(state.terms.podsRunElsewhere ? [] : withdrawPods(state, at, eventsMax).pods)
      case 'CreatePods':
      case 'FailOnBackoff':
      case 'ExpireDeadline':
        return E.right(placed(reconcile(state, at), state, command.placement))
      case 'DeleteExpired':
        return E.right(deleteExpired(state, at))
      case 'RemovePods':
        return E.right(collectGarbage(state, at, command.isBlocked))
      default:
        return absurd(command)
    }
  }

const createJob =
  ({ uid, manifest, podBackoffBaseMs, podsRunElsewhere = false }: CreateJob, at: number, seed: string) =>
  (state: JobState): Decision => {
    if (state._tag === 'Job') return E.left({ _tag: 'JobAlreadyExists' })
    const { name, namespace } = manifest.metadata
    const terms = jobTerms(manifest, { podBackoffBaseMs, podsRunElsewhere })
    return E.right([
      { type: 'ManifestRecorded', generation: 1, manifest, at },
      {
        type: 'JobCreated',
        uid,
        namespace,
        name,
        seed,
        terms,
        hasFinalizers: (manifest.metadata.finalizers ?? []).length > 0,
        at,
      },
    ])
  }

const reportJob =
  ({ status, finishedAt }: ReportJob, at: number) =>
  (job: Job): Decision =>
    job.deleted
      ? E.left({ _tag: 'JobNotFound' })
      : E.right([
          { type: 'JobStatusReported', finishedAt, at },
          { type: 'JobStatusRecorded', status, at },
        ])

const deleteJob =
  ({ propagation: wanted }: DeleteJob, at: number) =>
  (job: Job): Decision => {
    if (job.deleted) return E.left({ _tag: 'JobNotFound' })
    const propagation = wanted ?? job.deletion?.propagation ?? 'Orphan'
    const requested: ReadonlyArray<JobEvent> =
      job.deletion?.propagation === propagation ? [] : [{ type: 'JobDeletionRequested', propagation, at }]
    const isGone = propagation === 'Background' && !job.hasFinalizers
    return E.right(isGone ? [...requested, { type: 'JobDeleted', at }] : requested)
  }

const deleteExpired = (job: Job, at: number): ReadonlyArray<JobEvent> => {
  const expiry = expiryOf(job)
  if (job.deletion !== null || expiry === null || at < expiry) return []
  return [{ type: 'JobDeletionRequested', propagation: 'Foreground', at }]
}

/** [10.4] A deletion told again may shorten the grace, never lengthen it. */
const deletePod =
  ({ pod, graceSeconds }: DeletePod, at: number) =>
  (job: Job): Decision => {
    if (!lifecycleOf(job.pods, pod).live) return E.left({ _tag: 'PodNotFound', pod })
    const row = podRow(job.pods, pod)
    const events = deleteUntracked(job, row, { by: 'user', graceSeconds, at })
    const [requested] = events
    if (row.deleting && requested?.type === 'PodDeletionRequested' && requested.graceSeconds >= row.graceSeconds)
      return E.right([])
    return E.right(row.tracked ? events.slice(0, 1) : events)
  }

/** [10.5] The deletion tells rules afterwards that the Pod did not fail of itself. */
const evictPod =
  ({ pod, graceSeconds }: EvictPod, at: number) =>
  (job: Job): Decision => {
    const { live, phase } = lifecycleOf(job.pods, pod)
    const isNews = live && phase < succeededPhase && !podRow(job.pods, pod).disrupted
    const told: ReadonlyArray<JobEvent> = isNews
      ? [{ type: 'PodDisrupted', reason: 'EvictionByEvictionAPI', pod, at }]
      : []
    return E.map((events: ReadonlyArray<JobEvent>) => [...told, ...events])(
      deletePod({ type: 'DeletePod', pod, graceSeconds }, at)(job),
    )
  }

const bindPod =
  ({ change, report }: BindPod, at: number) =>
  (job: Job): Decision =>
    E.flatMap((changed: ReadonlyArray<JobEvent>) =>
      E.map((reported: ReadonlyArray<JobEvent>) => [...changed, ...reported])(reportPod(report, at)(job)),
    )(changePod(change, at)(job))

/** The report of a client about a Pod that it runs. What it says after the Pod's end is kept as its status and changes nothing else. */
const reportPod =
  ({ pod, report, status }: ReportPod, at: number) =>
  (job: Job): Decision => {
    if (!lifecycleOf(job.pods, pod).live) return E.left({ _tag: 'PodNotFound', pod })
    const conditions = patternsOf(job.terms.podFailurePolicy ?? [], report.conditions)
    return E.right([
      { type: 'PodReported', ...report, ...endIn(report, podRow(job.pods, pod)), conditions, pod, at },
      { type: 'PodStatusRecorded', status, pod, at },
    ])
  }

/** A Pod that has ended has an end, whether or not its containers tell it. */
const endIn = ({ phase, finishedAt }: PodReport, row: PodRow): Pick<PodReport, 'finishedAt'> => ({
  finishedAt: phase === 'Succeeded' || phase === 'Failed' ? (finishedAt ?? untoldEnd(row)) : finishedAt,
})

/** Facts that say something new: about a live Pod that has not ended yet. A deleted, no longer tracked Pod goes with its end. */
const recordPodFacts = ({ facts }: RecordPodFacts, job: Job): ReadonlyArray<JobEvent> => {
  const events: JobEvent[] = []
  const ended = new Set<number>()
  for (const { pod, observation } of facts) {
    const { live, phase, deleting, tracked } = lifecycleOf(job.pods, pod)
    if (!live || phase >= succeededPhase || ended.has(pod)) continue
    if (observation.type === 'PodStarted' && phase !== 0) continue
    events.push({ ...observation, pod })
    if (observation.type !== 'PodSucceeded' && observation.type !== 'PodFailed') continue
    ended.add(pod)
    if (deleting && !tracked) events.push({ type: 'PodRemoved', pod, at: observation.at })
  }
  return events
}

const recordLostPods = (
  { below = Number.POSITIVE_INFINITY }: RecordLostPods,
  job: Job,
  at: number,
): ReadonlyArray<JobEvent> => {
  if (job.terms.podsRunElsewhere) return []
  const facts: Array<RecordPodFacts['facts'][number]> = []
  for (const pod of livePods(job.pods)) {
    const { phase, launched, deleting } = lifecycleOf(job.pods, pod)
    if (pod < below && phase < succeededPhase && (launched || deleting))
      facts.push({ pod, observation: { type: 'PodFailed', reason: 'NodeLost', exitCode: null, at } })
  }
  return recordPodFacts({ type: 'RecordPodFacts', facts }, job)
}
