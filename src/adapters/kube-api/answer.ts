import type { User } from './access/user.ts'
import type { Status } from './status.ts'
import { warningHeaders } from './warning-headers.ts'

/** A request as the server has read it: `path` without the query, still percent-encoded; names of headers in lower case. */
export type ApiRequest = {
  readonly method: string
  readonly path: string
  readonly query: URLSearchParams
  readonly headers: Readonly<Record<string, string | undefined>>
  readonly body: Uint8Array
  /** Whom the server has found to be asking. */
  readonly user: User
}

/** Headers in their order; one name may come several times. */
export type ApiAnswer = {
  readonly status: number
  readonly headers: ReadonlyArray<readonly [name: string, value: string]>
  readonly body: string
  /** In place of the body, what is no text. */
  readonly bytes?: Uint8Array
  /** What follows the body, piece by piece, as long as it goes on. */
  readonly stream?: ApiStream
}

/** Begins to write to the reader; what it answers is called when the reader is gone, however that came. */
export type ApiStream = (reader: ApiReader) => () => void

export type ApiReader = {
  readonly write: (piece: string | Uint8Array) => void
  /** How much was written that the reader has not taken yet, in bytes or signs. */
  readonly waiting: () => number
  /** Resolves when nothing waits any more, or the reader is gone. */
  readonly drained: () => Promise<void>
  /** All was told. */
  readonly end: () => void
  /** Too much waits: the connection is cut. */
  readonly drop: () => void
}

/** An object or a Status as JSON. Each warning is a header of its own. */
export const jsonAnswer = (status: number, value: unknown, warnings: ReadonlyArray<string> = []): ApiAnswer => ({
  status,
  headers: [['Content-Type', 'application/json'], ['Cache-Control', 'no-cache, private'], ...warningHeaders(warnings)],
  body: `${JSON.stringify(value)}\n`,
})

export const statusAnswer = (status: Status, warnings: ReadonlyArray<string> = []): ApiAnswer => {
  const answer = jsonAnswer(status.code ?? 200, status, warnings)
  const seconds = status.details?.retryAfterSeconds
  return seconds === undefined ? answer : { ...answer, headers: [...answer.headers, ['Retry-After', `${seconds}`]] }
}

export const textAnswer = (status: number, body: string): ApiAnswer => ({
  status,
  headers: [
    ['Content-Type', 'text/plain; charset=utf-8'],
    ['X-Content-Type-Options', 'nosniff'],
    ['Cache-Control', 'no-cache, private'],
  ],
  body,
})

/** Whatever lies outside of every group that is served. */
export const noSuchPage: ApiAnswer = textAnswer(404, '404 page not found\n')
