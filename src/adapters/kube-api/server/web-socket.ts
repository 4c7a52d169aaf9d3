import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import { type WebSocket, WebSocketServer } from 'ws'
import type { ApiStream } from '../answer.ts'
import { badRequest } from '../status.ts'
import { refuseConnection } from './refuse-unread.ts'
import { offeredProtocols } from './shown-token.ts'

/** Whether a request asks to go on as a WebSocket; no other protocol is taken up. */
export const wantsWebSocket = ({ method, headers }: IncomingMessage): boolean =>
  method === 'GET' && headers.upgrade?.toLowerCase() === 'websocket'

/**
 * Goes on with a connection as a WebSocket, to which a stream of the API is written: where it is lines of JSON, each is a message of text,
 * without the end of the line. What the client says is not heard. The answer ends the stream as if all was told.
 */
export const openWebSocket = (
  { request, socket, head }: { readonly request: IncomingMessage; readonly socket: Duplex; readonly head: Buffer },
  stream: ApiStream,
  hasLines: boolean,
): (() => void) => {
  let end = (): void => void socket.destroy()
  server.handleUpgrade(request, socket, head, (client) => {
    end = writeTo(client, stream, hasLines)
  })
  return () => end()
}

/** Kubernetes answers only this one, and sends text all the same. */
const protocol = 'base64.binary.k8s.io'

const server = new WebSocketServer({
  noServer: true,
  clientTracking: false,
  perMessageDeflate: false,
  maxPayload: 64 << 10,
  handleProtocols: (_, { headers }) =>
    offeredProtocols(headers['sec-websocket-protocol']).includes(protocol) ? protocol : false,
})

server.on('wsClientError', ({ message }, socket) => refuseConnection(badRequest(message), socket))

const writeTo = (client: WebSocket, stream: ApiStream, hasLines: boolean): (() => void) => {
  let [unsent, letGo] = [0, (): void => {}]
  const send = (message: Uint8Array | string): void => {
    unsent += 1
    client.send(message, { binary: false }, () => {
      unsent -= 1
      if (unsent === 0) letGo()
    })
  }
  const stop = stream({
    write: (piece) => {
      if (!hasLines) return send(piece)
      for (const line of linesOf(piece)) send(line)
    },
    waiting: () => client.bufferedAmount,
    drained: () =>
      unsent === 0
        ? Promise.resolve()
        : new Promise((resolve) => {
            letGo = resolve
          }),
    end: () => client.close(1000),
    drop: () => client.terminate(),
  })
  client.on('error', () => client.terminate())
  client.once('close', () => {
    stop()
    letGo()
  })
  return () => {
    stop()
    client.close(1000)
  }
}

const lineEnd = 10

/** Without their ends; every piece is of whole lines. */
const linesOf = (piece: Uint8Array | string): ReadonlyArray<Uint8Array> => {
  const bytes = Buffer.from(piece)
  const lines: Uint8Array[] = []
  for (let from = 0; from < bytes.length; ) {
    const end = bytes.indexOf(lineEnd, from)
    lines.push(bytes.subarray(from, end < 0 ? bytes.length : end))
    from = end < 0 ? bytes.length : end + 1
  }
  return lines
}
