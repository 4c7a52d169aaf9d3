import type { JobEvent } from '../../src/domain/job/events.ts'
import type { JobManifest } from '../../src/domain/kubernetes/job-object.ts'
import type { StoredEvent } from '../../src/application/ports/event-store.ts'
import { invariantsAtRest } from './invariants/at-rest.ts'
import type { Complaint, SyncSeen } from './invariants/invariant.ts'
import { invariantsOfWithheld, isRefused } from './invariants/of-withheld.ts'
import { invariantsOfCommands, invariantsOfJobs } from './invariants/of-jobs.ts'
import { invariantsOfPods } from './invariants/of-pods.ts'
import { invariantsOfCounting, invariantsOfNumber, invariantsOfPublication, newEnds } from './invariants/of-syncs.ts'
import { invariantsOfVerdicts } from './invariants/of-verdicts.ts'
import { countsOf } from './observed/counted.ts'
import { endsOfSyncs, isOneOf, verdicts } from './observed/kinds-of-events.ts'
import type { ObservedCronJob } from './observed/observed-cron-job.ts'
import { copyOf, type ObservedJob, observe, observedJob } from './observed/observed-job.ts'
import { type ReachedState, stateOf } from './coverage/of-jobs.ts'
import type { CronState } from './coverage/of-cron-jobs.ts'
import type { FreePodReached } from './coverage/of-free-pods.ts'
import { cronInvariantNames, cronJudge } from './cron-judge.ts'
import { freePodInvariantNames, freePodJudge } from './free-pod-judge.ts'
import type { FreePodEvent } from '../../src/domain/free-pod/events.ts'
import type { ObservedFreePod } from './observed/observed-free-pod.ts'
import type { CronJobEvent } from '../../src/domain/cronjob/events.ts'

/** An invariant that does not hold, and what shows it. */
export type Violation = { readonly invariant: string; readonly sentence: string }

/** Reads the log as it grows and looks whether everything that must hold does. */
export type Judge = {
  readonly jobs: ReadonlyMap<string, ObservedJob>
  readonly crons: ReadonlyMap<string, ObservedCronJob>
  readonly freePods: ReadonlyMap<string, ObservedFreePod>
  readonly see: (piece: ReadonlyArray<StoredEvent>) => void
  /** The process is idle and time is about to pass: what was due must have been done. */
  readonly seeIdle: (now: number, windowMs: number) => void
  readonly seeRest: () => void
}

const perEvent = Object.entries({ ...invariantsOfPods, ...invariantsOfJobs })
const perCommand = Object.entries(invariantsOfCommands)
const perSync = Object.entries({
  ...invariantsOfCounting,
  ...invariantsOfVerdicts,
  ...invariantsOfNumber,
  ...invariantsOfPublication,
})
const perWithheld = Object.entries(invariantsOfWithheld)
const atRest = Object.entries(invariantsAtRest)

const ofTheLog = [
  'revisions and positions rise without gaps, and the chain of hashes holds',
  'a command has one effect, in one piece',
  'nothing is overdue',
  'a status that may not fall is withheld, and no other',
]

/** The names of all invariants that the log shows. */
export const invariantNames: ReadonlyArray<string> = [
  ...ofTheLog,
  ...cronInvariantNames,
  ...freePodInvariantNames,
  ...[perEvent, perCommand, perSync, perWithheld, atRest].flatMap((list: ReadonlyArray<readonly [string, unknown]>) =>
    list.map(([name]) => name),
  ),
]

type Metadata = {
  readonly commandId: string
  readonly actor: { readonly name: string }
  readonly previous: string
  readonly hash: string
}
type Read = { readonly event: JobEvent; readonly metadata: Metadata; readonly stored: StoredEvent }

export const judgeOf = (parts: {
  readonly digest: (text: string) => string
  readonly complain: (invariant: string, sentence: string) => void
  /** An event of this type came to a Job, CronJob or Pod in this state. */
  readonly reached: (type: string, state: ReachedState | CronState | FreePodReached) => void
  readonly onEnd: (job: ObservedJob, pod: number) => void
}): Judge => {
  const { digest, complain, reached, onEnd } = parts
  const jobs = new Map<string, ObservedJob>()
  const manifests = new Map<string, JobManifest>()
  const chains = new Map<string, { readonly revision: number; readonly hash: string }>()
  const commands = new Set<string>()
  const freePods = freePodJudge({ jobs, complain, reached })
  const cronJobs = cronJudge({ jobs, complain, reached })
  let position = 0n

  const check = <A extends unknown[]>(
    invariants: ReadonlyArray<readonly [string, (...seen: A) => Complaint]>,
    about: string,
    ...seen: A
  ): void => {
    for (const [name, holds] of invariants) {
      const complaint = holds(...seen)
      if (complaint !== null) complain(name, `${about}: ${complaint}`)
    }
  }

  const seeChain = ({ stored, metadata }: Pick<Read, 'stored' | 'metadata'>): void => {
    const { stream, revision, type, data } = stored
    const before = chains.get(stream) ?? { revision: -1, hash: '0'.repeat(64) }
    const open = stored.metadata.slice(0, stored.metadata.lastIndexOf(',"hash":'))
    const holds =
      revision === before.revision + 1 &&
      stored.position === position + 1n &&
      metadata.previous === before.hash &&
      metadata.hash === digest(`${before.hash}\n${type}\n${data}\n${open}`)
    if (!holds) complain(ofTheLog[0]!, `${stream} revision ${revision}`)
    chains.set(stream, { revision, hash: metadata.hash })
    position = stored.position
  }

  const seeEvent = (job: ObservedJob, event: JobEvent): void => {
    reached(event.type, stateOf(job))
    if (event.type === 'PodAdopted') freePods.adopted(job, event.uid)
    check(perEvent, `${job.name}: ${event.type}`, job, event)
    observe(job, event)
    if ((event.type === 'PodFailed' || event.type === 'PodSucceeded') && job.pods[event.pod]) onEnd(job, event.pod)
  }

  const create = (uid: string, event: JobEvent): void => {
    reached(event.type, 'unborn')
    if (event.type === 'ManifestRecorded') manifests.set(uid, event.manifest as JobManifest)
    const manifest = manifests.get(uid)
    if (event.type === 'JobCreated' && manifest !== undefined) {
      cronJobs.jobCreated(uid, manifest)
      jobs.set(uid, observedJob(manifest, event))
    }
  }

  const seeCommand = (uid: string, read: ReadonlyArray<Read>): void => {
    const job = jobs.get(uid)
    const events = read.map(({ event }) => event)
    if (job === undefined) {
      for (const event of events) create(uid, event)
      return
    }
    const actor = read[0]?.metadata.actor.name ?? ''
    if (actor === cronSaga && events.some(({ type }) => type === 'JobDeletionRequested'))
      cronJobs.jobDeletionRequested(uid)
    let before = copyOf(job)
    const end = events.at(-1)
    const counted = events.slice(events.findLastIndex(({ type }) => type === 'PodReleased') + 1)
    let planned: ObservedJob | null = null
    for (const event of events) {
      if (planned === null && isAfterPlan(event)) planned = copyOf(job)
      seeEvent(job, event)
      // [8.1] Whom a sync lets go it has let go before it counts anybody.
      if (event.type === 'PodReleased') before = copyOf(job)
    }
    if (end?.type === 'JobSynced' || end?.type === 'StatusWithheld')
      if (isRefused(before) !== (end.type === 'StatusWithheld')) complain(ofTheLog[3]!, `${job.name}: ${end.type}`)
    if (end?.type === 'StatusWithheld')
      check(perWithheld, `${job.name}: sync of ${actor}`, { before, after: job, events: counted, actor })
    else if (end?.type === 'JobSynced') {
      const seen: SyncSeen = { before, planned: planned ?? before, after: job, events: counted, actor, end, at: end.at }
      check(perSync, `${job.name}: sync of ${actor}`, seen)
    } else check(perCommand, `${job.name}: ${actor}`, { before, after: job, events, actor })
  }

  const seeCronJob = (uid: string, piece: ReadonlyArray<StoredEvent>): void => {
    for (const stored of piece) {
      seeChain({ stored, metadata: JSON.parse(stored.metadata) as Metadata })
      cronJobs.see(uid, JSON.parse(stored.data) as CronJobEvent)
    }
  }

  const seeFreePod = (uid: string, piece: ReadonlyArray<StoredEvent>): void => {
    for (const stored of piece) {
      seeChain({ stored, metadata: JSON.parse(stored.metadata) as Metadata })
      freePods.see(uid, JSON.parse(stored.data) as FreePodEvent)
    }
  }

  return {
    jobs,
    crons: cronJobs.crons,
    freePods: freePods.pods,
    see: (piece) => {
      const stream = piece[0]?.stream ?? ''
      if (stream.startsWith('cronjob-')) return seeCronJob(stream.slice('cronjob-'.length), piece)
      if (stream.startsWith('pod-')) return seeFreePod(stream.slice('pod-'.length), piece)
      const uid = (piece[0]?.stream ?? '').replace(/^job-/, '')
      let command: Read[] = []
      for (const stored of piece) {
        const read: Read = {
          stored,
          event: JSON.parse(stored.data) as JobEvent,
          metadata: JSON.parse(stored.metadata) as Metadata,
        }
        seeChain(read)
        const id = read.metadata.commandId
        if (command.length > 0 && command[0]?.metadata.commandId !== id) {
          seeCommand(uid, command)
          command = []
        }
        if (command.length === 0 && commands.has(id)) complain(ofTheLog[1]!, `command ${id} appends again`)
        commands.add(id)
        command.push(read)
      }
      seeCommand(uid, command)
    },
    seeIdle: (now, windowMs) => {
      cronJobs.seeIdle(now)
      for (const job of jobs.values()) {
        const late = overdue(job, now, windowMs)
        if (late !== null) complain(ofTheLog[2]!, `${job.name} at ${now}: ${late}`)
      }
    },
    seeRest: () => {
      cronJobs.seeRest()
      freePods.seeRest()
      for (const job of jobs.values()) check(atRest, `${job.name} at rest`, job)
    },
  }
}

const cronSaga = 'ensure-scheduled-jobs-start'

const isAfterPlan = isOneOf(['PodCreated', ...verdicts, ...endsOfSyncs])

/** What should have been done by now. */
const overdue = (job: ObservedJob, now: number, windowMs: number): Complaint => {
  const { spec, finished, deletion, startTime } = job
  if (deletion !== null) return null
  if (finished !== null) {
    const ttl = spec.ttlSecondsAfterFinished
    return ttl !== undefined && now >= finished.at + ttl * 1000 ? 'its time to live has passed' : null
  }
  if (spec.managedBy !== undefined) return null
  if (job.isWithheld && countsOf(job).active === 0) return null
  if (
    windowMs === 0 &&
    !job.isWithheld &&
    job.published !== null &&
    JSON.stringify(job.published) !== JSON.stringify(countsOf(job))
  )
    return `the status says ${JSON.stringify(job.published)}, the Pods are ${JSON.stringify(countsOf(job))}`
  if (job.interim !== null) return null
  const deadline = spec.activeDeadlineSeconds
  if (deadline !== undefined && !spec.suspend && startTime !== null && now >= startTime + deadline * 1000)
    return 'its deadline has passed'
  if (job.retryAt !== null && now > job.retryAt + windowMs) return `Pods were to be created at ${job.retryAt}`
  const waiting = newEnds(job).some((pod) => !pod.isHeldBack && (pod.finishedAt ?? now) + windowMs < now)
  return waiting && windowMs === 0 && !job.isWithheld ? 'the end of a Pod is not accounted for' : null
}
