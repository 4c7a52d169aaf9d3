import { type ChildProcess, spawn } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import type { Socket } from 'node:net'
import { constants } from 'node:os'
import type { Duplex } from 'node:stream'
import { setTimeout as sleep } from 'node:timers/promises'
import { type GateWord, gateWords } from './gate.ts'
import { type ContainerGone, type FromHelper, lineReader, type SpawnContainer } from './helper-protocol.ts'
import { endOfLog, takeLastWords } from './last-words.ts'
import { logWriter } from './log-writer.ts'
import type { MemoryGroup, MemoryGroups } from './memory-groups.ts'
import { holdsMoreThan, type Watched } from './memory-watch.ts'
import { closeEnd, type Pipe } from './pipe-pool.ts'
import { childrenOf, findProcess, isSameProcess, listProcesses, type Process, sendSignal } from './process-table.ts'
import { type Belongs, marked } from './sweeper.ts'

export type ContainedProcess = {
  readonly release: () => void
  readonly terminate: () => void
  readonly kill: () => void
}

export type Tools = {
  readonly tell: (message: FromHelper) => void
  readonly makePipe: () => Pipe
  readonly sweep: (belongs: Belongs) => Promise<void>
  readonly memoryGroups: MemoryGroups
  readonly watchMemory: (watched: Watched) => () => void
}

/**
 * Runs one container attempt inside the helper: spawns it blocked at its gate, writes its log, and tells its end once
 * nothing of it is left. Throws when not even a process could be made.
 */
export const containedProcess = (order: SpawnContainer, tools: Tools): ContainedProcess => {
  const { child, stdout, stderr } = spawnBlocked(order, tools.makePipe)
  const gate = child.stdio[3] as Duplex
  const pid = child.pid
  const self = find(pid)
  let released = false
  let ready = false
  let killed = false
  let terminated = false
  let terminatedAtGate = false
  let outOfMemory = false
  let failure: ContainerGone['failure'] = null
  let init: Process | undefined
  let user: Process | undefined
  let memoryGroup: MemoryGroup | null = null
  let unwatch = (): void => {}

  const onWord = (word: string): void => {
    if (!isGateWord(word)) return
    if (word !== 'ready') {
      failure = word
      return
    }
    ready = true
    init = order.bubblewrap ? firstChild(pid) : undefined
    user = order.bubblewrap ? firstChild(init?.pid) : find(pid)
    limitMemory()
    if (released) gate.write('go\n')
  }
  gate.setEncoding('utf8')
  gate.on('data', lineReader(onWord))
  gate.on('error', () => gate.destroy())

  const log = logWriter(order.logFile, order.maxLogBytes, () => {
    stdout.resume()
    stderr.resume()
  })
  const pump = (name: 'stdout' | 'stderr', source: Socket): void => {
    source.on('data', (piece) => {
      if (log.take(name, piece as Buffer)) return
      stdout.pause()
      stderr.pause()
    })
    source.on('error', () => source.destroy())
  }
  pump('stdout', stdout)
  pump('stderr', stderr)

  /** With a PID namespace, the end of its first process is the end of all: the kernel waits for them. */
  const kill = (): void => {
    killed = true
    if (pid === undefined || child.exitCode !== null || child.signalCode !== null) return
    init ??= order.bubblewrap ? firstChild(pid) : undefined
    if (init !== undefined) return sendSignal(init.pid, 'SIGKILL')
    sendSignal(-pid, 'SIGKILL')
  }

  /** Only the user's process enters the group: the sandbox's own shall live to tell its end. One process too many ends all. */
  const limitMemory = (): void => {
    if (order.memory === null) return
    const { limit, group } = order.memory
    if (group !== null && user !== undefined) memoryGroup = tools.memoryGroups.enter(group, limit, user.pid)
    unwatch = tools.watchMemory({
      isExceeded: memoryGroup?.hasKilled ?? holdsMoreThan(limit, () => (order.bubblewrap ? init?.pid : pid)),
      onExceeded: () => {
        outOfMemory = true
        kill()
      },
    })
  }

  const clear = async (): Promise<void> => {
    if (!order.bubblewrap) {
      if (pid !== undefined) sendSignal(-pid, 'SIGKILL')
      await tools.sweep(marked(order.marks, self?.startTicks))
      for (const member of memoryGroup?.members() ?? []) sendSignal(member, 'SIGKILL')
      return
    }
    const first = init
    if (first === undefined) return
    while (isSameProcess(first)) {
      sendSignal(first.pid, 'SIGKILL')
      await sleep(1)
    }
  }

  const conclude = async (code: number | null, signal: NodeJS.Signals | null): Promise<void> => {
    unwatch()
    await clear().catch(() => {})
    if (memoryGroup?.hasKilled() === true) outOfMemory = true
    memoryGroup?.remove()
    await Promise.all([ended(stdout), ended(stderr), ended(gate)])
    const { logBytes, logSha256 } = await log.finish()
    const status = outOfMemory ? killedBySystem : statusOf(code, signal, { killed, terminated, terminatedAtGate })
    if (!ready && !killed) failure = 'no-sandbox'
    const words = order.messageFile === null ? '' : takeLastWords(order.messageFile)
    const wantsLog = failure === 'no-sandbox' || (order.messageFromLog && status.exitCode !== 0)
    tools.tell({
      type: 'exited',
      id: order.id,
      ...status,
      outOfMemory,
      failure,
      message: words === '' && wantsLog ? endOfLog(order.logFile) : words,
      logBytes,
      logSha256,
    })
  }
  let concluding = false
  const concludeOnce = (code: number | null, signal: NodeJS.Signals | null): void => {
    if (concluding) return
    concluding = true
    void conclude(code, signal)
  }
  child.on('exit', concludeOnce)
  child.on('error', () => {
    if (pid === undefined) concludeOnce(128, null)
  })
  if (pid !== undefined) tools.tell({ type: 'spawned', id: order.id, pid, startTicks: self?.startTicks ?? 0 })

  return {
    kill,
    release: () => {
      if (released) return
      released = true
      if (ready) gate.write('go\n')
    },
    terminate: () => {
      terminated = true
      if (user !== undefined && isSameProcess(user)) return sendSignal(user.pid, 'SIGTERM')
      if (ready) return
      terminatedAtGate = true
      kill()
    },
  }
}

const spawnBlocked = (
  { argv, marks, messageFile }: SpawnContainer,
  makePipe: () => Pipe,
): { readonly child: ChildProcess; readonly stdout: Socket; readonly stderr: Socket } => {
  if (messageFile !== null) writeFileSync(messageFile, '', { mode: 0o600 })
  const [program = '', ...args] = argv
  const [out, err] = [makePipe(), makePipe()]
  try {
    const stdio = ['ignore', out.writeEnd, err.writeEnd, 'pipe'] as const
    const child = spawn(program, args, { cwd: '/', env: { ...marks }, detached: true, stdio: [...stdio] })
    return { child, stdout: out.reader, stderr: err.reader }
  } catch (cause) {
    out.reader.destroy()
    err.reader.destroy()
    throw cause
  } finally {
    closeEnd(out)
    closeEnd(err)
  }
}

const find = (pid: number | undefined): Process | undefined => (pid === undefined ? undefined : findProcess(pid))

const firstChild = (pid: number | undefined): Process | undefined =>
  pid === undefined ? undefined : (find(childrenOf(pid)[0]) ?? listProcesses().find(({ parent }) => parent === pid))

const isGateWord = (word: string): word is GateWord => gateWords.some((known) => known === word)

const killedBySystem = { exitCode: 137, signal: 9 }

/** Bubblewrap turns a signal into 128 + n, so the signal is known only when it was ours. */
const statusOf = (
  code: number | null,
  signal: NodeJS.Signals | null,
  by: { readonly killed: boolean; readonly terminated: boolean; readonly terminatedAtGate: boolean },
): { readonly exitCode: number; readonly signal: number } => {
  if (by.terminatedAtGate) return { exitCode: 143, signal: 15 }
  if (signal !== null) return { exitCode: 128 + constants.signals[signal], signal: constants.signals[signal] }
  const exitCode = code ?? 128
  if (exitCode === 137 && by.killed) return { exitCode, signal: 9 }
  return { exitCode, signal: exitCode === 143 && by.terminated ? 15 : 0 }
}

/** Resolves when nobody can write into it any more; whoever still holds the other end after two seconds is not waited for. */
const ended = (source: Duplex): Promise<void> =>
  new Promise((resolve) => {
    if (source.closed || source.destroyed) return resolve()
    const timer = setTimeout(() => source.destroy(), 2000)
    source.once('close', () => {
      clearTimeout(timer)
      resolve()
    })
    source.resume()
  })
