import { connect } from 'node:net'
import { HolderAnswer, type HolderRequest } from '../../application/holder-request.ts'
import { E } from '../../prelude.ts'
import { withSocketAddress } from './socket-path.ts'

/** Longer than any command takes; a holder that is silent for this long hangs. */
const answerMs = 30_000

/** Sends one request to the process that holds the folder. Left: nobody listens there, or the answer makes no sense. */
export const askHolder = (folder: string, request: HolderRequest): Promise<E.Either<string, HolderAnswer>> =>
  new Promise((resolve) => {
    const socket = withSocketAddress(folder, connect)
    let text = ''
    const fail = (reason: string): void => {
      socket.destroy()
      resolve(E.left(reason))
    }
    socket.setTimeout(answerMs, () => fail('the process that holds the data folder does not answer'))
    socket.on('error', ({ message }) => fail(`nobody answers for the data folder: ${message}`))
    socket.on('connect', () => socket.end(`${JSON.stringify(request)}\n`))
    socket.on('data', (chunk) => {
      text += chunk.toString('utf8')
    })
    socket.on('close', () => resolve(answerOf(text)))
  })

const answerOf = (text: string): E.Either<string, HolderAnswer> => {
  try {
    const answer = HolderAnswer.decode(JSON.parse(text))
    return E.isRight(answer) ? answer : E.left('the holder of the data folder gave an answer of another kind')
  } catch {
    return E.left('the holder of the data folder ended before it answered')
  }
}
