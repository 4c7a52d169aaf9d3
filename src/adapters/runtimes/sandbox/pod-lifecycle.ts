import type { PodObservation } from '../../../domain/job/observations.ts'
import { crashLoopBackoff } from '../crash-loop-backoff.ts'

/**
 * One Pod's life as a pure state machine: what happened goes in, what to do comes out. It knows no process and no clock.
 * Containers are numbered as in observations: init containers first, then app containers.
 */
export const step = (pod: PodLife, input: Input, now: number): { readonly pod: PodLife; readonly actions: Actions } => {
  if (pod.phase === 'Ended') return { pod, actions: [] }
  const draft: Draft = { ...pod, containers: pod.containers.map((container) => ({ ...container })), actions: [] }
  take(draft, input, now)
  settle(draft, now)
  const { actions, ...life } = draft
  return { pod: life, actions }
}

export const newLife = (
  containers: ReadonlyArray<{ readonly role: Role; readonly restartPolicy: RestartPolicy }>,
  { graceMs, backoffMs }: { readonly graceMs: number; readonly backoffMs: number },
): PodLife => ({
  graceMs,
  backoffMs,
  phase: 'Pending',
  ready: false,
  ending: null,
  containers: containers.map((container) => ({
    ...container,
    stage: 'idle',
    attempt: 0,
    runningSince: 0,
    everReleased: false,
    signalled: false,
    exitCode: null,
    waitedMs: null,
  })),
})

/** A sidecar is an init container that restarts always: it runs beside the app containers and never decides the outcome. */
export type Role = 'init' | 'sidecar' | 'app'
export type RestartPolicy = 'Always' | 'OnFailure' | 'Never'

/** `starting`: its process waits to be released. `waiting`: in crash-loop back-off. `over`: it will not run again. */
type Stage = 'idle' | 'starting' | 'running' | 'waiting' | 'over'

export type ContainerLife = {
  readonly role: Role
  readonly restartPolicy: RestartPolicy
  readonly stage: Stage
  /** The restart count of the present attempt. */
  readonly attempt: number
  readonly runningSince: number
  readonly everReleased: boolean
  readonly signalled: boolean
  /** Of the attempt that ended last; null before the first end. */
  readonly exitCode: number | null
  /** The back-off before the present attempt; null in the first one. */
  readonly waitedMs: number | null
}

export type PodLife = {
  readonly graceMs: number
  readonly backoffMs: number
  readonly phase: 'Pending' | 'Running' | 'Ended'
  readonly ready: boolean
  /** Why nothing is started any more, and when what still runs is killed. */
  readonly ending: null | { readonly why: 'done' | 'initFailed' | 'stopped' | 'deadline'; readonly until: number }
  readonly containers: ReadonlyArray<ContainerLife>
}

export type Input =
  | { readonly type: 'begin' }
  | { readonly type: 'released'; readonly container: number }
  | { readonly type: 'exited'; readonly container: number; readonly exitCode: number }
  | { readonly type: 'retry'; readonly container: number }
  | { readonly type: 'stop'; readonly graceMs: number }
  | { readonly type: 'deadline' }
  | { readonly type: 'graceOver' }

export type Action =
  | { readonly type: 'start'; readonly container: number; readonly restart: number }
  | { readonly type: 'terminate'; readonly container: number }
  | { readonly type: 'kill'; readonly container: number }
  | { readonly type: 'retryAt'; readonly container: number; readonly at: number }
  | { readonly type: 'graceUntil'; readonly at: number }
  | { readonly type: 'say'; readonly observation: PodObservation }
type Actions = ReadonlyArray<Action>

type Loose<A> = { -readonly [K in keyof A]: A[K] }
type Draft = Loose<Omit<PodLife, 'containers'>> & { containers: Array<Loose<ContainerLife>>; actions: Array<Action> }

const take = (pod: Draft, input: Input, now: number): void => {
  switch (input.type) {
    case 'begin':
      return
    case 'released': {
      const container = pod.containers[input.container]
      if (container?.stage !== 'starting' || pod.ending !== null) return
      container.stage = 'running'
      container.runningSince = now
      container.everReleased = true
      return
    }
    case 'exited':
      return exited(pod, input, now)
    case 'retry': {
      const container = pod.containers[input.container]
      if (container?.stage === 'waiting') start(pod, input.container)
      return
    }
    case 'stop':
      return end(pod, 'stopped', now + input.graceMs)
    case 'deadline':
      return end(pod, 'deadline', now + pod.graceMs)
    case 'graceOver':
      return end(pod, 'stopped', now)
  }
}

const exited = (
  pod: Draft,
  { container: index, exitCode }: { container: number; exitCode: number },
  now: number,
): void => {
  const container = pod.containers[index]
  if (container === undefined || !isAlive(container)) return
  const ranMs = container.stage === 'running' ? now - container.runningSince : 0
  const neverRan = container.stage === 'starting' && pod.ending !== null
  container.stage = 'over'
  if (!neverRan) container.exitCode = exitCode
  if (pod.ending !== null) return
  if (!restarts(container, exitCode)) {
    if (container.role === 'init' && exitCode !== 0) end(pod, 'initFailed', now + pod.graceMs)
    return
  }
  const waitMs = crashLoopBackoff(container.waitedMs, ranMs, pod.backoffMs)
  container.waitedMs = waitMs
  container.attempt += 1
  if (waitMs === 0) return start(pod, index)
  container.stage = 'waiting'
  const until = now + waitMs
  pod.actions.push(
    {
      type: 'say',
      observation: {
        type: 'ContainerWaiting',
        container: index,
        restart: container.attempt,
        reason: 'CrashLoopBackOff',
        until,
        backoffMs: waitMs,
        at: now,
      },
    },
    { type: 'retryAt', container: index, at: until },
  )
}

const restarts = ({ role, restartPolicy }: ContainerLife, exitCode: number): boolean => {
  if (role === 'sidecar') return true
  if (restartPolicy === 'Never') return false
  return exitCode !== 0 || (role === 'app' && restartPolicy === 'Always')
}

const start = (pod: Draft, index: number): void => {
  const container = pod.containers[index]
  if (container === undefined) return
  container.stage = 'starting'
  pod.actions.push({ type: 'start', container: index, restart: container.attempt })
}

/** The first reason to end stays the reason; a later one may only shorten the grace. */
const end = (pod: Draft, why: NonNullable<PodLife['ending']>['why'], until: number): void => {
  pod.ending = pod.ending === null ? { why, until } : { why: pod.ending.why, until: Math.min(pod.ending.until, until) }
  pod.actions.push({ type: 'graceUntil', at: pod.ending.until })
}

const isAlive = ({ stage }: ContainerLife): boolean => stage === 'starting' || stage === 'running'
const isApp = ({ role }: ContainerLife): boolean => role === 'app'
const isSidecar = ({ role }: ContainerLife): boolean => role === 'sidecar'

const settle = (pod: Draft, now: number): void => {
  if (pod.ending === null) advance(pod, now)
  if (pod.ending === null && pod.containers.filter(isApp).every(({ stage }) => stage === 'over')) {
    end(pod, 'done', now + pod.graceMs)
  }
  if (pod.ending !== null) windDown(pod, now)
  if (pod.phase === 'Running') sayReadiness(pod, now)
}

/** Init containers one after the other (a sidecar is passed once it runs), then all app containers together. */
const advance = (pod: Draft, now: number): void => {
  const blocking = pod.containers.findIndex(
    ({ role, stage, everReleased }) => role !== 'app' && !(role === 'init' ? stage === 'over' : everReleased),
  )
  if (blocking >= 0) {
    if (pod.containers[blocking]?.stage === 'idle') start(pod, blocking)
    return
  }
  for (const [index, container] of pod.containers.entries()) if (container.stage === 'idle') start(pod, index)
  const apps = pod.containers.filter(isApp)
  const begun = apps.every(({ everReleased, exitCode }) => everReleased || exitCode !== null)
  if (pod.phase !== 'Pending' || !begun || apps.every(({ stage }) => stage === 'over')) return
  pod.phase = 'Running'
  pod.ready = isReady(pod)
  pod.actions.push({ type: 'say', observation: { type: 'PodStarted', ready: pod.ready, at: now } })
}

const isReady = (pod: Draft): boolean =>
  pod.containers.every(({ role, stage }) => role === 'init' || stage === 'running')

const sayReadiness = (pod: Draft, now: number): void => {
  const ready = isReady(pod)
  if (ready === pod.ready) return
  pod.ready = ready
  pod.actions.push({ type: 'say', observation: { type: 'PodReadinessChanged', ready, at: now } })
}

/** SIGTERM to the app containers, then to one sidecar after the other from the last; SIGKILL to all when the grace is over. */
const windDown = (pod: Draft, now: number): void => {
  const killing = (pod.ending?.until ?? now) <= now
  for (const [index, container] of pod.containers.entries()) {
    if (!isAlive(container)) container.stage = 'over'
    else if (killing || container.stage === 'starting') pod.actions.push({ type: 'kill', container: index })
    else if (!isSidecar(container)) terminate(pod, index)
  }
  const lastAlive = pod.containers.findLastIndex(isAlive)
  if (lastAlive < 0) return conclude(pod, now)
  const onlySidecars = pod.containers.every((container) => isSidecar(container) || !isAlive(container))
  if (onlySidecars && !killing) {
    terminate(
      pod,
      pod.containers.findLastIndex((container) => isSidecar(container) && isAlive(container)),
    )
  }
}

const terminate = (pod: Draft, index: number): void => {
  const container = pod.containers[index]
  if (container === undefined || container.signalled || container.stage !== 'running') return
  container.signalled = true
  pod.actions.push({ type: 'terminate', container: index })
}

const conclude = (pod: Draft, now: number): void => {
  pod.phase = 'Ended'
  const decisive = pod.containers.filter(({ role }) => role !== 'sidecar')
  const exitCode = decisive.find((container) => (container.exitCode ?? 0) !== 0)?.exitCode ?? null
  const succeeded =
    (pod.ending?.why === 'done' || pod.ending?.why === 'stopped') &&
    pod.containers.filter(isApp).every((app) => app.exitCode === 0)
  const reason = pod.ending?.why === 'deadline' ? 'DeadlineExceeded' : null
  pod.actions.push({
    type: 'say',
    observation: succeeded ? { type: 'PodSucceeded', at: now } : { type: 'PodFailed', reason, exitCode, at: now },
  })
}
