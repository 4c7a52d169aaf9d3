import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir, userInfo } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { test as base } from 'vitest'
import type { JobObject } from '../../src/domain/kubernetes/job-object.ts'

export const repository = join(import.meta.dirname, '../..')
const program = join(repository, 'bin/jobledger.js')

export type Ended = {
  readonly code: number | null
  readonly signal: string | null
  readonly out: string
  readonly err: string
}

/** A `jobledger` that was started and may still run. */
export type Running = {
  readonly pid: number
  /** What it has said so far. */
  readonly said: { readonly out: string; readonly err: string }
  /** Waits until it has said it on either stream; fails when it ends first or takes too long. */
  readonly says: (words: string | RegExp) => Promise<void>
  readonly signal: (signal: NodeJS.Signals) => void
  readonly ended: Promise<Ended>
}

export type CommandLine = {
  /** A folder of this test alone; the data folder is `data` in it and does not exist at first. */
  readonly folder: string
  readonly dataDir: string
  /** Starts a command; `env` comes on top of a small environment of its own. */
  readonly start: (words: ReadonlyArray<string>, options?: StartOptions) => Running
  /** Runs a command to its end. */
  readonly run: (...words: ReadonlyArray<string>) => Promise<Ended>
  /** The standard output of a command that must end well. */
  readonly ask: (...words: ReadonlyArray<string>) => Promise<string>
  /** The JSON that a command prints with `-o json`. */
  readonly json: (...words: ReadonlyArray<string>) => Promise<unknown>
  readonly getJob: (name: string) => Promise<JobObject>
  /** Writes a manifest of one container that runs a shell script; answers its path. */
  readonly manifest: (name: string, script: string, spec?: Readonly<Record<string, unknown>>) => string
}

export type StartOptions = { readonly env?: Readonly<Record<string, string>>; readonly stdin?: string }

/** A test with real processes of `bin/jobledger.js`: all of them are ended, and the folder is gone, when it has finished. */
export const test = base.extend<{ jobledger: CommandLine }>({
  jobledger: async ({ task }, use) => inFolder(task.id, use),
})

/** The same for as long as the use of it lasts, be it that of many tests. */
export const inFolder = async (id: string, use: (jobledger: CommandLine) => Promise<void>): Promise<void> => {
  const folder = mkdtempSync(join(tmpdir(), `jobledger-cli-${id.replace(/\W/g, '')}-`))
  const children: ChildProcess[] = []
  try {
    await use(commandLine(folder, children))
  } finally {
    for (const child of children) child.kill('SIGKILL')
    await gone(folder)
    rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 })
  }
}

const commandLine = (folder: string, children: ChildProcess[]): CommandLine => {
  const dataDir = join(folder, 'data')
  const home = {
    PATH: process.env['PATH'] ?? '',
    HOME: folder,
    LANG: 'C.UTF-8',
    JOBLEDGER_DATA_DIR: dataDir,
    XDG_CACHE_HOME: join(tmpdir(), `jobledger-tests-cache-${userName}`),
  }

  const start: CommandLine['start'] = (words, { env = {}, stdin } = {}) => {
    const child = spawn(process.execPath, [program, ...words], {
      cwd: repository,
      env: { ...home, ...env },
      stdio: [stdin === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe'],
    })
    children.push(child)
    child.stdin?.end(stdin)
    return watched(child, words)
  }
  const run: CommandLine['run'] = (...words) => start(words).ended
  const ask: CommandLine['ask'] = async (...words) => {
    const { code, out, err } = await run(...words)
    if (code !== 0) throw new Error(`jobledger ${words.join(' ')} ended with ${code}:\n${out}${err}`)
    return out
  }
  const json: CommandLine['json'] = async (...words) => JSON.parse(await ask(...words, '-o', 'json'))
  return {
    folder,
    dataDir,
    start,
    run,
    ask,
    json,
    getJob: async (name) => (await json('get', `job/${name}`)) as JobObject,
    manifest: (name, script, spec = {}) => {
      const path = join(folder, `${name}.json`)
      const container = { name: 'main', image: 'busybox:1.28', command: ['sh', '-c', script] }
      const template = { spec: { containers: [container], restartPolicy: 'Never', terminationGracePeriodSeconds: 2 } }
      const job = { apiVersion: 'batch/v1', kind: 'Job', metadata: { name }, spec: { template, ...spec } }
      writeFileSync(path, JSON.stringify(job))
      return path
    },
  }
}

const watched = (child: ChildProcess, words: ReadonlyArray<string>): Running => {
  const said = { out: '', err: '' }
  child.stdout?.setEncoding('utf8').on('data', (text: string) => (said.out += text))
  child.stderr?.setEncoding('utf8').on('data', (text: string) => (said.err += text))
  let isOver = false
  const ended = once(child, 'close').then(([code, signal]): Ended => {
    isOver = true
    return { code, signal, ...said }
  })
  const hasSaid = (wanted: string | RegExp): boolean =>
    typeof wanted === 'string' ? (said.out + said.err).includes(wanted) : wanted.test(said.out + said.err)
  return {
    said,
    says: async (wanted) => {
      for (const since = Date.now(); !hasSaid(wanted); await sleep(20))
        if (isOver || Date.now() - since > patienceMs)
          throw new Error(
            `jobledger ${words.join(' ')} ${isOver ? 'ended' : 'waits'} without a word of ${wanted}:\n${said.out}${said.err}`,
          )
    },
    pid: child.pid ?? 0,
    signal: (signal) => void child.kill(signal),
    ended,
  }
}

const patienceMs = 15_000

/** Whose name the log has for what these tests do. */
export const userName = userInfo().username

/** Command lines of the live processes that have `mark` in theirs, such as a word in the script of a container. */
export const processesWith = (mark: string): ReadonlyArray<string> =>
  readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(commandOf)
    .filter((command) => command.includes(mark))

const commandOf = (pid: string): string => {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ')
  } catch {
    return ''
  }
}

/** Waits until no process has the folder in its command line: helpers outlive a killed `jobledger` for a moment. */
const gone = async (folder: string): Promise<void> => {
  for (let tries = 0; tries < 100 && processesWith(folder).length > 0; tries += 1) await sleep(50)
}
