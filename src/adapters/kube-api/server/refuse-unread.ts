import { STATUS_CODES, type ServerResponse } from 'node:http'
import type { Duplex } from 'node:stream'
import { type ApiAnswer, statusAnswer } from '../answer.ts'
import { badRequest, type Status } from '../status.ts'

/**
 * Answers what cannot be read as HTTP, or came too slowly or too long, by a Status, and lets the client go. `latest` answers what came
 * before on the connection: while that is being sent nothing can be said.
 */
export const refuseUnread = (
  problem: Error & { readonly code?: string },
  socket: Duplex,
  latest?: ServerResponse,
): void => {
  if (latest?.headersSent !== true || latest.writableFinished)
    return refuseConnection(statusOf(problem.code ?? ''), socket)
  if (latest.writableEnded) socket.end(() => socket.destroy())
  else socket.destroy()
}

/** A Status to somebody who may not have ended the request; whatever else comes is not read. */
export const refuseConnection = (status: Status, socket: Duplex): void => refuse(statusAnswer(status), socket)

/** The same of a refusal that is written already. */
export const refuse = ({ status, body }: ApiAnswer, socket: Duplex): void => {
  if (socket.destroyed || !socket.writable) return
  socket.end(
    `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? 'Bad Request'}\r\nContent-Type: application/json\r\nContent-Length: ${Buffer.byteLength(body)}\r\nConnection: close\r\n\r\n${body}`,
    () => socket.destroy(),
  )
}

const statusOf = (code: string): Status => {
  switch (code) {
    case 'HPE_HEADER_OVERFLOW':
      return { ...badRequest('the headers of the request are too large'), code: 431 }
    case 'HPE_CHUNK_EXTENSIONS_OVERFLOW':
      return { ...badRequest('the request has too many extensions of chunks'), code: 413 }
    case 'ERR_HTTP_REQUEST_TIMEOUT':
      return { ...badRequest('the request took too long to arrive'), reason: 'Timeout', code: 408 }
    default:
      return badRequest('the request cannot be read')
  }
}
