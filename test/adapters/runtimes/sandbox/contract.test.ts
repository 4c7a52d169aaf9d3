import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll } from 'vitest'
import type { Container } from '../../../../src/domain/kubernetes/pod-spec.ts'
import type { PodToRun } from '../../../../src/application/ports/pod-runtime.ts'
import { type Behaviour, podRuntimeContract } from '../../../contracts/pod-runtime-contract.ts'
import { podToRun } from '../../../support/pods.ts'
import { eventually, modes, openBench, sh } from './bench.ts'

for (const mode of modes) {
  /** The next one starts its helper while a test still waits. */
  let next = openBench(mode)
  afterAll(async () => (await next).close())
  podRuntimeContract(`the sandbox (${mode})`, async () => {
    const bench = await next
    next = openBench(mode)
    bench.confirming = false
    const { runtime, folder, close } = bench
    const markOf = ({ pod }: PodToRun) => join(folder, `mark-${pod}`)
    return {
      runtime,
      cleanup: close,
      hasRun: (pod) => existsSync(markOf(pod)),
      settled: async (pod) => {
        await eventually(
          () => existsSync(markOf(pod)),
          () => `the mark of Pod ${pod.pod}`,
        )
      },
      podThat: (behaviour, pod) => {
        const mark = join(folder, `mark-${pod}`)
        const container: Container = {
          ...scriptFor(behaviour, mark),
          volumeMounts: [{ name: 'marks', mountPath: folder }],
        }
        const volumes = [{ name: 'marks', hostPath: { path: folder } }]
        return podToRun({ pod, spec: { restartPolicy: 'Never', containers: [container], volumes } })
      },
    }
  })
}

const scriptFor = (behaviour: Behaviour, mark: string): Container => {
  switch (behaviour.does) {
    case 'succeed':
      return sh(`: > ${mark}`)
    case 'fail':
      return sh(`: > ${mark}; exit ${behaviour.exitCode}`)
    case 'runLong':
      return sh(`: > ${mark}; exec sleep 60`)
    case 'runLongIgnoringSigterm':
      return sh(`trap '' TERM; : > ${mark}; sleep 60; sleep 60`)
    case 'exitCleanlyOnSigterm':
      return sh(`trap 'exit 0' TERM; : > ${mark}; while :; do sleep 0.05; done`)
  }
}
