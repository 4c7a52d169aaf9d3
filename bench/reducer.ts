import type { JobEvent } from '../src/domain/job/events.ts'
import { evolveAll } from '../src/domain/job/evolve.ts'
import { type Job, noJob } from '../src/domain/job/job.ts'
import { invariant } from '../src/prelude.ts'
import { jobCreated } from '../test/support/facts.ts'
import { type BenchOptions, type BenchRow, runAlone, slope } from './support/bench-row.ts'

const batchSize = 1000

/** Nanoseconds per event of the real fold, all Pods active and ending in random order, from a small Job to a large one. */
export const reducer = async ({ quick }: BenchOptions): Promise<ReadonlyArray<BenchRow>> => {
  const rows: BenchRow[] = []
  const points: Array<readonly [number, number]> = []
  for (const indexes of quick ? [1000, 10_000, 100_000] : [1000, 10_000, 100_000, 1_000_000]) {
    const full = evolveAll(noJob, creation(indexes))
    const ends = endsOf(indexes)
    const bare = best(() => bareLoop(indexes, ends))
    const ours = best(() => foldInBatches(full, ends))
    const perEvent = (ours * 1e6) / ends.length
    points.push([indexes, ours])
    rows.push({ name: `reducer ${indexes} indexes`, value: perEvent, unit: 'ns/event', ratio: bare / ours })
  }
  rows.push({ name: 'reducer growth of time with size', value: slope(points), unit: 'log-log slope', goalMax: 1.1 })
  rows.push(memoryOfActiveJob())
  return rows
}

/** Heap and array buffers, after a collection, of a Job with 100 000 active Pods. Needs `--expose-gc`. */
const memoryOfActiveJob = (): BenchRow => {
  const before = memory()
  const job = evolveAll(noJob, creation(100_000))
  const used = (memory() - before) / 1e6
  invariant(job._tag === 'Job' && job.counts.active === 100_000, 'all Pods are active')
  return { name: 'memory of a Job with 100 000 active Pods', value: used, unit: 'MB', goalMax: 25 }
}

const memory = (): number => {
  invariant(globalThis.gc !== undefined, 'run with node --expose-gc')
  globalThis.gc()
  globalThis.gc()
  const { heapUsed, arrayBuffers } = process.memoryUsage()
  return heapUsed + arrayBuffers
}

const foldInBatches = (full: ReturnType<typeof evolveAll>, events: ReadonlyArray<JobEvent>): void => {
  let state = full
  for (let from = 0; from < events.length; from += batchSize)
    state = evolveAll(state, events.slice(from, from + batchSize))
  invariant((state as Job).counts.active === 0, 'every Pod has ended')
}

/** The limit: the same counting on typed arrays that nobody shares, without any rule. */
const bareLoop = (indexes: number, events: ReadonlyArray<JobEvent>): void => {
  const phase = new Uint8Array(indexes)
  let active = indexes
  let succeeded = 0
  for (const event of events) {
    if (event.type === 'PodSucceeded' && phase[event.pod] === 0) {
      phase[event.pod] = 2
      active -= 1
    } else if (event.type === 'PodAccounted') succeeded += 1
  }
  invariant(active === 0 && succeeded === indexes, 'the bare loop counts the same')
}

function* creation(indexes: number): Generator<JobEvent> {
  yield jobCreated({ completionMode: 'Indexed', parallelism: indexes, completions: indexes })
  for (let pod = 0; pod < indexes; pod += 1)
    yield {
      type: 'PodCreated',
      pod,
      uid: 'u',
      name: 'n',
      index: pod,
      attempt: 0,
      indexFailures: null,
      generation: 1,
      at: 2,
    }
}

/** Start, end and count of every Pod; the ends in an order drawn from a fixed seed, in groups as syncs take them. */
const endsOf = (indexes: number): ReadonlyArray<JobEvent> => {
  const order = shuffled(indexes)
  const events: JobEvent[] = []
  for (let from = 0; from < indexes; from += 300) {
    const group = order.slice(from, from + 300)
    for (const pod of group) events.push({ type: 'PodStarted', pod, ready: true, at: 3 })
    for (const pod of group) events.push({ type: 'PodSucceeded', pod, at: 4 })
    for (const pod of group) events.push({ type: 'PodAccounted', pod, as: 'succeeded', at: 5 })
  }
  return events
}

const shuffled = (count: number): ReadonlyArray<number> => {
  const order = Array.from({ length: count }, (_, place) => place)
  let seed = 42
  for (let place = count - 1; place > 0; place -= 1) {
    seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0
    const other = seed % (place + 1)
    const here = order[place] ?? 0
    order[place] = order[other] ?? 0
    order[other] = here
  }
  return order
}

/** Milliseconds of the quickest of three runs, after one that warms up. */
const best = (work: () => void): number => {
  work()
  return Math.min(
    ...[1, 2, 3].map(() => {
      const began = performance.now()
      work()
      return performance.now() - began
    }),
  )
}

await runAlone(import.meta.url, reducer)
