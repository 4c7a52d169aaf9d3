import { crc32 } from 'node:zlib'

/**
 * CRC-32 over everything a row means; `seed` is that of its stream. The numbers go into the start value; their factors are odd, so
 * that no two numbers of 32 bits give the same.
 */
export const checksum = (seed: number, position: number, revision: number, count: number, events: string): number =>
  crc32(
    events,
    (seed ^ Math.imul(position, 0x9e3779b1) ^ Math.imul(revision, 0x85ebca6b) ^ Math.imul(count, 0xc2b2ae35)) >>> 0,
  )

/** The stream counts by its name, so a damaged name is noticed in every row of it. */
export const seedOf = (stream: string): number => crc32(stream)
