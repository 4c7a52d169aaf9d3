import { Worker } from 'node:worker_threads'
import { addCoverage, type Coverage } from './coverage/matrix.ts'
import type { Violation } from './judge.ts'

/** Seeds that threads play, each the next one that nobody has taken. */
export type Share = {
  readonly from: number
  readonly to: number
  /** How many are taken: one number that all threads share. */
  readonly taken: Int32Array
  /** It stops after so many failing schedules. */
  readonly failuresMax: number
}

/** What came of them, told at the end; on the way a thread says null now and then, as a sign of life. `hash` does not depend on how the seeds were shared. */
export type Shared = {
  readonly schedules: number
  readonly steps: number
  readonly faults: number
  readonly events: number
  readonly stepsMin: number
  readonly faultsMin: number
  readonly hash: number
  readonly coverage: Coverage
  readonly failures: ReadonlyArray<Violation & { readonly seed: number; readonly steps: number }>
}

/** Plays the seeds from `from` on in so many threads. */
export const playShared = async (from: number, count: number, threads: number): Promise<Shared> => {
  const share: Share = { from, to: from + count, taken: noneTaken(), failuresMax: 5 }
  const shares = await Promise.all(Array.from({ length: threads }, () => inThread(share)))
  const coverage: Coverage = new Map()
  for (const one of shares) addCoverage(coverage, one.coverage)
  const sum = (of: (shared: Shared) => number): number => shares.reduce((total, shared) => total + of(shared), 0)
  return {
    schedules: sum(({ schedules }) => schedules),
    steps: sum(({ steps }) => steps),
    faults: sum(({ faults }) => faults),
    events: sum(({ events }) => events),
    stepsMin: Math.min(...shares.map(({ stepsMin }) => stepsMin)),
    faultsMin: Math.min(...shares.map(({ faultsMin }) => faultsMin)),
    hash: sum(({ hash }) => hash) % 2 ** 48,
    coverage,
    failures: shares.flatMap(({ failures }) => failures).toSorted((a, b) => a.steps - b.steps),
  }
}

export const noneTaken = (): Int32Array => new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT))

const inThread = (workerData: Share): Promise<Shared> =>
  new Promise((resolve, reject) => {
    const worker = new Worker(new URL('worker.ts', import.meta.url), { workerData })
    worker.on('message', (shared: Shared | null) => {
      if (shared !== null) resolve(shared)
    })
    worker.once('error', reject)
    worker.once('exit', (code) => {
      if (code !== 0) reject(new Error(`a thread of the simulation ended with ${code}`))
    })
  })
