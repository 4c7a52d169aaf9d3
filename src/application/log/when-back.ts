import { E } from '../../prelude.ts'
import { pause, retryMs } from './patience.ts'
import type { Clock } from '../ports/clock.ts'
import { storeWasAway } from './store-was-away.ts'

/** Asks, and asks again as long as the log is away: for what nobody else would ask again. */
export const whenBack =
  (clock: Clock) =>
  async <L extends { readonly _tag: string }, A>(ask: () => Promise<E.Either<L, A>>): Promise<E.Either<L, A>> => {
    for (;;) {
      const answer = await ask()
      if (E.isRight(answer) || !storeWasAway(answer.left)) return answer
      await pause(clock, retryMs)
    }
  }
