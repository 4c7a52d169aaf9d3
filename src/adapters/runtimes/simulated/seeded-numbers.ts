import type { PodToRun } from '../../../application/ports/pod-runtime.ts'

/**
 * Numbers from 0 up to but not 1 that are always the same for a seed and a run of a Pod: they depend on its index (or its ordinal),
 * attempt and restart alone, not on the order in which Pods start.
 */
export const seededNumbers = (
  seed: number,
  { index, pod, attempt }: Pick<PodToRun, 'index' | 'pod' | 'attempt'>,
  restart: number,
): (() => number) => {
  const own = mixed(mixed(mixed(mixed(seed, index ?? pod), attempt), restart), index === null ? 1 : 0)
  let drawn = 0
  return () => mixed(own, drawn++) / 2 ** 32
}

/** Joins two numbers to one of 32 bits in which no pattern of them is left (the finaliser of MurmurHash3). */
export const mixed = (a: number, b: number): number => {
  let bits = Math.imul(a, 0x9e3779b1) ^ Math.imul(b + 1, 0x85ebca77)
  bits = Math.imul(bits ^ (bits >>> 16), 0x85ebca6b)
  bits = Math.imul(bits ^ (bits >>> 13), 0xc2b2ae35)
  return (bits ^ (bits >>> 16)) >>> 0
}
