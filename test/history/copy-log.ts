import type { EventStore, StoredEvent } from '../../src/application/ports/event-store.ts'
import { E } from '../../src/prelude.ts'

/** Writes a log into an empty store, with the same positions. */
export const copyLog = async (from: EventStore, to: EventStore): Promise<void> => {
  for (let after = -1n; ; ) {
    const page = await from.readAll(after, 5000)()
    if (E.isLeft(page)) throw new Error(page.left.reason)
    const last = page.right.at(-1)
    if (last === undefined) return
    const appended = await Promise.all(
      runsOf(page.right).map((run) => to.append(run[0].stream, run[0].revision - 1, run)()),
    )
    const end = appended.at(-1)
    if (end === undefined || E.isLeft(end) || end.right.position !== last.position)
      throw new Error('the copy is another log')
    after = last.position
  }
}

type Run = [StoredEvent, ...StoredEvent[]]

/** Neighbours of one stream. */
const runsOf = (events: ReadonlyArray<StoredEvent>): ReadonlyArray<Run> => {
  const runs: Run[] = []
  for (const event of events) {
    const run = runs.at(-1)
    if (run?.[0].stream === event.stream) run.push(event)
    else runs.push([event])
  }
  return runs
}
