import type { JobEvent, JobEventOf } from '../../../src/domain/job/events.ts'
import type { JobCounts } from '../../../src/domain/job/job-facts.ts'
import type { JobManifest } from '../../../src/domain/kubernetes/job-object.ts'
import { keepsIndex } from './counted.ts'
import { newPod, type ObservedPod, observePod, type PodEvent } from './observed-pod.ts'

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
      return set({ pods: [...job.pods, newPod(event, job.spec)], news: job.news + 1 })
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
      if ('pod' in event) observeIn(job, event)
  }
}

/** [8.1, 4.2] A Pod that is taken over needs an index that no other Pod has. */
const adoptedPod = (event: JobEventOf<'PodAdopted'>, job: ObservedJob): ObservedPod => {
  const { completionMode, completions = 0 } = job.spec
  const index = completionMode === 'Indexed' ? event.index : null
  const isHeld = index !== null && job.pods.some((pod) => pod.index === index && keepsIndex(job, pod))
  const isSurplus = completionMode === 'Indexed' && (index === null || index >= completions || isHeld)
  const { pod, uid, name, createdAt } = event
  const created = { type: 'PodCreated', pod, uid, name, index, attempt: 0, indexFailures: null, generation: 0 } as const
  return {
    ...newPod({ ...created, at: createdAt }, job.spec),
    isBound: event.hasNode,
    isAdopted: true,
    isSurplus,
  }
}

const observeIn = (job: ObservedJob, event: PodEvent): void => {
  const pod = job.pods[event.pod]
  if (pod === undefined) return
  if (event.type !== 'PodAccounted' && event.type !== 'PodHeldBack') job.news += 1
  if (event.type === 'PodHeldBack' && pod.index !== null) letGo(job, pod.index)
  observePod(pod, event)
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
