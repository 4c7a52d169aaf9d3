import { type Owner, ownChunk, podChunkBits } from './chunks.ts'
import type { PolicyMatch } from './job-facts.ts'

const chunkSize = 1 << podChunkBits
const chunkMask = chunkSize - 1

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
/** Not counted yet, because it is the memory of its index. */
export const heldBack = 512
/** A node has it. */
export const bound = 1024
/** Its index is none of the Job's, or another Pod has it (rule 2.7). */
export const surplus = 2048
/** A finalizer of somebody's keeps its object. */
export const kept = 4096
/** A disruption is about to end it. */
export const disrupted = 8192
/** It is to run here, and no node takes it. */
export const unschedulable = 16384

/**
 * Numbers kept of each Pod, by place in its record. Times are epoch milliseconds, 0 is never; `exitCode` and `index` are kept plus
 * one, so that 0 is none there too.
 */
export const field = {
  phase: 0,
  flags: 1,
  restarts: 2,
  attempt: 3,
  exitCode: 4,
  reason: 5,
  index: 6,
  graceSeconds: 7,
  generation: 8,
  createdAt: 9,
  startedAt: 10,
  finishedAt: 11,
  deletedAt: 12,
  /** When it last became Ready, or ceased to be. */
  readyTurnedAt: 13,
} as const
const fieldsPerPod = 14
export type Field = (typeof field)[keyof typeof field]

/** Numbers that only policies need: most Jobs have none, and then no chunk keeps any. */
export const policyField = {
  /** The rule of `podFailurePolicy` that holds, plus one. */
  rule: 0,
  /** What made it hold: a container plus one, or below zero a pattern of a condition, minus one. */
  ruleSource: 1,
  ruleExitCode: 2,
  /** Earlier failures of the index under `backoffLimitPerIndex`: counted, and ignored by policy. */
  countedBefore: 3,
  ignoredBefore: 4,
} as const
const policyFieldsPerPod = 5
export type PolicyField = (typeof policyField)[keyof typeof policyField]

/**
 * Records of 16 Pods (or of the only one) one behind the other, 112 bytes a Pod. `active` and `live` say whether a walk over Pods that are active, or
 * still exist, may skip the chunk.
 */
export type PodChunk = {
  readonly owner: Owner
  active: number
  live: number
  records: number[]
  /** Null: no policy has said anything of these Pods. */
  policyRecords: number[] | null
}

/** Adding 0 turns the -0 of a field that was never written into a plain 0. */
export const get = ({ records }: PodChunk, place: number, of: Field): number =>
  (records[place * fieldsPerPod + of] ?? 0) + 0

export const put = ({ records }: PodChunk, place: number, of: Field, value: number): void => {
  records[place * fieldsPerPod + of] = value
}

export const getPolicy = ({ policyRecords }: PodChunk, place: number, of: PolicyField): number =>
  policyRecords?.[place * policyFieldsPerPod + of] ?? 0

export const putPolicy = (chunk: PodChunk, place: number, of: PolicyField, value: number): void => {
  if (value === 0 && chunk.policyRecords === null) return
  chunk.policyRecords ??= Array.from<number>({ length: chunkSize * policyFieldsPerPod }).fill(0)
  chunk.policyRecords[place * policyFieldsPerPod + of] = value
}

/** All Pods a Job ever had, by ordinal. */
export type PodColumns = { readonly size: number; readonly chunks: ReadonlyArray<PodChunk> }

export const noPods: PodColumns = { size: 0, chunks: [] }

/**
 * Filled with -0, because an array that begins with it is kept as plain doubles from the start, which copies fastest, and making it
 * takes far longer than copying it.
 */
const emptyRecords: ReadonlyArray<number> = Array.from<number>({ length: chunkSize * fieldsPerPod }).fill(-0)

const createPodChunk = (owner: Owner): PodChunk => ({
  owner,
  active: 0,
  live: 0,
  records: emptyRecords.slice(0, fieldsPerPod),
  policyRecords: null,
})

const copyPodChunk = ({ active, live, records, policyRecords }: PodChunk, owner: Owner): PodChunk => ({
  owner,
  active,
  live,
  records: records.slice(),
  policyRecords: policyRecords?.slice() ?? null,
})

/** A chunk has room for one Pod until there is a second one: most Jobs have no other. */
export const ownPodChunk = (chunks: PodChunk[], pod: number, owner: Owner): PodChunk => {
  const chunk = ownChunk(chunks, pod >>> podChunkBits, owner, createPodChunk, copyPodChunk)
  if (placeOf(pod) > 0 && chunk.records.length === fieldsPerPod)
    chunk.records = chunk.records.concat(emptyRecords.slice(fieldsPerPod))
  return chunk
}

/** The Pod's place in its chunk. */
export const placeOf = (pod: number): number => pod & chunkMask

/** One Pod, read out of the columns. Times are epoch milliseconds, null when it has not happened. */
export type PodRow = {
  readonly pod: number
  readonly phase: Phase
  readonly tracked: boolean
  readonly deleting: boolean
  readonly ready: boolean
  readonly removed: boolean
  readonly launched: boolean
  readonly bound: boolean
  readonly surplus: boolean
  readonly kept: boolean
  readonly disrupted: boolean
  readonly unschedulable: boolean
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
  readonly readyTurnedAt: number | null
  readonly finishedAt: number | null
  readonly deletedAt: number | null
  /** The rule of `podFailurePolicy` that holds for its failure, and why; null when there is none. */
  readonly match: Omit<PolicyMatch, 'pod'> | null
  readonly indexFailures: { readonly counted: number; readonly ignored: number }
}

const orNull = (value: number): number | null => (value === 0 ? null : value)

/** The Pod with this ordinal; it must have been created. */
export const podRow = (pods: PodColumns, pod: number): PodRow => {
  const chunk = pods.chunks[pod >>> podChunkBits]
  if (chunk === undefined || pod >= pods.size)
    throw new Error(`invariant broken: Pod ${pod} of ${pods.size} was created`)
  const place = placeOf(pod)
  const flags = get(chunk, place, field.flags)
  const exitCode = get(chunk, place, field.exitCode)
  const index = get(chunk, place, field.index)
  return {
    pod,
    phase: phases[get(chunk, place, field.phase)] ?? 'Pending',
    tracked: (flags & tracked) !== 0,
    deleting: (flags & deleting) !== 0,
    ready: (flags & ready) !== 0,
    removed: (flags & removed) !== 0,
    launched: (flags & launched) !== 0,
    bound: (flags & (bound | launched)) !== 0,
    surplus: (flags & surplus) !== 0,
    kept: (flags & kept) !== 0,
    disrupted: (flags & disrupted) !== 0,
    unschedulable: (flags & unschedulable) !== 0,
    uncounted: (flags & uncounted) !== 0,
    accountedAs: (flags & countedSucceeded) !== 0 ? 'succeeded' : (flags & countedFailed) !== 0 ? 'failed' : null,
    restarts: get(chunk, place, field.restarts),
    attempt: get(chunk, place, field.attempt),
    exitCode: exitCode === 0 ? null : exitCode - 1,
    reason: get(chunk, place, field.reason),
    index: index === 0 ? null : index - 1,
    graceSeconds: get(chunk, place, field.graceSeconds),
    generation: get(chunk, place, field.generation),
    createdAt: get(chunk, place, field.createdAt),
    startedAt: orNull(get(chunk, place, field.startedAt)),
    readyTurnedAt: orNull(get(chunk, place, field.readyTurnedAt)),
    finishedAt: orNull(get(chunk, place, field.finishedAt)),
    deletedAt: orNull(get(chunk, place, field.deletedAt)),
    match: matchAt(chunk, place),
    indexFailures: {
      counted: getPolicy(chunk, place, policyField.countedBefore),
      ignored: getPolicy(chunk, place, policyField.ignoredBefore),
    },
  }
}

const matchAt = (chunk: PodChunk, place: number): PodRow['match'] => {
  const rule = getPolicy(chunk, place, policyField.rule) - 1
  if (rule < 0) return null
  const source = getPolicy(chunk, place, policyField.ruleSource)
  const exitCode = getPolicy(chunk, place, policyField.ruleExitCode)
  return { rule, container: source > 0 ? source - 1 : null, exitCode, pattern: source < 0 ? -1 - source : 0 }
}

/** Ordinals of the Pods that are active (neither ended nor being deleted), rising. Skips chunks without one. */
export function* activePods({ chunks }: PodColumns): Generator<number> {
  for (const [place, chunk] of chunks.entries()) {
    if (chunk.active === 0) continue
    for (let i = 0; i < chunkSize; i += 1)
      if (get(chunk, i, field.phase) < Succeeded && isLive(chunk, i) && (get(chunk, i, field.flags) & deleting) === 0)
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
  get(chunk, place, field.createdAt) !== 0 && (get(chunk, place, field.flags) & removed) === 0

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
  readonly unschedulable: boolean
} => {
  const chunk = chunks[pod >>> podChunkBits]
  if (chunk === undefined || pod < 0 || pod >= size)
    return { phase: Pending, live: false, deleting: false, tracked: false, launched: false, unschedulable: false }
  const flags = get(chunk, placeOf(pod), field.flags)
  return {
    phase: get(chunk, placeOf(pod), field.phase),
    live: isLive(chunk, placeOf(pod)),
    deleting: (flags & deleting) !== 0,
    tracked: (flags & tracked) !== 0,
    launched: (flags & launched) !== 0,
    unschedulable: (flags & unschedulable) !== 0,
  }
}
