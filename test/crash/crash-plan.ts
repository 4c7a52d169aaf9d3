/** The named points of `JOBLEDGER_CRASH_AT`, with how often one of them is passed in about a second of this Job's life. */
export const crashPoints = {
  'before-begin': 12,
  'between-inserts': 12,
  'before-commit': 12,
  'after-commit': 12,
  'before-saga': 12,
  'before-process-started': 4,
} as const
export type CrashPoint = keyof typeof crashPoints

/** How one run of the program ends: at the n-th time it comes to a point, or some time after its start, from outside. */
export type Crash =
  | { readonly _tag: 'Point'; readonly point: CrashPoint; readonly n: number }
  | { readonly _tag: 'Moment'; readonly afterMs: number }

/**
 * `perPoint` kills at each named point, the first time it is reached among them, and `moments` kills at a random moment, all in
 * a random order. The same seed gives the same plan.
 */
export const crashPlan = (
  seed: number,
  { perPoint, moments }: { readonly perPoint: number; readonly moments: number },
): ReadonlyArray<Crash> => {
  const random = randomOf(seed)
  const upTo = (max: number): number => 1 + Math.floor(random() * max)
  const atPoints = Object.entries(crashPoints).flatMap(([point, often]) =>
    Array.from({ length: perPoint }, (_, i): Crash => {
      return { _tag: 'Point', point: point as CrashPoint, n: i === 0 ? 1 : upTo(often) }
    }),
  )
  const atMoments = Array.from({ length: moments }, (): Crash => ({ _tag: 'Moment', afterMs: 150 + upTo(1350) }))
  return shuffled([...atPoints, ...atMoments], random)
}

export const textOf = (crash: Crash): string =>
  crash._tag === 'Point' ? `${crash.point}:${crash.n}` : `after ${crash.afterMs} ms`

/** Numbers from 0 to below 1 (mulberry32). */
const randomOf = (seed: number): (() => number) => {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let bits = Math.imul(state ^ (state >>> 15), state | 1)
    bits = (bits + Math.imul(bits ^ (bits >>> 7), bits | 61)) ^ bits
    return ((bits ^ (bits >>> 14)) >>> 0) / 2 ** 32
  }
}

const shuffled = <A>(items: ReadonlyArray<A>, random: () => number): ReadonlyArray<A> =>
  items
    .map((item) => ({ item, place: random() }))
    .toSorted((a, b) => a.place - b.place)
    .map(({ item }) => item)
