import { createServer as createPlainServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { createServer } from 'node:https'
import type { Duplex } from 'node:stream'
import { type AddressInfo, isIP, type Socket } from 'node:net'
import { E } from '../../../prelude.ts'
import type { Users } from '../access/user.ts'
import type { ApiAnswer, ApiRequest } from '../answer.ts'
import { methodNotAllowed } from '../status.ts'
import { answering } from './answering.ts'
import { guard, type Knock } from './guard.ts'
import { type Limits, serverOptions, usualLimits } from './limits.ts'
import type { OwnFiles } from './own-files.ts'
import { refuseConnection, refuseUnread } from './refuse-unread.ts'
import type { RequestMeter } from './request-meter.ts'

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
  /** Whether somebody may ask there without a token. */
  readonly anonymousMay: boolean
  readonly meter: RequestMeter
  /** Is told of bugs. */
  readonly onProblem: (text: string) => void
  readonly limits?: Limits
}

export type ApiServer = {
  /** Where it answers: `https://127.0.0.1:6443`. */
  readonly address: string
  readonly plainAddress: string | null
  /** Takes no requests any more, ends all watches, and waits for the other answers under way. */
  readonly close: () => Promise<void>
}

/** Answers HTTP requests by a handler of the API. Left: why it cannot, as a sentence. */
export const listenAsApi = async (options: ApiServerOptions): Promise<E.Either<string, ApiServer>> => {
  const { files, host, port, plainPort, limits = usualLimits } = options
  const answer = answering({ ...options, admit: guard({ ...options, names: [...options.names, host] }) })
  const secure = createServer({
    ...serverOptions(limits),
    handshakeTimeout: limits.handshakeMs,
    cert: files.serverCertificate,
    key: files.serverKey,
    minVersion: 'TLSv1.2',
  })
  const plain = plainPort === null ? null : createPlainServer(serverOptions(limits))
  const closers = [secure, ...(plain === null ? [] : [plain])].map(closing)
  answerOn(secure, 'https', answer, limits)
  if (plain !== null) answerOn(plain, 'http', answer, limits)
  const close = async (): Promise<void> => {
    answer.end()
    await Promise.all(closers.map((end) => end()))
  }
  const listening = await listen(secure, host, port)
  const plainListening = plain === null ? E.right(null) : await listen(plain, '127.0.0.1', plainPort ?? 0)
  if (E.isLeft(listening) || E.isLeft(plainListening)) {
    await close()
    return E.isLeft(listening) ? listening : E.left(E.isLeft(plainListening) ? plainListening.left : '')
  }
  const shown = isIP(host) === 6 ? `[${host}]` : host
  return E.right({
    address: `https://${shown}:${listening.right}`,
    plainAddress: plainListening.right === null ? null : `http://127.0.0.1:${plainListening.right}`,
    close,
  })
}

type Answers = Pick<ReturnType<typeof answering>, 'to' | 'webSocketTo'>

/** Whatever Node would refuse by itself is refused by a Status. */
const answerOn = (server: Server, scheme: Knock['scheme'], answer: Answers, limits: Limits): void => {
  server.maxConnections = limits.connections
  const latest = new WeakMap<Duplex, ServerResponse>()
  const onRequest = (request: IncomingMessage, response: ServerResponse): void => {
    latest.set(request.socket, response)
    answer.to(scheme, request, response)
  }
  server.on('request', onRequest)
  server.on('checkExpectation', onRequest)
  server.on('upgrade', (request, socket, head) => {
    answer.webSocketTo(scheme, { request, socket: ownSocket(socket), head })
  })
  server.on('connect', (_, socket) => refuseConnection(methodNotAllowed, ownSocket(socket)))
  server.on('clientError', (problem, socket) => refuseUnread(problem, socket, latest.get(socket)))
  server.on('tlsClientError', (_, socket: Socket) => void socket.destroy())
}

/** A connection that Node has handed over: from then on its errors are ours, and a client that cuts it concerns nobody else. */
const ownSocket = (socket: Duplex): Duplex => socket.on('error', () => socket.destroy())

const listen = (server: Server, host: string, port: number): Promise<E.Either<string, number>> =>
  new Promise((resolve) => {
    server.once('error', ({ message }) => resolve(E.left(`the API cannot listen: ${message}`)))
    server.listen(port, host, () => resolve(E.right((server.address() as AddressInfo).port)))
  })

/** Waits for the answers under way, then cuts also what Node does not count: connections that have said nothing yet. */
const closing = (server: Server): (() => Promise<void>) => {
  const sockets = new Set<Socket>()
  server.on('connection', (socket: Socket) => {
    sockets.add(socket)
    socket.once('close', () => sockets.delete(socket))
  })
  return () =>
    new Promise((resolve) => {
      const cut = setTimeout(() => {
        for (const socket of sockets) socket.destroy()
      }, closingMs)
      server.close(() => {
        clearTimeout(cut)
        resolve()
      })
    })
}

/** Answers under way have this long. */
const closingMs = 3000
