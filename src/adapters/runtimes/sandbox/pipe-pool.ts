import { spawnSync } from 'node:child_process'
import { closeSync, constants, mkdirSync, openSync } from 'node:fs'
import { Socket } from 'node:net'
import { join } from 'node:path'

/** One end to read from, and the descriptor to give to a child as its output. Close `writeEnd` once the child has it. */
export type Pipe = { readonly reader: Socket; readonly writeEnd: number }

/**
 * Makes pipes. Node gives its children sockets, which cannot be opened again, and `echo x > /dev/stderr` would fail in the
 * container; so these are named pipes, made many at a time. One that was read to its end has no writer left and is used again.
 */
export const pipePool = (folder: string): (() => Pipe) => {
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const spare: Array<string> = []
  let made = 0
  const refill = (): void => {
    const names = Array.from({ length: batch }, () => join(folder, `${process.pid}-${made++}`))
    const { status, stderr, error } = spawnSync('mkfifo', ['-m', '600', '--', ...names], { encoding: 'utf8' })
    if (status !== 0) throw new Error(`cannot make pipes: ${error?.message ?? stderr}`)
    spare.push(...names)
  }
  return () => {
    if (spare.length === 0) refill()
    const name = spare.pop() ?? ''
    const readEnd = openSync(name, constants.O_RDONLY | constants.O_NONBLOCK)
    const writeEnd = openSync(name, constants.O_WRONLY)
    const reader = new Socket({ fd: readEnd, readable: true, writable: false })
    let readToEnd = false
    reader.once('end', () => {
      readToEnd = true
    })
    reader.once('close', () => {
      if (readToEnd) spare.push(name)
    })
    return { reader, writeEnd }
  }
}

export const closeEnd = (pipe: Pipe): void => closeSync(pipe.writeEnd)

const batch = 64
