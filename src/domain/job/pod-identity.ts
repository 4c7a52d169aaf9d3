import { type AdoptedPods, adoptedPod } from './adopted-pods.ts'
import type { PodPlace } from './pod-run.ts'

export type PodIdentity = { readonly name: string; readonly uid: string; readonly generateName: string }

/**
 * Names and uids of a Job's Pods, derived from the Job's seed and the Pod's ordinal: the same on every replay, distinct
 * within the Job, and never kept in memory.
 */
export const podIdentities = (job: { readonly name: string; readonly seed: string }) => {
  const words = seedWords(job.seed)
  return (ordinal: number, index: number | null): PodIdentity => {
    const generateName = podNamePrefix(job.name, index)
    const name = `${generateName.slice(0, prefixMax)}${podSuffix(words, ordinal)}`
    return { generateName, name, uid: podUid(words, ordinal) }
  }
}

const prefixMax = 58

/**
 * `<job>-` or `<job>-<index>-` (rule 4.1). With an index the name of the Job is cut so that the prefix has at most 58 characters
 * and the index stays whole.
 */
export const podNamePrefix = (name: string, index: number | null): string => {
  if (index === null) return `${name}-`
  const tail = `-${index}-`
  return `${name.slice(0, prefixMax - tail.length)}${tail}`
}

/** The random-looking alphabet of Kubernetes' generated names. */
const alphabet = 'bcdfghjklmnpqrstvwxz2456789'
const base = alphabet.length
const suffixes = base ** 5

/**
 * Five characters. An affine walk through all 14 348 907 suffixes whose step has no factor 3, so that two ordinals of one Job
 * never share a suffix.
 */
const podSuffix = (words: Words, ordinal: number): string => {
  const step = 3 * (words[0] % 3_000_000) + 1_000_001
  let place = (step * ordinal + (words[1] % suffixes)) % suffixes
  let suffix = ''
  for (let i = 0; i < 5; i += 1) {
    suffix += alphabet[place % base]
    place = Math.floor(place / base)
  }
  return suffix
}

/** The same for any Pod of a Job: those that it took over have names of their own. */
export const podIdentityOf = (
  job: { readonly name: string; readonly seed: string; readonly adopted: AdoptedPods },
  pod: number,
  index: number | null,
): Omit<PodIdentity, 'generateName'> => adoptedPod(job.adopted, pod) ?? podIdentities(job)(pod, index)

/** The place by which the runtime knows the Pod. */
export const podPlaceOf = (
  { uid, adopted }: { readonly uid: string; readonly adopted: AdoptedPods },
  pod: number,
): PodPlace => adoptedPod(adopted, pod)?.place ?? { job: uid, pod }

/** A UUID (version 8: its bits are ours) mixed from the seed and the ordinal. */
const podUid = (words: Words, ordinal: number): string => {
  let hex = ''
  let carry = mix(ordinal + 0x9e3779b9)
  for (const word of words) {
    carry = mix(word ^ carry ^ mix(ordinal))
    hex += carry.toString(16).padStart(8, '0')
  }
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`
}

type Words = readonly [number, number, number, number]

/** Four 32-bit words of a seed (any text): FNV-1a with four offsets, then mixed. */
const seedWords = (seed: string): Words => {
  const word = (offset: number): number => {
    let hash = (0x811c9dc5 ^ offset) >>> 0
    for (let i = 0; i < seed.length; i += 1) hash = Math.imul(hash ^ seed.charCodeAt(i), 0x01000193) >>> 0
    return mix(hash)
  }
  return [word(0), word(0x51ed270b), word(0xa24baed4), word(0x3c6ef372)]
}

/** Murmur's finaliser: every bit of the input moves every bit of the output. */
const mix = (value: number): number => {
  let hash = value >>> 0
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b) >>> 0
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35) >>> 0
  return (hash ^ (hash >>> 16)) >>> 0
}
