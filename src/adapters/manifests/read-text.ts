import { createReadStream } from 'node:fs'
import { E } from '../../prelude.ts'

/** The largest request that a Kubernetes API server takes. */
const bytesMax = 3 * 1024 * 1024

/** Reads a UTF-8 text of at most 3 MiB from a file, or from `stdin` where the path is `-`; a Left says why it cannot be read. */
export const readText = async (path: string, stdin: Bytes): Promise<E.Either<string, string>> => {
  try {
    return await decoded(path === '-' ? stdin : createReadStream(path))
  } catch (cause) {
    return E.left(sentence(cause))
  }
}

export type Bytes = AsyncIterable<Uint8Array | string>

const decoded = async (bytes: Bytes): Promise<E.Either<string, string>> => {
  const chunks: Array<Uint8Array> = []
  let size = 0
  for await (const chunk of bytes) {
    const part = typeof chunk === 'string' ? Buffer.from(chunk) : chunk
    size += part.length
    if (size > bytesMax) return E.left('is larger than 3 MiB, the most that Kubernetes takes')
    chunks.push(part)
  }
  return E.tryCatch(
    () => new TextDecoder('utf-8', { fatal: true }).decode(Buffer.concat(chunks)),
    () => 'is not UTF-8 text',
  )
}

const sentence = (cause: unknown): string => {
  const code = cause instanceof Error && 'code' in cause ? cause.code : undefined
  switch (code) {
    case 'ENOENT':
    case 'ENOTDIR':
      return 'does not exist'
    case 'EISDIR':
      return 'is a directory, not a manifest'
    case 'EACCES':
    case 'EPERM':
      return 'may not be read: permission denied'
    default:
      return `cannot be read: ${cause instanceof Error ? cause.message : String(cause)}`
  }
}
