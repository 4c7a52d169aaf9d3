import type { ChangeFeed, Changes } from '../../../application/api/change-feed.ts'
import type { PastChanges } from '../../../application/api/past.ts'
import type { Turns } from '../../../application/log/turns.ts'
import type { ApiReader } from '../answer.ts'
import type { Call } from '../call.ts'
import type { WatchOptions } from '../options/watch-options.ts'
import { internalError, type Status, unavailable } from '../status.ts'
import { candidates, type Selector } from './list.ts'
import { selectionOf } from './watch-selection.ts'
import { watchLines } from './watch-lines.ts'

/** What watches need besides what every request does. */
export type Watches = {
  readonly feed: ChangeFeed
  /** The changes behind a version that the feed does not remember, from the log; a `null` among them: it cannot be read. */
  readonly past: (after: bigint) => AsyncGenerator<PastChanges | null, void>
  /** Each fold of the past holds what it tells of: there are a few at a time. */
  readonly replays: Turns
  /** Does something after so many milliseconds, unless the answer is called before. */
  readonly later: (ms: number, work: () => void) => () => void
}

export type Watch = {
  readonly call: Call
  readonly namespace: string | null
  readonly watches: Watches
  readonly selector: Selector
  readonly options: WatchOptions
}

/**
 * Tells a reader what there is, then what changed, as fast as it takes that: from the log, from what the feed remembers, and from there
 * on as it comes. Little waits for a reader that falls behind: it is told from what is remembered again, or from the log. The answer
 * ends the watch.
 */
export const startWatch = (watch: Watch, reader: ApiReader): (() => void) => {
  const { call, namespace, watches, selector, options } = watch
  const { feed, later, replays } = watches
  const selection = selectionOf(watch)
  const lines = watchLines(call)
  const endings = new Set<() => void>()
  let isOver = false
  /** Everything up to here is told. */
  let position = options.after ?? call.position()
  let unfollow: (() => void) | null = null

  const stop = (): void => {
    isOver = true
    unfollow?.()
    for (const ending of endings) ending()
    endings.clear()
  }
  const keep = (ending: () => void): void => {
    if (isOver) ending()
    else endings.add(ending)
  }
  const write = (piece: Uint8Array): void => {
    if (!isOver && piece.length > 0) reader.write(piece)
  }
  const end = (status: Status | null): void => {
    if (isOver) return
    if (status !== null) write(lines.of([{ type: 'ERROR', status }]))
    stop()
    reader.end()
  }
  /** What cannot be shown ends this watch, and nothing else. */
  const fail = (problem: unknown): void =>
    end(internalError(`an object cannot be shown: ${problem instanceof Error ? problem.message : String(problem)}`))
  const safely = (work: () => void): void => {
    try {
      work()
    } catch (problem) {
      fail(problem)
    }
  }
  const isFull = (): boolean => reader.waiting() > waitingMax

  /** Until the reader has taken what waits for it; one that takes too long is cut. */
  const roomy = async (): Promise<void> => {
    if (isOver || !isFull()) return
    const cancel = later(patienceMs, () => {
      stop()
      reader.drop()
    })
    keep(cancel)
    await reader.drained()
    cancel()
    endings.delete(cancel)
  }

  const tell = (changes: Changes): void =>
    safely(() => {
      write(lines.shared(selection, changes, position))
      if (changes.last > position) position = changes.last
    })

  const follow = (): void => {
    unfollow = feed.follow((changes) => {
      tell(changes)
      if (isOver || !isFull()) return
      unfollow?.()
      unfollow = null
      void catchUp().catch(fail)
    })
  }

  /** From the log, as long as the feed does not remember what comes next. */
  const replay = async (): Promise<void> => {
    const endTurn = await replays.take()
    try {
      if (isOver) return
      const start = position
      for await (const piece of watches.past(position)) {
        if (isOver) return
        if (piece === null) return end(unavailable('the log cannot be read now'))
        tell({ all: () => piece.changes, last: piece.position })
        await roomy()
      }
      if (position === start) end(unavailable('the log cannot be read now'))
    } finally {
      endTurn()
    }
  }

  const catchUp = async (): Promise<void> => {
    while (!isOver) {
      if (isFull()) await roomy()
      const next = position < feed.since() ? null : feed.next(position)
      if (next !== null) tell(next)
      else if (position < feed.since()) await replay()
      else return follow()
    }
  }

  const tellAll = async (): Promise<void> => {
    const objects = candidates(call, call.resource, namespace, selector).filter(selection.isMeant)
    for (let told = 0; told < objects.length && !isOver; told += objectsAtOnce) {
      const some = objects.slice(told, told + objectsAtOnce)
      safely(() => write(lines.of(some.map((object) => ({ type: 'ADDED', object })))))
      if (isFull()) await roomy()
    }
    const bookmark = { type: 'BOOKMARK', version: position, endsInitial: true } as const
    if (options.marksEnd) write(lines.of([bookmark]))
  }

  const mark = (): void => {
    if (unfollow !== null && call.position() >= position)
      write(lines.of([{ type: 'BOOKMARK', version: position, endsInitial: false }]))
  }
  const markAgain = (): void => {
    if (isOver) return
    mark()
    keep(later(bookmarkMs, markAgain))
  }

  keep(later(options.timeoutMs ?? timeoutMs, () => end(null)))
  if (options.bookmarks) {
    keep(later(bookmarkMs, markAgain))
    if (options.timeoutMs !== null) keep(later(Math.max(options.timeoutMs - lastBookmarkMs, 0), mark))
  }
  const start = async (): Promise<void> => {
    if (options.startsWithAll) {
      position = call.position()
      await tellAll()
    }
    await catchUp()
  }
  void start().catch(fail)
  return stop
}

/** More than this, in bytes, does not wait for a reader, but for what is written at once. */
const waitingMax = 1 << 20
/** How long a reader may take for that, in milliseconds. */
const patienceMs = 60_000
/** Of what there is at the beginning. */
const objectsAtOnce = 100

/** Of a watch whose client names no time. */
const timeoutMs = 2_700_000
const bookmarkMs = 60_000
const lastBookmarkMs = 2000
