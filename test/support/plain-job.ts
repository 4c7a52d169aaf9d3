import { adoptedPod } from '../../src/domain/job/adopted-pods.ts'
import { numberOf, setNumbers } from '../../src/domain/job/index-numbers.ts'
import { hasIndex, type IndexSet, indexesOf, renderIndexes } from '../../src/domain/job/index-set.ts'
import type { JobState } from '../../src/domain/job/job.ts'
import { activePods, livePods, podRow } from '../../src/domain/job/pod-columns.ts'

/** A Job's state as plain values, to be compared and printed: everything it says, and nothing of how it is kept. */
export const plainJob = (state: JobState) => {
  if (state._tag === 'NoJob') return state
  const { pods, completed, failedIndexes, held, podsPerIndex, heldBack, successProgress, published, ...more } = state
  const { adopted, unselected, released, ...rest } = more
  const rows = Array.from({ length: pods.size }, (_, pod) => podRow(pods, pod))
  const indexes = rows.reduce((most, { index }) => Math.max(most, (index ?? -1) + 1), 0)
  return {
    ...rest,
    pods: rows,
    adopted: Object.fromEntries(
      rows.flatMap(({ pod }) => {
        const one = adoptedPod(adopted, pod)
        return one === null ? [] : [[pod, one]]
      }),
    ),
    unselected: [...indexesOf(unselected)],
    unselectedSize: unselected.size,
    released: [...indexesOf(released)],
    releasedSize: released.size,
    leftReady: Object.fromEntries(
      rows.flatMap(({ pod, ready, readyTurnedAt }) => (ready && hasIndex(released, pod) ? [[pod, readyTurnedAt]] : [])),
    ),
    activePods: [...activePods(pods)],
    livePods: [...livePods(pods)],
    completed: plainSet(completed),
    failedIndexes: plainSet(failedIndexes),
    heldBack: [...setNumbers(heldBack)],
    successProgress: successProgress.map(({ listed, ...one }) => ({
      ...one,
      listed: listed === null ? null : plainSet(listed),
    })),
    held: plainSet(held),
    podsPerIndex: Array.from({ length: indexes }, (_, index) => numberOf(podsPerIndex, index)),
    published: {
      ...published,
      completed: plainSet(published.completed),
      failedIndexes: plainSet(published.failedIndexes),
    },
  }
}

export type PlainJob = Exclude<ReturnType<typeof plainJob>, { readonly _tag: 'NoJob' }>

/** Its text, and its size by the count that is kept and by counting. */
const plainSet = (set: IndexSet) => ({ text: renderIndexes(set), size: set.size, counted: [...indexesOf(set)].length })
