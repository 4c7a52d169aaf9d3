import type { JobEvent } from './events.ts'
import { setNumbers } from './index-numbers.ts'
import { hasIndex } from './index-set.ts'
import { isOutOfRange, type Job } from './job.ts'
import { heldBackPod } from './pods-to-create.ts'
import { type PodRow, podRow } from './pod-columns.ts'
import { isGone } from './pod-deletion.ts'
import { isLastFailure } from './policies/backoff-limit-per-index.ts'
import { failureAction } from './policies/pod-failure-policy.ts'

export type Counting = {
  /** Ordinals of the Pods whose end matters to this sync, in the order of their ends. */
  readonly pods: ReadonlyArray<number>
  readonly events: ReadonlyArray<JobEvent>
  /** Failed Pods that stay uncounted unless the Job ends now: each is the memory of its index (rule 5.6). */
  readonly toHoldBack: ReadonlyArray<number>
  /** How many of those will be counted as failed. */
  readonly failuresToHoldBack: number
  readonly complete: boolean
}

/** [C-2, T-3] The ends of Pods go into the counters, at most `max` of them. */
export const countPods = (job: Job, at: number, max: number): Counting => {
  const rows = job.uncounted.slice(0, max).map((pod) => podRow(job.pods, pod))
  const lasting = job.terms.backoffLimitPerIndex === null ? noLasting : lastingFailures(job, rows)
  const counted = rows.filter((row) => !lasting.heldBack.has(row))
  return {
    pods: rows.filter((row) => countedAs(job, row) !== 'uncounted').map(({ pod }) => pod),
    events: [
      ...counted.flatMap((row) => countPod(job, row, at)),
      ...lasting.failed.map((index): JobEvent => ({ type: 'IndexFailed', index, at })),
    ],
    toHoldBack: [...lasting.heldBack].map(({ pod }) => pod),
    failuresToHoldBack: [...lasting.heldBack].filter((row) => countedAs(job, row) === 'failed').length,
    complete: job.uncounted.length <= max,
  }
}

/** The Job ends: whatever still waits to be counted is counted, held back or not (T-3, 5.6 a). At most `max` events. */
export const countTheRest = (
  job: Job,
  at: number,
  max: number,
): { readonly events: ReadonlyArray<JobEvent>; readonly complete: boolean } => {
  const events: JobEvent[] = []
  for (const pod of [...job.uncounted, ...heldBackPods(job)]) {
    if (events.length + 2 > max) return { events, complete: false }
    events.push(...countPod(job, podRow(job.pods, pod), at))
  }
  return { events, complete: true }
}

const heldBackPods = (job: Job): ReadonlyArray<number> => [...setNumbers(job.heldBack)].map(([, pod]) => pod - 1)

/** The Pod's end goes into the counters; a Pod that was to be deleted and has ended goes with it. */
const countPod = (job: Job, row: PodRow, at: number): ReadonlyArray<JobEvent> => {
  const { pod, deleting, graceSeconds } = row
  const accounted: JobEvent = { type: 'PodAccounted', pod, as: countedAs(job, row), at }
  return deleting && isGone(job, row, graceSeconds) ? [accounted, { type: 'PodRemoved', pod, at }] : [accounted]
}

/** [5.1] What the end of the Pod is for the counters. A Pod whose index is no longer wanted is not counted at all. */
const countedAs = (job: Job, { phase, index, match }: PodRow): 'succeeded' | 'failed' | 'ignored' | 'uncounted' => {
  if (isOutOfRange(job, index)) return 'uncounted'
  if (phase === 'Succeeded') return 'succeeded'
  return failureAction(job, match) === 'Ignore' ? 'ignored' : 'failed'
}

type Lasting = { readonly heldBack: ReadonlySet<PodRow>; readonly failed: ReadonlyArray<number> }
const noLasting: Lasting = { heldBack: new Set(), failed: [] }

/** [5.4, 5.6] Indexes that have failed for good, and for each other index without a Pod the failure that it remembers. */
const lastingFailures = (job: Job, rows: ReadonlyArray<PodRow>): Lasting => {
  const memories = new Map<number, PodRow>()
  const failed = new Set<number>()
  const completing = new Set(rows.filter(({ phase }) => phase === 'Succeeded').map(({ index }) => index))
  for (const row of rows) {
    const { index, phase } = row
    if (index === null || phase === 'Succeeded' || isOutOfRange(job, index)) continue
    if (completing.has(index) || hasIndex(job.completed, index) || hasIndex(job.failedIndexes, index)) continue
    if (isLastFailure(job, row)) failed.add(index)
    else if (!hasIndex(job.held, index) && isMoreThan(row, memories.get(index) ?? heldBackPod(job, index)))
      memories.set(index, row)
  }
  const heldBack = [...memories].filter(([index]) => !failed.has(index)).map(([, row]) => row)
  return { heldBack: new Set(heldBack), failed: [...failed] }
}

/** [5.6] The highest count of failures, then the latest end. */
const isMoreThan = (row: PodRow, other: PodRow | null): boolean =>
  other === null ||
  failuresOf(row) > failuresOf(other) ||
  (failuresOf(row) === failuresOf(other) && (row.finishedAt ?? 0) >= (other.finishedAt ?? 0))

const failuresOf = ({ indexFailures }: PodRow): number => indexFailures.counted + indexFailures.ignored
