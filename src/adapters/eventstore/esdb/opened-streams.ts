import { randomUUID } from 'node:crypto'
import { E } from '../../../prelude.ts'
import type { Connection } from './connection.ts'
import { sealType } from './names.ts'
import { settledAppend } from './settled-append.ts'
import { openedType } from './take-over.ts'

/**
 * The streams a writer may write to in its term. Each is named in the term's list before its first append, so that whoever takes over knows
 * what to seal; the list is sealed first, so a writer that lost its lease can open no more.
 */
export type OpenedStreams = {
  /** `opened`, or why the stream may not be written to now; `shut` means that somebody else took over. */
  readonly open: (stream: string) => Promise<'opened' | 'shut' | { readonly reason: string }>
  readonly count: () => number
}

type Waiting = {
  readonly stream: string
  readonly resolve: (answer: 'opened' | 'shut' | { readonly reason: string }) => void
}

/** Names in one event of the list. */
const namesMax = 1000

/** `list` is the term's own stream, empty as yet. Streams that are opened together share one append. */
export const openedStreams = (connection: Connection, list: string, deadlineMs: number): OpenedStreams => {
  const opened = new Set<string>()
  let waiting: Waiting[] = []
  let revision = -1
  let busy = false

  const work = async (): Promise<void> => {
    busy = true
    await Promise.resolve()
    while (waiting.length > 0) {
      const batch = waiting.slice(0, namesMax)
      waiting = waiting.slice(namesMax)
      const streams = [...new Set(batch.map(({ stream }) => stream))]
      const outcome = await settledAppend(
        connection,
        list,
        revision,
        [
          {
            id: randomUUID(),
            type: openedType,
            contentType: 'application/json',
            data: { streams },
            metadata: undefined,
          },
        ],
        deadlineMs,
      )
      if (outcome._tag === 'Stored') {
        revision = outcome.revision
        for (const stream of streams) opened.add(stream)
      }
      if (outcome._tag === 'Conflict') {
        // An append of ours that nobody could settle may have come in late; only a seal says that the list is shut.
        const tail = await connection.readStream(list, 'end', 'backwards', 1)
        const last = E.isRight(tail) ? tail.right[0] : undefined
        if (last !== undefined && last.type !== sealType && Number(last.revision) !== revision) {
          revision = Number(last.revision)
          waiting = [...batch, ...waiting]
          continue
        }
      }
      const answer =
        outcome._tag === 'Stored' ? 'opened' : outcome._tag === 'Conflict' ? 'shut' : { reason: outcome.reason }
      for (const { resolve } of batch) resolve(answer)
    }
    busy = false
  }

  return {
    open: (stream) =>
      opened.has(stream)
        ? Promise.resolve('opened')
        : new Promise((resolve) => {
            waiting.push({ stream, resolve })
            if (!busy) void work()
          }),
    count: () => opened.size,
  }
}
