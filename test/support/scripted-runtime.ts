import { Subject } from 'rxjs'
import type { PodObserved, PodRuntime, PodToRun, ProcessIdentity } from '../../src/application/ports/pod-runtime.ts'
import type { PodObservation } from '../../src/domain/job/observations.ts'

/** A runtime that does what the test says and remembers what it was told, as `start 0`, `confirm 0/0.0`, `stop 0 in 30s`, `fence 1`. */
export const scriptedRuntime = () => {
  const observed$ = new Subject<ReadonlyArray<PodObserved>>()
  const told: string[] = []
  const started: PodToRun[] = []
  const fenced: ProcessIdentity[] = []
  const runtime: PodRuntime = {
    name: 'simulated',
    observed$,
    start: (pod) => {
      told.push(`start ${pod.pod}`)
      started.push(pod)
    },
    stop: ({ pod }, graceSeconds) => void told.push(`stop ${pod} in ${graceSeconds}s`),
    confirm: ({ pod }, container, restart) => void told.push(`confirm ${pod}/${container}.${restart}`),
    fence: async (processes) => {
      told.push(`fence ${processes.length}`)
      fenced.push(...processes)
    },
    close: async () => observed$.complete(),
  }
  return {
    runtime,
    told,
    started,
    fenced,
    /** What the runtime sees of one Pod. */
    sees: (job: string, pod: number, ...observations: ReadonlyArray<PodObservation>): void =>
      observed$.next(observations.map((observation) => ({ job, pod, observation }))),
  }
}
