import type { PodObserved, PodToRun } from '../../../application/ports/pod-runtime.ts'
import type { PodFailureReason, PodObservation } from '../../../domain/job/observations.ts'
import { crashLoopBackoff } from '../crash-loop-backoff.ts'
import type { Scenario, ScriptedRun } from './scenario.ts'

/** A Pod in the middle of its script. `dueAt` is when its next step is, by the clock of the runtime; other times likewise. */
export type SimulatedPod = {
  readonly toRun: PodToRun
  run: ScriptedRun
  phase: 'Starting' | 'Running' | 'BackingOff' | 'Ended'
  dueAt: number
  restart: number
  /** The wait before the present run; null for the first. */
  waitedMs: number | null
  startedAt: number
  /** When the script itself ends the present run. */
  exitsAt: number
  sigtermAt: number
  sigkillAt: number
}

const never = Number.POSITIVE_INFINITY
const sha256OfNothing = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'

export const beginPod = (toRun: PodToRun, scenario: Scenario, now: number): SimulatedPod => {
  const run = scenario(toRun, 0)
  return {
    toRun,
    run,
    phase: 'Starting',
    dueAt: now + (run.startDelayMs ?? 0),
    restart: 0,
    waitedMs: null,
    startedAt: now,
    exitsAt: never,
    sigtermAt: never,
    sigkillAt: never,
  }
}

/** SIGTERM, unless it was sent before; the grace may only become shorter. A Pod that does not run at the moment ends at once. */
export const stopPod = (simulated: SimulatedPod, graceSeconds: number, now: number): void => {
  simulated.sigtermAt = Math.min(simulated.sigtermAt, now)
  simulated.sigkillAt = Math.min(simulated.sigkillAt, now + graceSeconds * 1000)
  simulated.dueAt = simulated.phase === 'Running' ? endOf(simulated) : now
}

/** Does what is due: tells it in `told` and sets the time of the next step, or ends the Pod. */
export const stepPod = (simulated: SimulatedPod, now: number, scenario: Scenario, told: Array<PodObserved>): void => {
  switch (simulated.phase) {
    case 'Starting':
      if (simulated.sigtermAt <= now) return fail(simulated, null, null, now, told)
      tell(simulated, { type: 'PodStarted', ready: true, at: now }, told)
      return runContainer(simulated, now, scenario, told)
    case 'Running':
      return exitContainer(simulated, now, scenario, told)
    case 'BackingOff':
      if (simulated.sigtermAt <= now) return fail(simulated, null, simulated.run.exitCode ?? 0, now, told)
      return restartContainer(simulated, now, scenario, told)
    case 'Ended':
      return
  }
}

const tell = ({ toRun: { job, pod } }: SimulatedPod, observation: PodObservation, told: Array<PodObserved>): void => {
  told.push({ job, pod, observation })
}

const endOf = ({ exitsAt, sigtermAt, sigkillAt, run }: SimulatedPod): number =>
  Math.min(exitsAt, sigtermAt + (run.stopMs ?? 0), sigkillAt)

const runContainer = (simulated: SimulatedPod, now: number, scenario: Scenario, told: Array<PodObserved>): void => {
  simulated.phase = 'Running'
  simulated.startedAt = now
  simulated.exitsAt = now + (simulated.run.runMs ?? 0)
  simulated.dueAt = endOf(simulated)
  if (simulated.dueAt <= now) exitContainer(simulated, now, scenario, told)
}

type Exit = { readonly exitCode: number | null; readonly scripted: boolean }

/** The script's own end goes before SIGTERM, and that before SIGKILL, when they fall together. */
const exitOf = (simulated: SimulatedPod): Exit => {
  const { exitsAt, sigtermAt, run } = simulated
  const end = endOf(simulated)
  if (end === exitsAt) return { exitCode: run.exitCode ?? (run.podReason === undefined ? 0 : null), scripted: true }
  return { exitCode: end === sigtermAt + (run.stopMs ?? 0) ? (run.stopExitCode ?? 143) : 137, scripted: false }
}

const exitContainer = (simulated: SimulatedPod, now: number, scenario: Scenario, told: Array<PodObserved>): void => {
  const { toRun, run, sigtermAt } = simulated
  const { exitCode, scripted } = exitOf(simulated)
  const reason = scripted ? (run.podReason ?? null) : null
  if (exitCode !== null && (exitCode !== 0 || (run.message && scripted)))
    tellExit(simulated, exitCode, scripted, now, told)
  if (exitCode === 0 && reason === null) return succeed(simulated, now, told)
  if (reason === null && sigtermAt === never && toRun.spec.restartPolicy === 'OnFailure') {
    return backOff(simulated, now, scenario, told)
  }
  fail(simulated, reason, exitCode, now, told)
}

const tellExit = (
  simulated: SimulatedPod,
  exitCode: number,
  scripted: boolean,
  now: number,
  told: Array<PodObserved>,
): void => {
  const { run, restart, startedAt } = simulated
  const container = containerOf(simulated)
  const reason = (scripted ? run.containerReason : undefined) ?? (exitCode === 0 ? 'Completed' : 'Error')
  const log = { logBytes: 0, logSha256: sha256OfNothing }
  tell(
    simulated,
    { type: 'ContainerExited', container, restart, exitCode, signal: 0, reason, startedAt, ...log, at: now },
    told,
  )
  if (run.message && scripted) {
    tell(simulated, { type: 'MessageRecorded', container, restart, message: run.message, at: now }, told)
  }
}

const succeed = (simulated: SimulatedPod, now: number, told: Array<PodObserved>): void => {
  end(simulated)
  tell(simulated, { type: 'PodSucceeded', at: now }, told)
}

const fail = (
  simulated: SimulatedPod,
  reason: PodFailureReason | null,
  exitCode: number | null,
  now: number,
  told: Array<PodObserved>,
): void => {
  end(simulated)
  tell(simulated, { type: 'PodFailed', reason, exitCode, at: now }, told)
}

const end = (simulated: SimulatedPod): void => {
  simulated.phase = 'Ended'
  simulated.dueAt = never
}

const containerOf = ({ run, toRun }: SimulatedPod): number => run.container ?? toRun.spec.initContainers?.length ?? 0

const backOff = (simulated: SimulatedPod, now: number, scenario: Scenario, told: Array<PodObserved>): void => {
  const waitMs = crashLoopBackoff(simulated.waitedMs, now - simulated.startedAt)
  simulated.waitedMs = waitMs
  tell(simulated, { type: 'PodReadinessChanged', ready: false, at: now }, told)
  if (waitMs === 0) return restartContainer(simulated, now, scenario, told)
  const until = now + waitMs
  const { restart } = simulated
  tell(
    simulated,
    {
      type: 'ContainerWaiting',
      container: containerOf(simulated),
      restart,
      reason: 'CrashLoopBackOff',
      until,
      backoffMs: waitMs,
      at: now,
    },
    told,
  )
  simulated.phase = 'BackingOff'
  simulated.dueAt = until
}

const restartContainer = (simulated: SimulatedPod, now: number, scenario: Scenario, told: Array<PodObserved>): void => {
  simulated.restart += 1
  simulated.run = scenario(simulated.toRun, simulated.restart)
  tell(
    simulated,
    {
      type: 'ProcessStarted',
      container: containerOf(simulated),
      restart: simulated.restart,
      bootId: 'simulated',
      pid: 0,
      startTicks: 0,
      at: now,
    },
    told,
  )
  tell(simulated, { type: 'PodReadinessChanged', ready: true, at: now }, told)
  runContainer(simulated, now, scenario, told)
}
