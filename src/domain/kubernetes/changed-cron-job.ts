import { canonicalForm } from './canonical-form.ts'
import { changedMetadata } from './changed-job.ts'
import { cronJobWithDefaults } from './cron-job-with-defaults.ts'
import type { Shape } from './schema.ts'

/** What a client asks for that sends a CronJob in place of `present`: metadata and spec as sent, with defaults, the rest as it is. */
export const changedCronJob = (sent: Shape<'CronJob'>, present: Shape<'CronJob'>): Shape<'CronJob'> => ({
  ...present,
  metadata: changedMetadata(sent.metadata ?? {}, present.metadata ?? {}),
  spec: cronJobWithDefaults(sent).spec ?? {},
})

/** The same for a CronJob sent to `/status`: its status, and of its metadata what is the user's; the spec stays. */
export const changedCronJobStatus = (sent: Shape<'CronJob'>, present: Shape<'CronJob'>): Shape<'CronJob'> => ({
  ...present,
  metadata: changedMetadata(sent.metadata ?? {}, present.metadata ?? {}),
  status: canonicalForm('CronJobStatus')(sent.status ?? {}) as Shape<'CronJobStatus'>,
})
