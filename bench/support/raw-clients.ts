import { connect } from 'node:net'

/** Where a server answers without TLS, and what a client shows it. */
export type Place = { readonly port: number; readonly token: string }

export type Measured = {
  readonly perSecond: number
  readonly p50Ms: number
  readonly p99Ms: number
}

/**
 * Clients that ask one request after the other, each on a connection of its own, and do as little else as can be: what is measured is the
 * server. `next` makes the body of the next request.
 */
export const rawClients = async (
  { port, token }: Place,
  { method, path, clients, total, code }: Asking,
  next: (number: number) => { readonly path?: string; readonly body: string },
): Promise<Measured> => {
  const times: number[] = []
  let asked = 0
  const began = performance.now()
  const client = (): Promise<void> =>
    new Promise((resolve, reject) => {
      const socket = connect(port, '127.0.0.1')
      socket.setNoDelay(true)
      let [answer, since] = ['', 0]
      const ask = (): void => {
        if (asked >= total) return void socket.end(() => resolve())
        asked += 1
        const { body, path: own = path } = next(asked)
        since = performance.now()
        socket.write(
          `${method} ${own} HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nAuthorization: Bearer ${token}\r\nContent-Type: application/json\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
        )
      }
      socket.setEncoding('latin1')
      socket.on('error', reject)
      socket.on('connect', ask)
      socket.on('data', (piece) => {
        answer += String(piece)
        const head = answer.indexOf('\r\n\r\n')
        if (head < 0) return
        const [, length = '0'] = /content-length: (\d+)/i.exec(answer.slice(0, head)) ?? []
        if (answer.length < head + 4 + Number(length)) return
        if (!answer.startsWith(`HTTP/1.1 ${code}`)) return reject(new Error(answer))
        times.push(performance.now() - since)
        answer = ''
        ask()
      })
    })
  await Promise.all(Array.from({ length: clients }, client))
  const seconds = (performance.now() - began) / 1000
  const sorted = times.toSorted((a, b) => a - b)
  const at = (share: number): number => sorted[Math.floor((sorted.length - 1) * share)] ?? Number.NaN
  return { perSecond: total / seconds, p50Ms: at(0.5), p99Ms: at(0.99) }
}

export type Asking = {
  readonly method: string
  readonly path: string
  readonly clients: number
  readonly total: number
  /** Of the answer that is expected. */
  readonly code: number
}
