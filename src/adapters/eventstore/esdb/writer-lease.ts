import { randomUUID } from 'node:crypto'
import { E } from '../../../prelude.ts'
import type { Connection } from './connection.ts'
import { type Holder, holderText, type LeaseRecord, leaseRecordOf, leaseType } from './lease-record.ts'
import type { Names } from './names.ts'
import { settledAppend } from './settled-append.ts'
import { sealTerm } from './take-over.ts'

export type LeasePorts = {
  readonly connection: Connection
  readonly names: Names
  readonly me: Holder
  /** Whoever has not been heard of for so long may be replaced. */
  readonly durationMs: number
  readonly deadlineMs: number
  /** True when a holder surely runs no more, so that nobody has to wait for its lease to end. */
  readonly isGone: (holder: Holder) => boolean
}

/** The lease as it was last seen, with its place in the stream. */
export type SeenLease = { readonly record: LeaseRecord | null; readonly revision: number }

/** The right to write, as long as nobody else has taken it. */
export type HeldLease = {
  readonly term: () => number
  /** Says that we live. `lost` when somebody else has taken the lease; an unavailable server loses nothing. */
  readonly renew: () => Promise<'held' | 'lost' | 'unavailable'>
  /** Goes on in a new term whose streams are opened anew; only while nothing of ours is on its way. False when it stays as it is. */
  readonly nextTerm: () => Promise<boolean>
  /** Ends the term. `isClean`: nothing of ours is on its way, so the next writer has nothing to seal. */
  readonly release: (isClean: boolean) => Promise<void>
}

/** What the lease stream says now. */
export const seeLease = async ({ connection, names }: LeasePorts): Promise<E.Either<string, SeenLease>> => {
  const tail = await connection.readStream(names.lease, 'end', 'backwards', 1)
  if (E.isLeft(tail)) return E.left(tail.left.reason)
  const last = tail.right[0]
  if (last === undefined) return E.right({ record: null, revision: -1 })
  const record = leaseRecordOf(last)
  return record === null
    ? E.left('the writer lease in EventStoreDB was written by a version this one does not understand')
    : E.right({ record, revision: Number(last.revision) })
}

/** Whether the lease may be taken without waiting. */
export const isFree = ({ isGone }: LeasePorts, { record }: SeenLease): boolean =>
  record === null || record.state === 'released' || isGone(record.holder)

/**
 * Takes the lease from whoever `seen` shows: first by revision, so that one of several wins, then seals every stream the writer before
 * might still write to. Only when that is done is the term ready. Null when somebody else was faster.
 */
export const takeLease = async (ports: LeasePorts, seen: SeenLease): Promise<E.Either<string, HeldLease | null>> => {
  const { durationMs, me, connection, names, deadlineMs } = ports
  const before = seen.record
  const term = (before?.term ?? 0) + 1
  const unsealed = before?.unsealed ?? null
  const taking: LeaseRecord = { term, state: 'taking', unsealed, holder: me, durationMs }
  const taken = await record(ports, seen.revision, taking)
  if (taken._tag === 'Conflict') return E.right(null)
  if (taken._tag !== 'Stored') return E.left(taken.reason)
  if (unsealed !== null) {
    const sealed = await sealTerm(
      { connection, names, deadlineMs, patienceMs: durationMs + deadlineMs },
      unsealed,
      term,
    )
    if (E.isLeft(sealed)) return sealed
  }
  const ready = await record(ports, taken.revision, { ...taking, state: 'ready', unsealed: term })
  if (ready._tag === 'Conflict') return E.right(null)
  if (ready._tag !== 'Stored') return E.left(ready.reason)
  return E.right(held(ports, term, ready.revision))
}

const held = (ports: LeasePorts, firstTerm: number, from: number): HeldLease => {
  const { me, durationMs } = ports
  let term = firstTerm
  let revision = from
  let before: Promise<unknown> = Promise.resolve()

  const write = async (change: Partial<LeaseRecord>): Promise<'held' | 'lost' | 'unavailable'> => {
    const next: LeaseRecord = { term, state: 'ready', unsealed: term, holder: me, durationMs, ...change }
    const outcome = await record(ports, revision, next)
    if (outcome._tag === 'Stored') {
      revision = outcome.revision
      term = next.term
      return 'held'
    }
    if (outcome._tag === 'Unavailable') return 'unavailable'
    // The stream says whose record came behind the last one that we know of.
    const seen = await seeLease(ports)
    if (E.isLeft(seen)) return 'unavailable'
    if (seen.right.record?.holder.session !== me.session) return 'lost'
    revision = seen.right.revision
    term = seen.right.record.term
    return outcome._tag === 'Unknown' && term === next.term && seen.right.record.state === next.state
      ? 'held'
      : 'unavailable'
  }

  /** One record at a time: two behind the same revision would look as if somebody else had written. */
  const inTurn = <A>(work: () => Promise<A>): Promise<A> => {
    const mine = before.then(work)
    before = mine.catch(() => {})
    return mine
  }

  return {
    term: () => term,
    renew: () => inTurn(() => write({})),
    nextTerm: () => inTurn(async () => (await write({ term: term + 1, unsealed: term + 1 })) === 'held'),
    release: (isClean) =>
      inTurn(async () => void (await write({ state: 'released', unsealed: isClean ? null : term }))),
  }
}

const record = ({ connection, names, deadlineMs }: LeasePorts, expected: number, data: LeaseRecord) =>
  settledAppend(
    connection,
    names.lease,
    expected,
    [{ id: randomUUID(), type: leaseType, contentType: 'application/json', data, metadata: undefined }],
    deadlineMs,
  )

export const heldText = (holder: Holder): string => `another jobledger (${holderText(holder)}) writes this log`
