import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { memoryGroups } from '../../../../src/adapters/runtimes/sandbox/memory-groups.ts'
import { openSandboxRuntime, type SandboxOptions } from '../../../../src/adapters/runtimes/sandbox/sandbox-runtime.ts'
import type { PodRuntime, PodToRun } from '../../../../src/application/ports/pod-runtime.ts'
import type { PodObservation } from '../../../../src/domain/job/observations.ts'
import type { Container, PodSpec } from '../../../../src/domain/kubernetes/pod-spec.ts'
import { podToRun } from '../../../support/pods.ts'

export type Mode = 'bubblewrap' | 'process'

/** Whether Pods can be sandboxed on this machine; when not, it says so, because the tests of that mode are skipped. */
export const bubblewrapWorks = (() => {
  try {
    const shape = ['--unshare-pid', '--ro-bind', '/', '/', '--proc', '/proc', '--dev', '/dev']
    execFileSync('bwrap', [...shape, '/bin/true'], { stdio: 'pipe' })
    return true
  } catch (cause) {
    console.warn(
      `bubblewrap does not work here, its tests are skipped: ${cause instanceof Error ? cause.message : cause}`,
    )
    return false
  }
})()

/** Whether this process may make memory groups here; when not, it says so, because the tests of them are skipped. */
export const memoryGroupsWork = await (async () => {
  const child = spawn('sleep', ['60'], { stdio: 'ignore' })
  const groups = memoryGroups()
  const group = groups.enter('probe', 100_000_000, child.pid ?? 0)
  child.kill('SIGKILL')
  await once(child, 'exit')
  group?.remove()
  groups.close()
  if (group === null) console.warn('no memory groups can be made here, their tests are skipped')
  return group !== null
})()

export const modes: ReadonlyArray<Mode> = bubblewrapWorks ? ['bubblewrap', 'process'] : ['process']

type Type = PodObservation['type']
type Of<K extends Type> = Extract<PodObservation, { type: K }>

export type Bench = {
  readonly runtime: PodRuntime
  readonly folder: string
  readonly dataFolder: string
  /** Starts a Pod of this spec and answers its observations, which grow. */
  readonly start: (spec: PodSpec, over?: Partial<PodToRun>) => Running
  readonly logOf: (running: Running, container?: string, restart?: number) => string
  readonly close: () => Promise<void>
  confirming: boolean
}

export type Running = {
  readonly pod: PodToRun
  readonly story: Array<PodObservation>
  readonly all: <K extends Type>(type: K) => ReadonlyArray<Of<K>>
  readonly told: <K extends Type>(type: K, isIt?: (observation: Of<K>) => boolean) => Promise<Of<K>>
  readonly end: () => Promise<PodObservation>
}

/** A runtime on a folder of its own under `/tmp`, which confirms every process at once unless told otherwise. */
export const openBench = async (sandbox: Mode, over: Partial<SandboxOptions> = {}): Promise<Bench> => {
  const folder = mkdtempSync(join(tmpdir(), 'jobledger-sandbox-'))
  const dataFolder = over.dataFolder ?? join(folder, 'data')
  const options: SandboxOptions = { dataFolder, now: Date.now, network: true, sandbox, onNotice: () => {}, ...over }
  const runtime = await openSandboxRuntime(options).catch((cause: unknown) => {
    rmSync(folder, { recursive: true })
    throw cause
  })
  const stories = new Map<string, Array<PodObservation>>()
  let ordinal = 0
  const bench: Bench = {
    runtime,
    folder,
    dataFolder,
    confirming: true,
    start: (spec, given = {}) => {
      const pod = podToRun({ job: 'job-a', pod: ordinal++, spec: { restartPolicy: 'Never', ...spec }, ...given })
      const story: Array<PodObservation> = []
      stories.set(`${pod.job} ${pod.pod}`, story)
      runtime.start(pod)
      return running(pod, story)
    },
    logOf: ({ pod }, container = 'main', restart = 0) => {
      const uid = pod.uid.replace('/', '%2f')
      try {
        const records = readFileSync(join(dataFolder, 'logs', uid, container, `${restart}.log`), 'utf8').split('\n')
        return records.map((record) => record.replace(/^\S+ std(out|err) [FP] /, '')).join('\n')
      } catch {
        return ''
      }
    },
    close: async () => {
      await runtime.close()
      for (const own of [folder, dataFolder]) rmSync(own, { recursive: true, force: true })
    },
  }
  runtime.observed$.subscribe((batch) => {
    for (const { job, pod, observation } of batch) {
      stories.get(`${job} ${pod}`)?.push(observation)
      if (observation.type === 'ProcessStarted' && bench.confirming) {
        runtime.confirm({ job, pod }, observation.container, observation.restart)
      }
    }
  })
  return bench
}

const running = (pod: PodToRun, story: Array<PodObservation>): Running => {
  const all = <K extends Type>(type: K) => story.filter((one): one is Of<K> => one.type === type)
  const told: Running['told'] = (type, isIt = () => true) =>
    eventually(
      () => all(type).find(isIt),
      () => `${type}; told: ${JSON.stringify(story)}`,
    )
  const end = () =>
    eventually(
      () => story.find(({ type }) => type === 'PodSucceeded' || type === 'PodFailed'),
      () => `the end; told: ${JSON.stringify(story)}`,
    )
  return { pod, story, all, told, end }
}

/** Asks again until there is an answer; fails after ten seconds. */
export const eventually = async <A>(ask: () => A | undefined | false, what: () => string): Promise<A> => {
  const deadline = performance.now() + 10_000
  for (;;) {
    const answer = ask()
    if (answer !== undefined && answer !== false) return answer
    if (performance.now() > deadline) throw new Error(`waited 10 s for ${what()}`)
    await sleep(5)
  }
}

/** A container that runs this shell script. */
export const sh = (script: string, over: Partial<Container> = {}): Container => ({
  name: 'main',
  image: 'local',
  command: ['/bin/sh', '-c', script],
  ...over,
})

/** How many processes run with this very argument: give it one that nobody else has. */
export const processesWith = (argument: string): number =>
  readdirSync('/proc').filter((name) => {
    try {
      return /^\d+$/.test(name) && readFileSync(`/proc/${name}/cmdline`, 'utf8').split('\0').includes(argument)
    } catch {
      return false
    }
  }).length

/** The pid of the helper process that works for this data folder. */
export const helperOf = (dataFolder: string): number =>
  Number(
    readdirSync('/proc').find((name) => {
      try {
        return /^\d+$/.test(name) && readFileSync(`/proc/${name}/cmdline`, 'utf8').includes(`${dataFolder}/pipes`)
      } catch {
        return false
      }
    }),
  )
