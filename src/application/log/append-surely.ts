import { E, type TE } from '../../prelude.ts'
import type { AppendFailure, Appended, EventStore, NewEvent, UnknownOutcome } from '../ports/event-store.ts'

/**
 * Appends, and settles what is in doubt: the stream says whether our events are where they would be. When they are not, the same events
 * are sent again; since they expect the same revision they are stored once at most, also when the first answer was only late.
 * `UnknownOutcome` is answered when nobody can tell; any other failure means that surely nothing was stored.
 */
export const appendSurely =
  (
    store: EventStore,
    stream: string,
    expectedRevision: number,
    events: ReadonlyArray<NewEvent>,
  ): TE.TaskEither<AppendFailure, Appended> =>
  async () => {
    let doubt: UnknownOutcome | null = null
    for (let attempt = 1; ; attempt += 1) {
      const outcome = await store.append(stream, expectedRevision, events)()
      if (E.isRight(outcome)) return outcome
      const failure = outcome.left
      if (failure._tag === 'UnknownOutcome') doubt = failure
      if (failure._tag === 'StoreUnavailable') return E.left(doubt ?? failure)
      const there = await store.readStream(stream, expectedRevision + events.length, 1)()
      if (E.isLeft(there)) return E.left(doubt ?? there.left)
      const last = there.right[0]
      if (last !== undefined && last.id === events.at(-1)?.id)
        return E.right({ revision: last.revision, position: last.position })
      if (failure._tag === 'WrongExpectedRevision' || attempt === attemptsMax) return E.left(failure)
    }
  }

/** A store that does not know so often in a row is not asked again. */
const attemptsMax = 3
