import { closeSync, fstatSync, openSync, readSync, rmSync } from 'node:fs'
import { parseLogLine } from './log-line.ts'

/** The end of the file a container left its last words in (at most 4096 bytes), which is removed. '' when there is none. */
export const takeLastWords = (file: string): string => {
  const words = endOf(file, 4096).toString()
  rmSync(file, { force: true })
  return words
}

/** The end of a log without its time stamps: at most 80 lines and 2048 bytes. */
export const endOfLog = (file: string): string => {
  const records = endOf(file, 65_536).toString().split('\n')
  const lines = records.flatMap((record) => parseLogLine(record) ?? []).slice(-80)
  const text = Buffer.from(lines.map(({ text, full }) => (full ? `${text}\n` : text)).join(''))
  return text.subarray(-2048).toString()
}

const endOf = (file: string, bytesMax: number): Buffer => {
  let fd: number | null = null
  try {
    fd = openSync(file, 'r')
    const { size } = fstatSync(fd)
    const length = Math.min(size, bytesMax)
    const bytes = Buffer.alloc(length)
    return bytes.subarray(0, readSync(fd, bytes, 0, length, size - length))
  } catch {
    return Buffer.alloc(0)
  } finally {
    if (fd !== null) closeSync(fd)
  }
}
