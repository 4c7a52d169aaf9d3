import type { FreePodEvent } from '../domain/free-pod/events.ts'
import { evolveFreePod, type FreePodState, noFreePod } from '../domain/free-pod/free-pod.ts'
import { type PodObservation, PodFailureReasons } from '../domain/job/observations.ts'
import type { PodObject, PodStatus } from '../domain/kubernetes/pod-object.ts'
import { applyMergePatch } from '../domain/merge-patch.ts'
import { type ContainerRecord, recordOfContainer } from './container-record.ts'
import type { PodLife } from './container-status.ts'
import { podStatus } from './pod-object.ts'
import type { RecordedEvent } from './recorded.ts'
import { kubernetesTime } from './time.ts'

/** A Pod that no Job controls: how it stands, and its form. */
export type FreePodView = {
  readonly state: FreePodState
  readonly form: PodObject | null
  /** Of its last event: its resourceVersion. */
  readonly position: bigint
  /** Of the last event of the stream; -1 before the first. */
  readonly revision: number
  /** What is known of it as one that runs here. */
  readonly life: PodLife
  readonly containers: ReadonlyArray<ContainerRecord>
}

const unborn: PodLife = {
  pod: 0,
  phase: 'Pending',
  ready: false,
  reason: 0,
  exitCode: null,
  createdAt: 0,
  startedAt: null,
  readyTurnedAt: null,
  finishedAt: null,
  unschedulable: false,
}

export const emptyFreePodView: FreePodView = {
  state: noFreePod,
  form: null,
  position: 0n,
  revision: -1,
  life: unborn,
  containers: [],
}

export const foldFreePodView = (view: FreePodView, batch: ReadonlyArray<RecordedEvent<FreePodEvent>>): FreePodView => {
  let { form, life, containers } = view
  for (const { event } of batch)
    if (event.type === 'FreePodFormRecorded') form = event.form as PodObject
    else if (event.type === 'FreePodChanged') form = applyMergePatch(form, event.patch) as PodObject
    else if (event.type === 'FreePodStatusRecorded' && form !== null)
      form = { ...form, status: event.status as PodStatus }
    else if (event.type === 'FreePodReceived') {
      life = { ...unborn, createdAt: Date.parse(form?.metadata.creationTimestamp ?? '') || event.at }
      containers = []
    } else if (event.type === 'FreePodRunTakenOver') life = { ...life, pod: event.place.pod }
    else if (event.type === 'FreePodObserved') {
      life = lifeAfter(life, event.observation)
      containers = containersAfter(containers, event.observation)
    }
  const state = evolveFreePod(
    view.state,
    batch.map(({ event }) => event),
  )
  const { position, revision } = batch.at(-1) ?? view
  return { state, form, position, revision, life, containers }
}

const lifeAfter = (life: PodLife, seen: PodObservation): PodLife => {
  switch (seen.type) {
    case 'PodStarted':
      return { ...life, phase: 'Running', startedAt: seen.at, ready: seen.ready, readyTurnedAt: seen.at }
    case 'PodReadinessChanged':
      return { ...life, ready: seen.ready, readyTurnedAt: seen.at }
    case 'PodSucceeded':
      return { ...life, phase: 'Succeeded', ready: false, exitCode: 0, finishedAt: seen.at }
    case 'PodFailed':
      return {
        ...life,
        phase: 'Failed',
        ready: false,
        exitCode: seen.exitCode,
        reason: PodFailureReasons.indexOf(seen.reason ?? '') + 1,
        finishedAt: seen.at,
      }
    default:
      return life
  }
}

const containersAfter = (
  containers: ReadonlyArray<ContainerRecord>,
  seen: PodObservation,
): ReadonlyArray<ContainerRecord> => {
  if (!('container' in seen)) return containers
  const next = [...containers]
  next[seen.container] = recordOfContainer(next[seen.container], { ...seen, pod: 0 })
  return next
}

/** The Pod as the API shows it; null when it is gone, or a Job has taken it over. */
export const freePodObject = (view: FreePodView): PodObject | null => {
  const { state, form, position } = view
  if (state._tag === 'NoFreePod' || form === null || state.isRemoved) return null
  const { deletion, node } = state
  return {
    ...form,
    metadata: {
      ...form.metadata,
      resourceVersion: `${position}`,
      ...(deletion === null
        ? {}
        : {
            generation: (form.metadata.generation ?? 1) + 1,
            deletionTimestamp: kubernetesTime(deletion.at + deletion.graceSeconds * 1000),
            deletionGracePeriodSeconds: deletion.graceSeconds,
          }),
    },
    ...(node === null ? {} : { spec: { ...form.spec, nodeName: node }, status: statusHere(view, form) }),
  }
}

/** What clients say of a Pod that runs here counts as far as nothing else is known of it. */
const statusHere = ({ life, containers, form: kept }: FreePodView, pod: PodObject): PodStatus => {
  const status = podStatus(pod, { life, containers, isBound: true, obstacle: '', more: [] })
  const { conditions = [] } = status
  const more = (kept?.status.conditions ?? []).filter(({ type }) => !conditions.some((one) => one.type === type))
  return { ...status, conditions: [...conditions, ...more] }
}
