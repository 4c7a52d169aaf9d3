import { E } from '../../prelude.ts'
import { type FieldErrors, renderFieldError } from '../kubernetes/field-error.ts'
import { JobManifest } from '../kubernetes/job-object.ts'
import { prepareJob } from '../kubernetes/prepare-job.ts'
import type { Shape } from '../kubernetes/schema.ts'
import { validateJob } from '../kubernetes/validate-job.ts'
import { withDefaults } from '../kubernetes/with-defaults.ts'
import type { CronJob } from './cron-job.ts'
import type { ScheduledRun } from './run-identity.ts'
import { timeZone, utc, wallClock } from './schedule/time-zone.ts'

/**
 * [11.4] The Job of a run, with the defaults of Jobs. Left: what the API says when the template does not make a valid Job, since
 * its metadata was not looked at before.
 */
export const jobOfRun = (cronJob: CronJob, run: ScheduledRun): E.Either<string, JobManifest> => {
  const { metadata } = cronJob.manifest.spec.jobTemplate
  const scheduled = scheduledTime(run.scheduledAt, cronJob.manifest.spec.timeZone)
  return validJob(
    jobFrom(cronJob, run.name, {
      ...(metadata.labels === undefined ? {} : { labels: metadata.labels }),
      annotations: { ...metadata.annotations, 'batch.kubernetes.io/cronjob-scheduled-timestamp': scheduled },
      ownerReferences: [{ ...ownerReference(cronJob), blockOwnerDeletion: true }],
    }),
    run.uid,
  )
}

/** [11.6] The Job that a user makes from the CronJob's template at any time, as `kubectl create job --from` does. */
export const manualJob = (cronJob: CronJob, name: string, uid: string): E.Either<string, JobManifest> => {
  const { metadata } = cronJob.manifest.spec.jobTemplate
  return validJob(
    jobFrom(cronJob, name, {
      ...(metadata.labels === undefined ? {} : { labels: metadata.labels }),
      annotations: { 'cronjob.kubernetes.io/instantiate': 'manual', ...metadata.annotations },
      ownerReferences: [ownerReference(cronJob)],
    }),
    uid,
  )
}

const ownerReference = ({ name, uid }: CronJob) => ({
  apiVersion: 'batch/v1',
  kind: 'CronJob',
  name,
  uid,
  controller: true,
})

const jobFrom = ({ manifest, namespace }: CronJob, name: string, metadata: Shape<'ObjectMeta'>): Shape<'Job'> =>
  withDefaults({
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: { name, namespace, ...metadata },
    spec: manifest.spec.jobTemplate.spec as Shape<'JobSpec'>,
  })

const validJob = (job: Shape<'Job'>, uid: string): E.Either<string, JobManifest> => {
  const name = job.metadata?.name ?? ''
  const errors = validateJob(prepareJob(job, uid))
  if (errors.length > 0) return E.left(`Job.batch ${JSON.stringify(name)} is invalid: ${sentenceOf(errors)}`)
  return JobManifest.is(job) ? E.right(job) : E.left(`Job.batch ${JSON.stringify(name)} is invalid`)
}

const sentenceOf = (errors: FieldErrors): string => {
  const sentences = [...new Set(errors.map(renderFieldError))]
  return sentences.length === 1 ? sentences.join('') : `[${sentences.join(', ')}]`
}

/** RFC 3339 in the zone of the CronJob, in UTC when it has none. */
const scheduledTime = (instant: number, zoneName: string | undefined): string => {
  const zone = timeZone(zoneName ?? '') ?? utc
  const minutes = zone.offsetAt(instant) / 60_000
  const wall = wallClock(zone, instant).toISOString().slice(0, -'.000Z'.length)
  if (minutes === 0) return `${wall}Z`
  const [hours, rest] = [Math.floor(Math.abs(minutes) / 60), Math.abs(minutes) % 60]
  return `${wall}${minutes < 0 ? '-' : '+'}${twoDigits(hours)}:${twoDigits(rest)}`
}

const twoDigits = (value: number): string => `${value}`.padStart(2, '0')
