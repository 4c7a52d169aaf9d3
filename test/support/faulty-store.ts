import { inMemoryEventStore } from '../../src/adapters/eventstore/memory/in-memory-event-store.ts'
import type { AppendFailure, Appended, EventStore, NewEvent } from '../../src/application/ports/event-store.ts'
import { E } from '../../src/prelude.ts'

/** What becomes of one append. */
export type Fault =
  | 'none'
  /** Nothing is stored: the disk is full. */
  | 'full'
  /** Stored, but nobody says so. */
  | 'stored in silence'
  /** Not stored, and nobody says so. */
  | 'lost in silence'
  /** Nobody says anything, and it is stored only when the next append arrives. */
  | 'stored too late'
  /** Somebody else appends first. */
  | 'overtaken'
  /** Stored and told to subscribers long before the answer comes. */
  | 'answered late'
  /** Stored, nobody says so, and the next read fails. */
  | 'silent and unreadable'

/** An in-memory log with accidents: the n-th append meets the n-th fault, later ones none. */
export const faultyStore = (faults: Iterable<Fault> = [], intruder: () => Promise<unknown> = async () => {}) => {
  const inner = inMemoryEventStore()
  const coming = faults[Symbol.iterator]()
  const appends: Array<{ readonly stream: string; readonly events: number; readonly fault: Fault }> = []
  const inFlight = new Map<string, number>()
  let inFlightMax = 0
  let belated: Array<() => Promise<unknown>> = []
  let unreadable = 0

  const landBelated = async (): Promise<void> => {
    for (const land of belated.splice(0)) await land()
    belated = []
  }

  const meet = async (
    fault: Fault,
    store: () => Promise<E.Either<AppendFailure, Appended>>,
    stream: string,
  ): Promise<E.Either<AppendFailure, Appended>> => {
    const nobodyKnows = E.left({ _tag: 'UnknownOutcome', stream, reason: 'the line went dead' } as const)
    switch (fault) {
      case 'none':
        return store()
      case 'full':
        return E.left({ _tag: 'StoreUnavailable', reason: 'the disk is full' })
      case 'stored in silence':
        await store()
        return nobodyKnows
      case 'lost in silence':
        return nobodyKnows
      case 'stored too late':
        belated.push(store)
        return nobodyKnows
      case 'overtaken':
        await intruder()
        return store()
      case 'answered late': {
        const outcome = await store()
        await new Promise((resolve) => setTimeout(resolve, 5))
        return outcome
      }
      case 'silent and unreadable':
        await store()
        unreadable += 1
        return nobodyKnows
    }
  }

  const append: EventStore['append'] = (stream, expectedRevision, events: ReadonlyArray<NewEvent>) => async () => {
    const flying = (inFlight.get(stream) ?? 0) + 1
    inFlight.set(stream, flying)
    inFlightMax = Math.max(inFlightMax, flying)
    const next = coming.next()
    const fault = next.done === true ? 'none' : next.value
    appends.push({ stream, events: events.length, fault })
    await landBelated()
    const outcome = await meet(fault, inner.append(stream, expectedRevision, events), stream)
    inFlight.set(stream, flying - 1)
    return outcome
  }

  const readStream: EventStore['readStream'] = (stream, from, limit) => async () => {
    if (unreadable === 0) return inner.readStream(stream, from, limit)()
    unreadable -= 1
    return E.left({ _tag: 'StoreUnavailable', reason: 'the disk does not answer' })
  }

  const store: EventStore = { ...inner, append, readStream }
  return {
    store,
    /** What is really in the log. */
    inner,
    appends,
    inFlightMax: () => inFlightMax,
    /** Stores what is still on its way. */
    landBelated,
  }
}
