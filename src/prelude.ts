/** Our fp vocabulary: the only place that names fp-ts modules. */
export * as E from 'fp-ts/lib/Either.js'
export { absurd, flow, identity, pipe } from 'fp-ts/lib/function.js'
export * as O from 'fp-ts/lib/Option.js'
export * as RA from 'fp-ts/lib/ReadonlyArray.js'
export * as T from 'fp-ts/lib/Task.js'
export * as TE from 'fp-ts/lib/TaskEither.js'

/** A bug, not a refusal: throws when what must always hold does not. Only `main` catches it. */
export function invariant(holds: boolean, sentence: string): asserts holds {
  if (!holds) throw new Error(`invariant broken: ${sentence}`)
}
