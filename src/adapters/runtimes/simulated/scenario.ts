import type { PodToRun } from '../../../application/ports/pod-runtime.ts'
import type { ContainerReason, PodFailureReason } from '../../../domain/job/observations.ts'

/**
 * What one run of a simulated Pod does. Whatever is left out: the Pod starts at once, ends at once and exits 0.
 * Durations are milliseconds of the runtime's clock; `Infinity` is allowed.
 */
export type ScriptedRun = {
  /** From start to Running. Counts for the first run of a Pod only. */
  readonly startDelayMs?: number
  /** From Running to the exit. */
  readonly runMs?: number
  /** 0 when left out, unknown when left out beside a `podReason`. */
  readonly exitCode?: number
  /** The termination message. */
  readonly message?: string
  /** How long the container lives on after SIGTERM, 0 when left out. More than the grace: SIGKILL ends it with 137. */
  readonly stopMs?: number
  /** What it exits with after SIGTERM, 143 when left out. */
  readonly stopExitCode?: number
  /** `Completed` or `Error` when left out. */
  readonly containerReason?: ContainerReason
  /** Fails the Pod as a whole with this `status.reason`, without a restart. */
  readonly podReason?: PodFailureReason
  /** The container that exits, as observations count them. Left out: the first app container. The others stay silent. */
  readonly container?: number
}

/** The script of every Pod. `restart` counts the restarts in place so far (0 for the first run). Must be quick, should be pure. */
export type Scenario = (pod: PodToRun, restart: number) => ScriptedRun
