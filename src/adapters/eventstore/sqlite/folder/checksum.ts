import { crc32 } from 'node:zlib'

/** CRC-32 over everything a row means. The stream counts by its name, so a damaged name is noticed as well. */
export const checksum = (
  position: number,
  stream: string,
  revision: number,
  id: string,
  type: string,
  data: string,
  metadata: string,
): number => crc32(`${position} ${stream} ${revision} ${id} ${type} ${data} ${metadata}`)
