import type { Ledger } from './ledger.ts'
import type { StoredEvent } from './ports/event-store.ts'
import { jobCategory } from './read-event.ts'

/**
 * The events of a piece of the log that the ledger has not applied yet: a subscription may tell some of them again. Null when an
 * event of a Job before them was left out, so that nothing may be decided on what the ledger would show.
 */
export const unappliedEvents = (
  events: ReadonlyArray<StoredEvent>,
  ledger: Pick<Ledger, 'position' | 'getByUid'>,
): ReadonlyArray<StoredEvent> | null => {
  const applied = ledger.position()
  const fresh = (events[0]?.position ?? 0n) > applied ? events : events.filter(({ position }) => position > applied)
  const next = new Map<string, number>()
  for (const { stream, revision } of fresh) {
    const uid = jobCategory.uidOf(stream)
    if (uid === null) continue
    if (revision !== (next.get(uid) ?? (ledger.getByUid(uid)?.revision ?? -1) + 1)) return null
    next.set(uid, revision + 1)
  }
  return fresh
}
