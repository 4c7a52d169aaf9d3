import { expect, test } from 'vitest'
import { obstacleText, whyNot } from '../../../src/application/pods/obstacles.ts'

const node = {
  name: 'local',
  labels: { disk: 'ssd' },
  isUnschedulable: false,
  isReady: true,
  taints: [],
}
const tainted = (effect: string) => ({ ...node, taints: [{ key: 'a', value: 'b', effect }] })
const spec = { containers: [{ name: 'main' }] }
const tolerating = (...tolerations: ReadonlyArray<object>) => ({ ...spec, tolerations })

test.each<
  [what: string, node: Parameters<typeof whyNot>[0], spec: Parameters<typeof whyNot>[1], obstacle: string | null]
>([
  ['a node that is there for all', node, spec, null],
  ['a cordoned one', { ...node, isUnschedulable: true }, spec, 'node(s) were unschedulable'],
  ['one that is not ready', { ...node, isReady: false }, spec, 'node(s) were not ready'],
  [
    'the one that is named, though it is cordoned',
    { ...node, isUnschedulable: true },
    { ...spec, nodeName: 'local' },
    null,
  ],
  ['another one than is named', node, { ...spec, nodeName: 'other' }, "node(s) didn't match the requested node name"],
  ['one with the label', node, { ...spec, nodeSelector: { disk: 'ssd' } }, null],
  [
    'one without the label',
    node,
    { ...spec, nodeSelector: { disk: 'hdd' } },
    "node(s) didn't match Pod's node affinity/selector",
  ],
  ['a tainted one', tainted('NoSchedule'), spec, 'node(s) had untolerated taint(s)'],
  ['one that is better avoided', tainted('PreferNoSchedule'), spec, null],
  ['a taint that exists', tainted('NoExecute'), tolerating({ key: 'a', operator: 'Exists' }), null],
  ['a taint of this value', tainted('NoSchedule'), tolerating({ key: 'a', value: 'b', effect: 'NoSchedule' }), null],
  [
    'a taint of another value',
    tainted('NoSchedule'),
    tolerating({ key: 'a', value: 'c' }),
    'node(s) had untolerated taint(s)',
  ],
  [
    'a taint of another effect',
    tainted('NoSchedule'),
    tolerating({ operator: 'Exists', effect: 'NoExecute' }),
    'node(s) had untolerated taint(s)',
  ],
  ['any taint', tainted('NoSchedule'), tolerating({ operator: 'Exists' }), null],
  ['nothing, by a toleration of nothing', tainted('NoSchedule'), tolerating({}), 'node(s) had untolerated taint(s)'],
])('%s: whether it takes the Pod', (_, seen, wanted, obstacle) => expect(whyNot(seen, wanted)).toBe(obstacle))

test.each<[obstacles: ReadonlyArray<string>, text: string]>([
  [[], 'no nodes available to schedule pods'],
  [['node(s) were unschedulable'], '0/1 nodes are available: 1 node(s) were unschedulable.'],
  [
    ['node(s) were unschedulable', 'node(s) were not ready', 'node(s) were unschedulable'],
    '0/3 nodes are available: 1 node(s) were not ready, 2 node(s) were unschedulable.',
  ],
])('%j is told as Kubernetes tells it', (obstacles, text) => expect(obstacleText(obstacles)).toBe(text))
