import type { ProposedEvent, RecordedEvent } from './double-log.ts'

/**
 * What may befall an append. `Before` and `After` say on which side of the commit it happens: unavailable breaks the connection's call,
 * timeout answers that the time is over, silent never answers, late commits only after `lateMs`, and notLeader sends the client to the leader.
 */
export type AppendFault =
  | 'unavailableBefore'
  | 'unavailableAfter'
  | 'timeoutBefore'
  | 'timeoutAfter'
  | 'silentBefore'
  | 'silentAfter'
  | 'late'
  | 'notLeader'

export type ReadFault = 'unavailable' | 'silent'

/**
 * What may befall a subscription when it is about to deliver an event: it dies, stops silently, delivers twice, or tells a checkpoint
 * at the event's position and dies before the event.
 */
export type DeliveryFault = 'unavailable' | 'silent' | 'twice' | 'checkpointAhead'

/** Asked before each step; null lets it pass. Set in tests. */
export type Faults = {
  append?: ((stream: string, events: ReadonlyArray<ProposedEvent>) => AppendFault | null) | undefined
  read?: (() => ReadFault | null) | undefined
  deliver?: ((event: RecordedEvent) => DeliveryFault | null) | undefined
  /** How long a late append takes to commit. */
  lateMs: number
}

export const noFaults = (): Faults => ({ lateMs: 50 })
