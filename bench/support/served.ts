import { type ChildProcess, spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Place } from './raw-clients.ts'

export type Served = Place & {
  /** Resident memory of the server's process, in megabytes. */
  readonly memoryMb: () => number
  /** What the server's process has had of the processors so far, in microseconds; it is told in steps of a hundredth of a second. */
  readonly processorUs: () => number
  readonly close: () => Promise<void>
}

/** A `jobledger serve` over a folder, with Pods that clients run, in a process of its own. */
export const serveFolder = async (folder: string): Promise<Served> => {
  const child = started([join(import.meta.dirname, '../../bin/jobledger.js'), 'serve', '--data-dir', folder, ...words])
  const [, port = ''] = await said(child, /http:\/\/127\.0\.0\.1:(\d+)[^]*get jobs/)
  return { port: Number(port), token: readFileSync(join(folder, 'api', 'token'), 'utf8').trim(), ...handled(child) }
}

const words = ['--port', '0', '--insecure-http', '0', '--runtime', 'external']

/** A server that does nothing but what its file says; it prints its port. */
export const serveBare = async (program: string, ...parameters: ReadonlyArray<string>): Promise<Served> => {
  const child = started([join(import.meta.dirname, program), ...parameters])
  const [, port = ''] = await said(child, /port (\d+)/)
  return { port: Number(port), token: 'none', ...handled(child) }
}

const started = (line: ReadonlyArray<string>): ChildProcess =>
  spawn(process.execPath, line, { stdio: ['ignore', 'pipe', 'pipe'] })

const said = (child: ChildProcess, wanted: RegExp): Promise<RegExpExecArray> =>
  new Promise((resolve, reject) => {
    let text = ''
    const listen = (piece: unknown): void => {
      text += String(piece)
      const found = wanted.exec(text)
      if (found !== null) resolve(found)
    }
    child.stdout?.on('data', listen)
    child.stderr?.on('data', listen)
    child.once('exit', () => reject(new Error(`the server ended: ${text}`)))
  })

const handled = (child: ChildProcess): Pick<Served, 'memoryMb' | 'processorUs' | 'close'> => ({
  memoryMb: () => {
    const [, kilobytes = '0'] = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${child.pid}/status`, 'utf8')) ?? []
    return Number(kilobytes) / 1000
  },
  processorUs: () => {
    const stat = readFileSync(`/proc/${child.pid}/stat`, 'utf8')
    // Behind the name of the program, which may hold anything.
    const [user = 0, system = 0] = stat.slice(stat.lastIndexOf(')')).split(' ').slice(12, 14).map(Number)
    return (user + system) * 10_000
  },
  close: () =>
    new Promise((resolve) => {
      child.removeAllListeners('exit')
      child.once('exit', () => resolve())
      child.kill('SIGINT')
    }),
})
