import type { JobEvent, JobEventOf } from '../../domain/job/events.ts'
import type { JobCounts, JobTerms } from '../../domain/job/job-facts.ts'
import { isIndexed, type Job } from '../../domain/job/job.ts'
import { podRow } from '../../domain/job/pod-columns.ts'
import { failureAction } from '../../domain/job/policies/pod-failure-policy.ts'
import type { JobView } from '../job-view.ts'
import type { Recorded } from '../recorded.ts'
import type { MeterBook } from './meter-book.ts'

/** What happened to a Job, and the Job after it: of this only what later events do not change is looked at. */
export type JobMetricsNews = {
  readonly uid: string
  readonly view: JobView
  readonly recorded: ReadonlyArray<Recorded>
}

/** What is remembered of a Job that is not over. */
type Memory = {
  /** What the sync that is being told has done so far. */
  created: number
  deleted: boolean
  isEnding: boolean
  hasVerdictNow: boolean
  /** A verdict of an earlier sync. */
  hasVerdict: boolean
  /** The terminal condition is published, and later the last sync has been told. */
  isFinished: boolean
  isOver: boolean
  suspend: boolean
  replaces: JobTerms['podReplacementPolicy']
  succeeded: number
  failed: number
  /** Failed Pods that are remembered for their index and not counted yet, but for those that a policy ignores. */
  readonly heldBack: Set<number>
  /** Pods that have ended, and those that are tracked no longer: a bit for each. */
  readonly ended: number[]
  readonly letGo: number[]
}

const newMemory = (): Memory => ({
  created: 0,
  deleted: false,
  isEnding: false,
  hasVerdictNow: false,
  hasVerdict: false,
  isFinished: false,
  isOver: false,
  suspend: false,
  replaces: 'TerminatingOrFailed',
  succeeded: 0,
  failed: 0,
  heldBack: new Set(),
  ended: [],
  letGo: [],
})

/** Notes what a piece of a Job's stream says. */
export const jobMetrics = (book: MeterBook) => {
  const memories = new Map<string, Memory>()
  return ({ uid, view, recorded }: JobMetricsNews): void => {
    const { state } = view
    if (state._tag === 'NoJob') return
    const known = memories.get(uid)
    const isNew = known === undefined && recorded.some(({ event }) => event.type === 'JobCreated')
    const memory = known ?? { ...newMemory(), isOver: !isNew }
    for (const { event } of recorded) note(book, memory, view, state, event)
    if (memory.isOver || (state.deleted && state.live === 0)) memories.delete(uid)
    else memories.set(uid, memory)
  }
}

const note = (book: MeterBook, memory: Memory, view: JobView, job: Job, event: JobEvent): void => {
  switch (event.type) {
    case 'JobCreated':
      memory.suspend = event.terms.suspend
      memory.replaces = event.terms.podReplacementPolicy
      if (event.terms.managedElsewhere)
        book.count('job_controller_jobs_by_external_controller_total', { controller_name: managerOf(view) })
      return
    case 'JobSuspended':
      memory.suspend = true
      return
    case 'JobResumed':
      memory.suspend = false
      return
    case 'PodReplacementPolicyChanged':
      memory.replaces = event.podReplacementPolicy
      return
    case 'PodCreated':
      memory.created += 1
      return
    case 'PodDeletionRequested':
      memory.deleted ||= event.by === 'controller'
      return
    case 'PodSucceeded':
    case 'PodFailed':
      return podEnded(book, memory, event.pod)
    case 'PodReported':
      if (event.phase === 'Succeeded' || event.phase === 'Failed') podEnded(book, memory, event.pod)
      return
    case 'PodHeldBack':
      if (failureAction(job, podRow(job.pods, event.pod).match) !== 'Ignore') memory.heldBack.add(event.pod)
      return
    case 'PodAccounted':
      return podAccounted(book, memory, job, event)
    case 'PodReleased':
      return podLetGo(book, memory, event.pod)
    case 'IndexFailed':
      return book.count('job_controller_job_finished_indexes_total', { ...limitOf(job), status: 'failed' })
    case 'SuccessCriteriaMet':
      memory.isEnding = event.reason === 'SuccessPolicy'
      memory.hasVerdictNow = true
      return
    case 'FailureTargeted':
      memory.isEnding = true
      memory.hasVerdictNow = true
      return
    case 'JobCompleted':
      memory.isFinished = true
      return jobFinished(book, job, event.reason, 'succeeded')
    case 'JobFailed':
      memory.isFinished = true
      return jobFinished(book, job, event.reason, 'failed')
    case 'JobSynced':
      return synced(book, memory, job, event)
    case 'StatusWithheld':
      return withheld(book, memory, job, event)
    default:
  }
}

const managerOf = ({ manifest }: JobView): string => manifest?.spec.managedBy ?? ''

const modeOf = ({ terms }: Job) => ({ completion_mode: terms.completionMode })

const limitOf = ({ terms }: Job) => ({ backoffLimit: terms.backoffLimitPerIndex === null ? 'global' : 'perIndex' })

/** A Pod that is accounted for before it ends (its deletion counts as its end) has nothing more to track. */
const podEnded = (book: MeterBook, memory: Memory, pod: number): void => {
  if (!memory.isOver && putBit(memory.ended, pod) && !hasBit(memory.letGo, pod))
    book.count('job_controller_terminated_pods_tracking_finalizer_total', { event: 'add' })
}

const podLetGo = (book: MeterBook, memory: Memory, pod: number): void => {
  if (!memory.isOver && putBit(memory.letGo, pod) && hasBit(memory.ended, pod))
    book.count('job_controller_terminated_pods_tracking_finalizer_total', { event: 'delete' })
}

const hasBit = (words: ReadonlyArray<number>, place: number): boolean =>
  ((words[place >>> 5] ?? 0) & (1 << (place & 31))) !== 0

/** Whether it was not there before. */
const putBit = (words: number[], place: number): boolean => {
  if (hasBit(words, place)) return false
  while (words.length <= place >>> 5) words.push(0)
  words[place >>> 5]! |= 1 << (place & 31)
  return true
}

const podAccounted = (book: MeterBook, memory: Memory, job: Job, { pod, as }: JobEventOf<'PodAccounted'>): void => {
  memory.heldBack.delete(pod)
  podLetGo(book, memory, pod)
  // Of a Pod that is counted before its end the policy is not asked, whatever its containers exit with later.
  const match = hasBit(memory.ended, pod) ? podRow(job.pods, pod).match : null
  if (match !== null && (as === 'failed' || as === 'ignored'))
    book.count('job_controller_pod_failures_handled_by_failure_policy_total', { action: failureAction(job, match) })
}

const jobFinished = (book: MeterBook, job: Job, reason: string, result: 'succeeded' | 'failed'): void =>
  book.count('job_controller_jobs_finished_total', { ...modeOf(job), reason, result })

type SyncEnd = JobEventOf<'JobSynced'> | JobEventOf<'StatusWithheld'>

const synced = (book: MeterBook, memory: Memory, job: Job, event: JobEventOf<'JobSynced'>): void => {
  countSync(book, memory, job, event, 'success', creationReason(memory, event.counts))
  const { succeeded, failed } = event.counts
  const newlySucceeded = succeeded - memory.succeeded
  book.count('job_controller_job_pods_finished_total', { ...modeOf(job), result: 'succeeded' }, newlySucceeded)
  book.count('job_controller_job_pods_finished_total', { ...modeOf(job), result: 'failed' }, failed - memory.failed)
  if (isIndexed(job))
    book.count('job_controller_job_finished_indexes_total', { ...limitOf(job), status: 'succeeded' }, newlySucceeded)
  memory.hasVerdict ||= memory.hasVerdictNow
  memory.isOver = memory.isFinished
  memory.succeeded = succeeded
  memory.failed = failed
}

/** [I-12] A sync that could not write its status has failed. */
const withheld = (book: MeterBook, memory: Memory, job: Job, event: JobEventOf<'StatusWithheld'>): void =>
  countSync(book, memory, job, event, 'error', creationReason(memory, { failed: memory.failed, terminating: 0 }))

const countSync = (
  book: MeterBook,
  memory: Memory,
  job: Job,
  event: SyncEnd,
  result: 'success' | 'error',
  reason: string,
): void => {
  const labels = { action: actionOf(memory, event), ...modeOf(job), result }
  book.count('job_controller_job_syncs_total', labels)
  book.observe('job_controller_job_sync_duration_seconds', labels, Math.max(0, event.at - (event.from ?? event.at)))
  book.count('job_controller_job_pods_creation_total', { reason, status: 'succeeded' }, memory.created)
  memory.created = 0
  memory.deleted = false
}

/** A sync whose verdict stands before Pods are looked at neither creates nor deletes for their number. */
const actionOf = (memory: Memory, { retryAt }: SyncEnd): string => {
  if (memory.isEnding || memory.hasVerdict) return 'reconciling'
  if (memory.suspend || memory.deleted) return 'pods_deleted'
  return memory.created > 0 || retryAt !== null ? 'pods_created' : 'tracking'
}

const creationReason = (
  { heldBack, replaces }: Memory,
  { failed, terminating }: Pick<JobCounts, 'failed' | 'terminating'>,
): string => {
  const hasFailed = failed > 0 || heldBack.size > 0
  if (hasFailed && replaces === 'Failed') return 'recreate_failed'
  return hasFailed || terminating > 0 ? 'recreate_terminating_or_failed' : 'new'
}
