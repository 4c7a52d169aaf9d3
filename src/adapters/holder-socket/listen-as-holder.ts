import { chmodSync, rmSync } from 'node:fs'
import { createServer, type Socket } from 'node:net'
import { type HolderAnswer, HolderRequest } from '../../application/holder/holder-request.ts'
import { type ReadAnswer, ReadRequest } from '../../application/holder/read-request.ts'
import { E } from '../../prelude.ts'
import { socketPath, withSocketAddress } from './socket-path.ts'

/** A request is one line of JSON. The largest manifest has 3 MiB; with its defaults and escapes it stays below this. */
const requestLengthMax = 32 << 20

/**
 * Listens in the data folder for other terminals, until closed. Whoever holds the folder's lock may replace a socket that a crash left
 * behind. Only the folder's owner gets in (the folder is 0700). `read` answers reading commands; without it they are refused.
 */
export const listenAsHolder = async (
  folder: string,
  answer: (request: HolderRequest) => Promise<HolderAnswer>,
  read: (request: ReadRequest) => Promise<ReadAnswer> = async () => strange,
): Promise<() => Promise<void>> => {
  const path = socketPath(folder)
  rmSync(path, { force: true })
  const open = new Set<Socket>()
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    open.add(socket)
    socket.on('close', () => open.delete(socket))
    socket.on('error', () => socket.destroy())
    let text = ''
    socket.setEncoding('utf8').on('data', (chunk) => {
      text += String(chunk)
      if (text.length > requestLengthMax) socket.destroy()
    })
    socket.on('end', () => {
      void reply(text, answer, read).then((said) => socket.end(`${JSON.stringify(said)}\n`))
    })
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    withSocketAddress(folder, (address) => server.listen(address, () => resolve()))
  })
  chmodSync(path, 0o600)
  server.unref()
  return () =>
    new Promise((resolve) => {
      for (const socket of open) socket.destroy()
      server.close(() => {
        rmSync(path, { force: true })
        resolve()
      })
    })
}

const reply = async (
  text: string,
  answer: (request: HolderRequest) => Promise<HolderAnswer>,
  read: (request: ReadRequest) => Promise<ReadAnswer>,
): Promise<HolderAnswer | ReadAnswer> => {
  const value = parsed(text)
  const reading = ReadRequest.decode(value)
  if (E.isRight(reading)) return read(reading.right)
  const request = HolderRequest.decode(value)
  return E.isRight(request) ? answer(request.right) : strange
}

const strange = { type: 'refused' as const, reason: 'a request of another kind' }

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}
