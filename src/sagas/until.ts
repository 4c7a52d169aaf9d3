import { concatMap, defer, map, type Observable, type SchedulerLike, timer } from 'rxjs'

/** Timers of more than 2^31 - 1 ms fire at once: a longer wait is a chain of these. */
const longestTimerMs = 20 * 24 * 3600 * 1000

/** The value once, at the instant `at` (epoch milliseconds of the scheduler's clock), however far away. Asks the clock again after each piece. */
export const until = <A>(at: number, value: A, scheduler: SchedulerLike): Observable<A> =>
  defer(() => {
    const left = at - scheduler.now()
    return left <= longestTimerMs
      ? timer(Math.max(0, left), scheduler).pipe(map(() => value))
      : timer(longestTimerMs, scheduler).pipe(concatMap(() => until(at, value, scheduler)))
  })
