import type { PodRuntime } from '../application/ports/pod-runtime.ts'

/**
 * Where tests end this process as a crash would, from `JOBLEDGER_CRASH_AT=<point>[:<n-th time>]`: points of the store are its own;
 * `before-saga` is after the reply and before anyone reacts, `before-process-started` after a spawn and before its fact is
 * recorded; `before-run-outcome` is between the creation of a CronJob's Job and its entry in the CronJob.
 */
export const crashPoint = (wanted: string | undefined) => {
  const [point = '', times = '1'] = (wanted ?? '').split(':')
  let left = Number(times)
  const reach = (name: string): void => {
    if (point !== name) return
    left -= 1
    if (left === 0) process.kill(process.pid, 'SIGKILL')
  }
  const storePoints = ['before-begin', 'between-inserts', 'before-commit', 'after-commit']
  return {
    store: storePoints.includes(point) ? wanted : undefined,
    beforeReactions: () => reach('before-saga'),
    beforeOutcome: () => reach('before-run-outcome'),
    runtime: (runtime: PodRuntime): PodRuntime => {
      runtime.observed$.subscribe((batch) => {
        if (batch.some(({ observation }) => observation.type === 'ProcessStarted')) reach('before-process-started')
      })
      return runtime
    },
  }
}
