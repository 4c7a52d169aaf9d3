import { E } from '../../../prelude.ts'
import { type ApiAnswer, statusAnswer } from '../answer.ts'
import type { Call } from '../call.ts'
import { watchOptions } from '../options/watch-options.ts'
import { tooManyRequests, versionTooLarge } from '../status.ts'
import { selectorOf } from './list.ts'
import { startWatch, type Watches } from './start-watch.ts'

/** GET of a collection with `watch`: what is there, if that is wanted, and every change of it from a version on. */
export const watchObjects = (call: Call, namespace: string | null, watches: Watches): ApiAnswer => {
  const selector = selectorOf(call)
  if (E.isLeft(selector)) return statusAnswer(selector.left)
  const options = watchOptions(call.request.query)
  if (E.isLeft(options)) return statusAnswer(options.left)
  const { after, startsWithAll } = options.right
  if (startsWithAll && after !== null && after > call.position())
    return statusAnswer(versionTooLarge(after, call.position()))
  if (
    !startsWithAll &&
    after !== null &&
    after < watches.feed.since() &&
    watches.replays.waiting() >= replaysWaitingMax
  )
    return statusAnswer(tooManyRequests('too many watches of the distant past at once'))
  return {
    status: 200,
    headers: [
      ['Content-Type', 'application/json'],
      ['Cache-Control', 'no-cache, private'],
    ],
    body: '',
    stream: (reader) =>
      startWatch({ call, namespace, watches, selector: selector.right, options: options.right }, reader),
  }
}

/** Each takes some tenths of a second, and the last in line should not wait longer than a minute. */
const replaysWaitingMax = 200
