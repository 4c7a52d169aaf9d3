import assert from 'node:assert'
import type { EventStore, NewEvent } from '../../src/application/ports/event-store.ts'

/** What a process has decided is what another one will read: an event whose text says anything else fails the test. */
export const assertFaithful = (events: ReadonlyArray<NewEvent>): void => {
  for (const { data, decided } of events) if (decided !== undefined) assert.deepStrictEqual(decided, JSON.parse(data))
}

/** A store that takes only what reads as it was decided. */
export const faithfulStore = (store: EventStore): EventStore => ({
  ...store,
  append: (stream, expected, events) => {
    assertFaithful(events)
    return store.append(stream, expected, events)
  },
})
