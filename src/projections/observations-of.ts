import { PodFailureReason, PodFailureReasons, type PodObservation } from '../domain/job/observations.ts'
import { podRow } from '../domain/job/pod-columns.ts'
import type { ContainerRecord, Termination } from './container-record.ts'
import { type JobView, podContainers } from './job-view.ts'

/** What has to be told of a Pod that runs here to whom it is new: the fewest observations that make it what it is. */
export const observationsOf = (view: JobView, pod: number): ReadonlyArray<PodObservation> => {
  if (view.state._tag === 'NoJob') return []
  const { startedAt, phase, finishedAt, exitCode, reason } = podRow(view.state.pods, pod)
  const told = PodFailureReasons[reason - 1]
  const containers: ReadonlyArray<ContainerRecord | undefined> = podContainers(view, pod)
  const inits = view.manifest?.spec.template.spec.initContainers?.length ?? 0
  // Who lets a Pod go does not keep whether it is ready.
  const ready = containers.slice(inits).every((record) => record === undefined || record.state === 'running')
  return [
    ...containers.flatMap((record, container) => (record === undefined ? [] : ofContainer(record, container))),
    ...(startedAt === null ? [] : [{ type: 'PodStarted', ready, at: startedAt } as const]),
    ...(phase === 'Succeeded' && finishedAt !== null ? [{ type: 'PodSucceeded', at: finishedAt } as const] : []),
    ...(phase === 'Failed' && finishedAt !== null
      ? [{ type: 'PodFailed', reason: PodFailureReason.is(told) ? told : null, exitCode, at: finishedAt } as const]
      : []),
  ]
}

const ofContainer = (record: ContainerRecord, container: number): ReadonlyArray<PodObservation> => {
  const { restart, process, startedAt, previous, terminated, state } = record
  const before = previous === null ? [] : ended(previous, container)
  if (terminated !== null) return [...before, ...ended(terminated, container)]
  if (state === 'waiting') return [...before, waiting(record, container)]
  return process === null
    ? before
    : [...before, { type: 'ProcessStarted', container, restart, ...process, at: startedAt }]
}

const waiting = (record: ContainerRecord, container: number): PodObservation => ({
  type: 'ContainerWaiting',
  container,
  restart: record.restart,
  reason: record.waitingReason,
  until: null,
  backoffMs: record.backoffMs,
  at: record.startedAt,
})

const ended = ({ message, finishedAt, ...end }: Termination, container: number): ReadonlyArray<PodObservation> => [
  ...(message === ''
    ? []
    : [{ type: 'MessageRecorded', container, restart: end.restart, message, at: finishedAt } as const]),
  { type: 'ContainerExited', container, ...end, logBytes: 0, logSha256: '', at: finishedAt },
]
