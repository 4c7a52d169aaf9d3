import { createServer, type ServerResponse } from 'node:http'
import { join } from 'node:path'
import { argv } from 'node:process'
import type { NewEvent } from '../../src/application/ports/event-store.ts'
import { openBareLog } from './logs.ts'

/**
 * What anyone would write first: POST parses a body as JSON and answers it when it is durable, GET answers what was posted last, and with `watch` tells
 * what is posted from then on, twice: made and changed. Requests that arrive together share a transaction, and a write to each who watches.
 */
const log = openBareLog(join(argv[2] ?? '.', 'bare.db'))
let waiting: Array<{ readonly event: NewEvent; readonly response: ServerResponse }> = []
let revision = 0
let last = '{}'
const watching: ServerResponse[] = []

const answer = (response: ServerResponse, code: number, body: string): void => {
  response.writeHead(code, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) })
  response.end(body)
}

const commit = (): void => {
  const batch = waiting
  waiting = []
  log.append(
    1,
    revision,
    batch.map(({ event }) => event),
  )
  revision += batch.length
  for (const { event, response } of batch) answer(response, 201, event.data)
  if (watching.length > 0) tell(batch.map(({ event }) => event.data))
}

const tell = (objects: ReadonlyArray<string>): void => {
  for (const type of ['ADDED', 'MODIFIED']) {
    const lines = Buffer.from(objects.map((object) => `{"type":"${type}","object":${object}}\n`).join(''))
    for (const response of watching) response.write(lines)
  }
}

const server = createServer((request, response) => {
  if (request.method === 'GET' && request.url?.includes('watch') === true) {
    response.write('{"type":"BOOKMARK"}\n')
    watching.push(response)
    return
  }
  if (request.method === 'GET') return answer(response, 200, last)
  const pieces: Buffer[] = []
  request.on('data', (piece: Buffer) => pieces.push(piece))
  request.on('end', () => {
    last = JSON.stringify(JSON.parse(Buffer.concat(pieces).toString()))
    if (waiting.length === 0) setImmediate(commit)
    waiting.push({
      event: { id: `${revision + waiting.length}`, type: 'Created', data: last, metadata: '{}' },
      response,
    })
  })
})
server.listen(0, '127.0.0.1', () => {
  const address = server.address()
  console.log(`port ${typeof address === 'object' && address !== null ? address.port : 0}`)
})
process.on('SIGINT', () => process.exit(0))
