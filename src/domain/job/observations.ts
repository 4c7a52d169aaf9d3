import * as t from 'io-ts'
import { int } from '../codecs.ts'

/**
 * What a runtime can say of a Pod, and how it is stored: the observation becomes the event of the same type, with the Pod's
 * ordinal added. `container` counts through init containers first, then app containers, in spec order. Times are epoch
 * milliseconds.
 */
export const ContainerReason = t.keyof(
  {
    Completed: null,
    Error: null,
    OOMKilled: null,
    StartError: null,
    ContainerStatusUnknown: null,
    DeadlineExceeded: null,
  },
  'ContainerReason',
)
export type ContainerReason = t.TypeOf<typeof ContainerReason>

export const WaitingReason = t.keyof(
  { ContainerCreating: null, PodInitializing: null, CrashLoopBackOff: null, CreateContainerConfigError: null },
  'WaitingReason',
)

export type WaitingReason = t.TypeOf<typeof WaitingReason>

export const PodFailureReason = t.keyof(
  { DeadlineExceeded: null, NodeLost: null, Evicted: null, Unknown: null },
  'PodFailureReason',
)
export type PodFailureReason = t.TypeOf<typeof PodFailureReason>

const shapes = {
  /** The process of a container exists, but waits for the confirmation of this fact before it runs anything of the user's. */
  ProcessStarted: { container: int, restart: int, bootId: t.string, pid: int, startTicks: int, at: t.number },
  /** All app containers have been started: phase Running. `ready` then and until `PodReadinessChanged` says otherwise. */
  PodStarted: { ready: t.boolean, at: t.number },
  PodReadinessChanged: { ready: t.boolean, at: t.number },
  /** A container waits: `until` is when a crash-looping one is tried again, else null. `backoffMs` 0 when it is no back-off. */
  ContainerWaiting: {
    container: int,
    restart: int,
    reason: WaitingReason,
    until: t.union([t.number, t.null]),
    backoffMs: t.number,
    at: t.number,
  },
  /** `exitCode` as the shell has it (128 + signal when killed); `message` is the termination message, '' when none. */
  ContainerExited: {
    container: int,
    restart: int,
    exitCode: int,
    signal: int,
    reason: ContainerReason,
    startedAt: t.number,
    logBytes: int,
    logSha256: t.string,
    at: t.number,
  },
  /** What a container left as its last words (termination message, or why it could not be created). User text, apart from the facts. */
  MessageRecorded: { container: int, restart: int, message: t.string, at: t.number },
  PodSucceeded: { at: t.number },
  /** `reason` is the Pod's `status.reason`, null for an ordinary failure; `exitCode` of the container that decided, null when unknown. */
  PodFailed: {
    reason: t.union([PodFailureReason, t.null]),
    exitCode: t.union([int, t.null]),
    at: t.number,
  },
}

const observation = <K extends string, P extends t.Props>(type: K, shape: P) =>
  t.strict({ type: t.literal(type), ...shape }, type)

const event = <K extends string, P extends t.Props>(type: K, shape: P) =>
  t.strict({ type: t.literal(type), pod: int, ...shape }, type)

export const podObservations = {
  ProcessStarted: observation('ProcessStarted', shapes.ProcessStarted),
  PodStarted: observation('PodStarted', shapes.PodStarted),
  PodReadinessChanged: observation('PodReadinessChanged', shapes.PodReadinessChanged),
  ContainerWaiting: observation('ContainerWaiting', shapes.ContainerWaiting),
  ContainerExited: observation('ContainerExited', shapes.ContainerExited),
  MessageRecorded: observation('MessageRecorded', shapes.MessageRecorded),
  PodSucceeded: observation('PodSucceeded', shapes.PodSucceeded),
  PodFailed: observation('PodFailed', shapes.PodFailed),
}

/** Any of them. */
export const PodObservation = t.union(
  [
    podObservations.ProcessStarted,
    podObservations.PodStarted,
    podObservations.PodReadinessChanged,
    podObservations.ContainerWaiting,
    podObservations.ContainerExited,
    podObservations.MessageRecorded,
    podObservations.PodSucceeded,
    podObservations.PodFailed,
  ],
  'PodObservation',
)
export type PodObservation = t.TypeOf<typeof PodObservation>

/** The same, as events of the Job's stream. */
export const observationEvents = {
  ProcessStarted: event('ProcessStarted', shapes.ProcessStarted),
  PodStarted: event('PodStarted', shapes.PodStarted),
  PodReadinessChanged: event('PodReadinessChanged', shapes.PodReadinessChanged),
  ContainerWaiting: event('ContainerWaiting', shapes.ContainerWaiting),
  ContainerExited: event('ContainerExited', shapes.ContainerExited),
  MessageRecorded: event('MessageRecorded', shapes.MessageRecorded),
  PodSucceeded: event('PodSucceeded', shapes.PodSucceeded),
  PodFailed: event('PodFailed', shapes.PodFailed),
}

/** The Pod failure reasons in a fixed order, so that a column can hold one as a number. */
export const PodFailureReasons: ReadonlyArray<string> = ['DeadlineExceeded', 'NodeLost', 'Evicted', 'Unknown']
