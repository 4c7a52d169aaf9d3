import { startController } from '../../../src/application/jobs/controller.ts'
import { startCronController } from '../../../src/application/cron-jobs/cron-controller.ts'
import { cronJobWriter } from '../../../src/application/cron-jobs/cron-job-writer.ts'
import { startFreePodRuns } from '../../../src/application/pods/free-pod-runs.ts'
import { freePodWriter, startFreePods } from '../../../src/application/pods/free-pods.ts'
import { jobService } from '../../../src/application/jobs/job-service.ts'
import { type JobWriter, jobWriter } from '../../../src/application/jobs/job-writer.ts'
import { catchUp, type Ledger, newLedger } from '../../../src/application/log/ledger.ts'
import type { Clock } from '../../../src/application/ports/clock.ts'
import type { Entropy } from '../../../src/application/ports/entropy.ts'
import type { EventStore } from '../../../src/application/ports/event-store.ts'
import type { PodRuntime } from '../../../src/application/ports/pod-runtime.ts'
import { workForAll } from '../../../src/application/work-for-all.ts'
import type { CronJobCommand } from '../../../src/domain/cronjob/commands.ts'
import type { FreePodCommand } from '../../../src/domain/free-pod/decide.ts'
import type { JobCommand } from '../../../src/domain/job/commands.ts'
import { E } from '../../../src/prelude.ts'

/** A process of jobledger, from its start over the log to its crash. */
export type Process = {
  readonly ledger: Ledger
  readonly writer: JobWriter
  /** What ended it; null while it lives. */
  readonly fatal: () => string | null
  /** A command of the user; `answered` hears of its position, null when nothing had to change, and of nothing when it is refused. */
  readonly command: (uid: string, command: JobCommand, answered?: (position: bigint | null) => void) => void
  readonly commandCron: (uid: string, command: CronJobCommand, answered?: (position: bigint | null) => void) => void
  readonly commandPod: (uid: string, command: FreePodCommand, answered?: (position: bigint | null) => void) => void
  /** Takes the Pods back before it ends. */
  readonly withdraw: () => void
}

const ada = { kind: 'user' as const, name: 'ada', agent: 'simulation' }

/** Starts one, as `main` does: the log is read, then everything that is not over is worked for. */
export const startProcess = async (ports: {
  readonly store: EventStore
  readonly runtime: PodRuntime
  readonly clock: Clock
  readonly entropy: Entropy
  readonly windowMs: number
  readonly podBackoffBaseMs: number
  readonly movesPods: boolean
}): Promise<Process> => {
  const { store, runtime, clock, entropy, windowMs, podBackoffBaseMs, movesPods } = ports
  let fatal: string | null = null
  const ledger = newLedger()
  await catchUp(store, ledger)
  const writer = jobWriter({ store, clock, entropy })
  const onFatal = (reason: string): void => {
    fatal ??= reason
  }
  const podsRunElsewhere = runtime.name === 'external'
  const podWriter = freePodWriter({ store, clock, entropy })
  const freePodRuns =
    podsRunElsewhere || !movesPods
      ? null
      : startFreePodRuns({
          ledger,
          podWriter,
          jobWriter: writer,
          runtime,
          clock,
          placementOf: () => ({ nodes: ['local'], obstacle: '' }),
          onFatal,
        })
  const freePods = movesPods
    ? startFreePods({
        ledger,
        jobWriter: writer,
        podWriter,
        clock,
        windowMs,
        heal: freePodRuns?.heal ?? (async () => {}),
        onFatal,
      })
    : null
  const controller = startController({
    store,
    runtime,
    clock,
    ledger,
    writer,
    windowMs,
    onFatal,
    ...(freePods !== null && { beforeFirstSync: freePods.claim }),
    ...(freePodRuns !== null && { strayFacts: freePodRuns.record }),
  })
  const cronWriter = cronJobWriter({ store, clock, entropy, localZone: 'UTC' })
  const cronController = startCronController({
    clock,
    ledger,
    writer: cronWriter,
    jobs: jobService({ ledger, writer, entropy, podBackoffBaseMs, podsRunElsewhere }),
    jobWriter: writer,
    driveJob: (uid) => void controller.drive(uid),
    onFatal,
  })
  workForAll({ ledger, controller, cronController })
  freePods?.start()
  return {
    ledger,
    writer,
    fatal: () => fatal,
    command: (uid, command, answered) =>
      void writer
        .handle(uid, command, { actor: ada })()
        .then((outcome) => {
          if (E.isRight(outcome)) answered?.(outcome.right.position)
        }),
    commandCron: (uid, command, answered) =>
      void cronWriter
        .handle(uid, command, { actor: ada })()
        .then((outcome) => {
          if (E.isRight(outcome)) answered?.(outcome.right.position)
        }),
    commandPod: (uid, command, answered) =>
      void podWriter
        .handle(uid, command, { actor: ada })()
        .then((outcome) => {
          if (E.isRight(outcome)) answered?.(outcome.right.position)
        }),
    withdraw: () => void controller.withdraw(),
  }
}

/** What may end a process without a bug: nobody knows what became of an append, or the log cannot be followed. */
export const isExpectedEnd = (reason: string, hasGap: boolean): boolean =>
  /UnknownOutcome|StoreUnavailable|subscription broke off/.test(reason) || (hasGap && reason.includes('skipped'))
