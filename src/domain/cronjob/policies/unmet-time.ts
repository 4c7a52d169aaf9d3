import { E } from '../../../prelude.ts'

/** The next time of a schedule after an instant; null when there is none. */
export type Next = (after: number) => number | null

/**
 * The latest scheduled time that has come since `earliest`, null when none has. `missed` is a guess at how many have, made where
 * it may be more than one.
 */
export type Unmet = { readonly time: number | null; readonly missed: number }

/** [11.3] Left: the schedule has no second time to measure it by. */
export const unmetTime = (next: Next, earliest: number, now: number): E.Either<string, Unmet> => {
  const first = next(earliest)
  if (first === null) return E.left(noInterval)
  if (now < first) return E.right({ time: null, missed: 0 })
  const second = next(first)
  if (second !== null && now < second) return E.right({ time: first, missed: 0 })
  const interval = second === null ? 0 : Math.round((second - first) / 1000)
  if (interval < 1) return E.left(noInterval)
  const missed = Math.floor(Math.floor((now - first) / 1000) / interval) + 1
  return E.right({ time: latestUntil(next, first + (missed - 2) * interval * 1000, now), missed })
}

/** [H-1] From here on the count is worth a warning. */
export const isTooMany = ({ missed }: Unmet): boolean => missed > 100

const noInterval = 'time difference between two schedules is less than 1 second'

/** The interval may be uneven, so the last steps are walked; where it grew since, the walk finds nothing. */
const latestUntil = (next: Next, from: number, now: number): number | null => {
  let latest: number | null = null
  for (let time = next(from); time !== null && time <= now; time = next(time)) latest = time
  return latest
}
