import type { CronJobEvent } from '../../src/domain/cronjob/events.ts'
import type { CronJobManifest } from '../../src/domain/kubernetes/cron-job-object.ts'
import type { JobManifest } from '../../src/domain/kubernetes/job-object.ts'
import { cronInvariantsAtRest, invariantsOfCronJobs, lateRun } from './invariants/of-cron-jobs.ts'
import { type ObservedCronJob, observeCronJob, observedCronJob } from './observed/observed-cron-job.ts'
import type { ObservedJob } from './observed/observed-job.ts'
import type { CronState } from './coverage/of-cron-jobs.ts'

const perEvent = Object.entries(invariantsOfCronJobs)
const atRest = Object.entries(cronInvariantsAtRest)
const ofOthers = [
  'a Job of a CronJob is the one that it wanted, once',
  'a CronJob deletes what it said, and nothing else',
  'no run is late',
]

export const cronInvariantNames: ReadonlyArray<string> = [
  ...[...perEvent, ...atRest].map(([name]) => name),
  ...ofOthers,
]

/** Reads the streams of CronJobs, and what their Jobs have to do with them. */
export const cronJudge = (parts: {
  readonly jobs: ReadonlyMap<string, ObservedJob>
  readonly complain: (invariant: string, sentence: string) => void
  readonly reached: (type: CronJobEvent['type'], state: CronState) => void
}) => {
  const { jobs, complain, reached } = parts
  const crons = new Map<string, ObservedCronJob>()
  const manifests = new Map<string, CronJobManifest>()

  const see = (uid: string, event: CronJobEvent): void => {
    const cron = crons.get(uid)
    reached(event.type, cron === undefined ? 'unborn' : stateOf(cron))
    if (event.type === 'CronJobManifestRecorded') manifests.set(uid, event.manifest as CronJobManifest)
    const manifest = manifests.get(uid)
    if (event.type === 'CronJobCreated' && manifest !== undefined) crons.set(uid, observedCronJob(manifest, event))
    if (cron === undefined) return
    for (const [name, holds] of perEvent) {
      const complaint = holds(cron, event, jobs)
      if (complaint !== null) complain(name, `${cron.name}: ${event.type}: ${complaint}`)
    }
    observeCronJob(cron, event)
  }

  return {
    crons,
    see,
    /** A Job was created: if a CronJob is its controller, it is the one that was wanted. */
    jobCreated: (uid: string, { metadata }: JobManifest): void => {
      const owner = metadata.ownerReferences?.find(({ controller }) => controller === true)
      if (owner?.kind !== 'CronJob') return
      const pending = crons.get(owner.uid)?.pending
      if (pending?.uid !== uid || pending.name !== metadata.name)
        complain(ofOthers[0]!, `${metadata.name} is created, ${pending?.name ?? 'nothing'} was wanted`)
    },
    jobDeletionRequested: (uid: string): void => {
      if (![...crons.values()].some(({ removing }) => removing.has(uid)))
        complain(ofOthers[1]!, `${jobs.get(uid)?.name} is deleted`)
    },
    seeIdle: (now: number): void => {
      for (const cron of crons.values()) {
        const late = lateRun(cron, now)
        if (late !== null) complain(ofOthers[2]!, `${cron.name} at ${now}: ${late}`)
      }
    },
    seeRest: (): void => {
      for (const cron of crons.values())
        for (const [name, holds] of atRest) {
          const complaint = holds(cron, jobs)
          if (complaint !== null) complain(name, `${cron.name} at rest: ${complaint}`)
        }
    },
  }
}

const stateOf = ({ isDeleted, isDeleting, pending, spec, active }: ObservedCronJob): CronState => {
  if (isDeleted) return 'deleted'
  if (isDeleting) return 'deleting'
  if (pending !== null) return 'starting'
  if (spec.suspend === true) return 'suspended'
  return active.size > 0 ? 'active' : 'waiting'
}
