import type { ChangeFeed } from '../../../application/api/change-feed.ts'
import type { Change } from '../../../application/api/changes.ts'
import type { PastChanges } from '../../../application/api/past.ts'
import type { ApiObject } from '../../../application/api/resource.ts'
import { E } from '../../../prelude.ts'
import { type ApiAnswer, type ApiReader, statusAnswer } from '../answer.ts'
import type { Call } from '../call.ts'
import { type WatchOptions, watchOptions } from '../options/watch-options.ts'
import { internalError, type Status, tooManyRequests, versionTooLarge } from '../status.ts'
import { views } from '../views.ts'
import { type Selector, selectorOf } from './list.ts'
import { type Telling, watchEvents } from './watch-events.ts'

/** What watches need besides what every request does. */
export type Watches = {
  readonly feed: ChangeFeed
  /** The changes behind a version that the feed does not remember, from the log; a `null` among them: it cannot be read. */
  readonly past: (after: bigint) => AsyncGenerator<PastChanges | null, void>
  /** Does something after so many milliseconds, unless the answer is called before. */
  readonly later: (ms: number, work: () => void) => () => void
}

/** GET of a collection with `watch`: what is there, if that is wanted, and every change of it from a version on. */
export const watchObjects = (call: Call, namespace: string | null, watches: Watches): ApiAnswer => {
  const selector = selectorOf(call)
  if (E.isLeft(selector)) return statusAnswer(selector.left)
  const options = watchOptions(call.request.query)
  if (E.isLeft(options)) return statusAnswer(options.left)
  const { after, startsWithAll } = options.right
  if (startsWithAll && after !== null && after > call.position())
    return statusAnswer(versionTooLarge(after, call.position()))
  if (!startsWithAll && after !== null && after < watches.feed.since() && replaying >= replaysMax)
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

type Watch = {
  readonly call: Call
  readonly namespace: string | null
  readonly watches: Watches
  readonly selector: Selector
  readonly options: WatchOptions
}

/** Each folds the log once more, and holds all that it tells of. */
const replaysMax = 4
let replaying = 0

const startWatch = ({ call, namespace, watches, selector, options }: Watch, reader: ApiReader): (() => void) => {
  const { feed, later } = watches
  const events = watchEvents(call)
  const view = views[call.name]
  const shown = (object: ApiObject | null) => (object === null || view === undefined ? object : view.shown(object))
  const endings = new Set<() => void>()
  let isOver = false

  const stop = (): void => {
    isOver = true
    for (const ending of endings) ending()
    endings.clear()
  }
  const keep = (ending: () => void): void => {
    if (isOver) ending()
    else endings.add(ending)
  }
  const tell = (telling: Telling): void => {
    if (isOver) return
    reader.write(events(telling))
    if (reader.waiting() <= waitingMax) return
    stop()
    reader.drop()
  }
  const isMeant = (object: ApiObject | null): object is ApiObject =>
    object !== null && (namespace === null || object.metadata.namespace === namespace) && selector.selects(object)

  /** What cannot be shown ends this watch, and nothing else. */
  const safely = (work: () => void): void => {
    try {
      work()
    } catch (problem) {
      end(internalError(`an object cannot be shown: ${problem instanceof Error ? problem.message : String(problem)}`))
    }
  }
  const tellChanges = (changes: ReadonlyArray<Change>): void => {
    for (const change of changes) {
      if (change.resource !== (view?.of ?? call.name)) continue
      const [before, after] = [shown(change.before()), shown(change.after())]
      if (isMeant(after)) tell({ type: isMeant(before) ? 'MODIFIED' : 'ADDED', object: after })
      else if (isMeant(before)) tell({ type: 'DELETED', object: before, version: change.position })
    }
  }
  const take = (changes: ReadonlyArray<Change>): void => safely(() => tellChanges(changes))
  const follow = (after: bigint): void => {
    if (isOver) return
    keep(feed.follow(after, take))
    if (!options.bookmarks) return
    const beforeEnd = options.timeoutMs === null ? null : Math.max(options.timeoutMs - lastBookmarkMs, 0)
    const mark = (): void => {
      if (call.position() >= after) tell({ type: 'BOOKMARK', version: call.position(), endsInitial: false })
    }
    const markAgain = (): void => {
      if (isOver) return
      mark()
      keep(later(bookmarkMs, markAgain))
    }
    keep(later(bookmarkMs, markAgain))
    if (beforeEnd !== null) keep(later(beforeEnd, mark))
  }
  const end = (status: Status | null): void => {
    if (isOver) return
    if (status !== null) tell({ type: 'ERROR', status })
    stop()
    reader.end()
  }
  /** From the log, as fast as the reader takes it, until the feed remembers the rest. */
  const replay = async (after: bigint): Promise<void> => {
    let position = after
    replaying += 1
    try {
      while (position < feed.since()) {
        const start = position
        for await (const piece of watches.past(position)) {
          if (piece === null) return end(internalError('the log cannot be read now'))
          take(piece.changes)
          position = piece.position
          await reader.drained()
          if (isOver) return
        }
        if (position === start) break
      }
    } finally {
      replaying -= 1
    }
    follow(position)
  }

  keep(later(options.timeoutMs ?? timeoutMs, () => end(null)))
  const current = call.position()
  if (options.startsWithAll) {
    safely(() => {
      for (const object of call.resource.list(namespace)) if (selector.selects(object)) tell({ type: 'ADDED', object })
      if (options.marksEnd) tell({ type: 'BOOKMARK', version: current, endsInitial: true })
    })
    follow(current)
  } else {
    const after = options.after ?? current
    if (after < feed.since()) void replay(after)
    else follow(after)
  }
  return stop
}

/** A reader that lets this much wait, in bytes, is too slow. */
const waitingMax = 16 << 20

/** Of a watch whose client names no time. */
const timeoutMs = 2_700_000
const bookmarkMs = 60_000
const lastBookmarkMs = 2000
