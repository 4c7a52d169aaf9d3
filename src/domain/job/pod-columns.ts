import { chunkBits, chunkMask, chunkSize, type Owner, ownChunk } from './chunks.ts'

/** A Pod's life as the rules see it. A Pod is in exactly one phase, and the last two are for ever. */
export const phases = ['Pending', 'Running', 'Succeeded', 'Failed'] as const
export type Phase = (typeof phases)[number]
export const Pending = 0
export const Running = 1
export const Succeeded = 2
export const Failed = 3

/** Flags of a Pod, as bits. */
export const tracked = 1
export const deleting = 2
export const ready = 4
export const removed = 8
/** A process of the Pod was recorded, so after a crash it may have run. */
export const launched = 16
/** Waits to be counted by the next sync. */
export const uncounted = 32
export const countedSucceeded = 64
export const countedFailed = 128
/** The Pod holds its index: no other Pod may be created for it. */
export const holding = 256

/**
 * 1 024 Pods as columns: what rules and counters read, about 45 bytes a Pod. `active` and `live` say whether a walk over Pods
 * that are active, or still exist, may skip the chunk.
 */
export type PodChunk = {
  readonly owner: Owner
  active: number
  live: number
  readonly phase: Uint8Array
  readonly flags: Uint16Array
  readonly restarts: Uint16Array
  readonly attempt: Uint16Array
  readonly exitCode: Int16Array
  readonly reason: Uint8Array
  readonly index: Int32Array
  readonly graceSeconds: Int32Array
  readonly generation: Uint16Array
  readonly createdAt: Float64Array
  readonly startedAt: Float64Array
  readonly finishedAt: Float64Array
  readonly deletedAt: Float64Array
}

/** All Pods a Job ever had, by ordinal. */
export type PodColumns = { readonly size: number; readonly chunks: ReadonlyArray<PodChunk> }

export const noPods: PodColumns = { size: 0, chunks: [] }

export const createPodChunk = (owner: Owner): PodChunk => ({
  owner,
  active: 0,
  live: 0,
  phase: new Uint8Array(chunkSize),
  flags: new Uint16Array(chunkSize),
  restarts: new Uint16Array(chunkSize),
  attempt: new Uint16Array(chunkSize),
  exitCode: new Int16Array(chunkSize).fill(-1),
  reason: new Uint8Array(chunkSize),
  index: new Int32Array(chunkSize).fill(-1),
  graceSeconds: new Int32Array(chunkSize),
  generation: new Uint16Array(chunkSize),
  createdAt: new Float64Array(chunkSize),
  startedAt: new Float64Array(chunkSize),
  finishedAt: new Float64Array(chunkSize),
  deletedAt: new Float64Array(chunkSize),
})

const copyPodChunk = (chunk: PodChunk, owner: Owner): PodChunk => ({
  owner,
  active: chunk.active,
  live: chunk.live,
  phase: chunk.phase.slice(),
  flags: chunk.flags.slice(),
  restarts: chunk.restarts.slice(),
  attempt: chunk.attempt.slice(),
  exitCode: chunk.exitCode.slice(),
  reason: chunk.reason.slice(),
  index: chunk.index.slice(),
  graceSeconds: chunk.graceSeconds.slice(),
  generation: chunk.generation.slice(),
  createdAt: chunk.createdAt.slice(),
  startedAt: chunk.startedAt.slice(),
  finishedAt: chunk.finishedAt.slice(),
  deletedAt: chunk.deletedAt.slice(),
})

export const ownPodChunk = (chunks: PodChunk[], ordinal: number, owner: Owner): PodChunk =>
  ownChunk(chunks, ordinal, owner, createPodChunk, copyPodChunk)

/** One Pod, read out of the columns. Times are epoch milliseconds, null when it has not happened. */
export type PodRow = {
  readonly pod: number
  readonly phase: Phase
  readonly tracked: boolean
  readonly deleting: boolean
  readonly ready: boolean
  readonly removed: boolean
  readonly launched: boolean
  readonly uncounted: boolean
  readonly accountedAs: 'succeeded' | 'failed' | null
  readonly restarts: number
  readonly attempt: number
  readonly exitCode: number | null
  readonly reason: number
  readonly index: number | null
  readonly graceSeconds: number
  readonly generation: number
  readonly createdAt: number
  readonly startedAt: number | null
  readonly finishedAt: number | null
  readonly deletedAt: number | null
}

const orNull = (value: number | undefined): number | null => (value === undefined || value === 0 ? null : value)
const fromZero = (value: number | undefined): number | null => (value === undefined || value < 0 ? null : value)

/** The Pod with this ordinal; it must have been created. */
export const podRow = (pods: PodColumns, pod: number): PodRow => {
  const chunk = pods.chunks[pod >>> chunkBits]
  if (chunk === undefined || pod >= pods.size)
    throw new Error(`invariant broken: Pod ${pod} of ${pods.size} was created`)
  const place = pod & chunkMask
  const flags = chunk.flags[place] ?? 0
  return {
    pod,
    phase: phases[chunk.phase[place] ?? 0] ?? 'Pending',
    tracked: (flags & tracked) !== 0,
    deleting: (flags & deleting) !== 0,
    ready: (flags & ready) !== 0,
    removed: (flags & removed) !== 0,
    launched: (flags & launched) !== 0,
    uncounted: (flags & uncounted) !== 0,
    accountedAs: (flags & countedSucceeded) !== 0 ? 'succeeded' : (flags & countedFailed) !== 0 ? 'failed' : null,
    restarts: chunk.restarts[place] ?? 0,
    attempt: chunk.attempt[place] ?? 0,
    exitCode: fromZero(chunk.exitCode[place]),
    reason: chunk.reason[place] ?? 0,
    index: fromZero(chunk.index[place]),
    graceSeconds: chunk.graceSeconds[place] ?? 0,
    generation: chunk.generation[place] ?? 0,
    createdAt: chunk.createdAt[place] ?? 0,
    startedAt: orNull(chunk.startedAt[place]),
    finishedAt: orNull(chunk.finishedAt[place]),
    deletedAt: orNull(chunk.deletedAt[place]),
  }
}

/** Ordinals of the Pods that are active (neither ended nor being deleted), rising. Skips chunks without one. */
export function* activePods({ chunks }: PodColumns): Generator<number> {
  for (const [place, chunk] of chunks.entries()) {
    if (chunk.active === 0) continue
    for (let i = 0; i < chunkSize; i += 1)
      if ((chunk.phase[i] ?? 0) < Succeeded && isLive(chunk, i) && ((chunk.flags[i] ?? 0) & deleting) === 0)
        yield place * chunkSize + i
  }
}

/** Ordinals of the Pods whose objects exist, rising. Skips chunks without one. */
export function* livePods({ size, chunks }: PodColumns): Generator<number> {
  for (const [place, chunk] of chunks.entries()) {
    if (chunk.live === 0) continue
    for (let i = 0; i < chunkSize && place * chunkSize + i < size; i += 1)
      if (isLive(chunk, i)) yield place * chunkSize + i
  }
}

const isLive = (chunk: PodChunk, place: number): boolean =>
  (chunk.createdAt[place] ?? 0) !== 0 && ((chunk.flags[place] ?? 0) & removed) === 0

/** The first of the two phases that end a Pod, as columns hold it. */
export const succeededPhase = Succeeded

/** The little of a Pod that most decisions need, read without building a row. A Pod that was never created is not live. */
export const lifecycleOf = (
  { size, chunks }: PodColumns,
  pod: number,
): {
  readonly phase: number
  readonly live: boolean
  readonly deleting: boolean
  readonly tracked: boolean
  readonly launched: boolean
} => {
  const chunk = chunks[pod >>> chunkBits]
  if (chunk === undefined || pod < 0 || pod >= size)
    return { phase: Pending, live: false, deleting: false, tracked: false, launched: false }
  const flags = chunk.flags[pod & chunkMask] ?? 0
  return {
    phase: chunk.phase[pod & chunkMask] ?? Pending,
    live: isLive(chunk, pod & chunkMask),
    deleting: (flags & deleting) !== 0,
    tracked: (flags & tracked) !== 0,
    launched: (flags & launched) !== 0,
  }
}
