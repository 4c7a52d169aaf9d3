import { hash, randomUUID } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { systemClock } from '../src/adapters/clock/system-clock.ts'
import { openSqliteEventStore } from '../src/adapters/eventstore/sqlite/open-sqlite-event-store.ts'
import { openSimulatedRuntime } from '../src/adapters/runtimes/simulated/open-simulated-runtime.ts'
import { startController } from '../src/application/jobs/controller.ts'
import { jobService } from '../src/application/jobs/job-service.ts'
import { jobWriter } from '../src/application/jobs/job-writer.ts'
import { newLedger } from '../src/application/log/ledger.ts'
import { isFinished } from '../src/domain/job/job.ts'
import type { JobManifest } from '../src/domain/kubernetes/job-object.ts'
import { E, invariant } from '../src/prelude.ts'
import { type BenchOptions, type BenchRow, runAlone, slope } from './support/bench-row.ts'

/**
 * End to end on the wall clock: an Indexed Job of simulated Pods that take no time, on the durable SQLite log, with a watcher that reads
 * along. Each Pod is created, started, succeeded and counted as separate stored events.
 */
export const largeIndexedJob = async ({ quick }: BenchOptions): Promise<ReadonlyArray<BenchRow>> => {
  const rows: BenchRow[] = []
  for (const parallelism of quick ? [1000] : [100, 1000, 10_000]) {
    const points: Array<readonly [number, number]> = []
    await runOnce(1000, parallelism)
    for (const completions of quick ? [1000, 10_000] : [1000, 10_000, 100_000]) {
      const runs = []
      for (let i = 0; i < (completions > 10_000 || quick ? 1 : 3); i += 1)
        runs.push(await runOnce(completions, parallelism))
      runs.sort((a, b) => a.seconds - b.seconds)
      const { seconds, events, rssMb } = runs[Math.floor(runs.length / 2)] ?? { seconds: 0, events: 0, rssMb: 0 }
      points.push([completions, seconds])
      const name = `large-indexed-job ${completions} completions, parallelism ${parallelism}`
      rows.push({ name, value: completions / seconds, unit: 'Pods/s', ...(completions === 10_000 && { goal: 10_000 }) })
      rows.push({ name: `${name}: events`, value: events / seconds, unit: 'events/s' })
      rows.push({ name: `${name}: resident memory`, value: rssMb, unit: 'MB' })
    }
    const name = `large-indexed-job growth of time with size, parallelism ${parallelism}`
    rows.push({ name, value: slope(points), unit: 'log-log slope', goalMax: 1.1 })
  }
  return rows
}

const runOnce = async (completions: number, parallelism: number) => {
  const folder = mkdtempSync(join(tmpdir(), 'jobledger-bench-'))
  try {
    return await measure(folder, completions, parallelism)
  } finally {
    rmSync(folder, { recursive: true })
  }
}

const measure = async (folder: string, completions: number, parallelism: number) => {
  const onFatal = (reason: string): never => {
    throw new Error(reason)
  }
  const opened = await openSqliteEventStore(folder, { onFatal })
  invariant(E.isRight(opened), 'the log of a new folder opens')
  const store = opened.right
  const entropy = { uuid: randomUUID, digest: (text: string) => hash('sha256', text) }
  const ledger = newLedger()
  const writer = jobWriter({ store, clock: systemClock, entropy })
  const runtime = openSimulatedRuntime({ clock: systemClock })
  const controller = startController({ store, runtime, clock: systemClock, ledger, writer, windowMs: 0, onFatal })
  const service = jobService({ ledger, writer, entropy, podBackoffBaseMs: 10_000 })
  let watched = 0
  const watcher = store.subscribeAll(-1n).subscribe((events) => {
    watched += events.length
  })
  const began = performance.now()
  const created = await service.create(manifestOf(completions, parallelism), { kind: 'user', name: 'bench' })()
  invariant(E.isRight(created), 'a Job of a new name is created')
  const { uid } = created.right
  const done = new Promise<void>((resolve) => {
    ledger.news$.subscribe(() => {
      const state = ledger.getByUid(uid)?.state
      if (state?._tag === 'Job' && isFinished(state)) resolve()
    })
  })
  void controller.drive(uid)
  await done
  const seconds = (performance.now() - began) / 1000
  const rssMb = process.memoryUsage().rss / 1e6
  watcher.unsubscribe()
  await controller.close()
  await store.close()
  const state = ledger.getByUid(uid)?.state
  invariant(state?._tag === 'Job' && state.counts.succeeded === completions, 'every index is completed')
  return { seconds, events: watched, rssMb }
}

const manifestOf = (completions: number, parallelism: number): JobManifest => ({
  apiVersion: 'batch/v1',
  kind: 'Job',
  metadata: { name: 'large', namespace: 'default' },
  spec: {
    parallelism,
    completions,
    backoffLimit: 6,
    completionMode: 'Indexed',
    suspend: false,
    podReplacementPolicy: 'TerminatingOrFailed',
    template: {
      spec: { containers: [{ name: 'main', image: 'busybox', command: ['true'] }], restartPolicy: 'Never' },
    },
  },
})

await runAlone(import.meta.url, largeIndexedJob)
