import type { JobEvent } from '../domain/job/events.ts'

/** Who did it, as the log has it. */
export type Actor = {
  readonly kind: 'user' | 'saga' | 'runtime' | 'recovery'
  /** The user's name, the saga's file name, the runtime's name. */
  readonly name: string
  /** What the user spoke through (`jobledger run`, a user agent); absent for others. */
  readonly agent?: string
}

/** Where an event came from: the metadata stored beside it, without its place in the hash chain. */
export type Origin = {
  readonly correlationId: string
  /** The id of the event or command that caused it; `clock:<ms>` for a timer, `world:<runtime>` for what a runtime saw. */
  readonly causationId: string
  readonly actor: Actor
  readonly commandId: string
  readonly seed: string
}

/** An event with its place in the log. */
export type RecordedEvent<Event> = {
  readonly id: string
  readonly stream: string
  readonly revision: number
  readonly position: bigint
  readonly event: Event
}

/** A Job event with its place in the log: what projections fold. */
export type Recorded = RecordedEvent<JobEvent>
