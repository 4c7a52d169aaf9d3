import { setImmediate as turn } from 'node:timers/promises'
import { VirtualTimeScheduler } from 'rxjs'
import type { SteppedClock } from '../../application/ports/stepped-clock.ts'

export type VirtualClock = SteppedClock & {
  /** Lets `ms` pass at once: everything due meanwhile runs now, in order, each at its own time. */
  readonly advance: (ms: number) => void
  /** As `advance`, but lets promises and I/O settle before every moment at which something is due, and at the end. */
  readonly pass: (ms: number) => Promise<void>
  /** Runs whatever is due, however far ahead, until nothing is. Does not come back when timers breed timers for ever. */
  readonly runAll: () => void
}

/** A clock that stands still until it is told to go. `epoch` is where it begins, in epoch milliseconds. */
export const virtualClock = (epoch = Date.UTC(2026, 0, 1)): VirtualClock => {
  const scheduler = new VirtualTimeScheduler()
  scheduler.now = () => epoch + scheduler.frame

  const runUpTo = (frame: number): void => {
    scheduler.maxFrames = frame
    scheduler.flush()
    if (Number.isFinite(frame)) scheduler.frame = Math.max(scheduler.frame, frame)
  }
  const nextFrame = (): number => scheduler.actions[0]?.delay ?? Number.POSITIVE_INFINITY

  return {
    now: () => epoch + scheduler.frame,
    scheduler,
    nextAt: () => epoch + nextFrame(),
    step: () => runUpTo(nextFrame()),
    turn: () => turn(),
    advance: (ms) => runUpTo(scheduler.frame + ms),
    pass: async (ms) => {
      const end = scheduler.frame + ms
      for (await turn(); nextFrame() <= end; await turn()) runUpTo(nextFrame())
      runUpTo(end)
      await turn()
    },
    runAll: () => runUpTo(Number.POSITIVE_INFINITY),
  }
}
