import { beginning, type EventStore, type NewEvent, type StoredEvent } from '../../src/application/ports/event-store.ts'
import { E, type TE } from '../../src/prelude.ts'

/** The n-th made-up event of a `batch`; the same again for the same words. */
export const newEvent = (n: number, batch = 'x'): NewEvent => ({
  id: `${batch}-${n}`,
  type: n % 2 === 0 ? 'PodCreated' : 'PodStarted',
  data: JSON.stringify({ type: 'PodCreated', pod: n, at: 1_700_000_000_000 + n }),
  metadata: JSON.stringify({ $correlationId: batch }),
})

export const newEvents = (count: number, batch = 'x'): ReadonlyArray<NewEvent> =>
  Array.from({ length: count }, (_, n) => newEvent(n, batch))

/** The answer, or an error that says how it failed. */
export const right = async <A>(task: TE.TaskEither<unknown, A>): Promise<A> => {
  const outcome = await task()
  if (E.isLeft(outcome)) throw new Error(`refused: ${JSON.stringify(outcome.left)}`)
  return outcome.right
}

/** A subscriber that writes down everything it is told. */
export const follow = (store: EventStore, after = beginning) => {
  const events: StoredEvent[] = []
  const pieces: Array<ReadonlyArray<StoredEvent>> = []
  let ended: string | null = null
  const subscription = store.subscribeAll(after).subscribe({
    next: (piece) => {
      pieces.push(piece)
      events.push(...piece)
    },
    complete: () => {
      ended = 'complete'
    },
    error: (cause) => {
      ended = String(cause)
    },
  })
  return { events, pieces, ended: () => ended, stop: () => subscription.unsubscribe() }
}

/** Waits until it is so, for at most ten seconds. */
export const until = async (isSo: () => boolean): Promise<void> => {
  for (let waited = 0; !isSo(); waited += 5) {
    if (waited > 10_000) throw new Error(`still not so after 10 s: ${isSo}`)
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
}
