import { readFileSync } from 'node:fs'
import { Subject } from 'rxjs'
import type { PodObserved, PodRuntime } from '../../../application/ports/pod-runtime.ts'
import { fence } from '../sandbox/fencing.ts'

/**
 * Starts nothing: for a command that holds the folder only to change the log. Pods that were recorded stay Pending until a
 * `run` takes them up; those that are stopped end at once, since nothing of theirs runs.
 */
export const restingRuntime = ({ now }: { readonly now: () => number }): PodRuntime => {
  const observed$ = new Subject<ReadonlyArray<PodObserved>>()
  return {
    name: 'sandbox',
    start: () => {},
    confirm: () => {},
    stop: (pod) => {
      const ended = { ...pod, observation: { type: 'PodFailed' as const, reason: null, exitCode: null, at: now() } }
      setImmediate(() => observed$.next([ended]))
    },
    observed$,
    fence: (processes) => fence(processes, { bootId: bootId(), isOurs: () => false }),
    close: async () => observed$.complete(),
  }
}

const bootId = (): string => readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()
