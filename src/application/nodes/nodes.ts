import type { Shape } from '../../domain/kubernetes/schema.ts'
import { E, type TE } from '../../prelude.ts'
import type { Actor } from '../../projections/recorded.ts'
import type { ApiFailure, Resource } from '../api/resource.ts'
import type { Ledger } from '../log/ledger.ts'

/** A Node as those see it who place Pods. */
export type NodeSeen = {
  readonly name: string
  readonly labels: Readonly<Record<string, string>>
  /** Somebody has cordoned it: no new Pods. */
  readonly isUnschedulable: boolean
  readonly isReady: boolean
  readonly taints: ReadonlyArray<Shape<'Taint'>>
}

/** The Nodes that there are, by name. */
export const nodesOf = (ledger: Ledger): ReadonlyArray<NodeSeen> =>
  ledger.objects
    .list('nodes', null)
    .flatMap((view) => {
      const object = ledger.objects.shown(view)
      return object === null ? [] : [nodeSeen(object.metadata, object as Shape<'Node'>)]
    })
    .sort((a, b) => (a.name < b.name ? -1 : 1))

/** One of them; null: there is no such Node. */
export const findNode = (ledger: Ledger, name: string): NodeSeen | null => {
  const view = ledger.objects.find('nodes', '', name)
  const object = view === null ? null : ledger.objects.shown(view)
  return object === null ? null : nodeSeen(object.metadata, object as Shape<'Node'>)
}

const nodeSeen = (
  { name, labels = {} }: { readonly name: string; readonly labels?: Readonly<Record<string, string>> },
  { spec = {}, status = {} }: Shape<'Node'>,
): NodeSeen => ({
  name,
  labels,
  isUnschedulable: spec.unschedulable === true,
  isReady: status.conditions?.some(({ type, status: state }) => type === 'Ready' && state === 'True') ?? false,
  taints: spec.taints ?? [],
})

/** What whoever runs Pods on a Node knows of it. */
export type NodeReport = {
  readonly name: string
  readonly labels: Readonly<Record<string, string>>
  readonly status: Shape<'NodeStatus'>
}

/** Makes a Node known, or tells its status anew; whether it is cordoned stays, and so do labels that others gave it. */
export const reportNode =
  (nodes: Resource, { name, labels, status }: NodeReport, actor: Actor): TE.TaskEither<ApiFailure, unknown> =>
  async () => {
    const asked = { actor, warn: () => {} }
    const node = { apiVersion: 'v1', kind: 'Node', metadata: { name, labels }, spec: {}, status }
    if (nodes.get('', name) === null) return (await nodes.create?.('', node, asked)()) ?? E.right(null)
    const place = { namespace: '', name, part: 'status' as const }
    const changed = await nodes.change?.(
      place,
      (present) =>
        E.right({
          ...present,
          metadata: { ...present.metadata, labels: { ...present.metadata.labels, ...labels } },
          status,
        }),
      asked,
    )()
    return changed ?? E.right(null)
  }

/** Says whether new Pods may come to a Node, as `kubectl cordon` does. */
export const cordonNode =
  (nodes: Resource, name: string, isUnschedulable: boolean, actor: Actor): TE.TaskEither<ApiFailure, unknown> =>
  async () => {
    const changed = await nodes.change?.(
      { namespace: '', name, part: 'main' },
      (present) =>
        E.right({ ...present, spec: { ...specOf(present), unschedulable: isUnschedulable ? true : undefined } }),
      { actor, warn: () => {} },
    )()
    return changed ?? E.right(null)
  }

const specOf = (node: object): object =>
  'spec' in node && typeof node.spec === 'object' && node.spec !== null ? node.spec : {}
