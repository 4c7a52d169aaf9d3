import { E } from '../../../prelude.ts'
import type { EsdbRefusal } from './open-esdb-event-store.ts'
import {
  type HeldLease,
  heldText,
  isFree,
  type LeasePorts,
  type SeenLease,
  seeLease,
  takeLease,
} from './writer-lease.ts'

export type StandBy = { readonly onWait: (reason: string) => void; readonly signal?: AbortSignal }

/** How often a lease's life is looked at, per duration. */
const looksPerDuration = 10
const lookMsMax = 500
/** A server that is away at the start is waited for so long. */
const patienceMsMax = 5000

/**
 * Waits until the lease is free: released, its holder surely gone, or silent for as long as the lease lasts, by our own clock from when
 * we saw it first. A holder that is heard of meanwhile is alive, and whoever does not stand by is refused.
 */
export const obtainLease = async (
  ports: LeasePorts,
  standBy: StandBy | undefined,
): Promise<E.Either<EsdbRefusal, HeldLease>> => {
  const began = Date.now()
  const patienceMs = Math.min(patienceMsMax, ports.deadlineMs)
  let last: SeenLease | null = null
  let since = Date.now()
  let hasSaid = false
  for (;;) {
    const seen = await seeLease(ports)
    if (standBy?.signal?.aborted)
      return E.left({ _tag: 'Unavailable', message: 'no more waiting for the writer lease' })
    if (E.isLeft(seen)) {
      if (standBy === undefined && Date.now() - began > patienceMs)
        return E.left({ _tag: 'Unavailable', message: seen.left })
    } else {
      const { record, revision } = seen.right
      if (last === null || revision !== last.revision) {
        if (last !== null && standBy === undefined && record !== null && !isFree(ports, seen.right))
          return E.left({ _tag: 'Held', message: `${heldText(record.holder)}; --stand-by waits for its end` })
        last = seen.right
        since = Date.now()
      }
      if (isFree(ports, seen.right) || Date.now() - since > (record?.durationMs ?? 0)) {
        const taken = await takeLease(ports, seen.right)
        if (E.isRight(taken) && taken.right !== null) return E.right(taken.right)
        if (E.isLeft(taken) && standBy === undefined && Date.now() - began > patienceMs)
          return E.left({ _tag: 'Unavailable', message: taken.left })
      } else if (!hasSaid && standBy !== undefined && record !== null) {
        hasSaid = true
        standBy.onWait(`${heldText(record.holder)}; standing by until it ends`)
      }
    }
    await new Promise((resolve) => setTimeout(resolve, Math.min(lookMsMax, ports.durationMs / looksPerDuration)))
  }
}
