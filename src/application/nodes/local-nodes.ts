import type { Subscription } from 'rxjs'
import type { Placement } from '../../domain/job/commands.ts'
import type { JobEvent } from '../../domain/job/events.ts'
import { firstNode } from '../../domain/job/first-node.ts'
import { lifecycleOf, livePods, succeededPhase } from '../../domain/job/pod-columns.ts'
import type { PodSpec } from '../../domain/kubernetes/pod-spec.ts'
import { E } from '../../prelude.ts'
import { type JobView, nodeOf } from '../../projections/job-view.ts'
import type { Resource } from '../api/resource.ts'
import type { JobWriter } from '../jobs/job-writer.ts'
import type { Ledger } from '../log/ledger.ts'
import { type NodeReport, type NodeSeen, nodesOf, reportNode } from './nodes.ts'
import { obstacleText, whyNot } from '../pods/obstacles.ts'

export type LocalNodesPorts = {
  readonly ledger: Ledger
  readonly writer: JobWriter
  readonly nodes: Resource
  /** What is known of the nodes on which Pods run here. */
  readonly reports: ReadonlyArray<NodeReport>
  /** Is told when there may be a node for Pods that wait, and when one is gone. */
  readonly onChange: () => void
  readonly onLoss: (node: string) => void
}

export type LocalNodes = {
  /** Makes the Nodes known. Left: one could not be told, and why. */
  readonly report: () => Promise<E.Either<string, void>>
  /** Where the Pods of a Job may run now: the node with the fewest Pods first. */
  readonly placementFor: (job: string) => Placement
  readonly placementOf: (spec: PodSpec) => Placement
  readonly close: () => void
}

/** `local`, `local-2`, and so on. */
export const localNodeNames = (count: number): ReadonlyArray<string> =>
  Array.from({ length: count }, (_, place) => (place === 0 ? firstNode : `${firstNode}-${place + 1}`))

/**
 * The nodes on which Pods run here, as Node objects that users may cordon and delete. Pods that no node takes wait until one does; a Node
 * that is deleted takes its Pods along.
 */
export const startLocalNodes = (ports: LocalNodesPorts): LocalNodes => {
  const { ledger, writer, nodes, reports } = ports
  const because = { actor: { kind: 'saga' as const, name: 'ensure-pods-have-a-node' } }
  const names = new Set(reports.map(({ name }) => name))
  const loads = new Map<string, Set<string>>(reports.map(({ name }) => [name, new Set()]))
  const waiting = new Set<string>()
  let seen: ReadonlyArray<NodeSeen> | null = null

  const note = (view: JobView, pod: number, isOver: boolean): void => {
    if (view.state._tag === 'NoJob' || view.state.terms.podsRunElsewhere) return
    const key = `${view.state.uid} ${pod}`
    const node = nodeOf(view, pod)
    if (node === null) waiting.add(view.state.uid)
    else if (isOver) loads.get(node)?.delete(key)
    else loads.get(node)?.add(key)
  }

  const placementOf = (spec: PodSpec): Placement => {
    seen ??= nodesOf(ledger)
    const judged = seen.map((node) => ({
      name: node.name,
      obstacle: names.has(node.name) ? whyNot(node, spec) : notHere,
    }))
    const free = judged.filter(({ obstacle }) => obstacle === null).map(({ name }) => name)
    const loadOf = (name: string): number => loads.get(name)?.size ?? 0
    return {
      nodes: free.toSorted((a, b) => loadOf(a) - loadOf(b)),
      obstacle: obstacleText(judged.flatMap(({ obstacle }) => obstacle ?? [])),
    }
  }

  const specOf = (job: string): PodSpec => ledger.getByUid(job)?.manifest?.spec.template.spec ?? { containers: [] }

  const placeWaiting = async (): Promise<void> => {
    ports.onChange()
    for (const job of waiting) {
      const placement = placementOf(specOf(job))
      if (placement.nodes.length === 0) continue
      for (;;) {
        const outcome = await writer.handle(job, { type: 'PlacePods', placement }, because)()
        if (E.isLeft(outcome)) break
        if (outcome.right.events.length === 0) {
          waiting.delete(job)
          break
        }
      }
    }
  }

  const lose = async (node: string): Promise<void> => {
    ports.onLoss(node)
    for (const view of ledger.all()) {
      const { state } = view
      if (state._tag === 'NoJob' || state.terms.podsRunElsewhere || state.live === 0) continue
      const pods = [...livePods(state.pods)].filter(
        (pod) => lifecycleOf(state.pods, pod).phase < succeededPhase && nodeOf(view, pod) === node,
      )
      for (let from = 0; from < pods.length; from += lostAtOnce)
        await writer.handle(state.uid, { type: 'LosePods', pods: pods.slice(from, from + lostAtOnce) }, because)()
    }
  }

  const subscriptions: Subscription[] = [
    ledger.news$.subscribe((news) => {
      for (const { view, recorded } of news)
        for (const { event } of recorded)
          if (placing.has(event.type) && 'pod' in event) note(view, event.pod, ending.has(event.type))
    }),
    ledger.objects.news$.subscribe((news) => {
      const ours = news.filter(({ view: { state } }) => state._tag === 'StoredObject' && state.resource === 'nodes')
      for (const { view } of ours) {
        const { state } = view
        if (state._tag === 'StoredObject' && state.isDeleted && names.has(state.name)) void lose(state.name)
      }
      if (ours.length === 0) return
      seen = null
      void placeWaiting()
    }),
  ]
  for (const view of ledger.all())
    if (view.state._tag === 'Job')
      for (const pod of livePods(view.state.pods))
        note(view, pod, lifecycleOf(view.state.pods, pod).phase >= succeededPhase)

  return {
    report: async () => {
      for (const report of reports) {
        const told = await reportNode(nodes, report, because.actor)()
        if (E.isLeft(told)) return E.left(`the node ${report.name} cannot be told: ${told.left._tag}`)
      }
      void placeWaiting()
      return E.right(undefined)
    },
    placementOf,
    placementFor: (job) => placementOf(specOf(job)),
    close: () => {
      for (const subscription of subscriptions) subscription.unsubscribe()
    },
  }
}

/** Of an append: three events for each Pod. */
const lostAtOnce = 300

const ending = new Set<JobEvent['type']>(['PodSucceeded', 'PodFailed', 'PodRemoved', 'PodReleased'])
const placing = new Set<JobEvent['type']>([...ending, 'PodCreated', 'PodBound', 'PodUnschedulable'])

/** Of Nodes that somebody else has made known. */
const notHere = 'node(s) were not of this server'
