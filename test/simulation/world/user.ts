import type { ChangeJob, JobCommand } from '../../../src/domain/job/commands.ts'
import type { FreePodCommand } from '../../../src/domain/free-pod/decide.ts'
import type { ObservedFreePod } from '../observed/observed-free-pod.ts'
import type { CronJobCommand } from '../../../src/domain/cronjob/commands.ts'
import type { CronJobManifest } from '../../../src/domain/kubernetes/cron-job-object.ts'
import type { ObservedCronJob } from '../observed/observed-cron-job.ts'
import { schedules } from './draw-cron-job.ts'
import { completedIndexes, isActive, isOver } from '../observed/counted.ts'
import type { ObservedJob } from '../observed/observed-job.ts'
import type { ObservedPod } from '../observed/observed-pod.ts'
import type { Random } from './random.ts'

/** What a user may do to a Job at any moment; now and then two things at once. */
export const userCommands = (
  random: Random,
  job: ObservedJob,
  now: number,
  movesPods: boolean,
): ReadonlyArray<JobCommand> => {
  if (!hasIndexToGiveUp(job) || !random.chance(0.5)) return [userCommand(random, job, now, movesPods)]
  return giveUpIndex(random, job)
}

export const hasIndexToGiveUp = (job: ObservedJob): boolean =>
  job.finished === null && job.deletion === null && completedIndexes(job).size > 0

/** [I-12] A completed index is dropped, and before a sync sees that parallelism moves away. */
export const giveUpIndex = ({ below, pick }: Random, job: ObservedJob): ReadonlyArray<JobCommand> => {
  const count = below(Math.max(...completedIndexes(job)) + 1)
  return [scaled(count), change({ parallelism: pick([count + 1, Math.max(0, count - 1)]) })]
}

const userCommand = (random: Random, job: ObservedJob, now: number, movesPods: boolean): JobCommand => {
  const { below, chance, pick, weighted } = random
  const pods = job.pods.filter(({ isGone }) => !isGone)
  const active = pods.filter(isActive)
  const { spec } = job
  const isElastic = spec.completionMode === 'Indexed'
  return weighted<() => JobCommand>([
    [
      pods.length > 0 ? 6 : 0,
      () => ({
        type: 'DeletePod',
        pod: pick(chance(0.7) && active.length > 0 ? active : pods).ordinal,
        graceSeconds: pick([null, null, 0, 1, 60]),
      }),
    ],
    [spec.suspend ? 6 : 3, () => change({ suspend: !spec.suspend })],
    [
      active.length > 1 ? 9 : 4,
      () => change({ parallelism: chance(0.6) ? below(Math.max(active.length, 1)) : below(6) }),
    ],
    [isElastic ? 4 : 0, () => scaled(below(chance(0.15) ? 1 : 9))],
    [
      spec.podFailurePolicy === undefined ? 2 : 0,
      () => change({ podReplacementPolicy: pick(['Failed', 'TerminatingOrFailed']) }),
    ],
    [job.isWithheld ? 5 : 1, () => change({ backoffLimit: pick([0, 2, 6, 40]) })],
    [
      spec.backoffLimitPerIndex === undefined ? 0 : job.interim === null ? 1 : 5,
      () => change({ maxFailedIndexes: pick([null, 0, 2]) }),
    ],
    [job.isWithheld ? 6 : 1.5, () => change({ activeDeadlineSeconds: pick([null, 1, 30, 600]) })],
    [1.5, () => change({ ttlSecondsAfterFinished: pick([null, 0, 0, 30]) })],
    [
      1,
      () =>
        change({
          rest: { patch: { metadata: { labels: { moved: 'yes' } } }, hasFinalizers: chance(0.2) && job.hasFinalizers },
        }),
    ],
    [1.5, () => ({ type: 'DeleteJob', propagation: pick(['Background', 'Foreground']) })],
    [
      // Jobs whose Pods change hands are seldom decided while users are busy.
      movesPods && pods.length > 0 ? (job.interim === null ? 5 : 20) : 0,
      () => changePodCommand(random, job),
    ],
    [movesPods ? 0.7 : 0, () => ({ type: 'DeleteJob', propagation: 'Orphan' })],
    [0.4, () => change({ suspend: true, backoffLimit: 0 })],
    [
      spec.managedBy !== undefined ? 6 : job.interim === null ? 0.4 : 2,
      () => ({ type: 'ReportJob', status: { active: 1 }, finishedAt: chance(0.5) ? now : null }),
    ],
  ])()
}

/** The labels of a Pod are changed: the Job finds it, or does not. */
export const changePodCommand = ({ chance, pick }: Random, job: ObservedJob): JobCommand => {
  const { ordinal, isBound, hasFinalizer } = pick(job.pods.filter(({ isGone }) => !isGone))
  const [isSelected, hasNode] = [chance(0.4), isBound || (job.podsRunElsewhere && chance(0.5))]
  const kept = { hasFinalizers: false, isTracked: hasFinalizer && chance(0.6), isOwned: chance(0.75) }
  const labels = isSelected ? { moved: 'yes' } : lost(job)
  return { type: 'ChangePod', pod: ordinal, patch: { metadata: { labels } }, isSelected, hasNode, ...kept }
}

const change = (over: Omit<ChangeJob, 'type'>): JobCommand => ({ type: 'ChangeJob', ...over })
const scaled = (count: number): JobCommand => change({ completions: count, parallelism: count })

/** Labels that no longer are what the selector of the Job wants. */
const lost = ({ selector }: ObservedJob): Readonly<Record<string, string>> =>
  Object.fromEntries(Object.keys(selector).map((label) => [label, 'lost']))

/** A Pod that a user makes, and that a Job may find. */
export const newPodCommand = (
  random: Random,
  uid: string,
  job: ObservedJob,
  now: number,
  podsRunElsewhere: boolean,
): FreePodCommand => {
  const { below, chance, pick } = random
  const name = `by-hand-${uid.slice(-4)}`
  const phase = podsRunElsewhere ? pick(['Pending', 'Running', 'Running', 'Succeeded', 'Failed']) : 'Pending'
  const annotations = chance(0.7) ? { 'batch.kubernetes.io/job-completion-index': `${below(6)}` } : {}
  const finalizers = chance(0.2) ? { finalizers: ['batch.kubernetes.io/job-tracking'] } : {}
  const creationTimestamp = new Date(now).toISOString()
  const metadata = {
    name,
    namespace: 'default',
    uid,
    labels: job.selector,
    annotations,
    creationTimestamp,
    ...finalizers,
  }
  const hasNode = podsRunElsewhere && chance(0.5)
  const spec = { containers: [{ name: 'main', image: 'busybox' }], ...(hasNode && { nodeName: 'node-1' }) }
  return {
    type: 'ReceivePod',
    uid,
    namespace: 'default',
    name,
    from: null,
    gracePeriodSeconds: 30,
    hasNode,
    hasEnded: phase === 'Succeeded' || phase === 'Failed',
    hasFinalizers: finalizers.finalizers !== undefined,
    deletion: null,
    form: { metadata, spec, status: { phase, conditions: [] } },
  }
}

/** What a user may do to a Pod that no Job controls. */
export const freePodCommand = (
  random: Random,
  pod: ObservedFreePod,
  job: ObservedJob,
  podsRunElsewhere: boolean,
): FreePodCommand => {
  const { pick, weighted } = random
  const { finalizers = [] } = pod.form.metadata
  const kept = { hasNode: pod.hasNode, hasFinalizers: finalizers.length > 0 }
  const phase = pick(['Running', 'Succeeded', 'Failed'])
  return weighted<FreePodCommand>([
    [4, { type: 'ChangePod', patch: { metadata: { labels: job.selector } }, ...kept }],
    [1, { type: 'ChangePod', patch: { metadata: { labels: lost(job) } }, ...kept }],
    [2, { type: 'DeletePod', graceSeconds: pick([null, 0, 1]) }],
    [podsRunElsewhere ? 2 : 0, { type: 'ReportPod', status: { phase, conditions: [] }, hasEnded: phase !== 'Running' }],
  ])
}

/** What a user may do to a CronJob. */
export const cronCommand = (random: Random, cron: ObservedCronJob): CronJobCommand => {
  const { below, pick, weighted } = random
  const { name, spec } = cron
  const changed = (over: Partial<CronJobManifest['spec']>): CronJobCommand => ({
    type: 'ChangeCronJob',
    manifest: {
      apiVersion: 'batch/v1',
      kind: 'CronJob',
      metadata: { name, namespace: 'default' },
      spec: { ...spec, ...over },
    },
  })
  return weighted<() => CronJobCommand>([
    [4, () => changed({ suspend: spec.suspend !== true })],
    [2, () => changed({ schedule: pick(schedules) })],
    [2, () => changed({ concurrencyPolicy: pick(['Allow', 'Forbid', 'Replace']) })],
    [3, () => changed({ successfulJobsHistoryLimit: below(2), failedJobsHistoryLimit: below(2) })],
    [2, () => ({ type: 'DeleteCronJob', propagation: pick(['Background', 'Foreground', 'Foreground', 'Orphan']) })],
  ])()
}

/** What a client that runs Pods says next about one of them; null when there is nothing left to say. */
export const clientCommand = (random: Random, job: ObservedJob, now: number, failure: number): JobCommand | null => {
  const { chance, pick } = random
  const open = job.pods.filter(
    (pod) => !pod.isGone && (!isOver(pod) || (pod.deletedAt !== null && pod.graceSeconds !== 0)),
  )
  if (open.length === 0) return null
  const pod = pick(open)
  if (isOver(pod)) return { type: 'DeletePod', pod: pod.ordinal, graceSeconds: 0 }
  if (pod.deletedAt !== null && chance(0.3)) return { type: 'DeletePod', pod: pod.ordinal, graceSeconds: 0 }
  return reportOf(random, pod, now, failure)
}

const reportOf = ({ chance, pick }: Random, pod: ObservedPod, now: number, failure: number): JobCommand => {
  const fails = chance(failure)
  const ended = chance(0.5)
  const phase = ended ? (fails ? 'Failed' : 'Succeeded') : chance(0.1) ? 'Pending' : 'Running'
  const ready = phase === 'Running' && chance(0.7)
  const isDisrupted = ended && fails && chance(0.25)
  const exitCode = pick([1, 3, 7, 42, 137])
  return {
    type: 'ReportPod',
    pod: pod.ordinal,
    report: {
      phase,
      ready,
      readySince: ready ? now : null,
      restarts: pod.restarts + (chance(0.1) ? 1 : 0),
      exits: phase === 'Failed' && !(isDisrupted && chance(0.5)) ? [{ container: 0, exitCode }] : [],
      conditions: conditionsOf(isDisrupted),
      finishedAt: ended ? now : null,
    },
    status: { phase, conditions: conditionsOf(isDisrupted) },
  }
}

const conditionsOf = (isDisrupted: boolean) => (isDisrupted ? [{ type: 'DisruptionTarget', status: 'True' }] : [])
