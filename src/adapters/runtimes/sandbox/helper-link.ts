import { spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import {
  decodeMessage,
  encodeMessage,
  type FromHelper,
  lineReader,
  type SpawnContainer,
  type ToHelper,
} from './helper-protocol.ts'

/** The runtime's side of the helper process. */
export type HelperLink = {
  /** Which boot of this machine the processes belong to. */
  readonly bootId: string
  /** Asks for a container; what the helper says of it goes to `hear`. Returns its number. */
  readonly spawn: (order: Omit<SpawnContainer, 'type' | 'id'>, hear: (message: FromHelper) => void) => number
  readonly send: (message: Exclude<ToHelper, SpawnContainer>) => void
  /** Nobody wants to hear of this container any more. */
  readonly forget: (id: number) => void
  /** Ends the helper, and with it every container. Resolves when it is gone. */
  readonly end: () => Promise<void>
}

/** Starts the helper when it is first needed and again after it died; `onDeath` is told once for each unexpected end. */
export const helperLink = (folders: HelperFolders, onDeath: () => void): HelperLink => {
  const listeners = new Map<number, (message: FromHelper) => void>()
  let helper: Helper | null = null
  let ended = false
  let lastId = 0

  const onMessage = (message: FromHelper): void => {
    const hear = listeners.get(message.id)
    if (message.type === 'exited') listeners.delete(message.id)
    hear?.(message)
  }
  const started = (): Helper => {
    const fresh = startHelper(folders, onMessage)
    void fresh.gone.then(() => {
      if (helper === fresh) helper = null
      listeners.clear()
      if (!ended) onDeath()
    })
    return fresh
  }
  const write = (message: ToHelper): void => {
    if (ended) return
    helper ??= started()
    helper.write(message)
  }
  helper = started()
  return {
    bootId: readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim(),
    spawn: (order, hear) => {
      lastId += 1
      listeners.set(lastId, hear)
      write({ type: 'spawn', id: lastId, ...order })
      return lastId
    },
    send: write,
    forget: (id) => {
      listeners.delete(id)
    },
    end: async () => {
      ended = true
      await helper?.end()
    },
  }
}

/** Where pipes are made, and what is removed when the helper ends. */
type HelperFolders = { readonly pipes: string; readonly memory: string | null }

type Helper = {
  readonly write: (message: ToHelper) => void
  readonly end: () => Promise<void>
  readonly gone: Promise<void>
}

/** Without V8's helper threads it forks faster, and it has no work for them. */
const startHelper = (folders: HelperFolders, onMessage: (message: FromHelper) => void): Helper => {
  const child = spawn(process.execPath, ['--single-threaded', helperFile, folders.pipes, folders.memory ?? ''], {
    cwd: '/',
    env: { PATH: process.env['PATH'] ?? '/usr/bin:/bin' },
    detached: true,
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  const gone = new Promise<void>((resolve) => {
    child.on('close', () => resolve())
    child.on('error', () => resolve())
  })
  child.stdin.on('error', () => {})
  child.stdout.setEncoding('utf8')
  child.stdout.on(
    'data',
    lineReader((line) => onMessage(decodeMessage(line))),
  )
  const end = async (): Promise<void> => {
    child.stdin.end()
    const timer = setTimeout(() => child.kill('SIGKILL'), patienceMs)
    await gone
    clearTimeout(timer)
  }
  return { write: (message) => child.stdin.write(encodeMessage(message)), end, gone }
}

/** Beside this file, with the same ending: TypeScript in the repository, JavaScript once built. */
const helperFile = fileURLToPath(new URL(`./helper${import.meta.url.endsWith('.ts') ? '.ts' : '.js'}`, import.meta.url))
/** The helper itself gives up after ten seconds. */
const patienceMs = 15_000
