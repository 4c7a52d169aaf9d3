import type { HoldOptions } from '../adapters/cli/cli-ports.ts'
import { systemClock } from '../adapters/clock/system-clock.ts'
import { externalRuntime } from '../adapters/runtimes/external/external-runtime.ts'
import { podsPerNode } from '../adapters/runtimes/local-node-reports.ts'
import { restingRuntime } from '../adapters/runtimes/resting/resting-runtime.ts'
import { openSandboxRuntime } from '../adapters/runtimes/sandbox/sandbox-runtime.ts'
import { openSimulatedRuntime } from '../adapters/runtimes/simulated/open-simulated-runtime.ts'
import type { PodRuntime } from '../application/ports/pod-runtime.ts'
import type { PodSources } from '../application/ports/pod-sources.ts'
import { notice } from './this-process.ts'

/** What runs Pods, as the options of a command say. */
export const runtimeOf = async (
  dataDir: string,
  { runtime, network, nodes = 1 }: HoldOptions & { readonly nodes?: number },
  sources: PodSources,
): Promise<PodRuntime> => {
  switch (runtime) {
    case 'sandbox': {
      return openSandboxRuntime({
        dataFolder: dataDir,
        now: systemClock.now,
        network,
        sandbox: 'auto',
        maxPods: nodes * podsPerNode,
        sources,
        onNotice: notice,
      })
    }
    case 'simulated':
      return openSimulatedRuntime({ clock: systemClock })
    case 'external':
      return externalRuntime()
    case 'none':
      return restingRuntime({ now: systemClock.now })
  }
}
