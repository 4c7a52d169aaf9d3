/**
 * The helper process: it does all the spawning, because forking is slow in a process with a large heap. It dies with
 * whoever started it: when its standard input ends, it kills every container and exits. Its arguments are the folder for
 * its pipes and the one in memory, which it removes in the end ('' when there is none).
 */
import { createHash } from 'node:crypto'
import { closeSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import { type ContainedProcess, containedProcess } from './contained-process.ts'
import {
  decodeMessage,
  encodeMessage,
  type FromHelper,
  lineReader,
  type SpawnContainer,
  type ToHelper,
} from './helper-protocol.ts'
import { memoryGroups } from './memory-groups.ts'
import { memoryWatch } from './memory-watch.ts'
import { pipePool } from './pipe-pool.ts'
import { sweeper } from './sweeper.ts'

/** Whatever was open in the process that started jobledger is no business of a container. */
const closeInheritedDescriptors = (): void => {
  const closeOnExec = 0o2000000
  for (const fd of readdirSync('/proc/self/fd')
    .map(Number)
    .filter((number) => number > 2)) {
    try {
      const flags = /^flags:\s*([0-7]+)/m.exec(readFileSync(`/proc/self/fdinfo/${fd}`, 'utf8'))?.[1] ?? '0'
      if ((Number.parseInt(flags, 8) & closeOnExec) === 0) closeSync(fd)
    } catch {
      // The descriptor of the listing itself is gone by now.
    }
  }
}
closeInheritedDescriptors()

const [pipeFolder = '.', memoryFolder = ''] = process.argv.slice(2)
const running = new Map<number, ContainedProcess>()
const spawnQueue: Array<SpawnContainer> = []
let closing = false

let outbox = ''
/** Writing wakes the other process, so what is to be told in one loop turn is told together. */
const tell = (message: FromHelper): void => {
  if (message.type === 'exited') running.delete(message.id)
  if (outbox === '') setImmediate(flush)
  outbox += encodeMessage(message)
}
const flush = (): void => {
  process.stdout.write(outbox)
  outbox = ''
}
const tools = {
  tell,
  makePipe: pipePool(pipeFolder),
  sweep: sweeper(),
  memoryGroups: memoryGroups(),
  watchMemory: memoryWatch(),
}

/** The end of a container of which there never was a process. */
const neverWas = (id: number, exitCode: number, signal: number, problem: string | null): FromHelper => ({
  type: 'exited',
  id,
  exitCode,
  signal,
  outOfMemory: false,
  failure: problem === null ? null : 'no-sandbox',
  message: problem ?? '',
  logBytes: 0,
  logSha256: emptySha256,
})
const emptySha256 = createHash('sha256').digest('hex')

/** One spawn a loop turn, so that ends and logs of others are not kept waiting. */
const spawnNext = (): void => {
  const order = spawnQueue.shift()
  if (order === undefined) return
  if (spawnQueue.length > 0) setImmediate(spawnNext)
  if (closing) return
  try {
    running.set(order.id, containedProcess(order, tools))
  } catch (cause) {
    tell(neverWas(order.id, 128, 0, cause instanceof Error ? cause.message : 'no process could be made'))
  }
}

const enqueue = (order: SpawnContainer): void => {
  spawnQueue.push(order)
  if (spawnQueue.length === 1) setImmediate(spawnNext)
}

/** A container that waits to be spawned is taken from the queue; nothing of it ever was. */
const kill = (id: number): void => {
  const place = spawnQueue.findIndex((order) => order.id === id)
  if (place < 0) return running.get(id)?.kill()
  spawnQueue.splice(place, 1)
  tell(neverWas(id, 137, 9, null))
}

const obey = (message: ToHelper): void => {
  switch (message.type) {
    case 'spawn':
      return enqueue(message)
    case 'release':
      return running.get(message.id)?.release()
    case 'terminate':
      return running.get(message.id)?.terminate()
    case 'kill':
      return kill(message.id)
    case 'remove':
      void rm(message.folder, { recursive: true, force: true }).catch(() => {})
      return
  }
}

const shutDown = async (): Promise<void> => {
  if (closing) return
  closing = true
  const until = performance.now() + 10_000
  while (running.size > 0 && performance.now() < until) {
    for (const container of running.values()) container.kill()
    await sleep(20)
  }
  tools.memoryGroups.close()
  if (memoryFolder !== '') rmSync(memoryFolder, { recursive: true, force: true })
  process.exit(0)
}

process.stdin.setEncoding('utf8')
process.stdin.on(
  'data',
  lineReader((line) => obey(decodeMessage(line))),
)
const onLost = (): void => void shutDown()
process.stdin.on('end', onLost)
process.stdin.on('error', onLost)
process.stdout.on('error', onLost)
process.on('SIGINT', () => {})
process.on('SIGHUP', () => {})
process.on('SIGTERM', onLost)
