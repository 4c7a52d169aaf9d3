import { randomUUID } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { type IncomingMessage, request as plainRequest } from 'node:http'
import { request } from 'node:https'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, vi } from 'vitest'
import { type ApiReader, jsonAnswer } from '../../../../src/adapters/kube-api/answer.ts'
import { requestMeter } from '../../../../src/adapters/kube-api/server/request-meter.ts'
import { serveApi, type ServeApiOptions } from '../../../../src/adapters/kube-api/server/serve-api.ts'
import { E } from '../../../../src/prelude.ts'

const undo: Array<() => unknown> = []
afterEach(async () => {
  for (const one of undo.splice(0).toReversed()) await one()
})

export const folderOfTest = (): string => {
  const folder = mkdtempSync(join(tmpdir(), 'jobledger-api-'))
  undo.push(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

/** A server that tells what it was asked; a path that ends in `watch` is answered by a stream. */
export const serving = async (options: Partial<ServeApiOptions> = {}) => {
  const readers: ApiReader[] = []
  const gone = vi.fn<() => void>()
  const dataFolder = options.dataFolder ?? folderOfTest()
  const served = await serveApi({
    handle: async ({ method, path, query, body, user }) => {
      if (path.endsWith('bug')) throw new Error('a bug')
      const answer = jsonAnswer(200, { method, path, query: [...query], size: body.length, user: user.name })
      if (!path.endsWith('watch')) return answer
      return {
        ...answer,
        body: '',
        stream: (reader) => {
          readers.push(reader)
          return gone
        },
      }
    },
    dataFolder,
    owner: 'ada',
    host: '127.0.0.1',
    port: 0,
    plainPort: null,
    anonymousMay: false,
    tokenFile: null,
    meter: requestMeter(Date.now),
    now: Date.now,
    entropy: { uuid: randomUUID },
    onProblem: () => {},
    ...options,
  })
  if (E.isLeft(served)) throw new Error(served.left)
  undo.push(() => served.right.close())
  const token = readFileSync(join(dataFolder, 'api', 'token'), 'utf8').trim()
  return { ...served.right, token, readers, gone, dataFolder, ca: readFileSync(join(dataFolder, 'api', 'ca.crt')) }
}

export type Serving = Awaited<ReturnType<typeof serving>>
type Asking = {
  readonly method?: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string | Buffer
  readonly token?: string | null
}

export const open = (
  { address, plainAddress, ca, token: own }: Serving,
  path: string,
  { method = 'GET', headers = {}, body = '', token = own }: Asking = {},
  isPlain = false,
): Promise<IncomingMessage> =>
  new Promise((resolve, reject) => {
    const options = {
      method,
      headers: { ...(token === null ? {} : { authorization: `Bearer ${token}` }), ...headers },
      agent: false as const,
    }
    const sent = isPlain
      ? plainRequest(`${plainAddress}${path}`, options, resolve)
      : request(`${address}${path}`, { ...options, ca, servername: 'localhost' }, resolve)
    sent.on('error', reject)
    sent.end(body)
  })

export const ask = async (served: Serving, path: string, asking: Asking = {}, isPlain = false) => {
  const response = await open(served, path, asking, isPlain)
  let text = ''
  for await (const piece of response.setEncoding('utf8')) text += piece
  const body: Readonly<Record<string, unknown>> = text.startsWith('{') ? JSON.parse(text) : { text }
  return { code: response.statusCode, body, headers: response.headers }
}

/** What a server answers to these bytes on a plain connection, until it ends that. */
export const told = (address: string, bytes: string | Buffer): Promise<string> =>
  new Promise((resolve) => {
    let text = ''
    const socket = connect(Number(new URL(address).port), '127.0.0.1', () => socket.write(bytes))
    socket.on('error', () => {})
    socket.on('data', (piece) => (text += piece.toString('latin1')))
    socket.on('close', () => resolve(text))
  })
