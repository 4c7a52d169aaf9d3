import { connect } from 'node:net'

/** What a server answered to raw bytes; `code` 0: nothing at all. */
export type RawAnswer = { readonly code: number; readonly head: string; readonly body: string }

/**
 * Writes bytes as they are and reads what comes. `mayBeCut`: the request may have no end, so the connection is ended behind it; a server
 * may take that for a client that went away, so what is not answered then is asked again, and given time. A stream is left at its head.
 */
export const askRaw = async (port: number, bytes: Buffer, mayBeCut: boolean): Promise<RawAnswer> => {
  const answer = await askOnce(port, bytes, mayBeCut ? 0 : null)
  return mayBeCut && answer.code === 0 ? askOnce(port, bytes, 1000) : answer
}

/** The connection is ended so many milliseconds behind the request; null: only by its answer. */
const askOnce = (port: number, bytes: Buffer, endMs: number | null): Promise<RawAnswer> =>
  new Promise((resolve, reject) => {
    let received: Buffer = Buffer.alloc(0)
    const socket = connect({ port, host: '127.0.0.1', noDelay: true, allowHalfOpen: true })
    const late = setTimeout(() => {
      socket.destroy()
      reject(new Error(`no answer within ${patienceMs / 1000} s; so far: ${received.toString('latin1').slice(0, 300)}`))
    }, patienceMs)
    const done = (): void => {
      clearTimeout(late)
      socket.destroy()
      resolve(answerIn(received))
    }
    // A server that refuses while we still write may cut the connection; what it said before that counts.
    socket.on('error', done)
    socket.on('end', done)
    socket.on('close', done)
    socket.on('data', (piece: Buffer) => {
      received = received.length === 0 ? piece : Buffer.concat([received, piece])
      if (isWhole(received)) done()
    })
    socket.on('connect', () => {
      if (endMs === 0) return void socket.end(bytes)
      socket.write(bytes)
      if (endMs !== null) setTimeout(() => void socket.end(), endMs)
    })
  })

const patienceMs = 8000

const endOfHead = '\r\n\r\n'
const goOn = /^HTTP\/1\.1 100 Continue\r\n\r\n/

const lengthIn = (head: string): number | null => {
  const [, length] = /\r\ncontent-length: (\d+)/i.exec(head) ?? []
  return length === undefined ? null : Number(length)
}

/** All of a body whose length was told, or the head of one that comes in pieces. */
const isWhole = (received: Buffer): boolean => {
  const text = received.toString('latin1').replace(goOn, '')
  const end = text.indexOf(endOfHead)
  if (end < 0) return false
  const length = lengthIn(text.slice(0, end))
  return length === null
    ? /\r\ntransfer-encoding: chunked/i.test(text.slice(0, end))
    : text.length >= end + endOfHead.length + length
}

/** The first answer: what stands behind the end of a body would be that of another request. */
const answerIn = (received: Buffer): RawAnswer => {
  const text = received.toString('latin1').replace(goOn, '')
  const end = text.indexOf(endOfHead)
  const head = end < 0 ? text : text.slice(0, end)
  const begin = head.length + endOfHead.length
  const body = Buffer.from(text.slice(begin, begin + (lengthIn(head) ?? text.length)), 'latin1').toString('utf8')
  return { code: Number(/^HTTP\/1\.1 (\d{3})/.exec(head)?.[1] ?? 0), head, body }
}
