import type { JobEvent } from '../domain/job/events.ts'
import type { ContainerReason, WaitingReason } from '../domain/job/observations.ts'

type ContainerEvent = Extract<JobEvent, { readonly container: number }>

/** The last end of a container. Times are epoch milliseconds. */
export type Termination = {
  readonly restart: number
  readonly exitCode: number
  readonly signal: number
  readonly reason: ContainerReason
  readonly startedAt: number
  readonly finishedAt: number
  readonly message: string
}

/** One container of a Pod as its facts tell it. */
export type ContainerRecord = {
  readonly restart: number
  readonly state: 'waiting' | 'running' | 'terminated'
  readonly waitingReason: WaitingReason
  readonly backoffMs: number
  readonly startedAt: number
  readonly terminated: Termination | null
  readonly previous: Termination | null
  /** Last words that belong to the end which follows. */
  readonly message: string
  readonly process: { readonly bootId: string; readonly pid: number; readonly startTicks: number } | null
}

const fresh: ContainerRecord = {
  restart: 0,
  state: 'waiting',
  waitingReason: 'ContainerCreating',
  backoffMs: 0,
  startedAt: 0,
  terminated: null,
  previous: null,
  message: '',
  process: null,
}

/** The record after one more fact about the container. */
export const recordOfContainer = (before: ContainerRecord = fresh, event: ContainerEvent): ContainerRecord => {
  switch (event.type) {
    case 'ProcessStarted':
      return {
        ...before,
        restart: event.restart,
        state: 'running',
        startedAt: event.at,
        terminated: null,
        previous: before.terminated ?? before.previous,
        message: '',
        process: { bootId: event.bootId, pid: event.pid, startTicks: event.startTicks },
      }
    case 'ContainerWaiting':
      return {
        ...before,
        restart: event.restart,
        state: 'waiting',
        waitingReason: event.reason,
        backoffMs: event.backoffMs,
        terminated: null,
        previous: before.terminated ?? before.previous,
      }
    case 'MessageRecorded':
      return { ...before, message: event.message }
    case 'ContainerExited':
      return {
        ...before,
        restart: event.restart,
        state: 'terminated',
        terminated: termination(before, event),
        previous: before.terminated ?? before.previous,
        process: null,
      }
  }
}

const termination = (
  { message }: ContainerRecord,
  event: Extract<ContainerEvent, { readonly type: 'ContainerExited' }>,
): Termination => ({
  restart: event.restart,
  exitCode: event.exitCode,
  signal: event.signal,
  reason: event.reason,
  startedAt: event.startedAt,
  finishedAt: event.at,
  message,
})
