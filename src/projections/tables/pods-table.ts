import type { PodObject } from '../../domain/kubernetes/pod-object.ts'
import { age, humanDuration } from './human-duration.ts'
import type { TableOptions } from './jobs-table.ts'
import { listField, textField } from './loose-fields.ts'
import { type PodDisplayStatus, podDisplayStatus } from './pod-display-status.ts'
import type { Table } from './table.ts'

/** Pods as `kubectl get pods` prints them: headers and cells. */
export const podRows = (pods: ReadonlyArray<PodObject>, { now, wide, allNamespaces }: TableOptions): Table => ({
  headers: [
    ...(allNamespaces ? ['NAMESPACE'] : []),
    ...['NAME', 'READY', 'STATUS', 'RESTARTS', 'AGE'],
    ...(wide ? ['IP', 'NODE', 'NOMINATED NODE', 'READINESS GATES'] : []),
  ],
  rows: pods.map((pod) => {
    const shown = podDisplayStatus(pod)
    return [
      ...(allNamespaces ? [pod.metadata.namespace] : []),
      pod.metadata.name,
      `${shown.readyContainers}/${shown.totalContainers}`,
      shown.reason,
      restarts(shown, now),
      age(pod.metadata.creationTimestamp, now),
      ...(wide ? wideCells(pod) : []),
    ]
  }),
})

const restarts = ({ restarts: count, lastRestartAt }: PodDisplayStatus, now: number): string =>
  count === 0 || lastRestartAt === null ? `${count}` : `${count} (${humanDuration(now - lastRestartAt)} ago)`

const wideCells = (pod: PodObject): ReadonlyArray<string> => [
  textField(listField(pod.status, 'podIPs')[0], 'ip') || pod.status.podIP || '<none>',
  pod.spec.nodeName || '<none>',
  textField(pod.status, 'nominatedNodeName') || '<none>',
  readinessGates(pod),
]

const readinessGates = (pod: PodObject): string => {
  const gates = listField(pod.spec, 'readinessGates').map((gate) => textField(gate, 'conditionType'))
  if (gates.length === 0) return '<none>'
  const isOpen = (gate: string) => pod.status.conditions?.some((it) => it.type === gate && it.status === 'True')
  return `${gates.filter(isOpen).length}/${gates.length}`
}
