import type { Clock } from './clock.ts'

/** A clock that stands still until it is told to go on. */
export type SteppedClock = Clock & {
  /** When something is due next, in epoch milliseconds; `Infinity` when nothing is. */
  readonly nextAt: () => number
  /** Goes there and does what is due. */
  readonly step: () => void
  /** Lets whoever waits for something else than time go on, for one turn. */
  readonly turn: () => Promise<void>
}
