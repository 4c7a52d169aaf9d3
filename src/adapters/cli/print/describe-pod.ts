import type { PodObject } from '../../../domain/kubernetes/pod-object.ts'
import { containerBlock, seccompLines } from './describe-containers.ts'
import { type DescribeOptions, describedText } from './describe-job.ts'
import { annotationLines, controllerLines, type Lines, mapLines } from './describe-metadata.ts'
import { nodeSelectorLines, tolerationLines, topologySpreadLines } from './describe-placement.ts'
import { volumeBlock } from './describe-volumes.ts'
import { eventLines } from './events-table.ts'
import { age } from '../../../projections/tables/human-duration.ts'
import { listField, textField } from '../../../projections/tables/loose-fields.ts'
import { rfc1123z } from './rfc1123z.ts'

/** A Pod as `kubectl describe pod` prints it. */
export const describePod = (pod: PodObject, { now, timeZone, events }: DescribeOptions): string => {
  const { metadata, spec, status } = pod
  const live = (statuses: PodObject['status']['containerStatuses'] = []) => ({ pod, statuses, timeZone })
  const lines = [
    `Name:\t${metadata.name}`,
    `Namespace:\t${metadata.namespace}`,
    ...whenText('Priority', textField(spec, 'priority')),
    ...whenText('Priority Class Name', textField(spec, 'priorityClassName')),
    ...whenText('Runtime Class Name', textField(spec, 'runtimeClassName')),
    ...whenText('Service Account', spec.serviceAccountName),
    `Node:\t${spec.nodeName ? `${spec.nodeName}/${status.hostIP ?? ''}` : '<none>'}`,
    ...(status.startTime ? [`Start Time:\t${rfc1123z(status.startTime, timeZone)}`] : []),
    ...mapLines('Labels', metadata.labels),
    ...annotationLines('Annotations', metadata.annotations),
    ...phaseLines(pod, now),
    ...whenText('Reason', status.reason),
    ...whenText('Message', status.message),
    ...seccompLines(spec),
    `IP:\t${status.podIP ?? ''}`,
    ...ipLines(pod),
    ...controllerLines(metadata),
    ...whenText('NominatedNodeName', textField(status, 'nominatedNodeName')),
    ...(spec.initContainers?.length
      ? containerBlock('Init Containers', spec.initContainers, live(status.initContainerStatuses))
      : []),
    ...containerBlock('Containers', spec.containers, live(status.containerStatuses)),
    ...readinessGateLines(pod),
    ...conditionLines(pod),
    ...volumeBlock(spec.volumes, { inTemplate: false }),
    `QoS Class:\t${status.qosClass ?? ''}`,
    ...nodeSelectorLines(spec),
    ...tolerationLines(spec),
    ...topologySpreadLines(spec),
    ...(events === undefined ? [] : eventLines(events, now)),
  ]
  return describedText(lines)
}

const whenText = (heading: string, text: string | undefined): Lines => (text ? [`${heading}:\t${text}`] : [])

/** A Pod being deleted is told by its deletion until it has ended. */
const phaseLines = ({ metadata, status }: PodObject, now: number): Lines => {
  const hasEnded = status.phase === 'Succeeded' || status.phase === 'Failed'
  if (metadata.deletionTimestamp === undefined || hasEnded) return [`Status:\t${status.phase}`]
  return [
    `Status:\tTerminating (lasts ${age(metadata.deletionTimestamp, now)})`,
    `Termination Grace Period:\t${metadata.deletionGracePeriodSeconds ?? 0}s`,
  ]
}

/** Writers that fill in only `podIP` have no list of addresses, and kubectl says so. */
const ipLines = ({ status }: PodObject): Lines => {
  const ips = listField(status, 'podIPs')
  return ips.length === 0 ? ['IPs:\t<none>'] : ['IPs:', ...ips.map((ip) => `  IP:\t${textField(ip, 'ip')}`)]
}

const conditionLines = ({ status: { conditions = [] } }: PodObject): Lines =>
  conditions.length === 0
    ? []
    : ['Conditions:', '  Type\tStatus', ...conditions.map(({ type, status }) => `  ${type} \t${status} `)]

const readinessGateLines = ({ spec, status }: PodObject): Lines => {
  const gates = listField(spec, 'readinessGates').map((gate) => textField(gate, 'conditionType'))
  if (gates.length === 0) return []
  const statusOf = (gate: string) => status.conditions?.find(({ type }) => type === gate)?.status ?? '<none>'
  return ['Readiness Gates:', '  Type\tStatus', ...gates.map((gate) => `  ${gate} \t${statusOf(gate)} `)]
}
