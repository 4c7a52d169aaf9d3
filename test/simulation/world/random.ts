/** Draws that are the same for the same seed, in the order in which they are asked for. */
export type Random = {
  /** A whole number from 0 up to but not `end`. */
  readonly below: (end: number) => number
  /** True in this share of cases. */
  readonly chance: (share: number) => boolean
  readonly pick: <A>(list: ReadonlyArray<A>) => A
  /** One of the entries, each as likely as its weight says; at least one weight is above 0. */
  readonly weighted: <A>(entries: ReadonlyArray<readonly [weight: number, value: A]>) => A
}

export const randomOf = (seed: number): Random => {
  let state = Math.imul(seed + 0x9e3779b9, 0x85ebca6b) >>> 0
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0
    let bits = Math.imul(state ^ (state >>> 15), state | 1)
    bits ^= bits + Math.imul(bits ^ (bits >>> 7), bits | 61)
    return ((bits ^ (bits >>> 14)) >>> 0) / 2 ** 32
  }
  const below = (end: number): number => Math.floor(next() * end)
  return {
    below,
    chance: (share) => next() < share,
    pick: (list) => list[below(list.length)]!,
    weighted: (entries) => {
      let left = next() * entries.reduce((sum, [weight]) => sum + weight, 0)
      for (const [weight, value] of entries) {
        left -= weight
        if (left < 0) return value
      }
      return entries.findLast(([weight]) => weight > 0)![1]
    },
  }
}
