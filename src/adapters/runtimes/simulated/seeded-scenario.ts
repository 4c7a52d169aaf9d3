import type { Scenario } from './scenario.ts'
import { seededNumbers } from './seeded-numbers.ts'

/** Shares are between 0 and 1, times are milliseconds. */
export type SeededOdds = {
  readonly failureShare?: number
  readonly startDelayMsMax?: number
  readonly runMsMax?: number
  readonly exitCodes?: ReadonlyArray<number>
}

/** Random lives that are always the same for a seed. */
export const seededScenario = (
  seed: number,
  { failureShare = 0.1, startDelayMsMax = 100, runMsMax = 1000, exitCodes = [1] }: SeededOdds = {},
): Scenario => {
  const below = (most: number, draw: () => number) => Math.floor(draw() * (most + 1))
  return (pod, restart) => {
    const draw = seededNumbers(seed, pod, restart)
    const fails = draw() < failureShare
    return {
      startDelayMs: below(startDelayMsMax, draw),
      runMs: below(runMsMax, draw),
      exitCode: fails ? (exitCodes[Math.floor(draw() * exitCodes.length)] ?? 1) : 0,
    }
  }
}
