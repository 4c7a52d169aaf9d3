import { E } from '../../prelude.ts'
import { adoptedAs } from './adopted-pods.ts'
import type { AdoptPod, ChangePod } from './commands.ts'
import type { JobEvent } from './events.ts'
import { hasIndex, indexesOf } from './index-set.ts'
import { isFinished, type Job } from './job.ts'
import { lifecycleOf, type PodRow, podRow } from './pod-columns.ts'
import { isGone } from './pod-deletion.ts'
import { type PodRun, untoldRestarts } from './pod-run.ts'
import { patternsOf } from './policies/pod-failure-policy.ts'
import type { JobRefusal } from './refusals.ts'

/**
 * A user changed a Pod of the Job. Without the tracking finalizer it is never counted (C-6); without the reference to the Job it is
 * let go at once (W-7); with other labels the next sync lets it go. The last finalizer of a deleted Pod takes it away.
 */
export const changePod =
  (change: ChangePod, at: number) =>
  (job: Job): E.Either<JobRefusal, ReadonlyArray<JobEvent>> => {
    const { pod } = change
    if (!lifecycleOf(job.pods, pod).live) return E.left({ _tag: 'PodNotFound', pod })
    const row = podRow(job.pods, pod)
    const isUntracked = row.tracked && !(change.isTracked && change.isOwned)
    const events: JobEvent[] = [...changed(change, row, job, at)]
    if (isUntracked) events.push({ type: 'PodAccounted', pod, as: 'uncounted', at })
    const isHeld = change.hasFinalizers || (row.tracked && !isUntracked)
    if (row.deleting && !isHeld && isGone(job, { ...row, kept: false }, row.graceSeconds))
      events.push({ type: 'PodRemoved', pod, at })
    else if (!change.isOwned) events.push({ type: 'PodReleased', pod, at })
    return E.right(events)
  }

const changed = (change: ChangePod, row: PodRow, job: Job, at: number): ReadonlyArray<JobEvent> => {
  const { pod, patch, isSelected, hasNode, hasFinalizers } = change
  const isSame = isSelected === !hasIndex(job.unselected, pod) && hasNode === row.bound && hasFinalizers === row.kept
  return patch === null && isSame
    ? []
    : [{ type: 'PodChanged', patch: patch ?? {}, isSelected, hasNode, hasFinalizers, pod, at }]
}

/** [8.1] The Job takes a Pod over: it counts as if the Job had created it. Twice is once. */
export const adoptPod =
  (command: AdoptPod, at: number) =>
  (job: Job): E.Either<JobRefusal, ReadonlyArray<JobEvent>> => {
    const { uid, name, index, hasNode, hasFinalizers, createdAt, form } = command
    if (adoptedAs(job, uid) !== null) return E.right([])
    if (job.deleted || job.deletion !== null || isFinished(job) || job.terms.managedElsewhere)
      return E.left({ _tag: 'JobAdoptsNoPods' })
    const pod = job.pods.size
    const recorded: JobEvent = { type: 'PodFormRecorded', form, pod, at }
    const adopted: JobEvent = { type: 'PodAdopted', uid, name, index, hasNode, hasFinalizers, createdAt, pod, at }
    if ('run' in command) return E.right([recorded, ...takenOver(command.run, adopted, pod, at)])
    const conditions = patternsOf(job.terms.podFailurePolicy ?? [], command.report.conditions)
    return E.right([recorded, adopted, { type: 'PodReported', ...command.report, conditions, pod, at }])
  }

/** The node comes first, as with a Pod that the Job creates, so that nobody starts the Pod again. */
const takenOver = (
  { node, place, observations }: PodRun,
  adopted: JobEvent,
  pod: number,
  at: number,
): ReadonlyArray<JobEvent> => [
  { type: 'PodBound', node, pod, at },
  adopted,
  { type: 'PodRunTakenOver', place, restartsBefore: untoldRestarts(observations), pod, at },
  ...observations.map((seen) => ({ ...seen, pod })),
]

/** [8.1] Pods that the selector finds no longer are let go, uncounted: at most `max` events. */
export const releaseUnselected = (job: Job, at: number, max: number): ReadonlyArray<JobEvent> =>
  [...indexesOf(job.unselected)].slice(0, max / 2).flatMap((pod) => releasePod(podRow(job.pods, pod), at))

/** The Pod goes on without the Job: its finalizer first, then the Job's claim on it. */
export const releasePod = ({ pod, tracked }: PodRow, at: number): ReadonlyArray<JobEvent> => [
  ...(tracked ? [{ type: 'PodAccounted', pod, as: 'uncounted', at } as const] : []),
  { type: 'PodReleased', pod, at },
]
