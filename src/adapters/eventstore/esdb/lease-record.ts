import type { RecordedEvent } from '@eventstore/db-client'

/**
 * The last event of the lease stream says everything: who writes this log, in which term, and whether the term before was shut. `taking`
 * is a take-over under way, `ready` a writer at work, `released` one that ended with nothing on its way.
 */
export type LeaseRecord = {
  readonly term: number
  readonly state: 'taking' | 'ready' | 'released'
  /** The term whose streams must be sealed before anyone else may write; null when all are. */
  readonly unsealed: number | null
  readonly holder: Holder
  readonly durationMs: number
}

/** Who holds the lease. `place` is the machine and the space of process numbers in it. */
export type Holder = { readonly session: string; readonly host: string; readonly place: string; readonly pid: number }

export const leaseType = 'jobledger.WriterLease'

/** The record in an event of the lease stream, or null when it is none that this version understands. */
export const leaseRecordOf = ({ data }: RecordedEvent): LeaseRecord | null => {
  const { term, state, unsealed, holder, durationMs } = data as Partial<LeaseRecord>
  if (typeof term !== 'number' || typeof durationMs !== 'number' || holder === undefined) return null
  if (state !== 'taking' && state !== 'ready' && state !== 'released') return null
  return { term, state, unsealed: unsealed ?? null, holder, durationMs }
}

/** A holder as people may recognise it. */
export const holderText = ({ host, pid }: Holder): string => `process ${pid} on ${host}`
