import { expect, test } from 'vitest'
import { changedCronJob, changedCronJobStatus } from '../../../src/domain/kubernetes/changed-cron-job.ts'
import { cronJobWithDefaults } from '../../../src/domain/kubernetes/cron-job-with-defaults.ts'
import type { Shape } from '../../../src/domain/kubernetes/schema.ts'
import { validateCronJobStatusUpdate, validateCronJobUpdate } from '../../../src/domain/kubernetes/validate-cron-job.ts'
import { cronJobOf } from './cron-jobs.ts'

const stored = (): Shape<'CronJob'> => {
  const cronJob = cronJobWithDefaults(cronJobOf())
  return { ...cronJob, metadata: { ...cronJob.metadata, uid: 'uid-1' }, status: { lastScheduleTime: time } }
}
const time = '2026-01-01T00:00:00Z'
const labelled = (labels: Readonly<Record<string, string>>): Shape<'CronJob'> => {
  const cronJob = stored()
  return { ...cronJob, metadata: { ...cronJob.metadata, labels } }
}

test('[D-6] a change brings metadata and spec with defaults, the status stays', () => {
  const sent = { ...cronJobOf({ spec: { schedule: '@daily' }, metadata: { labels: { a: 'b' } } }), status: {} }
  const changed = changedCronJob(sent, stored())
  expect(changed).toStrictEqual({
    ...stored(),
    metadata: { ...stored().metadata, labels: { a: 'b' } },
    spec: { ...stored().spec, schedule: '@daily' },
  })
  expect(validateCronJobUpdate(changed, stored())).toEqual([])
})

test('[D-6] a status brings metadata and itself, the spec stays', () => {
  const sent = { ...labelled({ a: 'b' }), spec: { schedule: '@daily' }, status: { lastSuccessfulTime: time } }
  const changed = changedCronJobStatus(sent, stored())
  expect(changed).toStrictEqual({ ...labelled({ a: 'b' }), status: { lastSuccessfulTime: time } })
  expect(validateCronJobStatusUpdate(changed, stored())).toEqual([])
})

test('[U-6] another uid is refused twice, a bad label three times', () => {
  const other = { ...stored(), metadata: { ...stored().metadata, uid: 'other' } }
  expect(validateCronJobUpdate(changedCronJob(other, stored()), stored())).toHaveLength(2)
  expect(validateCronJobUpdate(changedCronJob(labelled({ a: '-' }), stored()), stored())).toHaveLength(3)
})
