/** Draws that the same seed repeats: `upTo(n)` is a whole number from 0 and below `n`, `chance(p)` is true with probability `p`. */
export type Dice = {
  readonly upTo: (n: number) => number
  readonly chance: (p: number) => boolean
  readonly pick: <A>(items: ReadonlyArray<A>) => A
}
export const dice: (seed: number) => Dice
