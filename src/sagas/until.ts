import { concatMap, defer, type Observable, of, type SchedulerLike, timer } from 'rxjs'

/** Timers of more than 2^31 - 1 ms fire at once: a longer wait is a chain of these. */
const longestTimerMs = 20 * 24 * 3600 * 1000

/**
 * The value once, at the instant `at` (epoch milliseconds of the scheduler's clock) or later, however far away. The clock is asked
 * again after each timer: one may ring early, by its own rounding or because the clock was set back, and who acts too early
 * would find nothing to do and not be called again.
 */
export const until = <A>(at: number, value: A, scheduler: SchedulerLike): Observable<A> =>
  defer(() => {
    const left = at - scheduler.now()
    return left <= 0
      ? of(value)
      : timer(Math.min(left, longestTimerMs), scheduler).pipe(concatMap(() => until(at, value, scheduler)))
  })
