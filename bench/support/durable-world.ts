import { hash, randomUUID } from 'node:crypto'
import { join } from 'node:path'
import { systemClock } from '../../src/adapters/clock/system-clock.ts'
import { openSimulatedRuntime } from '../../src/adapters/runtimes/simulated/open-simulated-runtime.ts'
import type { Scenario } from '../../src/adapters/runtimes/simulated/scenario.ts'
import { startController } from '../../src/application/jobs/controller.ts'
import { jobService } from '../../src/application/jobs/job-service.ts'
import { jobWriter } from '../../src/application/jobs/job-writer.ts'
import { newLedger } from '../../src/application/log/ledger.ts'
import type { JobManifest, JobSpec } from '../../src/domain/kubernetes/job-object.ts'
import { madeUpEvents, openBareLog, openStore } from './logs.ts'
import { secondsOf } from './measure.ts'

/** The whole application over a durable log in this folder and Pods that only seem to run, with a watcher that reads along. */
export const durableWorld = async (
  folder: string,
  { scenario, podBackoffBaseMs = 10_000 }: { readonly scenario: Scenario; readonly podBackoffBaseMs?: number },
) => {
  const onFatal = (reason: string): never => {
    throw new Error(reason)
  }
  const store = await openStore(folder)
  const entropy = { uuid: randomUUID, digest: (text: string) => hash('sha256', text) }
  const ledger = newLedger()
  const writer = jobWriter({ store, clock: systemClock, entropy })
  const runtime = openSimulatedRuntime({ clock: systemClock, scenario })
  const controller = startController({ store, runtime, clock: systemClock, ledger, writer, windowMs: 0, onFatal })
  let watched = 0
  const watcher = store.subscribeAll(-1n).subscribe((events) => {
    watched += events.length
  })
  return {
    ledger,
    controller,
    service: jobService({ ledger, writer, entropy, podBackoffBaseMs }),
    /** Events that the watcher has seen. */
    watched: () => watched,
    close: async () => {
      watcher.unsubscribe()
      await controller.close()
      await store.close()
    },
  }
}

/** Events per second of the plainest loop that is as durable: a thousand to a transaction. */
export const bareEventsPerSecond = async (folder: string, count: number): Promise<number> => {
  const batch = madeUpEvents(1000)
  const log = openBareLog(join(folder, 'bare.db'))
  const batches = Math.max(1, Math.round(count / batch.length))
  const seconds = await secondsOf(() => {
    for (let n = 0; n < batches; n += 1) log.append(1, n * batch.length, batch)
  })
  log.db.close()
  return (batches * batch.length) / seconds
}

export const jobManifest = (name: string, spec: Partial<JobSpec>): JobManifest => ({
  apiVersion: 'batch/v1',
  kind: 'Job',
  metadata: { name, namespace: 'default' },
  spec: {
    parallelism: 1,
    completions: 1,
    backoffLimit: 6,
    completionMode: 'NonIndexed',
    suspend: false,
    podReplacementPolicy: 'TerminatingOrFailed',
    template: {
      spec: { containers: [{ name: 'main', image: 'busybox', command: ['true'] }], restartPolicy: 'Never' },
    },
    ...spec,
  },
})
