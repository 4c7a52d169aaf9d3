import type { Placement } from './commands.ts'
import type { JobEvent } from './events.ts'
import { eventsMax } from './events-max.ts'
import { firstNode } from './first-node.ts'
import type { Job } from './job.ts'
import { lifecycleOf, livePods, podRow, succeededPhase } from './pod-columns.ts'

/**
 * Events of a sync, with the node of each Pod that they create where Pods run here: nodes take turns. A Pod is on the first node unless
 * it is told, so that where there is no other nothing has to be told. Whoever learns of the Pod knows its node.
 */
export const placed = (
  events: ReadonlyArray<JobEvent>,
  { terms }: Job,
  placement: Placement | undefined,
): ReadonlyArray<JobEvent> => {
  if (placement === undefined || terms.podsRunElsewhere) return events
  const { nodes } = placement
  if (nodes.length === 1 && nodes[0] === firstNode) return events
  let turn = 0
  return events.flatMap((event) =>
    event.type === 'PodCreated' ? [placeOf(event.pod, placement, turn++, event.at), event] : event,
  )
}

/** Pods that wait for a node get one of these; at most as many as one append should hold. */
export const placePods = (placement: Placement, job: Job, at: number): ReadonlyArray<JobEvent> => {
  const events: JobEvent[] = []
  if (placement.nodes.length === 0 || job.terms.podsRunElsewhere) return events
  for (const pod of livePods(job.pods)) {
    if (events.length === eventsMax) return events
    const { unschedulable, phase, deleting } = lifecycleOf(job.pods, pod)
    if (unschedulable && phase < succeededPhase && !deleting) events.push(placeOf(pod, placement, events.length, at))
  }
  return events
}

const placeOf = (pod: number, { nodes, obstacle }: Placement, turn: number, at: number): JobEvent => {
  const node = nodes[turn % nodes.length]
  return node === undefined ? { type: 'PodUnschedulable', obstacle, pod, at } : { type: 'PodBound', node, pod, at }
}

/** The Pods fail, disrupted, and are deleted at once: what is left of their processes is killed without grace. */
export const losePods = (pods: ReadonlyArray<number>, job: Job, at: number): ReadonlyArray<JobEvent> => {
  if (job.terms.podsRunElsewhere) return []
  return pods.slice(0, eventsMax / eventsPerLoss).flatMap((pod): ReadonlyArray<JobEvent> => {
    const { live, phase } = lifecycleOf(job.pods, pod)
    if (!live || phase >= succeededPhase) return []
    const { deleting, graceSeconds } = podRow(job.pods, pod)
    return [
      { type: 'PodDisrupted', reason: 'DeletionByPodGC', pod, at },
      { type: 'PodFailed', reason: 'NodeLost', exitCode: null, pod, at },
      ...(deleting && graceSeconds === 0
        ? []
        : [{ type: 'PodDeletionRequested', graceSeconds: 0, by: 'collector', pod, at } as const]),
    ]
  })
}

const eventsPerLoss = 3
