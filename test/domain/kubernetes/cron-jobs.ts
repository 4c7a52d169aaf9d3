import { cronJobWithDefaults } from '../../../src/domain/kubernetes/cron-job-with-defaults.ts'
import { renderFieldError } from '../../../src/domain/kubernetes/field-error.ts'
import type { Shape } from '../../../src/domain/kubernetes/schema.ts'
import { validateCronJob, validateCronJobUpdate } from '../../../src/domain/kubernetes/validate-cron-job.ts'

export type CronJobOverrides = {
  readonly metadata?: Shape<'ObjectMeta'>
  readonly spec?: Shape<'CronJobSpec'>
  readonly template?: Shape<'ObjectMeta'>
  readonly job?: Shape<'JobSpec'>
  readonly pod?: Shape<'PodSpec'>
}

/** A valid CronJob, changed in what a test is about. */
export const cronJobOf = ({ metadata, spec, template, job, pod }: CronJobOverrides = {}): Shape<'CronJob'> => ({
  apiVersion: 'batch/v1',
  kind: 'CronJob',
  metadata: { name: 'cron', namespace: 'default', ...metadata },
  spec: {
    schedule: '0 0 1 1 *',
    jobTemplate: {
      ...(template === undefined ? {} : { metadata: template }),
      spec: {
        template: { spec: { containers: [{ name: 'main', image: 'busybox' }], restartPolicy: 'OnFailure', ...pod } },
        ...job,
      },
    },
    ...spec,
  },
})

/** What the API says against a new CronJob, one sentence each. */
export const cronJobRefusalsOf = (over: CronJobOverrides): ReadonlyArray<string> =>
  validateCronJob(cronJobWithDefaults(cronJobOf(over))).map(renderFieldError)

/** What the API says against a change from one CronJob to another. */
export const changeRefusalsOf = (over: CronJobOverrides, before: CronJobOverrides): ReadonlyArray<string> =>
  validateCronJobUpdate(cronJobWithDefaults(cronJobOf(over)), cronJobWithDefaults(cronJobOf(before))).map(
    renderFieldError,
  )
