import { arch, availableParallelism, hostname, release, totalmem, type as systemName } from 'node:os'
import { localNodeNames } from '../../application/nodes/local-nodes.ts'
import type { NodeReport } from '../../application/nodes/nodes.ts'
import { kubernetesTime } from '../../projections/time.ts'

/** How many Pods a node takes by default. */
export const podsPerNode = 110

/**
 * This machine as so many nodes, each of which tells all of the machine as its own: nothing is divided among them. `version`: of the
 * API; `now`: epoch milliseconds.
 */
export const localNodeReports = (count: number, version: string, now: number): ReadonlyArray<NodeReport> =>
  localNodeNames(count).map((name) => {
    const architecture = architectures[arch()] ?? arch()
    const system = systemName().toLowerCase()
    const resources = {
      cpu: `${availableParallelism()}`,
      memory: `${Math.floor(totalmem() / 1024)}Ki`,
      pods: `${podsPerNode}`,
    }
    return {
      name,
      labels: {
        'kubernetes.io/hostname': name,
        'kubernetes.io/os': system,
        'kubernetes.io/arch': architecture,
      },
      status: {
        capacity: resources,
        allocatable: resources,
        conditions: [
          {
            type: 'Ready',
            status: 'True',
            reason: 'KubeletReady',
            message: `jobledger runs Pods on ${hostname()}`,
            lastHeartbeatTime: kubernetesTime(now),
            lastTransitionTime: kubernetesTime(now),
          },
        ],
        addresses: [
          { type: 'InternalIP', address: '127.0.0.1' },
          { type: 'Hostname', address: name },
        ],
        nodeInfo: {
          machineID: '',
          systemUUID: '',
          bootID: '',
          kernelVersion: release(),
          osImage: system,
          containerRuntimeVersion: 'process://1',
          kubeletVersion: version,
          kubeProxyVersion: '',
          operatingSystem: system,
          architecture,
        },
      },
    }
  })

/** In the words of Kubernetes. */
const architectures: Readonly<Record<string, string>> = { x64: 'amd64', arm64: 'arm64' }
