import type { Scenario } from './scenario.ts'

/** Shares are between 0 and 1, times are milliseconds. */
export type SeededOdds = {
  readonly failureShare?: number
  readonly startDelayMsMax?: number
  readonly runMsMax?: number
  readonly exitCodes?: ReadonlyArray<number>
}

/**
 * Random lives that are always the same for a seed: each depends on the Pod's index (or its ordinal), attempt and restart
 * alone, not on the order in which Pods start.
 */
export const seededScenario = (
  seed: number,
  { failureShare = 0.1, startDelayMsMax = 100, runMsMax = 1000, exitCodes = [1] }: SeededOdds = {},
): Scenario => {
  const below = (most: number, draw: () => number) => Math.floor(draw() * (most + 1))
  return ({ index, pod, attempt }, restart) => {
    const draw = randomNumbers(mixed(mixed(mixed(mixed(seed, index ?? pod), attempt), restart), index === null ? 1 : 0))
    const fails = draw() < failureShare
    return {
      startDelayMs: below(startDelayMsMax, draw),
      runMs: below(runMsMax, draw),
      exitCode: fails ? (exitCodes[Math.floor(draw() * exitCodes.length)] ?? 1) : 0,
    }
  }
}

/** Joins two numbers to one of 32 bits in which no pattern of them is left (the finaliser of MurmurHash3). */
const mixed = (a: number, b: number): number => {
  let bits = Math.imul(a, 0x9e3779b1) ^ Math.imul(b + 1, 0x85ebca77)
  bits = Math.imul(bits ^ (bits >>> 16), 0x85ebca6b)
  bits = Math.imul(bits ^ (bits >>> 13), 0xc2b2ae35)
  return (bits ^ (bits >>> 16)) >>> 0
}

/** Numbers from 0 up to but not 1: a counter, mixed. */
const randomNumbers = (seed: number): (() => number) => {
  let drawn = 0
  return () => mixed(seed, drawn++) / 2 ** 32
}
