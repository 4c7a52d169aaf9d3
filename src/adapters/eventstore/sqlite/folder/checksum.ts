import { crc32 } from 'node:zlib'

/**
 * CRC-32 over everything a row means; `seed` is that of its stream. The numbers go into the start value, because to print them
 * would cost more than all the rest; the factors are odd, so that no two numbers of 32 bits give the same.
 */
export const checksum = (
  seed: number,
  position: number,
  revision: number,
  id: string,
  type: string,
  data: string,
  metadata: string,
): number =>
  crc32(
    `${id} ${type} ${data} ${metadata}`,
    (seed ^ Math.imul(position, 0x9e3779b1) ^ Math.imul(revision, 0x85ebca6b)) >>> 0,
  )

/** The stream counts by its name, so a damaged name is noticed in every event of it. */
export const seedOf = (stream: string): number => crc32(stream)
