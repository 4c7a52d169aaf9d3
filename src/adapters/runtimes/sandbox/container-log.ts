import { type FileHandle, open } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import type { ContainerLogOptions, ContainerRun } from '../../../application/ports/container-logs.ts'
import { parseLogLine } from './log-line.ts'
import { logFileOf } from './paths.ts'

/**
 * What one run of a container wrote, both streams as they came: pieces to be put one behind the other, with the line ends the
 * container gave. Nothing when there is no log (yet).
 */
export async function* containerLog(
  dataFolder: string,
  { podUid, container, restart }: ContainerRun,
  {
    follow = false,
    isOver = () => false,
    signal,
    timestamps = false,
    tailLines,
    sinceTime,
    limitBytes,
  }: ContainerLogOptions = {},
): AsyncGenerator<Uint8Array, void, void> {
  const file = logFileOf(dataFolder, podUid, container, restart)
  const since = sinceTime === undefined ? '' : new Date(sinceTime).toISOString().slice(0, -1)
  let bytesLeft = limitBytes ?? Number.POSITIVE_INFINITY
  let isNewLine = true
  for await (const piece of pieces(file, tailLines, { follow, isOver, ...(signal && { signal }) })) {
    let text = ''
    for (const record of piece) {
      const line = parseLogLine(record)
      if (line === undefined || line.time < since) continue
      text += `${timestamps && isNewLine ? `${line.time} ` : ''}${line.text}${line.full ? '\n' : ''}`
      isNewLine = line.full
    }
    if (text === '') continue
    yield Buffer.from(text.length > bytesLeft ? text.slice(0, bytesLeft) : text, asItIs)
    bytesLeft -= text.length
    if (bytesLeft <= 0) return
  }
}

/** One character for each byte, so that nothing a container wrote is lost on the way. */
const asItIs = 'latin1'

type Waiting = { readonly follow: boolean; readonly isOver: () => boolean; readonly signal?: AbortSignal }

/** Whole records, as many as there are at once; one without its line end is still being written, or was cut off by a crash. */
async function* pieces(
  file: string,
  tailLines: number | undefined,
  waiting: Waiting,
): AsyncGenerator<ReadonlyArray<string>, void, void> {
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
      if (end > 0) yield piece.toString(asItIs, 0, end - 1).split('\n')
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
