import { countsOf, isIndexed, wanted } from '../observed/counted.ts'
import type { ObservedJob } from '../observed/observed-job.ts'
import { differs, type Named, type RestInvariant } from './invariant.ts'
import { newEnds } from './of-syncs.ts'

const isForeign = ({ spec }: ObservedJob): boolean => spec.managedBy !== undefined
/** [I-12] A Job whose status is withheld waits for its user. */
const isOpen = (job: ObservedJob): boolean =>
  job.finished === null && job.deletion === null && !isForeign(job) && !job.isWithheld

/** What must hold once no fault happens any more, every Pod has had its end, and nothing waits for anything. */
export const invariantsAtRest: Named<RestInvariant> = {
  'a deleted Job is gone, with its Pods': (job) => {
    if (job.deletion === null) return null
    const left = job.pods.filter(({ isGone }) => !isGone)
    if (left.length > 0) return `Pods ${left.map(({ ordinal }) => ordinal).join(', ')} are left`
    return job.isDeleted || job.hasFinalizers ? null : 'the object is left'
  },

  'no Pod is at work, and what was to be deleted is gone': (job) => {
    const { active, terminating } = countsOf(job)
    if (active + terminating > 0) return `${active} Pods are active, ${terminating} terminate`
    const left = job.pods.find((pod) => pod.deletedAt !== null && !pod.isGone && !pod.isHeldBack)
    return left === undefined || isForeign(job) || job.isWithheld ? null : `Pod ${left.ordinal} was to be deleted`
  },

  'a finished Job has outlived its time to live, whoever says that it is finished': ({
    finished,
    finishedElsewhereAt,
    deletion,
    spec,
  }) =>
    (finished?.at ?? finishedElsewhereAt) !== null && deletion === null && spec.ttlSecondsAfterFinished !== undefined
      ? `it finished at ${finished?.at ?? finishedElsewhereAt} and lives on`
      : null,

  'a decided Job is finished, unless it was suspended and never resumed': (job) =>
    isOpen(job) && job.interim !== null && !job.spec.suspend ? `it is decided by ${job.interim.reason}` : null,

  'no fact waits for a sync': (job) => {
    if (!isOpen(job)) return null
    const waiting = newEnds(job).find(({ isHeldBack }) => !isHeldBack)
    if (waiting !== undefined) return `the end of Pod ${waiting.ordinal} does`
    if (job.syncs === 0) return 'the Job was never looked at'
    if (job.isReported) return 'what a client wrote into the status does'
    return differs('published', countsOf(job), job.published)
  },

  'a suspended Job says so': (job) =>
    isOpen(job) && job.interim === null && job.spec.suspend && job.isSuspended !== true ? 'it does not' : null,

  'a Job that may go on goes on': (job) =>
    isOpen(job) && job.interim === null && !job.spec.suspend && job.spec.parallelism > 0
      ? `${wanted(job)} Pods${isIndexed(job) ? ' of its indexes' : ''} are wanted and none is there`
      : null,

  'a deadline is not slept through': (job) =>
    isOpen(job) &&
    job.interim === null &&
    job.spec.activeDeadlineSeconds !== undefined &&
    !job.spec.suspend &&
    job.startTime !== null
      ? `it was to end ${job.spec.activeDeadlineSeconds} s after ${job.startTime}`
      : null,
}
