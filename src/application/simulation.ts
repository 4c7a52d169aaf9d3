import type { CronJobManifest } from '../domain/kubernetes/cron-job-object.ts'
import type { JobManifest } from '../domain/kubernetes/job-object.ts'
import { E, TE } from '../prelude.ts'
import type { CronJobFailure } from './cron-jobs/cron-job-writer.ts'
import { failureText } from './failure-text.ts'
import type { CommandFailure } from './jobs/job-writer.ts'
import { type Ledger, newLedger } from './log/ledger.ts'
import type { Entropy } from './ports/entropy.ts'
import { type Appended, beginning, type EventStore } from './ports/event-store.ts'
import type { PodRuntime } from './ports/pod-runtime.ts'
import { startApplication } from './start-application.ts'
import type { SteppedClock } from './ports/stepped-clock.ts'

export type SimulationPorts = {
  readonly clock: SteppedClock
  /** An empty log that nobody else writes to. */
  readonly store: EventStore
  readonly runtime: PodRuntime
  readonly entropy: Entropy
  readonly localZone: string
  readonly podBackoffBaseMs: number
  readonly onFatal: (reason: string) => never
}

/** A world in which one Job or CronJob is tried: the deciders, sagas and controllers of the real one, by a clock that is stepped. */
export type Simulation = {
  readonly ledger: Ledger
  readonly now: () => number
  /**
   * Creates the object and works for it until it is over, nothing is due any more, or the next thing would be after `until` (epoch
   * milliseconds). Left: it was refused.
   */
  readonly run: (
    manifest: JobManifest | CronJobManifest,
    until: number,
    isOver: () => boolean,
  ) => Promise<E.Either<string, 'over' | 'nothing due' | 'out of time'>>
}

export const simulation = (ports: SimulationPorts): Simulation => {
  const { clock, runtime, entropy, localZone, podBackoffBaseMs, onFatal } = ports
  const ledger = newLedger()
  let lastAppended = beginning
  const store: EventStore = {
    ...ports.store,
    append: (stream, expected, events) =>
      TE.map(({ revision, position }: Appended) => {
        lastAppended = position
        return { revision, position }
      })(ports.store.append(stream, expected, events)),
  }
  const app = startApplication({
    store,
    ledger,
    runtime,
    clock,
    entropy,
    localZone,
    podBackoffBaseMs,
    movesPods: false,
    onFatal,
  })
  const actor = { kind: 'user' as const, name: 'simulation' }
  const create = (
    manifest: JobManifest | CronJobManifest,
  ): Promise<E.Either<CommandFailure | CronJobFailure, unknown>> =>
    manifest.kind === 'Job' ? app.service.create(manifest, actor)() : app.cronService.create(manifest, actor)()

  /** Waits until everybody has heard of everything, and nobody had more to say. */
  const quiet = async (): Promise<void> => {
    for (let before: bigint | null = null; before !== lastAppended || ledger.position() < lastAppended; ) {
      before = lastAppended
      await clock.turn()
    }
  }

  return {
    ledger,
    now: clock.now,
    run: async (manifest, until, isOver) => {
      const stop = app.workForAll()
      try {
        const created = await create(manifest)
        if (E.isLeft(created)) return E.left(failureText(created.left, manifest.metadata.name))
        for (await quiet(); !isOver(); await quiet()) {
          if (clock.nextAt() === Number.POSITIVE_INFINITY) return E.right('nothing due')
          if (clock.nextAt() > until) return E.right('out of time')
          clock.step()
        }
        return E.right('over')
      } finally {
        stop()
        await app.close()
        await store.close()
      }
    },
  }
}
