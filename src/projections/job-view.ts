import { type Owner, ownChunk, podChunkBits } from '../domain/job/chunks.ts'
import type { JobEvent, JobEventOf } from '../domain/job/events.ts'
import { firstNode } from '../domain/job/first-node.ts'
import { lifecycleOf } from '../domain/job/pod-columns.ts'
import { evolveAll } from '../domain/job/evolve.ts'
import { type JobState, noJob } from '../domain/job/job.ts'
import { applyMergePatch, type MergePatches, withMergePatch } from '../domain/merge-patch.ts'
import type { JobManifest, JobStatus } from '../domain/kubernetes/job-object.ts'
import type { PodObject, PodStatus } from '../domain/kubernetes/pod-object.ts'
import { prepareJob } from '../domain/kubernetes/prepare-job.ts'
import { type ContainerRecord, recordOfContainer } from './container-record.ts'
import type { Recorded } from './recorded.ts'

const chunkMask = (1 << podChunkBits) - 1

type ReportedPodStatus = Partial<PodStatus>

/** A Pod's object without what its state adds: version, deletion, tracking finalizer, reference to the Job. */
export type PodForm = Pick<PodObject, 'metadata' | 'spec'>

/** Why the Pod has to make way, and since when (epoch milliseconds). */
export type Disruption = Pick<JobEventOf<'PodDisrupted'>, 'reason' | 'at'>

type Rows = {
  readonly owner: Owner
  readonly position: Array<number | undefined>
  readonly containers: Array<ReadonlyArray<ContainerRecord> | undefined>
  /** Statuses that clients reported, where clients run the Pods. */
  readonly statuses: Array<ReportedPodStatus | undefined>
  /** Forms of Pods that the Job took over. */
  readonly forms: Array<PodForm | undefined>
  /** What users changed of a Pod's form since. */
  readonly patches: Array<MergePatches | undefined>
  /** Nodes of Pods that run here, where it is not the first one; and what kept a Pod from having one. */
  readonly nodes: Array<string | undefined>
  readonly obstacles: Array<string | undefined>
  readonly disruptions: Array<Disruption | undefined>
}

/** Everything readers ask of one Job and its Pods: the folded state, the manifest, and what is known of containers. */
export type JobView = {
  readonly state: JobState
  /** With generated labels and selector (rules L-1, D-4), but the user's spec as it was created. Null before its payload. */
  readonly manifest: JobManifest | null
  /** The status that a client wrote, until our controller writes one of its own; null: none. */
  readonly reportedStatus: JobStatus | null
  /** Position of the last event that changed the Job object: its resourceVersion. */
  readonly position: bigint
  /** Id and revision of the last event of the stream; '' and -1 before the first. */
  readonly lastEventId: string
  readonly revision: number
  readonly rows: ReadonlyArray<Rows>
}

export const emptyJobView: JobView = {
  state: noJob,
  manifest: null,
  reportedStatus: null,
  position: 0n,
  lastEventId: '',
  revision: -1,
  rows: [],
}

/** The view after more events of the Job's stream, in order. Interprets, never refuses. */
export const foldJobView = (view: JobView, batch: ReadonlyArray<Recorded>): JobView => {
  const owner: Owner = {}
  const rows = [...view.rows]
  let { manifest, reportedStatus, position } = view
  for (const recorded of batch) {
    const { event } = recorded
    if ('pod' in event) notePod(rows, event, recorded.position, owner)
    else if (event.type === 'ManifestRecorded') manifest = event.manifest as JobManifest
    else {
      if (event.type !== 'JobStatusReported') position = recorded.position
      if (event.type === 'JobStatusRecorded') reportedStatus = event.status as JobStatus
      if (event.type === 'JobSynced') reportedStatus = null
      if (event.type === 'JobChanged') manifest = applyMergePatch(manifest, event.patch) as JobManifest
    }
    if (event.type === 'JobCreated' && manifest !== null) manifest = prepareJob(manifest, event.uid)
  }
  const state = evolveAll(
    view.state,
    batch.map(({ event }) => event),
  )
  const { id: lastEventId, revision } = batch.at(-1) ?? { id: view.lastEventId, revision: view.revision }
  return { state, manifest, reportedStatus, position, lastEventId, revision, rows }
}

/** The position of the last event about the Pod: its resourceVersion. */
export const podPosition = ({ rows }: JobView, pod: number): bigint =>
  BigInt(rows[pod >>> podChunkBits]?.position[pod & chunkMask] ?? 0)

/** What is known of the Pod's containers, in the order of init containers, then containers; empty when nothing is. */
export const podContainers = ({ rows }: JobView, pod: number): ReadonlyArray<ContainerRecord> =>
  rows[pod >>> podChunkBits]?.containers[pod & chunkMask] ?? []

/** The status that a client reported last; undefined before. */
export const reportedStatus = ({ rows }: JobView, pod: number): ReportedPodStatus | undefined =>
  rows[pod >>> podChunkBits]?.statuses[pod & chunkMask]

/** The form of a Pod that the Job took over, undefined for its own; and what users changed of the form since. */
export const recordedForm = ({ rows }: JobView, pod: number): PodForm | undefined =>
  rows[pod >>> podChunkBits]?.forms[pod & chunkMask]
export const formPatches = ({ rows }: JobView, pod: number): MergePatches | undefined =>
  rows[pod >>> podChunkBits]?.patches[pod & chunkMask]

/** The node that has the Pod, which runs here; null: none has. */
export const nodeOf = ({ state, rows }: JobView, pod: number): string | null =>
  state._tag === 'NoJob' || lifecycleOf(state.pods, pod).unschedulable
    ? null
    : (rows[pod >>> podChunkBits]?.nodes[pod & chunkMask] ?? firstNode)

/** Why no node has the Pod, as it was when it was looked for one. */
export const obstacleOf = ({ rows }: JobView, pod: number): string =>
  rows[pod >>> podChunkBits]?.obstacles[pod & chunkMask] ?? ''

export const disruptionOf = ({ rows }: JobView, pod: number): Disruption | undefined =>
  rows[pod >>> podChunkBits]?.disruptions[pod & chunkMask]

const notePod = (
  rows: Rows[],
  event: Extract<JobEvent, { readonly pod: number }>,
  position: bigint,
  owner: Owner,
): void => {
  const chunk = ownChunk(rows, event.pod >>> podChunkBits, owner, createRows, copyRows)
  const place = event.pod & chunkMask
  if (event.type === 'PodReported') return
  chunk.position[place] = Number(position)
  if (event.type === 'PodStatusRecorded') chunk.statuses[place] = event.status as ReportedPodStatus
  if (event.type === 'PodFormRecorded') {
    const { status, ...form } = event.form as PodForm & { readonly status: ReportedPodStatus }
    chunk.forms[place] = form
    chunk.statuses[place] = status
  }
  if (event.type === 'PodUnschedulable') chunk.obstacles[place] = event.obstacle
  if (event.type === 'PodBound') chunk.nodes[place] = event.node
  if (event.type === 'PodDisrupted') chunk.disruptions[place] = { reason: event.reason, at: event.at }
  if (event.type === 'PodChanged') chunk.patches[place] = withMergePatch(chunk.patches[place], event.patch)
  if (!('container' in event)) return
  const containers = [...(chunk.containers[place] ?? [])]
  containers[event.container] = recordOfContainer(containers[event.container], event)
  chunk.containers[place] = containers
}

const createRows = (owner: Owner): Rows => ({
  owner,
  position: [],
  containers: [],
  statuses: [],
  forms: [],
  patches: [],
  nodes: [],
  obstacles: [],
  disruptions: [],
})
const copyRows = (rows: Rows, owner: Owner): Rows => ({
  owner,
  position: rows.position.slice(),
  containers: rows.containers.slice(),
  statuses: rows.statuses.slice(),
  forms: rows.forms.slice(),
  patches: rows.patches.slice(),
  nodes: rows.nodes.slice(),
  obstacles: rows.obstacles.slice(),
  disruptions: rows.disruptions.slice(),
})
