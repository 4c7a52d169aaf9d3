import type { NamespacesResource } from '../../../application/api/namespaces.ts'
import type { Pods } from '../../../application/api/pods.ts'
import type { ContainerLogs } from '../../../application/ports/container-logs.ts'
import type { ServedActions } from '../call.ts'
import { namespaceFinalize } from './namespace-finalize.ts'
import { podBinding } from './pod-binding.ts'
import { podEviction } from './pod-eviction.ts'
import { podLog } from './pod-log.ts'

/** What can be done under the addresses of objects, besides reading and changing them. */
export const servedActions = (ports: {
  readonly namespaces: NamespacesResource
  readonly pods: Pods
  readonly logs: ContainerLogs | null
}): ServedActions => ({
  'namespaces/finalize': namespaceFinalize(ports),
  'pods/binding': podBinding(ports),
  'pods/eviction': podEviction(ports),
  'pods/log': podLog(ports),
})
