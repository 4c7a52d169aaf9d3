import { isFinished } from '../src/domain/job/job.ts'
import type { JobSpec } from '../src/domain/kubernetes/job-object.ts'
import { E, invariant } from '../src/prelude.ts'
import { type BenchOptions, type BenchRow, runAlone, slope } from './support/bench-row.ts'
import { bareEventsPerSecond, durableWorld, jobManifest } from './support/durable-world.ts'
import { inFolder } from './support/logs.ts'

/**
 * End to end on the wall clock: every index of an Indexed Job fails once and succeeds the second time, on the durable SQLite log.
 * There is no back-off, so that what is measured is the handling of failures and not the waiting between them.
 */
export const largeFailureHandling = async ({ quick }: BenchOptions): Promise<ReadonlyArray<BenchRow>> => {
  const rows: BenchRow[] = []
  for (const [how, spec] of ways) {
    const points: Array<readonly [number, number]> = []
    await inFolder((folder) => runOnce(folder, 500, spec))
    for (const completions of quick ? [1000, 10_000] : [1000, 10_000, 100_000]) {
      const { seconds, events, bare, rssMb } = await inFolder((folder) => runOnce(folder, completions, spec))
      points.push([completions, seconds])
      const name = `large-failure-handling ${completions} completions, ${how}`
      rows.push({ name, value: (2 * completions) / seconds, unit: 'Pods/s' })
      rows.push({ name: `${name}: events`, value: events / seconds, unit: 'events/s', ratio: events / seconds / bare })
      rows.push({ name: `${name}: resident memory`, value: rssMb, unit: 'MB' })
    }
    const name = `large-failure-handling growth of time with size, ${how}`
    rows.push({ name, value: slope(points), unit: 'log-log slope', goalMax: 1.1 })
  }
  return rows
}

const most = 2 ** 31 - 1

const ways: ReadonlyArray<readonly [how: string, spec: Partial<JobSpec>]> = [
  ['backoffLimit', { backoffLimit: most }],
  ['backoffLimitPerIndex', { backoffLimit: most, backoffLimitPerIndex: 1 }],
]

const runOnce = async (folder: string, completions: number, spec: Partial<JobSpec>) => {
  const bare = await bareEventsPerSecond(folder, 50_000)
  const world = await durableWorld(folder, {
    scenario: ({ attempt }) => ({ exitCode: attempt === 0 ? 1 : 0 }),
    podBackoffBaseMs: 0,
  })
  const { ledger, service, controller } = world
  const began = performance.now()
  const manifest = jobManifest('large', { completionMode: 'Indexed', completions, parallelism: 1000, ...spec })
  const created = await service.create(manifest, { kind: 'user', name: 'bench' })()
  invariant(E.isRight(created), 'a Job of a new name is created')
  const { uid } = created.right
  const stateOf = () => {
    const state = ledger.getByUid(uid)?.state
    invariant(state?._tag === 'Job', 'the Job is there')
    return state
  }
  const done = new Promise<void>((resolve) => {
    ledger.news$.subscribe(() => isFinished(stateOf()) && resolve())
  })
  void controller.drive(uid)
  await done
  const seconds = (performance.now() - began) / 1000
  const rssMb = process.memoryUsage().rss / 1e6
  const { succeeded, failed } = stateOf().counts
  invariant(succeeded === completions && failed === completions, 'every index fails once and succeeds once')
  await world.close()
  return { seconds, events: world.watched(), bare, rssMb }
}

await runAlone(import.meta.url, largeFailureHandling)
