import type { IncomingMessage, ServerResponse } from 'node:http'
import { promisify } from 'node:util'
import { gzip } from 'node:zlib'
import type { ApiAnswer } from '../answer.ts'

/** Ends a response with the body of an answer: packed when it is big and the client can unpack it. */
export const writeBody = async (
  { method, headers }: Pick<IncomingMessage, 'method' | 'headers'>,
  response: ServerResponse,
  { body, bytes }: ApiAnswer,
): Promise<void> => {
  // Text that goes out as it is leaves together with the head.
  if (bytes === undefined && body.length * bytesPerUnitMax < packedBytesMin) return void response.end(body)
  const plain = bytes ?? Buffer.from(body)
  if (method === 'HEAD' || plain.length < packedBytesMin || !takesGzip(headers['accept-encoding'] ?? ''))
    return void response.end(plain)
  response.appendHeader('Vary', 'Accept-Encoding')
  const packed = await packing(plain, { level: 4 })
  response.setHeader('Content-Encoding', 'gzip')
  response.end(packed)
}

const packing = promisify(gzip)

/** As of where an API server does so: below, packing costs more time than it saves. */
const packedBytesMin = 128 << 10

/** A UTF-16 unit in UTF-8. */
const bytesPerUnitMax = 3

const takesGzip = (accepted: string): boolean =>
  accepted.split(',').some((clause) => {
    const [coding = '', ...parameters] = clause.split(';').map((part) => part.trim().toLowerCase())
    return coding === 'gzip' && !parameters.some((part) => /^q=0(\.0*)?$/.test(part))
  })
