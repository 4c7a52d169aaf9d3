import type { EventStore } from '../../application/ports/event-store.ts'
import { jobStream, type Metadata, readEvent, readMetadata } from '../../application/read-event.ts'
import { E } from '../../prelude.ts'
import type { Recorded } from '../../projections/recorded.ts'

export type HistoryEntry = { readonly recorded: Recorded; readonly metadata: Metadata }

const pageSize = 2000

/** Every event of a Job's stream with its metadata, in order. Left: why the log could not be read. */
export const readHistory = async (
  store: EventStore,
  uid: string,
): Promise<E.Either<string, ReadonlyArray<HistoryEntry>>> => {
  const entries: HistoryEntry[] = []
  for (;;) {
    const page = await store.readStream(jobStream(uid), entries.length, pageSize)()
    if (E.isLeft(page)) return E.left(page.left.reason)
    if (page.right.length === 0) return E.right(entries)
    for (const stored of page.right) entries.push({ recorded: readEvent(stored), metadata: readMetadata(stored) })
  }
}
