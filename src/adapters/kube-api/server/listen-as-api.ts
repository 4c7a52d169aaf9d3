import { createServer as createPlainServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { createServer } from 'node:https'
import { isIP, type AddressInfo, type Server as NetServer, type Socket } from 'node:net'
import { E } from '../../../prelude.ts'
import { type ApiAnswer, type ApiRequest, statusAnswer } from '../answer.ts'
import { badRequest, internalError } from '../status.ts'
import { guard } from './guard.ts'
import type { OwnFiles } from './own-files.ts'
import { writeStream } from './write-stream.ts'
import type { Users } from './users.ts'

export type ApiServerOptions = {
  readonly handle: (request: ApiRequest) => Promise<ApiAnswer>
  readonly files: OwnFiles
  readonly users: Users
  /** An address of this machine; other machines can connect only if it is not a loopback address. */
  readonly host: string
  /** 0: any that is free. */
  readonly port: number
  /** Names besides the address and localhost under which clients may ask. */
  readonly names: ReadonlyArray<string>
  /** Where the same is answered without TLS, to this machine alone; null: nowhere. */
  readonly plainPort: number | null
  /** Is told of bugs. */
  readonly onProblem: (text: string) => void
}

export type ApiServer = {
  /** Where it answers: `https://127.0.0.1:6443`. */
  readonly address: string
  readonly plainAddress: string | null
  /** Ends all watches, then everything else. */
  readonly close: () => Promise<void>
}

/** Answers HTTP requests by a handler of the API. Left: why it cannot, as a sentence. */
export const listenAsApi = async (options: ApiServerOptions): Promise<E.Either<string, ApiServer>> => {
  const { files, host, port, plainPort } = options
  const answer = answering(options)
  const secure = createServer(
    { ...limits, cert: files.serverCertificate, key: files.serverKey, minVersion: 'TLSv1.2' },
    answer.to('https'),
  )
  const servers: NetServer[] = [secure]
  const listening = await listen(secure, host, port)
  if (E.isLeft(listening)) return listening
  const plain = plainPort === null ? null : createPlainServer(limits, answer.to('http'))
  const plainListening = plain === null ? E.right(null) : await listen(plain, '127.0.0.1', plainPort ?? 0)
  if (plain !== null) servers.push(plain)
  const close = async (): Promise<void> => {
    answer.endStreams()
    await Promise.all(servers.map(closed))
  }
  for (const server of [secure, plain]) {
    if (server === null) continue
    server.maxConnections = connectionsMax
    server.on('clientError', refuseUnread)
  }
  if (E.isLeft(plainListening)) {
    await close()
    return plainListening
  }
  const shown = isIP(host) === 6 ? `[${host}]` : host
  return E.right({
    address: `https://${shown}:${listening.right}`,
    plainAddress: plainListening.right === null ? null : `http://127.0.0.1:${plainListening.right}`,
    close,
  })
}

/** Go clients use a connection again for 90 seconds. */
const limits = {
  maxHeaderSize: 64 << 10,
  keepAliveTimeout: 120_000,
  headersTimeout: 130_000,
  requestTimeout: 140_000,
  noDelay: true,
}

const connectionsMax = 8192
/** A byte more than the handler takes, which says what is wrong. */
const bodyBytesMax = (3 << 20) + 1
const forgottenMax = 32 << 20

const listen = (server: NetServer, host: string, port: number): Promise<E.Either<string, number>> =>
  new Promise((resolve) => {
    server.once('error', ({ message }) => resolve(E.left(`the API cannot listen: ${message}`)))
    server.listen(port, host, () => resolve(E.right((server.address() as AddressInfo).port)))
  })

const closed = (server: NetServer & { readonly closeAllConnections?: () => void }): Promise<void> =>
  new Promise((resolve) => {
    server.close(() => resolve())
    const cut = setTimeout(() => server.closeAllConnections?.(), closingMs)
    server.once('close', () => clearTimeout(cut))
    if ('closeIdleConnections' in server) (server as { closeIdleConnections: () => void }).closeIdleConnections()
  })

/** Answers under way have this long. */
const closingMs = 1000

/** What cannot be read as HTTP. */
const refuseUnread = (problem: Error & { readonly code?: string }, socket: Socket | NodeJS.WritableStream): void => {
  if (!('destroyed' in socket) || socket.destroyed || !socket.writable) return
  const code = problem.code === 'HPE_HEADER_OVERFLOW' ? 431 : 400
  const { body } = statusAnswer({ ...badRequest('the request cannot be read'), code })
  socket.end(
    `HTTP/1.1 ${code} Refused\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\nConnection: close\r\n\r\n${body}`,
  )
}

const answering = ({ handle, users, names, host, onProblem }: ApiServerOptions) => {
  const admit = guard(users, [...names, host])
  const streams = new Set<() => void>()

  const answerOf = async (request: IncomingMessage, scheme: 'http' | 'https'): Promise<ApiAnswer> => {
    const { url = '', method = 'GET' } = request
    const [path = '', ...rest] = url.split('?')
    if (!path.startsWith('/')) return statusAnswer(badRequest('the address of the request is not a path'))
    const headers = headersOf(request)
    const user = admit({ method, path, headers, scheme, localAddress: request.socket.localAddress ?? '' })
    if (E.isLeft(user)) return statusAnswer(user.left)
    return handle({
      method: method === 'HEAD' ? 'GET' : method,
      path,
      query: new URLSearchParams(rest.join('?')),
      headers,
      body: await bodyOf(request),
      user: user.right.name,
    })
  }

  const answerTo = async (request: IncomingMessage, response: ServerResponse, scheme: 'http' | 'https') => {
    const answer = await answerOf(request, scheme).catch((problem: unknown) => {
      if (request.destroyed && !request.complete) return null
      onProblem(`the API could not answer ${request.method} ${request.url?.split('?')[0]}: ${textOf(problem)}`)
      return statusAnswer(internalError('an error on the server has prevented the request from succeeding'))
    })
    if (answer === null || response.destroyed) return
    /** What was not read of a body would be taken for the next request. */
    if (!request.complete) response.setHeader('Connection', 'close')
    writeHead(response, answer)
    if (answer.stream === undefined || request.method === 'HEAD') return void response.end(answer.body)
    const end = writeStream(response, answer.stream)
    streams.add(end)
    response.once('close', () => streams.delete(end))
  }

  return {
    to: (scheme: 'http' | 'https') => (request: IncomingMessage, response: ServerResponse) =>
      void answerTo(request, response, scheme).catch((problem: unknown) => {
        onProblem(`an answer of the API could not be sent: ${textOf(problem)}`)
        response.destroy()
      }),
    endStreams: () => {
      for (const end of streams) end()
    },
  }
}

const writeHead = (response: ServerResponse, { status, headers }: ApiAnswer): void => {
  response.statusCode = status
  for (const [name, value] of headers) response.appendHeader(name, value)
}

const headersOf = ({ headers }: IncomingMessage): ApiRequest['headers'] =>
  Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name, Array.isArray(value) ? value.join(', ') : value]),
  )

/** As much as is taken. What is more is read and forgotten, up to a point: who still writes does not hear the answer. */
const bodyOf = async (request: IncomingMessage): Promise<Uint8Array> => {
  const pieces: Buffer[] = []
  let size = 0
  for await (const piece of request.iterator({ destroyOnReturn: false })) {
    const bytes = piece as Buffer
    if (size < bodyBytesMax) pieces.push(bytes.subarray(0, bodyBytesMax - size))
    size += bytes.length
    if (size >= forgottenMax) break
  }
  return Buffer.concat(pieces)
}

const textOf = (problem: unknown): string =>
  problem instanceof Error ? (problem.stack ?? problem.message) : String(problem)
