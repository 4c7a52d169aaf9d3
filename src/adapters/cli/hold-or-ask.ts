import type { HolderSilence } from '../../application/holder/holder-request.ts'
import { E } from '../../prelude.ts'
import { CliError } from './cli-error.ts'
import type { CliPorts, Holding, HoldOptions } from './cli-ports.ts'
import { opened } from './opened.ts'

/** Left: the folder, held by this process. Right: what its holder answered. */
export type HeldOrAnswered<A> = E.Either<Holding, A>

/**
 * Holds the data folder, or asks the process that does. Where nobody listens its holder is just starting or ending, so both are tried
 * again for a few seconds; a request that was taken is never sent twice.
 */
export const holdOrAsk = async <A>(
  ports: CliPorts,
  { dataDir, ...options }: HoldOptions & { readonly dataDir: string },
  ask: () => Promise<E.Either<HolderSilence, A>>,
): Promise<HeldOrAnswered<A>> => {
  const began = ports.now()
  for (let tries = 1; ; tries += 1) {
    const attempt = await ports.openHolding(dataDir, options)
    if (E.isRight(attempt) || attempt.left._tag !== 'Held') return E.left(opened(attempt))
    const answer = await ask()
    if (E.isRight(answer)) return answer
    const { _tag, reason } = answer.left
    if (_tag === 'Silent' || tries === triesMax || ports.now() - began > triesMax * pauseMs)
      throw new CliError(`${attempt.left.reason}; ${reason}`)
    await new Promise((resolve) => setTimeout(resolve, pauseMs))
  }
}

const triesMax = 25
const pauseMs = 200
