import type { Pods } from '../../../application/api/pods.ts'
import type { ContainerLogs } from '../../../application/ports/container-logs.ts'
import type { ServedActions } from '../call.ts'
import { podBinding } from './pod-binding.ts'
import { podEviction } from './pod-eviction.ts'
import { podLog } from './pod-log.ts'

/** What can be done under the addresses of objects, besides reading and changing them. */
export const servedActions = (ports: { readonly pods: Pods; readonly logs: ContainerLogs | null }): ServedActions => ({
  'pods/binding': podBinding(ports),
  'pods/eviction': podEviction(ports),
  'pods/log': podLog(ports),
})
