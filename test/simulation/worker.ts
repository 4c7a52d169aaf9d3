import { parentPort, workerData } from 'node:worker_threads'
import { addCoverage, type Coverage } from './coverage/matrix.ts'
import { player } from './play.ts'
import type { Share, Shared } from './share.ts'

const { from, to, taken, failuresMax } = workerData as Share
const nextSeed = (): number => from + Atomics.add(taken, 0, 1)
const play = player()
const coverage: Coverage = new Map()
let [schedules, steps, faults, events, hash] = [0, 0, 0, 0, 0]
let [stepsMin, faultsMin] = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY]
const failures: Array<Shared['failures'][number]> = []

for (let seed = nextSeed(); seed < to && failures.length < failuresMax; seed = nextSeed()) {
  const played = await play(seed)
  schedules += 1
  steps += played.steps
  faults += played.faults
  events += played.events
  stepsMin = Math.min(stepsMin, played.steps)
  faultsMin = Math.min(faultsMin, played.faults)
  hash = (hash + Number.parseInt(played.hash.slice(0, 12), 16)) % 2 ** 48
  addCoverage(coverage, played.coverage)
  const [violation] = played.violations
  if (schedules % 100 === 0) parentPort?.postMessage(null)
  if (violation !== undefined) failures.push({ seed, steps: played.steps, ...violation })
}

const shared: Shared = {
  schedules,
  steps,
  faults,
  events,
  stepsMin,
  faultsMin,
  hash,
  coverage,
  failures,
}
parentPort?.postMessage(shared)
