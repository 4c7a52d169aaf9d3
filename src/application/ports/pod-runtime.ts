import type { Observable } from 'rxjs'
import type { PodObservation } from '../../domain/job/observations.ts'
import type { PodSpec } from '../../domain/kubernetes/pod-spec.ts'

/** A Pod's place: the Job's uid and the Pod's ordinal in it (dense, from 0). */
export type PodRef = { readonly job: string; readonly pod: number }

/** Everything a runtime needs to run one Pod. */
export type PodToRun = PodRef & {
  readonly uid: string
  readonly name: string
  readonly namespace: string
  readonly index: number | null
  readonly attempt: number
  readonly node: string
  readonly labels: Readonly<Record<string, string>>
  readonly annotations: Readonly<Record<string, string>>
  /** Defaulted, with hostname and `JOB_COMPLETION_INDEX` already set as rule 4.1 says. */
  readonly spec: PodSpec
}

export type PodObserved = PodRef & { readonly observation: PodObservation }

/** A process that an earlier run of jobledger recorded and that may still live: see `ProcessStarted`. */
export type ProcessIdentity = {
  readonly podUid: string
  readonly bootId: string
  readonly pid: number
  readonly startTicks: number
}

/**
 * What runs Pods. The runtime never decides: it starts and stops what it is told and says what it sees. For every started
 * Pod it says exactly one `PodSucceeded` or `PodFailed` in the end, also when it was stopped before anything ran.
 */
export type PodRuntime = {
  readonly name: 'sandbox' | 'simulated' | 'external'
  /** Starts the Pod unless it was started before (same uid). Never throws: what goes wrong is an observation. */
  readonly start: (pod: PodToRun) => void
  /** SIGTERM now, SIGKILL after `graceSeconds` (0: at once). May be called again with a shorter grace. Unknown Pods: ignored. */
  readonly stop: (pod: PodRef, graceSeconds: number) => void
  /** What happens, in order per Pod, in batches as they come. Never errors, ends when the runtime is closed. */
  readonly observed$: Observable<ReadonlyArray<PodObserved>>
  /**
   * Tells the runtime that the fact is in the log. User code of a container runs only after its `ProcessStarted` was
   * confirmed, so no process ever runs that the log does not know.
   */
  readonly confirm: (pod: PodRef, container: number, restart: number) => void
  /** Kills each of these processes that is still the same one (boot id, pid, start time), with its descendants, and waits for their end. */
  readonly fence: (processes: ReadonlyArray<ProcessIdentity>) => Promise<void>
  /** Kills everything at once and waits until no process is left. */
  readonly close: () => Promise<void>
}
