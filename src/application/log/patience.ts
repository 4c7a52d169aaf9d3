import type { Clock } from '../ports/clock.ts'

/** Resolves when the log may be asked again, `reason` being why it did not answer. */
export type Patience = (reason: string) => Promise<void>

/** Says that the log is away, once, and waits a second each time before it is asked again. */
export const patience = (clock: Clock, say: (text: string) => void): Patience => {
  let hasSaid = false
  return (reason) => {
    if (!hasSaid) say(`the log is not available: ${reason}; waiting for it`)
    hasSaid = true
    return pause(clock, retryMs)
  }
}

/** So long after it was away the log is asked again. */
export const retryMs = 1000

/** Resolves after so many milliseconds. */
export const pause = (clock: Clock, ms: number): Promise<void> =>
  new Promise((resolve) => {
    clock.scheduler.schedule(() => resolve(), ms)
  })
