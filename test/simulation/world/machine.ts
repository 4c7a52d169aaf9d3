import { Subject } from 'rxjs'
import type { PodObserved, PodRef, PodRuntime, PodToRun } from '../../../src/application/ports/pod-runtime.ts'
import type { PodObservation } from '../../../src/domain/job/observations.ts'
import type { Random } from './random.ts'
import type { SimulatedTime } from './simulated-time.ts'

/** How Pods fare: shares between 0 and 1. */
export type Fortune = {
  readonly failure: number
  /** Of the failures, those of the Pod as a whole: evicted, past its deadline. */
  readonly podFailure: number
  /** Pods that run until somebody stops them. */
  readonly hung: number
  /** Pods that are ready when they start. */
  readonly ready: number
  /** Running Pods whose readiness turns before they end. */
  readonly moody: number
  readonly runMsMax: number
}

/** A Pod on the machine. It waits at a gate until the process of its present container is confirmed. */
type MachinePod = {
  readonly toRun: PodToRun
  readonly inits: number
  readonly apps: number
  readonly restarts: number[]
  container: number
  /** Containers that ever had a process. */
  launched: number
  stage: 'to launch' | 'at the gate' | 'started' | 'running' | 'backing off' | 'ended'
  /** As `elapsed`. */
  dueAt: number
  isStopping: boolean
  /** User code of a container has run. */
  hasRun: boolean
  hasFailed: boolean
}

export type Machine = ReturnType<typeof machineDouble>

/** What the machine asks of the log when it is told to run something. */
export type Records = {
  readonly isPodRecorded: (pod: PodToRun) => boolean
  readonly isProcessRecorded: (pod: PodToRun, container: number, restart: number) => boolean
}

/**
 * A machine that runs Pods, and outlives the processes that tell it to. What it sees waits until the simulation hands it over; a
 * process that crashes never hears of it, and what ran then may run on until somebody fences it.
 */
export const machineDouble = (parts: {
  readonly time: SimulatedTime
  readonly random: Random
  readonly records: Records
  readonly fortune: () => Fortune
  readonly complain: (invariant: string, sentence: string) => void
}) => {
  const { time, random, records, fortune, complain } = parts
  const pods = new Map<string, MachinePod>()
  /** Left over by a process that crashed, by uid of the Pod. */
  const orphans = new Set<string>()
  let seen: PodObserved[] = []
  let fences: Array<() => void> = []
  let observed$ = new Subject<ReadonlyArray<PodObserved>>()

  const tell = ({ toRun: { job, pod } }: MachinePod, observation: PodObservation): void => {
    seen.push({ job, pod, observation })
  }
  const waits = (pod: MachinePod, msMax: number): void => {
    pod.dueAt = time.elapsed() + random.below(msMax + 1)
  }

  const end = (pod: MachinePod, observation: PodObservation): void => {
    pod.stage = 'ended'
    pod.dueAt = Number.POSITIVE_INFINITY
    pods.delete(pod.toRun.uid)
    tell(pod, observation)
  }
  const fail = (
    pod: MachinePod,
    reason: 'DeadlineExceeded' | 'NodeLost' | 'Evicted' | 'Unknown' | null,
    code: number | null,
  ) => end(pod, { type: 'PodFailed', reason, exitCode: code, at: time.now() })

  const launch = (pod: MachinePod): void => {
    const { container } = pod
    const restart = pod.restarts[container] ?? 0
    pod.launched = Math.max(pod.launched, container + 1)
    pod.stage = 'at the gate'
    pod.dueAt = Number.POSITIVE_INFINITY
    tell(pod, { type: 'ProcessStarted', container, restart, bootId: 'boot', pid: 7, startTicks: 9, at: time.now() })
  }

  const exit = (pod: MachinePod, exitCode: number): void => {
    const { container } = pod
    const restart = pod.restarts[container] ?? 0
    const reason = exitCode === 0 ? 'Completed' : 'Error'
    const log = { startedAt: time.now(), logBytes: 0, logSha256: '' }
    tell(pod, { type: 'ContainerExited', container, restart, exitCode, signal: 0, reason, ...log, at: time.now() })
    if (random.chance(0.05))
      tell(pod, { type: 'MessageRecorded', container, restart, message: 'last words', at: time.now() })
  }

  const ends = (pod: MachinePod): void => {
    const { failure, podFailure } = fortune()
    const isInit = pod.container < pod.inits
    const fails = random.chance(isInit ? failure / 3 : failure)
    if (fails && random.chance(podFailure))
      return fail(pod, random.pick(['DeadlineExceeded', 'Evicted', 'Unknown', 'NodeLost'] as const), null)
    const exitCode = fails ? random.pick([1, 1, 3, 7, 42, 137]) : pod.isStopping && random.chance(0.7) ? 143 : 0
    exit(pod, exitCode)
    if (exitCode !== 0 && !pod.isStopping && pod.toRun.spec.restartPolicy === 'OnFailure') return backOff(pod)
    if (exitCode !== 0) pod.hasFailed = true
    if (isInit && exitCode !== 0) return fail(pod, null, exitCode)
    const following = pod.isStopping ? pod.launched : pod.inits + pod.apps
    if (pod.container + 1 < following) {
      pod.container += 1
      pod.stage = isInit ? 'to launch' : 'running'
      return waits(pod, 1000)
    }
    if (!pod.hasFailed) return end(pod, { type: 'PodSucceeded', at: time.now() })
    fail(pod, null, exitCode)
  }

  const backOff = (pod: MachinePod): void => {
    const { container } = pod
    const restart = pod.restarts[container] ?? 0
    pod.restarts[container] = restart + 1
    pod.stage = 'backing off'
    const backoffMs = random.pick([0, 10_000, 40_000])
    pod.dueAt = time.elapsed() + backoffMs
    if (pod.container >= pod.inits) tell(pod, { type: 'PodReadinessChanged', ready: false, at: time.now() })
    const waiting = { reason: 'CrashLoopBackOff', until: time.now() + backoffMs, backoffMs } as const
    if (backoffMs > 0) tell(pod, { type: 'ContainerWaiting', container, restart, ...waiting, at: time.now() })
  }

  /** The next step in the life of a Pod that is due. */
  const act = (pod: MachinePod): void => {
    const { podFailure, failure, hung, ready, moody, runMsMax } = fortune()
    switch (pod.stage) {
      case 'to launch':
        if (random.chance(0.05)) {
          const waiting = { container: pod.container, restart: 0, reason: 'ContainerCreating' } as const
          tell(pod, { type: 'ContainerWaiting', ...waiting, until: null, backoffMs: 0, at: time.now() })
        }
        if (pod.isStopping) return fail(pod, null, null)
        if (random.chance(failure * podFailure)) return fail(pod, null, null)
        return launch(pod)
      case 'started': {
        if (pod.container < pod.inits) return ends(pod)
        if (pod.container + 1 < pod.inits + pod.apps) {
          pod.container += 1
          return launch(pod)
        }
        tell(pod, { type: 'PodStarted', ready: random.chance(ready), at: time.now() })
        pod.container = pod.inits
        pod.stage = 'running'
        if (random.chance(hung)) pod.dueAt = Number.POSITIVE_INFINITY
        else waits(pod, runMsMax)
        return
      }
      case 'running':
        if (pod.isStopping && random.chance(0.3))
          tell(pod, { type: 'PodReadinessChanged', ready: false, at: time.now() })
        if (!pod.isStopping && random.chance(moody)) {
          tell(pod, { type: 'PodReadinessChanged', ready: random.chance(0.5), at: time.now() })
          return waits(pod, runMsMax)
        }
        return ends(pod)
      case 'backing off':
        if (pod.isStopping) return fail(pod, null, 1)
        return launch(pod)
      default:
    }
  }

  const begin = (toRun: PodToRun): void => {
    if (pods.has(toRun.uid)) return
    if (orphans.has(toRun.uid)) complain('a Pod runs once', `Pod ${toRun.pod} is started while it still runs`)
    if (!records.isPodRecorded(toRun))
      complain('intent is recorded before effect', `Pod ${toRun.pod} is started and the log does not know it`)
    const inits = toRun.spec.initContainers?.length ?? 0
    const apps = toRun.spec.containers.length
    const pod: MachinePod = {
      toRun,
      inits,
      apps,
      restarts: [],
      container: 0,
      launched: 0,
      stage: 'to launch',
      dueAt: 0,
      isStopping: false,
      hasRun: false,
      hasFailed: false,
    }
    waits(pod, random.pick([0, 100, 5000]))
    pods.set(toRun.uid, pod)
  }

  const stop = ({ job, pod: ordinal }: PodRef, graceSeconds: number): void => {
    const pod = find(job, ordinal)
    if (pod === undefined) return
    pod.isStopping = true
    const longest = time.elapsed() + graceSeconds * 1000
    const wanted = time.elapsed() + (pod.stage === 'running' ? random.below(graceSeconds * 1000 + 1) : 0)
    if (pod.stage === 'at the gate') pod.stage = 'to launch'
    if (pod.stage === 'started') pod.stage = 'running'
    pod.dueAt = Math.min(pod.dueAt, wanted, longest)
  }

  const confirm = (ref: PodRef, container: number, restart: number): void => {
    const pod = find(ref.job, ref.pod)
    if (pod !== undefined && !records.isProcessRecorded(pod.toRun, container, restart))
      complain(
        'intent is recorded before effect',
        `user code of Pod ${ref.pod} runs and the log does not know its process`,
      )
    if (pod?.stage !== 'at the gate' || pod.container !== container || (pod.restarts[container] ?? 0) !== restart)
      return
    pod.hasRun = true
    pod.stage = restart === 0 ? 'started' : 'running'
    if (restart > 0 && container >= pod.inits) tell(pod, { type: 'PodReadinessChanged', ready: true, at: time.now() })
    waits(pod, 1000)
  }

  const find = (job: string, ordinal: number): MachinePod | undefined => {
    for (const pod of pods.values()) if (pod.toRun.job === job && pod.toRun.pod === ordinal) return pod
    return undefined
  }
  const duePods = (): MachinePod[] => [...pods.values()].filter(({ dueAt }) => dueAt <= time.elapsed())

  return {
    /** The runtime of a new process; an `external` one runs nothing, because clients run the Pods. */
    connect: (name: 'simulated' | 'external'): PodRuntime => {
      observed$ = new Subject()
      const own = observed$
      return {
        name,
        start: name === 'external' ? () => {} : begin,
        stop,
        confirm,
        observed$: own,
        fence: (processes) =>
          new Promise((resolve) => {
            fences.push(() => {
              for (const { podUid } of processes) orphans.delete(podUid)
              resolve()
            })
          }),
        close: async () => {
          pods.clear()
          own.complete()
        },
      }
    },
    isAlive: (uid: string): boolean => pods.has(uid) || orphans.has(uid),
    alive: () => pods.size,
    isDue: (): boolean => {
      for (const { dueAt } of pods.values()) if (dueAt <= time.elapsed()) return true
      return false
    },
    unseen: () => seen.length,
    waitingFences: () => fences.length,
    nextDue: (): number => {
      let soonest = Number.POSITIVE_INFINITY
      for (const { dueAt } of pods.values()) soonest = Math.min(soonest, dueAt)
      return soonest
    },
    /** One of the Pods that are due does its next step. */
    act: (): void => act(random.pick(duePods())),
    /** The process hears of what was seen: of all of it, or of its beginning. */
    handOver: (): void => {
      const count = random.chance(0.7) ? seen.length : 1 + random.below(seen.length)
      observed$.next(seen.splice(0, count))
    },
    fenced: (): void => fences.splice(0, 1)[0]?.(),
    /** The process that drove the machine is dead: gates close, and what has passed them may run on. */
    loseProcess: (share: number): void => {
      for (const [uid, pod] of pods)
        if (pod.hasRun && (pod.stage === 'running' || pod.stage === 'started') && random.chance(share)) orphans.add(uid)
      pods.clear()
      seen = []
      fences = []
    },
    /** A Pod, or every Pod, is lost with its node. */
    lose: (all: boolean): void => {
      const lost = all ? [...pods.values()] : pods.size > 0 ? [random.pick([...pods.values()])] : []
      for (const pod of lost) fail(pod, random.pick(['NodeLost', 'NodeLost', 'Evicted', 'Unknown'] as const), null)
    },
    /** Pods that would run for ever come to an end. */
    wake: (): void => {
      for (const pod of pods.values())
        if (pod.stage === 'running' && pod.dueAt === Number.POSITIVE_INFINITY) waits(pod, 30_000)
    },
  }
}
