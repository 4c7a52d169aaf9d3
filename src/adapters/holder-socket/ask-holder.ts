import { connect } from 'node:net'
import { HolderAnswer, type HolderRequest, type HolderSilence } from '../../application/holder/holder-request.ts'
import { ReadAnswer, type ReadRequest } from '../../application/holder/read-request.ts'
import { E } from '../../prelude.ts'
import { withSocketAddress } from './socket-path.ts'

/** Longer than any command takes; a holder that is silent for this long hangs. */
const answerMs = 30_000

/** Sends one request to the process that holds the folder. */
export const askHolder = (
  folder: string,
  request: HolderRequest,
  patienceMs = answerMs,
): Promise<E.Either<HolderSilence, HolderAnswer>> => ask(folder, request, HolderAnswer, patienceMs)

/** Asks the process that holds the folder to answer a reading command from its memory. */
export const askHolderToRead = (folder: string, request: ReadRequest): Promise<E.Either<HolderSilence, ReadAnswer>> =>
  ask(folder, request, ReadAnswer, answerMs)

type Codec<Answer> = { readonly decode: (value: unknown) => E.Either<unknown, Answer> }

const ask = <Answer>(
  folder: string,
  request: HolderRequest | ReadRequest,
  codec: Codec<Answer>,
  patienceMs: number,
): Promise<E.Either<HolderSilence, Answer>> =>
  new Promise((resolve) => {
    const socket = withSocketAddress(folder, connect)
    let text = ''
    const fail = (silence: HolderSilence): void => {
      socket.destroy()
      resolve(E.left(silence))
    }
    socket.setTimeout(patienceMs, () =>
      fail({ _tag: 'Silent', reason: `it has not answered for ${patienceMs / 1000} seconds` }),
    )
    socket.on('error', ({ message }) => {
      const why = message.includes('ENOENT') ? 'nobody listens in this data folder' : message
      fail({ _tag: 'Nobody', reason: `it does not answer: ${why}` })
    })
    socket.on('connect', () => socket.end(`${JSON.stringify(request)}\n`))
    socket.setEncoding('utf8').on('data', (chunk) => {
      text += String(chunk)
    })
    socket.on('close', () => resolve(answerOf(text, codec)))
  })

const answerOf = <Answer>(text: string, codec: Codec<Answer>): E.Either<HolderSilence, Answer> => {
  try {
    const answer = codec.decode(JSON.parse(text))
    return E.isRight(answer) ? answer : E.left({ _tag: 'Silent', reason: 'it gave an answer of another kind' })
  } catch {
    return E.left({ _tag: 'Nobody', reason: 'it ended before it answered' })
  }
}
