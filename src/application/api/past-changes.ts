import { E } from '../../prelude.ts'
import { newLedger } from '../ledger.ts'
import type { Clock } from '../ports/clock.ts'
import type { Entropy } from '../ports/entropy.ts'
import type { EventStore, StoredEvent } from '../ports/event-store.ts'
import { type Change, changesOf } from './changes.ts'
import { eventsResource, type ToldApiEvent } from './events.ts'

export type PastPorts = { readonly store: EventStore; readonly clock: Clock; readonly entropy: Entropy }

/** Changes of a piece of the log, and the position of its last event. */
export type PastChanges = { readonly changes: ReadonlyArray<Change>; readonly position: bigint }

/**
 * Every change behind `after`, however long ago, up to the present end of the log: the log is folded once more from its beginning.
 * Ends early (`null`) when the log cannot be read.
 */
export const pastChanges = async function* (
  { store, clock, entropy }: PastPorts,
  after: bigint,
): AsyncGenerator<PastChanges | null, void> {
  const ledger = newLedger()
  const events = eventsResource({ ledger, clock, entropy })
  let told: ToldApiEvent[] = []
  let changes: ReadonlyArray<Change> = []
  for (;;) {
    const page = await store.readAll(ledger.position(), pageSize)()
    if (E.isLeft(page)) {
      yield null
      return
    }
    if (page.right.length === 0) return
    const [known, news] = split(page.right, after)
    ledger.apply(known)
    if (news.length === 0) continue
    const tellings = events.told$.subscribe((one) => void told.push(one))
    const steps = ledger.steps$.subscribe((step) => {
      changes = changesOf(step, told)
    })
    ledger.apply(news)
    tellings.unsubscribe()
    steps.unsubscribe()
    told = []
    yield { changes, position: ledger.position() }
  }
}

/** A few at a time: others want to be served meanwhile. */
const pageSize = 500

const split = (
  page: ReadonlyArray<StoredEvent>,
  after: bigint,
): readonly [known: ReadonlyArray<StoredEvent>, news: ReadonlyArray<StoredEvent>] => [
  page.filter(({ position }) => position <= after),
  page.filter(({ position }) => position > after),
]
