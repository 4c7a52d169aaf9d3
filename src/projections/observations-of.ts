import { PodFailureReason, PodFailureReasons, type PodObservation } from '../domain/job/observations.ts'
import type { ContainerRecord, Termination } from './container-record.ts'
import type { PodLife } from './container-status.ts'

/** What has to be told of a Pod that runs here to whom it is new: the fewest observations that make it what it is. */
export const observationsOf = (
  life: PodLife,
  containers: ReadonlyArray<ContainerRecord | undefined>,
): ReadonlyArray<PodObservation> => {
  const { startedAt, phase, finishedAt, exitCode, reason } = life
  const told = PodFailureReasons[reason - 1]
  return [
    ...containers.flatMap((record, container) => (record === undefined ? [] : ofContainer(record, container))),
    ...(startedAt === null ? [] : startOf(life, startedAt)),
    ...(phase === 'Succeeded' && finishedAt !== null ? [{ type: 'PodSucceeded', at: finishedAt } as const] : []),
    ...(phase === 'Failed' && finishedAt !== null
      ? [{ type: 'PodFailed', reason: PodFailureReason.is(told) ? told : null, exitCode, at: finishedAt } as const]
      : []),
  ]
}

/** When it last became ready, or ceased to be, is told if that was not at the start. */
const startOf = ({ ready, readyTurnedAt }: PodLife, at: number): ReadonlyArray<PodObservation> =>
  readyTurnedAt === null || readyTurnedAt === at
    ? [{ type: 'PodStarted', ready, at }]
    : [
        { type: 'PodStarted', ready: !ready, at },
        { type: 'PodReadinessChanged', ready, at: readyTurnedAt },
      ]

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
