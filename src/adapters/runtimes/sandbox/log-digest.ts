import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'

/** Length and SHA-256 of a log nobody writes any more; those of an empty one when there is none. */
export const fileDigest = async (file: string): Promise<{ readonly logBytes: number; readonly logSha256: string }> => {
  const hash = createHash('sha256')
  let logBytes = 0
  try {
    for await (const piece of createReadStream(file) as AsyncIterable<Buffer>) {
      hash.update(piece)
      logBytes += piece.length
    }
  } catch {
    return { logBytes: 0, logSha256: createHash('sha256').digest('hex') }
  }
  return { logBytes, logSha256: hash.digest('hex') }
}
