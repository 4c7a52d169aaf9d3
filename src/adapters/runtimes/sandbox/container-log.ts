import { type FileHandle, open } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import { parseLogLine } from './log-line.ts'
import { logFileOf } from './paths.ts'

export type LogOptions = {
  /** Wait for more at the end, until `isOver` says the container has ended (or `signal` aborts). */
  readonly follow?: boolean
  readonly isOver?: () => boolean
  readonly signal?: AbortSignal
  /** The time each record was written, and a space, before its text. */
  readonly timestamps?: boolean
  /** Only so many records from the end of what is there. */
  readonly tailLines?: number
  /** Only records written at this time or later, epoch milliseconds. */
  readonly sinceTime?: number
  /** Stop after so many bytes of output. */
  readonly limitBytes?: number
}

/**
 * What one attempt of a container wrote, both streams as they came: pieces of text to be put one behind the other, each with
 * the line end the container gave it. Nothing when there is no log (yet).
 */
export async function* containerLog(
  dataFolder: string,
  podUid: string,
  container: string,
  restart: number,
  {
    follow = false,
    isOver = () => false,
    signal,
    timestamps = false,
    tailLines,
    sinceTime,
    limitBytes,
  }: LogOptions = {},
): AsyncGenerator<string, void, void> {
  const file = logFileOf(dataFolder, podUid, container, restart)
  const since = sinceTime === undefined ? '' : new Date(sinceTime).toISOString().slice(0, -1)
  let bytesLeft = limitBytes ?? Number.POSITIVE_INFINITY
  for await (const record of records(file, tailLines, { follow, isOver, ...(signal && { signal }) })) {
    const line = parseLogLine(record)
    if (line === undefined || line.time < since) continue
    const text = `${timestamps ? `${line.time} ` : ''}${line.text}${line.full ? '\n' : ''}`
    const bytes = Buffer.byteLength(text)
    if (bytes >= bytesLeft) {
      if (bytesLeft > 0) yield Buffer.from(text).subarray(0, bytesLeft).toString()
      return
    }
    bytesLeft -= bytes
    yield text
  }
}

type Waiting = { readonly follow: boolean; readonly isOver: () => boolean; readonly signal?: AbortSignal }

/** Whole records; one without its line end is still being written, or was cut off by a crash. */
async function* records(
  file: string,
  tailLines: number | undefined,
  waiting: Waiting,
): AsyncGenerator<string, void, void> {
  const handle = await opened(file, waiting)
  if (handle === undefined) return
  try {
    let position = tailLines === undefined ? 0 : await tailOffset(handle, tailLines)
    let rest = Buffer.alloc(0)
    for (;;) {
      const wasOver = !waiting.follow || waiting.isOver()
      const { bytesRead, buffer } = await handle.read(Buffer.alloc(pieceBytes), 0, pieceBytes, position)
      if (bytesRead === 0) {
        if (wasOver || waiting.signal?.aborted) return
        await sleep(pollMs)
        continue
      }
      position += bytesRead
      const piece = Buffer.concat([rest, buffer.subarray(0, bytesRead)])
      const end = piece.lastIndexOf(10) + 1
      rest = piece.subarray(end)
      if (end > 0) yield* piece.toString('utf8', 0, end - 1).split('\n')
      if (waiting.signal?.aborted) return
    }
  } finally {
    await handle.close()
  }
}

/** The file is made with the first record: when following, it is waited for. */
const opened = async (file: string, { follow, isOver, signal }: Waiting): Promise<FileHandle | undefined> => {
  for (;;) {
    const wasOver = !follow || isOver()
    const handle = await open(file, 'r').catch(() => undefined)
    if (handle !== undefined || wasOver || signal?.aborted) return handle
    await sleep(pollMs)
  }
}

/** Where the last `lines` records begin, found from the end. */
const tailOffset = async (handle: FileHandle, lines: number): Promise<number> => {
  const { size } = await handle.stat()
  if (lines <= 0) return size
  let found = 0
  for (let end = size; end > 0; end -= pieceBytes) {
    const begin = Math.max(0, end - pieceBytes)
    const { buffer } = await handle.read(Buffer.alloc(end - begin), 0, end - begin, begin)
    for (let at = buffer.lastIndexOf(10); at >= 0; at = at === 0 ? -1 : buffer.lastIndexOf(10, at - 1)) {
      if (begin + at === size - 1) continue
      found += 1
      if (found === lines) return begin + at + 1
    }
  }
  return 0
}

const pieceBytes = 65_536
/** How soon a follower sees a new line, roughly. */
const pollMs = 50
