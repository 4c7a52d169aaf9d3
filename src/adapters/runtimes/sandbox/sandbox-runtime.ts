import { execFile } from 'node:child_process'
import { accessSync, constants, existsSync, realpathSync, statSync } from 'node:fs'
import { chmod, mkdir, rm } from 'node:fs/promises'
import { availableParallelism, homedir, totalmem } from 'node:os'
import { delimiter, join, resolve } from 'node:path'
import { Subject } from 'rxjs'
import type { PodObserved, PodRef, PodRuntime, PodToRun } from '../../../application/ports/pod-runtime.ts'
import { noSources, type PodSources } from '../../../application/ports/pod-sources.ts'
import { bubblewrapArguments } from './bubblewrap-arguments.ts'
import type { Surroundings } from './container-plan.ts'
import { backoffBaseMs } from '../crash-loop-backoff.ts'
import { fence, killAll } from './fencing.ts'
import { helperLink } from './helper-link.ts'
import { makeMemoryFolder } from './memory-folder.ts'
import { messageFolderOf } from './paths.ts'
import { type PodWorker, podWorker } from './pod-worker.ts'

export type SandboxOptions = {
  /** Logs, volumes and last words lie below it; made with mode 0700. */
  readonly dataFolder: string
  /** Epoch milliseconds. */
  readonly now: () => number
  /** Whether containers share this machine's network; false: each has only its own loopback (needs bubblewrap). */
  readonly network: boolean
  /** `auto`: bubblewrap where it works, else plain process groups. */
  readonly sandbox: 'auto' | 'bubblewrap' | 'process'
  /** Folders that appear empty, besides home folders, /run and the data folder. */
  readonly hidden?: ReadonlyArray<string>
  /** Of each attempt of a container; 10 MiB when absent. */
  readonly maxLogBytes?: number
  /** `auto`: kept by control groups where this process may make them; `accounting`: always by adding up. `auto` when absent. */
  readonly memoryLimits?: 'auto' | 'accounting'
  /** How many Pods run at once; the others wait as Pending. 110 when absent, what a node has by default. */
  readonly maxPods?: number
  /** The first crash-loop back-off that is not 0; 10 s when absent. */
  readonly backoffBaseMs?: number
  /** Where Pods find ConfigMaps and Secrets; absent: there are none. */
  readonly sources?: PodSources
  /** What should be said aloud once, at the start. */
  readonly onNotice: (text: string) => void
}

/**
 * Runs Pods as process trees of this machine: a small kubelet. Rejects when `bubblewrap` is asked for and does not work here,
 * or when the data folder cannot be made.
 */
export const openSandboxRuntime = async (options: SandboxOptions): Promise<PodRuntime> => {
  const bubblewrap = await chooseBubblewrap(options)
  const dataFolder = await openFolder(options.dataFolder)
  const hidden = [...defaultHidden(), dataFolder, ...(options.hidden ?? [])]
    .filter((folder) => existsSync(folder))
    .map((folder) => realpathSync(folder))
  const surroundings: Surroundings = {
    dataFolder,
    memoryFolder: bubblewrap === null ? null : await makeMemoryFolder(dataFolder),
    bubblewrap,
    network: options.network,
    hidden: [...new Set(hidden)].filter((folder) => folder !== '/'),
    maxLogBytes: options.maxLogBytes ?? 10_485_760,
    controlGroups: options.memoryLimits !== 'accounting',
    allocatable: { cpuMillis: availableParallelism() * 1000, memoryBytes: totalmem() },
    sources: options.sources ?? noSources,
  }
  return sandboxRuntime(options, surroundings)
}

const sandboxRuntime = (options: SandboxOptions, surroundings: Surroundings): PodRuntime => {
  const observed$ = new Subject<ReadonlyArray<PodObserved>>()
  const live = new Map<string, { readonly pod: PodToRun; readonly worker: PodWorker }>()
  const waiting = new Map<string, PodWorker>()
  const ended = new Set<string>()
  let batch: Array<PodObserved> = []
  let closing: Promise<void> | null = null

  const { dataFolder, memoryFolder } = surroundings
  const helper = helperLink({ pipes: join(dataFolder, 'pipes'), memory: memoryFolder }, () => void loseAll())

  const say = (observed: PodObserved): void => {
    if (batch.push(observed) === 1) setImmediate(flush)
  }
  const flush = (): void => {
    const told = batch
    batch = []
    if (closing === null && told.length > 0) observed$.next(told)
  }

  const keyOf = ({ job, pod }: PodRef): string => `${job} ${pod}`
  const onEnd = (pod: PodToRun): void => {
    live.delete(keyOf(pod))
    waiting.delete(keyOf(pod))
    remember(ended, pod.uid)
    beginWaiting()
  }
  const beginWaiting = (): void => {
    for (const [key, worker] of waiting) {
      if (live.size - waiting.size >= (options.maxPods ?? 110)) return
      waiting.delete(key)
      worker.begin()
    }
  }

  /** The helper is gone: nothing of its Pods may be left before they are told as lost. */
  const loseAll = async (): Promise<void> => {
    const lost = [...live.values()].filter(({ pod }) => !waiting.has(keyOf(pod)))
    const processes = lost.flatMap(({ worker }) => worker.processes())
    await killAll(
      processes,
      lost.map(({ pod }) => pod.uid),
    ).catch(() => {})
    for (const { worker } of lost) await worker.lose()
  }

  const close = async (): Promise<void> => {
    for (const { worker } of live.values()) worker.drop()
    live.clear()
    waiting.clear()
    await helper.end()
    if (memoryFolder !== null) await rm(memoryFolder, { recursive: true, force: true })
    observed$.complete()
  }

  return {
    name: 'sandbox',
    observed$: observed$.asObservable(),
    start: (pod) => {
      const key = keyOf(pod)
      if (closing !== null || live.has(key) || ended.has(pod.uid)) return
      const worker = podWorker(pod, {
        helper,
        surroundings,
        backoffBaseMs: options.backoffBaseMs ?? backoffBaseMs,
        now: options.now,
        say: (observation) => say({ job: pod.job, pod: pod.pod, observation }),
        onEnd: () => onEnd(pod),
      })
      live.set(key, { pod, worker })
      waiting.set(key, worker)
      beginWaiting()
    },
    stop: (ref, graceSeconds) => live.get(keyOf(ref))?.worker.stop(graceSeconds * 1000),
    confirm: (ref, container, restart) => live.get(keyOf(ref))?.worker.confirm(container, restart),
    fence: (processes) => {
      const ours = new Set([...live.values()].map(({ pod }) => pod.uid))
      return fence(processes, { bootId: helper.bootId, isOurs: (uid) => ours.has(uid) })
    },
    close: () => {
      closing ??= close()
      return closing
    },
  }
}

/** What a crashed run left of Pods is of no use to anyone: no Pod outlives the process that ran it. */
const openFolder = async (folder: string): Promise<string> => {
  await mkdir(folder, { recursive: true, mode: 0o700 })
  await chmod(folder, 0o700)
  const real = realpathSync(resolve(folder))
  for (const name of ['pods', 'pipes', 'messages']) {
    await rm(join(real, name), { recursive: true, force: true }).catch(() => {})
  }
  await mkdir(messageFolderOf(real), { mode: 0o700, recursive: true })
  return real
}

const defaultHidden = (): ReadonlyArray<string> => ['/home', '/root', '/run', homedir()]

const chooseBubblewrap = async ({ sandbox, network, onNotice }: SandboxOptions): Promise<string | null> => {
  if (sandbox === 'process') {
    onNotice(`running Pods as plain process groups, as asked: ${unprotected(network)}`)
    return null
  }
  const program = findProgram('bwrap')
  const problem = program === null ? 'bubblewrap is not installed' : await whyUnusable(program, network)
  if (problem === null) return program
  if (sandbox === 'bubblewrap') throw new Error(`cannot sandbox Pods: ${problem}`)
  onNotice(`${problem}; running Pods as plain process groups: ${unprotected(network)}`)
  return null
}

const unprotected = (network: boolean): string =>
  `they see and may change all files of this user, cannot mount volumes${network ? '' : ', and have the network'}`

const findProgram = (name: string): string | null =>
  (process.env['PATH'] ?? '/usr/bin:/bin')
    .split(delimiter)
    .map((folder) => join(folder, name))
    .find(isExecutable) ?? null

const isExecutable = (file: string): boolean => {
  try {
    accessSync(file, constants.X_OK)
    return statSync(file).isFile()
  } catch {
    return false
  }
}

/** Being installed does not mean that this machine lets it make namespaces: so it is run once. Null: it works. */
const whyUnusable = (program: string, network: boolean): Promise<string | null> => {
  const args = bubblewrapArguments({ hostname: 'probe', network, hidden: [], opened: [], mounts: [] })
  return new Promise((resolve) => {
    execFile(program, [...args, '--', '/bin/true'], { timeout: 10_000 }, (error, _stdout, stderr) =>
      resolve(error === null ? null : `bubblewrap does not work here (${stderr.trim() || error.message})`),
    )
  })
}

/** Pods are never started again after their end was recorded, so the oldest may be forgotten. */
const remember = (uids: Set<string>, uid: string): void => {
  uids.add(uid)
  if (uids.size <= rememberedMax) return
  for (const oldest of uids) {
    uids.delete(oldest)
    return
  }
}
const rememberedMax = 10_000
