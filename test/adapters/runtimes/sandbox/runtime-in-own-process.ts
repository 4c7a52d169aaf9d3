/** Runs one Pod with a runtime of its own, so that a test can kill it: prints each observation as a line of JSON. */
import { openSandboxRuntime } from '../../../../src/adapters/runtimes/sandbox/sandbox-runtime.ts'
import { podToRun } from '../../../support/pods.ts'

const [dataFolder = '', sandbox = '', script = ''] = process.argv.slice(2)
const runtime = await openSandboxRuntime({
  dataFolder,
  now: Date.now,
  network: true,
  sandbox: sandbox === 'bubblewrap' ? 'bubblewrap' : 'process',
  onNotice: () => {},
})
runtime.observed$.subscribe((batch) => {
  for (const { job, pod, observation } of batch) {
    process.stdout.write(`${JSON.stringify(observation)}\n`)
    if (observation.type === 'ProcessStarted') {
      runtime.confirm({ job, pod }, observation.container, observation.restart)
    }
  }
})
const container = { name: 'main', image: 'local', command: ['/bin/sh', '-c', script] }
runtime.start(podToRun({ uid: `uid-${process.pid}`, spec: { restartPolicy: 'Never', containers: [container] } }))
