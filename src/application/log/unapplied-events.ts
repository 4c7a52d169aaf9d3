import type { Ledger } from './ledger.ts'
import { noStream, type StoredEvent } from '../ports/event-store.ts'
import { cronJobCategory, freePodCategory, jobCategory } from './read-event.ts'

/** What is asked of the ledger. */
type Shown = Pick<Ledger, 'position' | 'getByUid'> & {
  readonly cronJobs: Pick<Ledger['cronJobs'], 'getByUid'>
  readonly freePods: Pick<Ledger['freePods'], 'getByUid'>
}

/**
 * The events of a piece of the log that the ledger has not applied yet: a subscription may tell some of them again. Null when an
 * event before them was left out of a stream that is worked on, so that nothing may be decided on what the ledger would show.
 */
export const unappliedEvents = (
  events: ReadonlyArray<StoredEvent>,
  ledger: Shown,
): ReadonlyArray<StoredEvent> | null => {
  const applied = ledger.position()
  const fresh = (events[0]?.position ?? 0n) > applied ? events : events.filter(({ position }) => position > applied)
  const next = new Map<string, number>()
  for (const { stream, revision } of fresh) {
    const shown = next.get(stream) ?? revisionShown(ledger, stream)
    if (shown === null) continue
    if (revision !== shown + 1) return null
    next.set(stream, revision)
  }
  return fresh
}

/** The last revision of the stream that the ledger shows; null when nobody works on such streams. */
const revisionShown = (ledger: Shown, stream: string): number | null => {
  for (const [category, shelf] of [
    [jobCategory, ledger],
    [cronJobCategory, ledger.cronJobs],
    [freePodCategory, ledger.freePods],
  ] as const) {
    const uid = category.uidOf(stream)
    if (uid !== null) return shelf.getByUid(uid)?.revision ?? noStream
  }
  return null
}
