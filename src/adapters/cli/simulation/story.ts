import type { CronJobNews, JobNews } from '../../../application/log/ledger.ts'
import type { JobEvent, JobEventOf } from '../../../domain/job/events.ts'
import type { CronJobSpec } from '../../../domain/kubernetes/cron-job-object.ts'
import type { Job } from '../../../domain/job/job.ts'
import { podRow } from '../../../domain/job/pod-columns.ts'
import { podIdentityOf } from '../../../domain/job/pod-identity.ts'
import { sayCronJobEvent } from '../../../projections/cron-job-history.ts'
import { sayEvent } from '../../../projections/history.ts'
import { jobStatus } from '../../../projections/job-object.ts'
import type { JobView } from '../../../projections/job-view.ts'
import { elapsed } from './elapsed.ts'

/** Something that happened, at epoch milliseconds, to an object or to Pods or indexes of it. What happens alike at once is one of these. */
export type Scene = {
  readonly at: number
  readonly object: string
  readonly says: string
  readonly pods: ReadonlyArray<{ readonly name: string; readonly index: number | null }>
  /** Indexes that it is about where no Pod is. */
  readonly indexes: ReadonlyArray<number>
}

/** Gathers what happens to one Job or CronJob and to the Jobs of the latter, as a person would tell it. */
export const storyTeller = () => {
  const scenes: Scene[] = []
  const failed = new Map<string, number>()
  const retryAt = new Map<string, number | null>()
  const createdAt = new Map<string, number>()

  const add = (scene: Scene): void => {
    for (let place = scenes.length - 1; place >= 0 && scenes[place]?.at === scene.at; place -= 1) {
      const other = scenes[place]
      if (other === undefined || !isAlike(other, scene)) continue
      scenes[place] = {
        ...other,
        pods: [...other.pods, ...scene.pods],
        indexes: [...other.indexes, ...scene.indexes],
      }
      return
    }
    scenes.push(scene)
  }

  /** Failures that the status counts now for the first time. */
  const sayFailures = ({ uid, terms }: Job, event: JobEvent): string | null => {
    if (!('counts' in event) || event.counts.failed <= (failed.get(uid) ?? 0)) return null
    failed.set(uid, event.counts.failed)
    return `${event.counts.failed} failed so far${terms.backoffLimit >= unlimited ? '' : ` (backoffLimit ${terms.backoffLimit})`}`
  }

  /** A suspension, and how long a back-off holds up the next Pods, when that is news. */
  const saySync = ({ uid, terms }: Job, event: JobEventOf<'JobSynced'>): string | null => {
    if (event.suspended !== null) return event.suspended ? 'suspended' : 'resumed'
    const waitedUntil = retryAt.get(uid) ?? null
    const isNews = event.retryAt !== null && event.retryAt > event.at && event.retryAt !== retryAt.get(uid)
    retryAt.set(uid, event.retryAt)
    const isEarly = waitedUntil !== null && event.at < waitedUntil && event.retryAt === null
    if (isEarly && event.podFailures === 0 && terms.backoffLimitPerIndex === null)
      return 'the success ends the back-off'
    return isNews ? `back-off: the next Pods in ${elapsed((event.retryAt ?? 0) - event.at)}` : null
  }

  const tellJob = (view: JobView, event: JobEvent): void => {
    const { state } = view
    if (state._tag === 'NoJob') return
    const scene = { at: event.at, object: `job/${state.name}`, pods: [], indexes: [] }
    if ('pod' in event) {
      if (event.type === 'PodCreated') createdAt.set(event.uid, event.at)
      const { name, uid, index } = namedPod(state, event.pod)
      const startedAtOnce = event.type === 'PodStarted' && createdAt.get(uid) === event.at
      const says = startedAtOnce ? null : sayOfPod(state, event)
      if (says !== null) add({ ...scene, says, pods: [{ name, index }] })
      return
    }
    if (event.type === 'IndexFailed') return add({ ...scene, says: 'failed for good', indexes: [event.index] })
    const says = [sayFailures(state, event), event.type === 'JobSynced' ? saySync(state, event) : sayOfJob(view, event)]
    for (const one of says) if (one !== null) add({ ...scene, says: one })
  }

  return {
    jobs: (news: ReadonlyArray<JobNews>): void => {
      for (const { view, recorded } of news) for (const { event } of recorded) tellJob(view, event)
    },
    cronJobs: (news: ReadonlyArray<CronJobNews>): void => {
      for (const { view, recorded } of news)
        for (const { event } of recorded)
          if (view.state._tag === 'CronJob' && !untoldOfCronJobs.has(event.type))
            add({
              at: event.at,
              object: `cronjob/${view.state.name}`,
              says: event.type === 'CronJobCreated' ? planOf(view.state.manifest.spec) : sayCronJobEvent(event),
              pods: [],
              indexes: [],
            })
    },
    scenes: (): ReadonlyArray<Scene> => scenes,
  }
}

const isAlike = (a: Scene, b: Scene): boolean =>
  a.object === b.object &&
  a.says === b.says &&
  a.pods.length > 0 === b.pods.length > 0 &&
  a.indexes.length > 0 === b.indexes.length > 0

const untoldOfCronJobs: ReadonlySet<string> = new Set([
  'CronJobManifestRecorded',
  'CronJobSynced',
  'RunScheduled',
  'RunStarted',
  'RunFinished',
  'RunSucceeded',
])

const planOf = ({ schedule, timeZone, concurrencyPolicy, suspend }: CronJobSpec): string =>
  `created: ${schedule}${timeZone === undefined ? '' : ` in ${timeZone}`}, ${concurrencyPolicy}${suspend ? ', suspended' : ''}`

const namedPod = (job: Job, pod: number) => {
  const { index } = podRow(job.pods, pod)
  return { ...podIdentityOf(job, pod, index), index }
}

type PodEvent = Extract<JobEvent, { readonly pod: number }>

/** Null: nothing that a person would miss. */
const sayOfPod = (job: Job, event: PodEvent): string | null => {
  switch (event.type) {
    case 'PodCreated':
      return event.index !== null && event.attempt > 0 ? `created, attempt ${event.attempt + 1}` : 'created'
    case 'PodStarted':
      return 'running'
    case 'PodSucceeded':
      return 'succeeded'
    case 'PodFailed':
      return `failed${endTexts[event.reason ?? ''] ?? ''}${event.exitCode === null ? '' : ` with exit code ${event.exitCode}`}${ruleText(job, event.pod)}`
    case 'ContainerExited':
      return job.terms.restartPolicy === 'OnFailure' && event.exitCode !== 0
        ? `had a container that exited with ${event.exitCode}`
        : null
    case 'ContainerWaiting':
      return `waiting: ${event.reason}, restarted in ${elapsed(event.backoffMs)}`
    case 'ProcessStarted':
      return event.restart === 0 ? null : `restarted in place, restart ${event.restart}`
    case 'MessageRecorded':
      return `left a message: ${event.message}`
    case 'PodDeletionRequested':
      return event.by === 'controller' ? `told to stop, ${event.graceSeconds}s of grace` : null
    default:
      return null
  }
}

const endTexts: Readonly<Record<string, string>> = {
  Evicted: ': Evicted (DisruptionTarget)',
  NodeLost: ': NodeLost (DisruptionTarget)',
  DeadlineExceeded: ': DeadlineExceeded',
  Unknown: ': Unknown',
}

/** Which rule of podFailurePolicy is for the failure, if one is. */
const ruleText = (job: Job, pod: number): string => {
  const { match } = podRow(job.pods, pod)
  return match === null
    ? ''
    : `; podFailurePolicy rule ${match.rule}: ${job.terms.podFailurePolicy?.[match.rule]?.action}`
}

/** The backoffLimit that stands where only backoffLimitPerIndex was given. */
const unlimited = 2 ** 31 - 1

const sayOfJob = (view: JobView, event: JobEvent): string | null => {
  switch (event.type) {
    case 'JobCreated':
      return `created${scheduledFor(view)}: ${sayEvent(event).replace(/^[^:]*: /, '')}`
    case 'SuccessCriteriaMet':
      return condition(view, 'SuccessCriteriaMet')
    case 'FailureTargeted':
      return condition(view, 'FailureTarget')
    case 'JobCompleted':
      return condition(view, 'Complete')
    case 'JobFailed':
      return condition(view, 'Failed')
    case 'JobDeletionRequested':
      return `to be deleted, ${event.propagation.toLowerCase()}`
    case 'JobDeleted':
      return 'deleted'
    default:
      return null
  }
}

/** The time that the schedule named, in the zone of the CronJob. */
const scheduledFor = ({ manifest }: JobView): string => {
  const time = manifest?.metadata.annotations?.['batch.kubernetes.io/cronjob-scheduled-timestamp']
  return time === undefined ? '' : ` for ${time}`
}

const condition = ({ state, manifest }: JobView, type: string): string | null => {
  if (state._tag === 'NoJob') return null
  const found = jobStatus(state, manifest).conditions?.find((one) => one.type === type)
  return found === undefined ? null : `condition ${type}: ${found.reason}: ${found.message}`
}
