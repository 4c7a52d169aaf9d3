import { namesTimeZone } from '../cronjob/schedule/parse-schedule.ts'
import { type FieldErrors, invalid, when } from './field-error.ts'
import { jobSpecWarnings, nameWarnings } from './job-warnings.ts'
import type { Shape } from './schema.ts'
import { cronJobSpec } from './validation/cron-job-spec.ts'
import { changedMetadataErrors } from './validation/metadata-update.ts'
import { metadata } from './validation/metadata.ts'
import { byteLength } from './validation/names.ts'

/** Everything that makes a new CronJob invalid [1.11], nothing when it may be stored. Takes it after `cronJobWithDefaults`. */
export const validateCronJob = (cronJob: Shape<'CronJob'>): FieldErrors => [
  ...metadata(cronJob.metadata ?? {}, true),
  ...cronJobSpec(cronJob.spec ?? {}, null),
  ...nameLength(cronJob.metadata?.name ?? ''),
]

/**
 * The same for a change of the CronJob `before` [U-6]: what is wrong with metadata is told as often as the server finds it, a name
 * that is too long and a time zone that stays are not looked at, and a zone in the schedule is borne where there was one.
 */
export const validateCronJobUpdate = (cronJob: Shape<'CronJob'>, before: Shape<'CronJob'>): FieldErrors => [
  ...changedMetadataErrors(cronJob.metadata ?? {}, before.metadata ?? {}, { whole: 1, change: 2 }),
  ...cronJobSpec(cronJob.spec ?? {}, before.spec ?? {}),
]

/** Everything that makes a new status of a CronJob invalid: of the status itself nothing does. */
export const validateCronJobStatusUpdate = (cronJob: Shape<'CronJob'>, before: Shape<'CronJob'>): FieldErrors =>
  changedMetadataErrors(cronJob.metadata ?? {}, before.metadata ?? {}, { whole: 1, change: 1 })

/** What the server warns of when a CronJob is created [1.3]; none of it refuses. */
export const cronJobWarnings = ({
  metadata: { name = '' } = {},
  spec = {},
}: Shape<'CronJob'>): ReadonlyArray<string> => [
  ...nameWarnings(name),
  ...jobSpecWarnings('spec.jobTemplate.spec', spec.jobTemplate?.spec ?? {}),
]

/** The same for a change; of the template only where the change makes a new generation. */
export const cronJobUpdateWarnings = (
  { spec = {} }: Shape<'CronJob'>,
  isNewGeneration: boolean,
): ReadonlyArray<string> => [
  ...(isNewGeneration ? jobSpecWarnings('spec.jobTemplate.spec', spec.jobTemplate?.spec ?? {}) : []),
  ...(namesTimeZone(spec.schedule ?? '') ? [zoneInScheduleText] : []),
]

/** The path is the server's own. */
const zoneInScheduleText =
  'cannot use TZ or CRON_TZ in spec.spec.schedule, use timeZone instead, see https://kubernetes.io/docs/concepts/workloads/controllers/cron-jobs/ for more details'

/** The names of its Jobs end in a dash and minutes, and have 63 characters as well. */
const nameBytesMax = 52

const nameLength = (name: string): FieldErrors =>
  when(
    byteLength(name) > nameBytesMax,
    invalid('metadata.name', name, `must be no more than ${nameBytesMax} characters`),
  )
