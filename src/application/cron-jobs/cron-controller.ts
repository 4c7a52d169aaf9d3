import { Subject, type Subscription } from 'rxjs'
import type { RunOutcome } from '../../domain/cronjob/commands.ts'
import type { CronJob } from '../../domain/cronjob/cron-job.ts'
import { jobOfRun } from '../../domain/cronjob/job-of-run.ts'
import { openWork } from '../../domain/cronjob/open-work.ts'
import type { ScheduledRun } from '../../domain/cronjob/run-identity.ts'
import { refusalText } from '../../domain/job/refusals.ts'
import { E } from '../../prelude.ts'
import { controllingCronJob } from '../../projections/child-job.ts'
import type { CronMoment, CronWish } from '../../sagas/cron-saga.ts'
import { ensureScheduledJobsStart } from '../../sagas/ensure-scheduled-jobs-start.ts'
import type { CronJobWriter } from './cron-job-writer.ts'
import type { JobService } from '../jobs/job-service.ts'
import type { Because, JobWriter } from '../jobs/job-writer.ts'
import type { Ledger } from '../log/ledger.ts'
import type { Clock } from '../ports/clock.ts'
import { storeWasAway } from '../log/store-was-away.ts'

export type CronControllerPorts = {
  readonly clock: Clock
  readonly ledger: Ledger
  readonly writer: CronJobWriter
  readonly jobs: Pick<JobService, 'createAs'>
  readonly jobWriter: JobWriter
  /** Works for a Job that was created. */
  readonly driveJob: (uid: string) => void
  /** The controller cannot go on: the log is lost, or a bug showed. The process should end. */
  readonly onFatal: (reason: string) => void
  /** Whether something else than its Jobs keeps a CronJob that is being deleted; absent: nothing does. */
  readonly isBlocked?: (cronJob: string) => boolean
  /** Called between the creation of a Job and its entry in the CronJob: a place where tests end the process. */
  readonly beforeOutcome?: () => void
}

/** The loop around CronJobs: their news and those of their Jobs make moments, the saga's wishes become syncs, open work is done. */
export type CronController = {
  /**
   * Works for this CronJob from now on, beginning with what a crash left undone. Others in the log are left alone, but for the Jobs
   * of one that is deleted.
   */
  readonly drive: (uid: string) => void
  readonly close: () => void
}

export const startCronController = (ports: CronControllerPorts): CronController => {
  const { clock, ledger, writer, onFatal } = ports
  const driven = new Set<string>()
  const moments$ = new Subject<CronMoment>()
  let isClosed = false

  const later = (act: () => void): void => void clock.scheduler.schedule(() => isClosed || act(), retryMs)

  const tell = (uid: string, cause?: string): void => {
    const view = ledger.cronJobs.getByUid(uid)
    if (view?.state._tag !== 'CronJob' || !driven.has(uid) || isClosed) return
    const children = ledger.childrenOf(uid)
    moments$.next({
      cronJob: view.state,
      children,
      cause: cause ?? view.lastEventId,
      correlationId: writer.rootOf(uid),
    })
    if (hasCronWork(view.state, children.length)) return
    driven.delete(uid)
    writer.release(uid)
  }

  const grant = ({ cronJob, saga, cause, correlationId }: CronWish): void => {
    const because = {
      actor: { kind: 'saga' as const, name: saga },
      causationId: cause,
      ...(correlationId && { correlationId }),
    }
    const children = ledger.childrenOf(cronJob)
    void writer
      .handle(cronJob, { type: 'SyncCronJob', children, isBlocked: ports.isBlocked?.(cronJob) === true }, because)()
      .then((outcome) => {
        if (isClosed || (E.isLeft(outcome) && outcome.left._tag === 'CronJobNotFound')) return
        if (E.isLeft(outcome) && !storeWasAway(outcome.left)) return onFatal(`${saga}: ${outcome.left._tag}`)
        if (E.isLeft(outcome) || outcome.right.events.length === 0) later(() => tell(cronJob))
      })
  }

  const working = new Set<string>()
  const workLeft = new Set<string>()
  const work = async (uid: string): Promise<void> => {
    workLeft.add(uid)
    if (working.has(uid)) return
    working.add(uid)
    while (workLeft.delete(uid) && !isClosed)
      if (!(await doOpenWork(ports, uid)) && !isClosed) later(() => void work(uid))
    working.delete(uid)
  }

  const drive = (uid: string): void => {
    if (isClosed || driven.has(uid)) return
    driven.add(uid)
    void work(uid)
    tell(uid)
  }

  const listen = { error: (cause: unknown) => onFatal(String(cause)) }
  const subscriptions: ReadonlyArray<Subscription> = [
    ensureScheduledJobsStart(clock)(moments$).subscribe({ next: grant, ...listen }),
    ledger.news$.subscribe((news) => {
      for (const { view, recorded } of news) {
        const owner = controllingCronJob(view)
        if (owner === null) continue
        if (driven.has(owner)) tell(owner, recorded.at(-1)?.id)
        else if (isUnfinishedEnd(ledger, owner)) drive(owner)
      }
    }),
    ledger.cronJobs.news$.subscribe((news) => {
      for (const { uid } of news) {
        if (driven.has(uid)) {
          tell(uid)
          void work(uid)
        } else if (isUnfinishedEnd(ledger, uid)) drive(uid)
      }
    }),
  ]

  for (const { state } of ledger.cronJobs.all())
    if (state._tag === 'CronJob' && isUnfinishedEnd(ledger, state.uid)) drive(state.uid)

  return {
    drive,
    close: () => {
      isClosed = true
      for (const subscription of subscriptions) subscription.unsubscribe()
    },
  }
}

/** It may start Jobs, or those it has are to be deleted with it. */
export const hasCronWork = ({ deleted, deletion }: CronJob, children: number): boolean =>
  !deleted || (children > 0 && deletion?.propagation !== 'Orphan')

const isUnfinishedEnd = ({ cronJobs, childrenOf }: Ledger, uid: string): boolean => {
  const state = cronJobs.getByUid(uid)?.state
  return state?._tag === 'CronJob' && state.deletion !== null && hasCronWork(state, childrenOf(uid).length)
}

const retryMs = 1000

/** Deletes and creates the Jobs that are recorded as such, in this order. False: the log was away, all of it is to be done again. */
const doOpenWork = async (ports: CronControllerPorts, uid: string): Promise<boolean> => {
  const { ledger, writer, onFatal } = ports
  const view = ledger.cronJobs.getByUid(uid)
  if (view?.state._tag !== 'CronJob') return true
  const { create, remove } = openWork(view.state)
  const correlationId = writer.rootOf(uid)
  const because: Because = {
    actor: { kind: 'saga', name: 'ensure-scheduled-jobs-start' },
    causationId: view.lastEventId,
    ...(correlationId && { correlationId }),
  }
  for (const run of remove) if (!(await deleteJob(ports, run, because))) return false
  if (create === null) return true
  const outcome = await createJob(ports, view.state, create, because)
  if (outcome === null) return false
  ports.beforeOutcome?.()
  const told = await writer.handle(uid, { type: 'RecordRunOutcome', uid: create.uid, outcome }, because)()
  if (E.isRight(told) || told.left._tag === 'CronJobNotFound') return true
  if (!storeWasAway(told.left)) onFatal(`what came of a run could not be recorded: ${told.left._tag}`)
  return false
}

/** Answers false when it could not be done now. A Job whose deletion is under way already is left to it. */
const deleteJob = async (
  { ledger, jobWriter }: CronControllerPorts,
  { uid, propagation }: CronJob['removing'][number],
  because: Because,
): Promise<boolean> => {
  const state = ledger.getByUid(uid)?.state
  if (state?._tag !== 'Job' || state.deletion !== null) return true
  const outcome = await jobWriter.handle(uid, { type: 'DeleteJob', propagation }, because)()
  if (state.live === 0) jobWriter.release(uid)
  return E.isRight(outcome) || outcome.left._tag === 'JobNotFound'
}

/** What came of it, with the Job in the ledger; null when it could not be done now. */
const createJob = async (
  { ledger, jobs, driveJob }: CronControllerPorts,
  cronJob: CronJob,
  run: ScheduledRun,
  because: Because,
): Promise<RunOutcome | null> => {
  const present = createdBefore(ledger, cronJob, run)
  if (present !== null) return present
  const manifest = jobOfRun(cronJob, run)
  if (E.isLeft(manifest)) return { _tag: 'Failed', message: manifest.left }
  const outcome = await jobs.createAs(run.uid, manifest.right, because)()
  if (E.isRight(outcome)) {
    driveJob(run.uid)
    return createdBefore(ledger, cronJob, run)
  }
  const failure = outcome.left
  if (failure._tag === 'JobAlreadyExists') return createdBefore(ledger, cronJob, run)
  if (failure._tag === 'FieldInvalid')
    return { _tag: 'Failed', message: `Job.batch ${JSON.stringify(run.name)} is invalid: ${refusalText(failure)}` }
  return null
}

/** The run's own Job, deleted meanwhile or not, or another one of its name; null: there is none. */
const createdBefore = (ledger: Ledger, { uid, namespace }: CronJob, run: ScheduledRun): RunOutcome | null => {
  const made = ledger.getByUid(run.uid)
  if (made !== null) return { _tag: 'Created', resourceVersion: `${made.position}` }
  if (ledger.history(namespace, run.name).includes(run.uid))
    return { _tag: 'Created', resourceVersion: `${ledger.position()}` }
  const other = ledger.find(namespace, run.name)
  if (other?.state._tag !== 'Job') return null
  const isOwn = controllingCronJob(other) === uid
  return {
    _tag: 'NameTaken',
    own: isOwn ? { uid: other.state.uid, resourceVersion: `${other.position}` } : null,
  }
}
