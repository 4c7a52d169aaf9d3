import { createHash } from 'node:crypto'
import { close, mkdirSync, openSync, write } from 'node:fs'
import { dirname } from 'node:path'
import { type LogLine, logLineHead, nanoTime } from './log-line.ts'

type Stream = LogLine['stream']

export type LogWriter = {
  /** Takes what the container wrote. False: much is not on disk yet, read no more until `onDrain`. */
  readonly take: (stream: Stream, piece: Buffer) => boolean
  /** Writes what is left, closes, and says what the file holds. */
  readonly finish: () => Promise<{ readonly logBytes: number; readonly logSha256: string }>
}

/**
 * Writes a container's log, a record a line, never blocking. The file is made with the first record. What goes beyond
 * `maxBytes` is dropped, and one last record says so. A disk that refuses a write ends the log there, not the container.
 */
export const logWriter = (file: string, maxBytes: number, onDrain: () => void): LogWriter => {
  const hash = createHash('sha256')
  const unfinished: Record<Stream, Buffer> = { stdout: nothing, stderr: nothing }
  let queue: Array<Buffer> = []
  let queuedBytes = 0
  let acceptedBytes = 0
  let writtenBytes = 0
  let fd: number | null = null
  let writing = false
  let closed = false
  let paused = false
  let onIdle: (() => void) | null = null

  const record = (time: string, stream: Stream, full: boolean, text: Buffer): void => {
    if (closed) return
    const head = Buffer.from(logLineHead(time, stream, full), 'latin1')
    const bytes = head.length + text.length + 1
    if (acceptedBytes + bytes > maxBytes) {
      closed = true
      enqueue(Buffer.from(`${logLineHead(time, 'stderr', true)}${limitReached(maxBytes)}\n`))
      return
    }
    acceptedBytes += bytes
    enqueue(head, text, newline)
  }

  const enqueue = (...buffers: ReadonlyArray<Buffer>): void => {
    for (const buffer of buffers) {
      queue.push(buffer)
      queuedBytes += buffer.length
    }
  }

  const flush = (): void => {
    if (writing || queue.length === 0) return
    try {
      fd ??= openNew(file)
    } catch {
      return giveUp()
    }
    const batch = Buffer.concat(queue)
    queue = []
    queuedBytes = 0
    writing = true
    writeAll(fd, batch, (written, failed) => {
      hash.update(batch.subarray(0, written))
      writtenBytes += written
      writing = false
      if (failed) giveUp()
      else flush()
      if (paused && queuedBytes < queuedBytesMax) {
        paused = false
        onDrain()
      }
      if (!writing) onIdle?.()
    })
  }

  const giveUp = (): void => {
    closed = true
    queue = []
    queuedBytes = 0
  }

  const take = (stream: Stream, piece: Buffer): boolean => {
    const time = nanoTime(performance.timeOrigin + performance.now())
    const text = unfinished[stream].length === 0 ? piece : Buffer.concat([unfinished[stream], piece])
    let begin = 0
    for (let end = text.indexOf(10); end >= 0; end = text.indexOf(10, begin)) {
      for (; end - begin > lineBytesMax; begin += lineBytesMax) {
        record(time, stream, false, text.subarray(begin, begin + lineBytesMax))
      }
      record(time, stream, true, text.subarray(begin, end))
      begin = end + 1
    }
    for (; text.length - begin > lineBytesMax; begin += lineBytesMax) {
      record(time, stream, false, text.subarray(begin, begin + lineBytesMax))
    }
    unfinished[stream] = closed ? nothing : text.subarray(begin)
    flush()
    paused = queuedBytes >= queuedBytesMax
    return !paused
  }

  const finish: LogWriter['finish'] = async () => {
    const time = nanoTime(performance.timeOrigin + performance.now())
    for (const stream of ['stdout', 'stderr'] as const) {
      if (unfinished[stream].length > 0) record(time, stream, false, unfinished[stream])
    }
    flush()
    if (writing) {
      await new Promise<void>((resolve) => {
        onIdle = resolve
      })
    }
    closed = true
    if (fd !== null) close(fd)
    return { logBytes: writtenBytes, logSha256: hash.digest('hex') }
  }

  return { take, finish }
}

const nothing = Buffer.alloc(0)
const newline = Buffer.from('\n')
/** Container runtimes cut lines there too; it bounds what is held in memory of a line that never ends. */
const lineBytesMax = 16_384
/** What may wait for the disk per container before its pipes are left full. */
const queuedBytesMax = 1_048_576

const limitReached = (maxBytes: number): string =>
  `jobledger: the log of this container has reached its limit of ${maxBytes} bytes; what follows is not kept`

const openNew = (file: string): number => {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 })
  return openSync(file, 'w', 0o600)
}

const writeAll = (fd: number, bytes: Buffer, done: (written: number, failed: boolean) => void, written = 0): void => {
  write(fd, bytes, written, bytes.length - written, null, (error, count) => {
    if (error !== null) done(written, true)
    else if (written + count < bytes.length) writeAll(fd, bytes, done, written + count)
    else done(written + count, false)
  })
}
