import type { IncomingMessage } from 'node:http'
import { E } from '../../../prelude.ts'
import { attemptOf } from '../access/attempt-of.ts'
import type { ApiRequest } from '../answer.ts'
import { badRequest, type Status } from '../status.ts'
import type { Knock } from './guard.ts'

/** What a request says before its body. Left: what is wrong with it. */
export const readHead = (request: IncomingMessage, scheme: Knock['scheme']): E.Either<Status, Knock> => {
  const { url = '', method = 'GET' } = request
  const [path = '', ...rest] = url.split('?')
  if (!path.startsWith('/')) return E.left(badRequest('the address of the request is not a path'))
  for (const name of ['host', 'authorization'])
    if (timesSaid(request, name) > 1) return E.left(badRequest(`the request has more than one ${name}`))
  const query = new URLSearchParams(rest.join('?'))
  return E.right({
    method,
    path,
    query,
    headers: headersOf(request),
    localAddress: request.socket.localAddress ?? '',
    scheme,
    attempt: attemptOf(method, path, query),
  })
}

/** Names and values of the headers as they came, in turn. */
const timesSaid = ({ rawHeaders }: IncomingMessage, name: string): number =>
  rawHeaders.filter((text, place) => place % 2 === 0 && text.toLowerCase() === name).length

/** A byte more than the handler takes, which says what is wrong. */
const bodyBytesMax = (3 << 20) + 1
const forgottenMax = 32 << 20

/** As much as is taken. What is more is read and forgotten, up to a point: who still writes does not hear the answer. */
export const readBody = (request: IncomingMessage): Promise<Uint8Array> =>
  new Promise((resolve, reject) => {
    const pieces: Buffer[] = []
    let size = 0
    const take = (piece: Buffer): void => {
      if (size < bodyBytesMax) pieces.push(piece.subarray(0, bodyBytesMax - size))
      size += piece.length
      if (size < forgottenMax) return
      request.off('data', take)
      request.pause()
      resolve(Buffer.concat(pieces))
    }
    request.on('data', take)
    request.once('end', () => resolve(Buffer.concat(pieces)))
    request.once('error', reject)
    request.once('close', () => request.complete || reject(new Error('the client went away')))
  })

const headersOf = ({ headers }: IncomingMessage): ApiRequest['headers'] =>
  Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name, Array.isArray(value) ? value.join(', ') : value]),
  )
