import type { JobEvent, JobEventOf } from '../../../src/domain/job/events.ts'
import type { JobCounts } from '../../../src/domain/job/job-facts.ts'
import { keepsIndex } from './counted.ts'
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

export type Verdict = { readonly type: 'success' | 'failure'; readonly reason: string; readonly at: number }

/** A Job as the log tells it: its spec as it now is, and its Pods. Nothing here is counted while it goes. */
export type ObservedJob = {
  readonly uid: string
  readonly name: string
  readonly createdAt: number
  readonly podsRunElsewhere: boolean
  readonly backoffBaseMs: number
  spec: JobManifest['spec']
  /** Labels that its selector wants. */
  readonly selector: Readonly<Record<string, string>>
  hasFinalizers: boolean
  generation: number
  pods: ReadonlyArray<ObservedPod>
  failedIndexes: ReadonlySet<number>
  startTime: number | null
  isSuspended: boolean | null
  interim: Verdict | null
  finished: Verdict | null
  /** A client wrote the status, and no sync has since. */
  isReported: boolean
  /** When its own controller says that it ended: of a Job that is managed elsewhere. */
  finishedElsewhereAt: number | null
  deletion: { readonly at: number; readonly propagation: string } | null
  isDeleted: boolean
  /** What the back-off remembers (rules B-1 to B-3), as told by the last sync. */
  backoff: Backoff
  retryAt: number | null
  published: JobCounts | null
  /** The last sync left the status as it was (rule I-12). */
  isWithheld: boolean
  /** What the status says is completed, by Pods, and failed: an index that comes back in time is what it was. */
  told: { readonly completedBy: ReadonlySet<number>; readonly failedIndexes: ReadonlySet<number> }
  syncs: number
  /** Facts and changes since the last sync. */
  news: number
}

export type Backoff = { readonly failures: number; readonly lastAt: number | null }

/** A copy to be compared with what comes after: Pods are copied, everything else is replaced and never written to. */
export const copyOf = (job: ObservedJob): ObservedJob => ({ ...job, pods: job.pods.map((pod) => ({ ...pod })) })

export const observedJob = (
  manifest: JobManifest,
  { uid, name, at, terms, hasFinalizers }: JobEventOf<'JobCreated'>,
): ObservedJob => ({
  uid,
  name,
  createdAt: at,
  podsRunElsewhere: terms.podsRunElsewhere,
  backoffBaseMs: terms.podBackoffBaseMs,
  spec: manifest.spec,
  selector: manifest.spec.selector?.matchLabels ?? { 'batch.kubernetes.io/controller-uid': uid },
  hasFinalizers,
  generation: 1,
  pods: [],
  failedIndexes: new Set(),
  startTime: null,
  isSuspended: null,
  interim: null,
  finished: null,
  isReported: false,
  finishedElsewhereAt: null,
  deletion: null,
  isDeleted: false,
  backoff: { failures: 0, lastAt: null },
  retryAt: null,
  published: null,
  isWithheld: false,
  told: { completedBy: new Set(), failedIndexes: new Set() },
  syncs: 0,
  news: 1,
})

const changeSpec = (job: ObservedJob, event: { readonly generation: number }, change: Partial<JobManifest['spec']>) => {
  Object.assign(job, { spec: { ...job.spec, ...change }, generation: event.generation, news: job.news + 1 })
}

/** Only the fields that are set: null unsets. */
const orAbsent = (spec: JobManifest['spec'], field: keyof JobManifest['spec'], value: number | null) => {
  const { [field]: _, ...rest } = spec
  return (value === null ? rest : { ...rest, [field]: value }) as JobManifest['spec']
}

/** One more event of the Job. */
export const observe = (job: ObservedJob, event: JobEvent): void => {
  if ('counts' in event) job.told = { completedBy: completingPods(job), failedIndexes: job.failedIndexes }
  const set = (change: Partial<ObservedJob>): void => void Object.assign(job, change)
  switch (event.type) {
    case 'JobSuspended':
      return changeSpec(job, event, { suspend: true })
    case 'JobResumed':
      return changeSpec(job, event, { suspend: false })
    case 'ParallelismChanged':
      return changeSpec(job, event, { parallelism: event.parallelism })
    case 'CompletionsChanged':
      changeSpec(job, event, { completions: event.completions })
      return forgetIndexes(job, event.completions)
    case 'PodReplacementPolicyChanged':
      return changeSpec(job, event, { podReplacementPolicy: event.podReplacementPolicy })
    case 'BackoffLimitChanged':
      return changeSpec(job, event, { backoffLimit: event.backoffLimit })
    case 'MaxFailedIndexesChanged':
      changeSpec(job, event, {})
      return set({ spec: orAbsent(job.spec, 'maxFailedIndexes', event.maxFailedIndexes) })
    case 'ActiveDeadlineChanged':
      changeSpec(job, event, {})
      return set({ spec: orAbsent(job.spec, 'activeDeadlineSeconds', event.activeDeadlineSeconds) })
    case 'TtlChanged':
      changeSpec(job, event, {})
      return set({ spec: orAbsent(job.spec, 'ttlSecondsAfterFinished', event.ttlSecondsAfterFinished) })
    case 'JobChanged':
      return set({ generation: event.generation, hasFinalizers: event.hasFinalizers })
    case 'JobStatusReported':
      return set({
        isReported: true,
        finishedElsewhereAt: job.spec.managedBy === undefined ? null : event.finishedAt,
        news: job.news + (job.finished === null ? 1 : 0),
      })
    case 'JobDeletionRequested':
      return set({
        deletion: { at: job.deletion?.at ?? event.at, propagation: event.propagation },
        generation: job.generation + (job.deletion === null ? 1 : 0),
      })
    case 'JobDeleted':
      return set({ isDeleted: true })
    case 'PodCreated':
      if (event.index !== null) letGo(job, event.index)
      return set({ pods: [...job.pods, newPod(event, job)], news: job.news + 1 })
    case 'PodAdopted': {
      const pod = adoptedPod(event, job)
      if (pod.index !== null && !pod.isSurplus) letGo(job, pod.index)
      return set({ pods: [...job.pods, pod], news: job.news + 1 })
    }
    case 'IndexFailed':
      return set({ failedIndexes: new Set([...job.failedIndexes, event.index]) })
    case 'SuccessCriteriaMet':
    case 'FailureTargeted': {
      const type = event.type === 'FailureTargeted' ? 'failure' : 'success'
      return set({ interim: { type, reason: event.reason, at: event.at }, published: event.counts })
    }
    case 'JobCompleted':
    case 'JobFailed': {
      const type = event.type === 'JobFailed' ? 'failure' : 'success'
      return set({ finished: { type, reason: event.reason, at: event.at }, published: event.counts })
    }
    case 'JobSynced':
      return set({
        startTime: event.startTime,
        isSuspended: event.suspended ?? job.isSuspended,
        backoff: { failures: event.podFailures, lastAt: event.lastPodFailureAt },
        retryAt: event.retryAt,
        published: event.counts,
        isWithheld: false,
        isReported: false,
        syncs: job.syncs + 1,
        news: 0,
      })
    case 'StatusWithheld':
      return set({
        backoff: { failures: event.podFailures, lastAt: event.lastPodFailureAt },
        retryAt: event.retryAt,
        isWithheld: true,
        syncs: job.syncs + 1,
        news: 0,
      })
    default:
      if ('pod' in event) observePod(job, event)
  }
}

type PodEvent = Extract<JobEvent, { readonly pod: number }>

/** [8.1, 4.2] A Pod that is taken over needs an index that no other Pod has. */
const adoptedPod = (event: JobEventOf<'PodAdopted'>, job: ObservedJob): ObservedPod => {
  const { completionMode, completions = 0 } = job.spec
  const index = completionMode === 'Indexed' ? event.index : null
  const isHeld = index !== null && job.pods.some((pod) => pod.index === index && keepsIndex(job, pod))
  const isSurplus = completionMode === 'Indexed' && (index === null || index >= completions || isHeld)
  const { pod, uid, name, createdAt } = event
  const created = { type: 'PodCreated', pod, uid, name, index, attempt: 0, indexFailures: null, generation: 0 } as const
  return {
    ...newPod({ ...created, at: createdAt }, job),
    isBound: event.hasNode,
    isAdopted: true,
    isSurplus,
  }
}

const newPod = (event: JobEventOf<'PodCreated'>, { spec }: ObservedJob): ObservedPod => ({
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

const observePod = (job: ObservedJob, event: PodEvent): void => {
  const pod = job.pods[event.pod]
  if (pod === undefined) return
  const isOver = pod.phase === 'Succeeded' || pod.phase === 'Failed'
  const { at } = event
  if (event.type !== 'PodAccounted' && event.type !== 'PodHeldBack') job.news += 1
  switch (event.type) {
    case 'ProcessStarted':
      if (event.restart > 0) pod.restarts += 1
      pod.isBound = true
      return
    case 'PodStarted':
      return void Object.assign(pod, { phase: 'Running', ready: event.ready, readySince: at, isBound: true })
    case 'PodReadinessChanged':
      if (!pod.ready) pod.readySince = at
      pod.ready = event.ready
      return
    case 'ContainerExited':
      pod.exits = [...pod.exits.filter(({ container }) => container !== event.container), event]
      return
    case 'PodSucceeded':
      return void Object.assign(pod, { phase: 'Succeeded', ready: false, finishedAt: at })
    case 'PodFailed': {
      const isDisrupted = event.reason === 'NodeLost' || event.reason === 'Evicted'
      const conditions = isDisrupted ? [{ type: 'DisruptionTarget', status: 'True' }] : []
      return void Object.assign(pod, { phase: 'Failed', ready: false, finishedAt: at, conditions })
    }
    case 'PodReported': {
      if (isOver) return void Object.assign(pod, { isSilent: true })
      const ended = event.phase === 'Succeeded' || event.phase === 'Failed'
      Object.assign(pod, { phase: event.phase, restarts: event.restarts, exits: ended ? event.exits : pod.exits })
      Object.assign(pod, { ready: event.ready && !ended, readySince: event.readySince })
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
      return void Object.assign(pod, { hasFinalizer: false, accountedAs: event.as, isHeldBack: false })
    case 'PodHeldBack':
      if (pod.index !== null) letGo(job, pod.index)
      pod.isHeldBack = true
      return
    case 'PodDeletionRequested':
      pod.deletedAt ??= at
      return void Object.assign(pod, { deletedBy: event.by, graceSeconds: event.graceSeconds })
    case 'PodChanged':
      return void Object.assign(pod, { isBound: event.hasNode, isSelected: event.isSelected })
    case 'PodReleased':
      return void Object.assign(pod, { isGone: true, isHeldBack: false, isReleased: true })
    case 'PodRemoved':
      pod.isGone = true
      return
    default:
  }
}

const letGo = ({ pods }: ObservedJob, index: number): void => {
  for (const pod of pods) if (pod.index === index) pod.isHeldBack = false
}

const completingPods = ({ pods }: ObservedJob): ReadonlySet<number> =>
  new Set(pods.filter((pod) => pod.accountedAs === 'succeeded' && !pod.isForgotten).map(({ ordinal }) => ordinal))

/** [4.6] What an elastic Job no longer has, it forgets, and what it has again it remembers as long as its status does. */
const forgetIndexes = (job: ObservedJob, completions: number): void => {
  const failed = [...job.failedIndexes, ...job.told.failedIndexes]
  job.failedIndexes = new Set(failed.filter((index) => index < completions))
  for (const pod of job.pods) {
    if (job.told.completedBy.has(pod.ordinal)) pod.isForgotten = false
    if ((pod.index ?? -1) < completions) continue
    pod.isHeldBack = false
    if (pod.accountedAs === 'succeeded') pod.isForgotten = true
  }
}
