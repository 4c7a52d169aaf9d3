import type { PodSpec } from '../../domain/kubernetes/pod-spec.ts'
import type { Shape } from '../../domain/kubernetes/schema.ts'
import type { NodeSeen } from '../nodes/nodes.ts'

/** Why a node does not take a Pod now, in the words of Kubernetes' scheduler; null: it does. */
export const whyNot = (node: NodeSeen, spec: PodSpec): string | null => {
  const { nodeName = '', nodeSelector = {} } = spec
  if (nodeName !== '') return nodeName === node.name ? null : "node(s) didn't match the requested node name"
  if (node.isUnschedulable) return 'node(s) were unschedulable'
  const taint = node.taints.find((one) => one.effect !== 'PreferNoSchedule' && !tolerated(one, tolerationsOf(spec)))
  if (taint !== undefined) return `node(s) had untolerated taint(s)`
  if (!Object.entries(nodeSelector).every(([key, value]) => node.labels[key] === value))
    return "node(s) didn't match Pod's node affinity/selector"
  return node.isReady ? null : 'node(s) were not ready'
}

/** How many nodes there are, and how many of them say what. */
export const obstacleText = (obstacles: ReadonlyArray<string>): string => {
  if (obstacles.length === 0) return 'no nodes available to schedule pods'
  const counts = new Map<string, number>()
  for (const obstacle of obstacles) counts.set(obstacle, (counts.get(obstacle) ?? 0) + 1)
  const texts = [...counts].map(([obstacle, count]) => `${count} ${obstacle}`).toSorted()
  return `0/${obstacles.length} nodes are available: ${texts.join(', ')}.`
}

const tolerationsOf = (spec: PodSpec & Pick<Shape<'PodSpec'>, 'tolerations'>) => spec.tolerations ?? []

const tolerated = (
  { key = '', value = '', effect = '' }: Shape<'Taint'>,
  tolerations: ReadonlyArray<Shape<'Toleration'>>,
): boolean =>
  tolerations.some(
    (one) =>
      (one.effect === undefined || one.effect === '' || one.effect === effect) &&
      ((one.key ?? '') === '' ? one.operator === 'Exists' : one.key === key) &&
      (one.operator === 'Exists' || (one.value ?? '') === value),
  )
