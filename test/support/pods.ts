import type { PodToRun } from '../../src/application/ports/pod-runtime.ts'

/** A Pod with everything filled in: one container that restarts never. Name only the fields the test is about. */
export const podToRun = (over: Partial<PodToRun> = {}): PodToRun => {
  const job = over.job ?? 'job-a'
  const pod = over.pod ?? 0
  return {
    job,
    pod,
    uid: `${job}/${pod}`,
    name: `pi-${pod}`,
    namespace: 'default',
    index: null,
    attempt: 0,
    node: 'local',
    labels: {},
    annotations: {},
    spec: { containers: [{ name: 'main', image: 'local', command: ['true'] }], restartPolicy: 'Never' },
    ...over,
  }
}
