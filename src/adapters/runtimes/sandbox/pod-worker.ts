import type { PodToRun } from '../../../application/ports/pod-runtime.ts'
import type { ContainerReason, PodObservation } from '../../../domain/job/observations.ts'
import type { Container } from '../../../domain/kubernetes/pod-spec.ts'
import { E } from '../../../prelude.ts'
import { type ContainerPlan, containerPlan, type Surroundings } from './container-plan.ts'
import { backoffBaseMs as retryMs } from '../crash-loop-backoff.ts'
import { allContainers } from './environment.ts'
import type { HelperLink } from './helper-link.ts'
import type { ContainerGone, FromHelper } from './helper-protocol.ts'
import { fileDigest } from './log-digest.ts'
import { isProjected } from './projected-files.ts'
import { podFolderOf } from './paths.ts'
import { type Action, type Input, newLife, type PodLife, type RestartPolicy, type Role, step } from './pod-lifecycle.ts'
import { after } from './timer.ts'

export type PodWorker = {
  readonly begin: () => void
  readonly stop: (graceMs: number) => void
  readonly confirm: (container: number, restart: number) => void
  /** The processes of the Pod that the log may know. */
  readonly processes: () => ReadonlyArray<{ readonly pid: number; readonly startTicks: number }>
  /** The helper died and all processes with it: the Pod ends as lost. */
  readonly lose: () => Promise<void>
  /** Forgets timers and says nothing more. */
  readonly drop: () => void
}

export type WorkerTools = {
  readonly helper: HelperLink
  readonly surroundings: Surroundings
  readonly backoffBaseMs: number
  readonly now: () => number
  readonly say: (observation: PodObservation) => void
  readonly onEnd: () => void
}

/** Leads one Pod through its life: does what the pure lifecycle says, and tells it what becomes of it. */
export const podWorker = (pod: PodToRun, tools: WorkerTools): PodWorker => {
  const { helper, surroundings, say } = tools
  const containers = allContainers(pod)
  const attempts = new Map<number, Attempt>()
  const timers = new Map<string, () => void>()
  const blockedBecause = new Map<number, string>()
  let silent = false
  let latest = 0
  let life: PodLife = newLife(rolesOf(pod), {
    graceMs: (pod.spec.terminationGracePeriodSeconds ?? 30) * 1000,
    backoffMs: tools.backoffBaseMs,
  })

  /** A wall clock may be set back; a Pod's story may not. */
  const now = (): number => {
    latest = Math.max(latest, tools.now())
    return latest
  }
  const schedule = (name: string, at: number, callBack: () => void): void => {
    timers.get(name)?.()
    timers.set(name, after(at - now(), callBack))
  }
  const happen = (input: Input): void => {
    if (silent || life.phase === 'Ended') return
    const { pod: next, actions } = step(life, input, now())
    life = next
    for (const action of actions) act(action)
    if (life.phase === 'Ended') finish()
  }
  const finish = (): void => {
    drop()
    const media =
      pod.spec.volumes?.flatMap((volume) =>
        isProjected(volume) ? ['Memory'] : volume.emptyDir === undefined ? [] : [volume.emptyDir.medium ?? ''],
      ) ?? []
    const { dataFolder, memoryFolder } = surroundings
    const bases = [media.length > 0 ? dataFolder : null, media.includes('Memory') ? memoryFolder : null]
    for (const base of bases) if (base !== null) helper.send({ type: 'remove', folder: podFolderOf(base, pod.uid) })
    tools.onEnd()
  }
  const drop = (): void => {
    silent = true
    for (const cancel of timers.values()) cancel()
    timers.clear()
    for (const { id } of attempts.values()) if (id !== null) helper.forget(id)
  }

  const act = (action: Action): void => {
    switch (action.type) {
      case 'say':
        return say(action.observation)
      case 'start':
        return launch(action.container, newAttempt(action.restart))
      case 'terminate':
        return signal(action.container, 'terminate')
      case 'kill':
        return signal(action.container, 'kill')
      case 'retryAt':
        return schedule(`retry ${action.container}`, action.at, () =>
          happen({ type: 'retry', container: action.container }),
        )
      case 'graceUntil':
        return schedule('grace', action.at, () => happen({ type: 'graceOver' }))
    }
  }

  const signal = (container: number, type: 'terminate' | 'kill'): void => {
    const attempt = attempts.get(container)
    if (attempt === undefined) return
    if (attempt.id !== null) return helper.send({ type, id: attempt.id })
    attempts.delete(container)
    queueMicrotask(() => happen({ type: 'exited', container, exitCode: 137 }))
  }

  const launch = (index: number, attempt: Attempt): void => {
    const container = containers[index]
    if (container === undefined) return
    attempts.set(index, attempt)
    void planned(pod, container, { index, restart: attempt.restart }, surroundings).then((plan) => {
      if (silent || attempts.get(index) !== attempt) return
      if (E.isLeft(plan)) return blocked(index, attempt, plan.left)
      blockedBecause.delete(index)
      attempt.plan = plan.right
      attempt.id = helper.spawn(plan.right.order, (message) => hear(index, attempt, message))
    })
  }

  /** The container waits; what is missing may appear (a hostPath), so it is tried again, and said again only when it differs. */
  const blocked = (container: number, { restart }: Attempt, message: string): void => {
    if (blockedBecause.get(container) !== message) {
      blockedBecause.set(container, message)
      const at = now()
      say({ type: 'MessageRecorded', container, restart, message, at })
      say({
        type: 'ContainerWaiting',
        container,
        restart,
        reason: 'CreateContainerConfigError',
        until: null,
        backoffMs: 0,
        at,
      })
    }
    const attempt = newAttempt(restart)
    attempts.set(container, attempt)
    schedule(`blocked ${container}`, now() + retryMs, () => {
      if (attempts.get(container) === attempt) launch(container, attempt)
    })
  }

  const hear = (container: number, attempt: Attempt, message: FromHelper): void => {
    if (silent) return
    if (message.type === 'exited') return exited(container, attempt, message)
    attempt.process = { pid: message.pid, startTicks: message.startTicks }
    if (life.ending !== null) return
    const { pid, startTicks } = message
    say({
      type: 'ProcessStarted',
      container,
      restart: attempt.restart,
      bootId: helper.bootId,
      pid,
      startTicks,
      at: now(),
    })
  }

  /** Of a process that was killed before it ran anything there is nothing to tell. */
  const exited = (container: number, attempt: Attempt, gone: ContainerGone): void => {
    attempts.delete(container)
    const at = now()
    const exitCode = gone.failure === null ? gone.exitCode : 128
    if (attempt.releasedAt !== null || life.ending === null) {
      const { restart, plan } = attempt
      const message = gone.failure === null ? gone.message : whyNotStarted(gone, containers[container], plan)
      if (message !== '') say({ type: 'MessageRecorded', container, restart, message, at })
      const { signal, logBytes, logSha256 } = gone
      const startedAt = attempt.releasedAt ?? at
      say({
        type: 'ContainerExited',
        container,
        restart,
        exitCode,
        signal,
        reason: reasonOf(gone),
        startedAt,
        logBytes,
        logSha256,
        at,
      })
    }
    happen({ type: 'exited', container, exitCode })
  }

  return {
    drop,
    begin: () => {
      const seconds = pod.spec.activeDeadlineSeconds
      if (seconds !== undefined) schedule('deadline', now() + seconds * 1000, () => happen({ type: 'deadline' }))
      happen({ type: 'begin' })
    },
    stop: (graceMs) => happen({ type: 'stop', graceMs }),
    confirm: (container, restart) => {
      const attempt = attempts.get(container)
      if (attempt?.restart !== restart || attempt.id === null || attempt.process === null) return
      if (attempt.releasedAt !== null || life.ending !== null) return
      attempt.releasedAt = now()
      helper.send({ type: 'release', id: attempt.id })
      happen({ type: 'released', container })
    },
    processes: () => [...attempts.values()].flatMap(({ process }) => process ?? []),
    lose: async () => {
      const lost = [...attempts].filter(([, { releasedAt }]) => releasedAt !== null)
      const ended = silent
      drop()
      if (ended) return
      for (const [container, { restart, releasedAt, plan }] of lost) {
        const digest = await fileDigest(plan?.order.logFile ?? '')
        const at = now()
        const startedAt = releasedAt ?? at
        say({
          type: 'ContainerExited',
          container,
          restart,
          exitCode: 137,
          signal: 9,
          reason: 'ContainerStatusUnknown',
          startedAt,
          ...digest,
          at,
        })
      }
      say({ type: 'PodFailed', reason: 'NodeLost', exitCode: null, at: now() })
      finish()
    },
  }
}

type Attempt = {
  readonly restart: number
  /** The helper's number for it; null while it is being prepared. */
  id: number | null
  process: { readonly pid: number; readonly startTicks: number } | null
  releasedAt: number | null
  plan: ContainerPlan | null
}

const newAttempt = (restart: number): Attempt => ({ restart, id: null, process: null, releasedAt: null, plan: null })

/** A failure of the file system while preparing is something to wait for, too. */
const planned = (...asked: Parameters<typeof containerPlan>): ReturnType<typeof containerPlan> =>
  containerPlan(...asked).catch((cause: unknown) => E.left(cause instanceof Error ? cause.message : String(cause)))

const rolesOf = ({ spec }: PodToRun): ReadonlyArray<{ readonly role: Role; readonly restartPolicy: RestartPolicy }> => {
  const policyOf = (text: string | undefined): RestartPolicy =>
    text === 'OnFailure' || text === 'Always' ? text : 'Never'
  const ofPod = spec.restartPolicy ?? 'Never'
  return [
    ...(spec.initContainers ?? []).map(({ restartPolicy }) =>
      restartPolicy === 'Always'
        ? { role: 'sidecar' as const, restartPolicy: 'Always' as const }
        : { role: 'init' as const, restartPolicy: policyOf(restartPolicy ?? ofPod) },
    ),
    ...spec.containers.map(({ restartPolicy }) => ({
      role: 'app' as const,
      restartPolicy: policyOf(restartPolicy ?? ofPod),
    })),
  ]
}

const reasonOf = ({ failure, outOfMemory, exitCode }: ContainerGone): ContainerReason => {
  if (failure !== null) return 'StartError'
  if (outOfMemory) return 'OOMKilled'
  return exitCode === 0 ? 'Completed' : 'Error'
}

const whyNotStarted = (
  { failure, message }: ContainerGone,
  container: Container | undefined,
  plan: ContainerPlan | null,
): string => {
  switch (failure) {
    case 'no-command':
      return `container "${container?.name ?? ''}" has no command, and image "${container?.image ?? ''}" is not pulled: the sandbox runs only what its command or args name`
    case 'no-folder':
      return `working directory "${plan?.folder ?? ''}" does not exist in the sandbox`
    case 'not-found':
      return `"${plan?.command[0] ?? ''}" is no executable file in the sandbox, which has the programs of this machine: images are not pulled`
    default:
      return `the sandbox could not be made: ${message.trim()}`
  }
}
