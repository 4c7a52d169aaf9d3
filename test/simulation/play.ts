import { config } from 'rxjs'
import { runSchedule, type Schedule } from './run-schedule.ts'

/**
 * Plays schedules in a thread of their own kind: there is no real timer in it, and what is thrown where nobody listens is a violation
 * of the schedule that was played.
 */
export const player = (): ((seed: number, isTold?: boolean) => Promise<Schedule>) => {
  const thrown: string[] = []
  const note = (cause: unknown): void =>
    void thrown.push(cause instanceof Error ? (cause.stack ?? cause.message) : String(cause))
  config.onUnhandledError = note
  process.on('unhandledRejection', note)
  const noTimer = (run: () => void, ms = 0): number => {
    if (ms > 0) note(new Error(`a real timer of ${ms} ms`))
    run()
    return 0
  }
  globalThis.setTimeout = noTimer as unknown as typeof setTimeout

  return async (seed, isTold = false) => {
    thrown.length = 0
    const played = await runSchedule(seed, isTold)
    if (thrown.length === 0) return played
    const violations = thrown.map((sentence) => ({ invariant: 'nothing is thrown where nobody listens', sentence }))
    const story = isTold ? [...played.story, ...thrown.map((sentence) => `  !!! ${sentence}`)] : []
    return { ...played, violations: [...violations, ...played.violations], story }
  }
}
