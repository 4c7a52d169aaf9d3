import type { ServedActions } from '../call.ts'
import { podLog, type PodLogPorts } from './pod-log.ts'

/** What can be done under the addresses of objects, besides reading and changing them. */
export const servedActions = (ports: PodLogPorts): ServedActions => ({ 'pods/log': podLog(ports) })
