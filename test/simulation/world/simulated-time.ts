import { VirtualTimeScheduler } from 'rxjs'
import type { Clock } from '../../../src/application/ports/clock.ts'

/** Time of a schedule. `elapsed` only grows; what clocks show may be set forward and back beside it. Milliseconds. */
export type SimulatedTime = {
  readonly elapsed: () => number
  readonly now: () => number
  /** Sets all clocks by so much, as an administrator would; running timers do not notice. */
  readonly jump: (ms: number) => void
  /** The clock of a new process; the timers of the one before never ring. */
  readonly newClock: () => Clock
  /** When the next timer of the present process rings, as `elapsed`; `Infinity` when there is none. */
  readonly nextTimer: () => number
  /** Lets time pass until `elapsed`, and the timers that are due ring. */
  readonly passTo: (elapsed: number) => void
}

export const simulatedTime = (epoch: number): SimulatedTime => {
  let elapsed = 0
  let skew = 0
  let scheduler = new VirtualTimeScheduler()
  const now = (): number => epoch + elapsed + skew
  return {
    elapsed: () => elapsed,
    now,
    jump: (ms) => {
      skew += ms
    },
    newClock: () => {
      scheduler = new VirtualTimeScheduler()
      const own = scheduler
      own.frame = elapsed
      own.now = now
      return { now, scheduler: own }
    },
    nextTimer: () => scheduler.actions[0]?.delay ?? Number.POSITIVE_INFINITY,
    passTo: (end) => {
      elapsed = Math.max(elapsed, end)
      scheduler.maxFrames = elapsed
      scheduler.flush()
      scheduler.frame = elapsed
    },
  }
}
