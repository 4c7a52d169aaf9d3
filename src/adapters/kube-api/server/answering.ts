import type { IncomingMessage, ServerResponse } from 'node:http'
import { E } from '../../../prelude.ts'
import type { User } from '../access/user.ts'
import { type ApiAnswer, type ApiRequest, statusAnswer } from '../answer.ts'
import { badRequest, internalError, type Status, unavailable } from '../status.ts'
import type { Knock } from './guard.ts'
import { readBody, readHead } from './read-request.ts'
import type { RequestMeter } from './request-meter.ts'
import { writeBody } from './write-body.ts'
import { refuse } from './refuse-unread.ts'
import { openWebSocket } from './web-socket.ts'
import { writeStream } from './write-stream.ts'

type AnsweringOptions = {
  readonly admit: (knock: Knock) => E.Either<Status, User>
  readonly handle: (request: ApiRequest) => Promise<ApiAnswer>
  readonly meter: RequestMeter
  readonly onProblem: (text: string) => void
}

/** Reads each request, asks who it is and what the answer is, and writes that. `end` ends all streams; what is asked later is refused. */
export const answering = ({ admit, handle, meter, onProblem }: AnsweringOptions) => {
  const streams = new Set<() => void>()
  let isEnding = false

  const answerOf = async (request: IncomingMessage, knock: Knock): Promise<ApiAnswer> => {
    if (isEnding) return statusAnswer(unavailable('the server is shutting down'))
    if (isUnmetExpectation(request)) return statusAnswer({ ...badRequest('the expectation cannot be met'), code: 417 })
    const user = admit(knock)
    if (E.isLeft(user)) return statusAnswer(user.left)
    return handle({
      ...knock,
      method: knock.method === 'HEAD' ? 'GET' : knock.method,
      body: await readBody(request),
      user: user.right,
    })
  }

  const answerTo = async (scheme: Knock['scheme'], request: IncomingMessage, response: ServerResponse) => {
    const knock = readHead(request, scheme)
    const noted = E.isLeft(knock) ? null : meter.begin(knock.right)
    const answer = E.isLeft(knock)
      ? statusAnswer(knock.left)
      : await answerOf(request, knock.right).catch((problem: unknown) => {
          if (request.destroyed && !request.complete) return null
          onProblem(`the API could not answer ${request.method} ${knock.right.path}: ${textOf(problem)}`)
          return statusAnswer(internalError('an error on the server has prevented the request from succeeding'))
        })
    noted?.(answer)
    if (answer === null || response.destroyed) return
    /** What was not read of a body would be taken for the next request. */
    if (!request.complete || isEnding) response.setHeader('Connection', 'close')
    writeHead(response, answer)
    if (answer.stream === undefined || request.method === 'HEAD') return writeBody(request, response, answer)
    const end = writeStream(response, answer.stream)
    if (isEnding) return end()
    streams.add(end)
    meter.streams(streams.size)
    response.once('close', () => {
      streams.delete(end)
      meter.streams(streams.size)
    })
  }

  const upgradeTo = async (scheme: Knock['scheme'], connection: Connection): Promise<void> => {
    const { request, socket } = connection
    const knock = readHead(request, scheme)
    const noted = E.isLeft(knock) ? null : meter.begin(knock.right)
    const answer = E.isLeft(knock) ? statusAnswer(knock.left) : await openingOf(knock.right)
    noted?.(answer)
    if (answer.stream === undefined || socket.destroyed) return refuse(answer, socket)
    const hasLines = answer.headers.some(([name, value]) => name === 'Content-Type' && value === 'application/json')
    const end = openWebSocket(connection, answer.stream, hasLines)
    streams.add(end)
    meter.streams(streams.size)
    socket.once('close', () => {
      streams.delete(end)
      meter.streams(streams.size)
    })
  }
  const openingOf = async (knock: Knock): Promise<ApiAnswer> => {
    if (isEnding) return statusAnswer(unavailable('the server is shutting down'))
    const user = admit(knock)
    if (E.isLeft(user)) return statusAnswer(user.left)
    const answer = await handle({ ...knock, body: new Uint8Array(), user: user.right })
    return answer.status === 200 && answer.stream === undefined
      ? statusAnswer(badRequest('a WebSocket is for what goes on: add watch=1'))
      : answer
  }

  return {
    /** The same for a client that wants to go on as a WebSocket. */
    webSocketTo: (scheme: Knock['scheme'], connection: Connection) =>
      void upgradeTo(scheme, connection).catch((problem: unknown) => {
        onProblem(`a WebSocket of the API could not be opened: ${textOf(problem)}`)
        connection.socket.destroy()
      }),
    to: (scheme: Knock['scheme'], request: IncomingMessage, response: ServerResponse) =>
      void answerTo(scheme, request, response).catch((problem: unknown) => {
        onProblem(`an answer of the API could not be sent: ${textOf(problem)}`)
        response.destroy()
      }),
    end: () => {
      isEnding = true
      for (const end of streams) end()
    },
  }
}

type Connection = Parameters<typeof openWebSocket>[0]

const isUnmetExpectation = ({ headers }: IncomingMessage): boolean =>
  headers.expect !== undefined && headers.expect.toLowerCase() !== '100-continue'

const writeHead = (response: ServerResponse, { status, headers }: ApiAnswer): void => {
  response.statusCode = status
  for (const [name, value] of headers) response.appendHeader(name, value)
}

const textOf = (problem: unknown): string =>
  problem instanceof Error ? (problem.stack ?? problem.message) : String(problem)
