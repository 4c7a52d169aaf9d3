import type { JobEvent, JobEventOf } from '../../../src/domain/job/events.ts'
import type { JobManifest } from '../../../src/domain/kubernetes/job-object.ts'

/** A Pod as the log tells it, whole: what an invariant asks is counted anew over all of them. */
export type ObservedPod = {
  readonly ordinal: number
  readonly uid: string
  readonly name: string
  readonly index: number | null
  readonly attempt: number
  readonly indexFailures: { readonly counted: number; readonly ignored: number } | null
  readonly createdAt: number
  phase: 'Pending' | 'Running' | 'Succeeded' | 'Failed'
  ready: boolean
  /** Of a Pod that is ready. */
  readySince: number | null
  restarts: number
  /** The last end of each container. */
  exits: ReadonlyArray<{ readonly container: number; readonly exitCode: number }>
  conditions: ReadonlyArray<{ readonly type: string; readonly status: string }>
  finishedAt: number | null
  deletedAt: number | null
  deletedBy: string | null
  graceSeconds: number | null
  hasFinalizer: boolean
  accountedAs: JobEventOf<'PodAccounted'>['as'] | null
  isHeldBack: boolean
  /** What is reported after its end changes nothing. */
  isSilent: boolean
  /** A success whose index an elastic Job has given up since. */
  isForgotten: boolean
  /** A node has it. */
  isBound: boolean
  /** The Job's selector finds it. */
  isSelected: boolean
  /** The Job took it over. */
  readonly isAdopted: boolean
  /** Its index is not the Job's, or another Pod had it when this one was taken over. */
  readonly isSurplus: boolean
  isReleased: boolean
  /** Its object is gone, or it is not the Job's any more. */
  isGone: boolean
}

/** What the stream of a Job says of one of its Pods. */
export type PodEvent = Extract<JobEvent, { readonly pod: number }>

/** A Pod of a Job with this spec. */
export const newPod = (event: JobEventOf<'PodCreated'>, spec: JobManifest['spec']): ObservedPod => ({
  ordinal: event.pod,
  uid: event.uid,
  name: event.name,
  index: event.index,
  attempt: event.attempt,
  indexFailures: event.indexFailures,
  createdAt: event.at,
  phase: 'Pending',
  ready: false,
  readySince: null,
  restarts: 0,
  exits: [],
  conditions: [],
  finishedAt: null,
  deletedAt: null,
  deletedBy: null,
  graceSeconds: null,
  hasFinalizer: true,
  accountedAs: null,
  isHeldBack: false,
  isSilent: false,
  isForgotten: false,
  isBound: spec.template.spec.nodeName !== undefined,
  isSelected: true,
  isAdopted: false,
  isSurplus: false,
  isReleased: false,
  isGone: false,
})

/** One more event of the Pod. */
export const observePod = (pod: ObservedPod, event: PodEvent): void => {
  const isOver = pod.phase === 'Succeeded' || pod.phase === 'Failed'
  const { at } = event
  const set = (change: Partial<ObservedPod>): void => void Object.assign(pod, change)
  switch (event.type) {
    case 'ProcessStarted':
      if (event.restart > 0) pod.restarts += 1
      pod.isBound = true
      return
    case 'PodStarted':
      return set({ phase: 'Running', ready: event.ready, readySince: at, isBound: true })
    case 'PodReadinessChanged':
      if (!pod.ready) pod.readySince = at
      pod.ready = event.ready
      return
    case 'ContainerExited':
      pod.exits = [...pod.exits.filter(({ container }) => container !== event.container), event]
      return
    case 'PodSucceeded':
      return set({ phase: 'Succeeded', ready: false, finishedAt: at })
    case 'PodFailed': {
      const isDisrupted = event.reason === 'NodeLost' || event.reason === 'Evicted'
      const conditions = isDisrupted ? [{ type: 'DisruptionTarget', status: 'True' }] : []
      return set({ phase: 'Failed', ready: false, finishedAt: at, conditions })
    }
    case 'PodReported': {
      if (isOver) return set({ isSilent: true })
      const ended = event.phase === 'Succeeded' || event.phase === 'Failed'
      set({ phase: event.phase, restarts: event.restarts, exits: ended ? event.exits : pod.exits })
      set({ ready: event.ready && !ended, readySince: event.readySince })
      if (ended) pod.finishedAt = event.finishedAt ?? at
      return
    }
    case 'PodStatusRecorded': {
      const { conditions } = event.status as { readonly conditions?: ObservedPod['conditions'] }
      if (!pod.isSilent) pod.conditions = conditions ?? []
      return
    }
    case 'PodRunTakenOver':
      pod.restarts = event.restartsBefore
      return
    case 'PodAccounted':
      return set({ hasFinalizer: false, accountedAs: event.as, isHeldBack: false })
    case 'PodHeldBack':
      pod.isHeldBack = true
      return
    case 'PodDeletionRequested':
      pod.deletedAt ??= at
      return set({ deletedBy: event.by, graceSeconds: event.graceSeconds })
    case 'PodChanged':
      return set({ isBound: event.hasNode, isSelected: event.isSelected })
    case 'PodReleased':
      return set({ isGone: true, isHeldBack: false, isReleased: true })
    case 'PodRemoved':
      pod.isGone = true
      return
    default:
  }
}
