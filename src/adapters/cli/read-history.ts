import type { Category } from '../../application/log/category.ts'
import type { EventStore } from '../../application/ports/event-store.ts'
import { type Metadata, readMetadata } from '../../application/log/read-event.ts'
import { E } from '../../prelude.ts'
import type { RecordedEvent } from '../../projections/recorded.ts'

export type HistoryEntry<Event> = { readonly recorded: RecordedEvent<Event>; readonly metadata: Metadata }

const pageSize = 2000

/** Every event of one object's stream with its metadata, in order. Left: why the log could not be read. */
export const readHistory = async <Event>(
  store: EventStore,
  { stream, read }: Category<Event>,
  uid: string,
): Promise<E.Either<string, ReadonlyArray<HistoryEntry<Event>>>> => {
  const entries: Array<HistoryEntry<Event>> = []
  for (;;) {
    const page = await store.readStream(stream(uid), entries.length, pageSize)()
    if (E.isLeft(page)) return E.left(page.left.reason)
    if (page.right.length === 0) return E.right(entries)
    for (const stored of page.right) entries.push({ recorded: read(stored), metadata: readMetadata(stored) })
  }
}
