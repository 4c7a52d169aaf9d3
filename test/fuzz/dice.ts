/** Draws that follow from a seed: the same seed draws the same. */
export type Dice = ReturnType<typeof diceOf>

export const diceOf = (seed: number) => {
  let state = (seed * 2_654_435_761) >>> 0
  /** A whole number from 0 up to, and without, this one. */
  const below = (end: number): number => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) % end
  }
  const oneOf = <A>(all: ReadonlyArray<A>): A => {
    const drawn = all[below(all.length)]
    if (drawn === undefined) throw new Error('nothing to draw from')
    return drawn
  }
  return {
    below,
    oneOf,
    chance: (oneIn: number): boolean => below(oneIn) === 0,
    bytes: (count: number): Buffer => Buffer.from(Array.from({ length: count }, () => below(256))),
    /** One of the weighted choices. */
    pick: <A>(choices: ReadonlyArray<readonly [weight: number, make: () => A]>): A =>
      oneOf(choices.flatMap(([weight, make]) => Array.from({ length: weight }, () => make)))(),
  }
}
