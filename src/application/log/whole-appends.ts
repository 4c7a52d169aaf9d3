import { E } from '../../prelude.ts'
import type { EventStore, StoredEvent, StoreUnavailable } from '../ports/event-store.ts'

/**
 * About `limit` events behind a position, of which the last ends an append as far as is stored: what was appended together makes one
 * version of an object, however it is read.
 */
export const readWholeAppends = async (
  store: EventStore,
  after: bigint,
  limit: number,
): Promise<E.Either<StoreUnavailable, ReadonlyArray<StoredEvent>>> => {
  const page = await store.readAll(after, limit)()
  if (E.isLeft(page) || page.right.length < limit) return page
  const end = page.right.findLastIndex((event, place) => {
    const next = page.right[place + 1]
    return next !== undefined && !areOfOneAppend(event, next)
  })
  return end < 0 ? readWholeAppends(store, after, limit * 2) : E.right(page.right.slice(0, end + 1))
}

/** Of neighbours in the log: of one stream, and of the same command. */
export const areOfOneAppend = (event: StoredEvent, next: StoredEvent): boolean =>
  next.stream === event.stream && originOf(next) === originOf(event)

/** The metadata without the place in the hash chain. */
const originOf = ({ metadata }: StoredEvent): string => metadata.slice(0, metadata.lastIndexOf(',"previous":'))
