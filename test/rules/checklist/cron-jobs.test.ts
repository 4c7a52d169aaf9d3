import { expect, test } from 'vitest'
import type { CronJobObject } from '../../../src/domain/kubernetes/cron-job-object.ts'
import { cronJobWithDefaults } from '../../../src/domain/kubernetes/cron-job-with-defaults.ts'
import { validateCronJob, validateCronJobUpdate } from '../../../src/domain/kubernetes/validate-cron-job.ts'
import { renderFieldError } from '../../../src/domain/kubernetes/field-error.ts'
import { cronManifest } from '../../domain/cronjob/given-cron-job.ts'
import { cluster } from '../cluster.ts'
import { cronCluster, hour, minute } from '../cron-cluster.ts'

const failing = { metadata: {}, spec: { ...cronManifest().spec.jobTemplate.spec, backoffLimit: 0 } }

test('[K-1] Allow lets the Jobs of two minutes run at once', async () => {
  const it = await cronCluster({ runMs: hour })
  await it.create({ concurrencyPolicy: 'Allow' })
  await it.pass(2 * minute)
  expect(it.running()).toHaveLength(2)
  expect(it.cronJob().status?.active).toHaveLength(2)
})

test('[K-2] a suspended CronJob starts no Job', async () => {
  const it = await cronCluster()
  await it.create({ suspend: true })
  await it.pass(5 * minute)
  expect(it.jobs()).toEqual([])
  expect(it.reasons()).toEqual([])
})

test('[K-3] Forbid keeps one long Job and starts no second', async () => {
  const it = await cronCluster({ runMs: hour })
  await it.create({ concurrencyPolicy: 'Forbid' })
  await it.pass(4 * minute)
  expect(it.running()).toHaveLength(1)
  expect(it.reasons()).toEqual(['SuccessfulCreate', 'JobAlreadyActive'])
})

test('[K-4] Replace deletes the long Job and starts the new one', async () => {
  const it = await cronCluster({ runMs: hour })
  await it.create({ concurrencyPolicy: 'Replace' })
  await it.pass(minute)
  const [first] = it.running()
  await it.pass(minute)
  expect(it.running()).toHaveLength(1)
  expect(it.running()).not.toContain(first)
  expect(it.cronJob().status?.active).toHaveLength(1)
  expect(it.reasons()).toContain('SuccessfulDelete')
})

test('[K-5] after more than a hundred missed times one Job is started, with a warning', async () => {
  const it = await cronCluster()
  await it.create({ suspend: true })
  await it.pass(105 * minute)
  await it.change({ suspend: false })
  await it.pass(2000)
  expect(it.jobs()).toHaveLength(1)
  expect(it.reasons()).toContain('TooManyMissedTimes')
})

test('[K-6] short Jobs are neither missing nor unexpected', async () => {
  const it = await cronCluster()
  await it.create({})
  await it.pass(6 * minute)
  expect(new Set(it.reasons())).toEqual(new Set(['SuccessfulCreate', 'SawCompletedJob', 'SuccessfulDelete']))
})

test('[K-7] the Job bears its scheduled time in the zone of the CronJob', async () => {
  const it = await cronCluster()
  await it.create({ timeZone: 'Europe/Vienna' })
  await it.pass(minute)
  expect(it.jobs()[0]?.metadata.annotations).toEqual({
    'batch.kubernetes.io/cronjob-scheduled-timestamp': '2026-07-21T10:01:00+02:00',
  })
})

test('[K-8] an active Job that is deleted goes missing, and Forbid starts the next one', async () => {
  const it = await cronCluster({ runMs: hour })
  await it.create({ concurrencyPolicy: 'Forbid' })
  await it.pass(minute)
  const [first] = it.running()
  await it.deleteJob(first!)
  await it.pass(2000)
  expect(it.cronJob().status?.active ?? []).toEqual([])
  expect(it.reasons()).toContain('MissingJob')
  await it.pass(minute)
  expect(it.running()).toHaveLength(1)
  expect(it.running()).not.toContain(first)
})

test.each([
  ['succeeded', 0, 'Complete'],
  ['failed', 1, 'Failed'],
])('[K-9] one Job that %s is kept, older ones are deleted', async (_, exitCode, condition) => {
  const it = await cronCluster({ exitCode })
  await it.create({ successfulJobsHistoryLimit: 1, failedJobsHistoryLimit: 1, jobTemplate: failing })
  await it.pass(4 * minute)
  const ends = it.jobs().map(({ metadata, status }) => [metadata.name, status.conditions?.at(-1)?.type])
  expect(ends).toEqual([['hello-29743684', condition]])
})

test('[K-10] a time zone that nobody knows is refused at creation and at a change', () => {
  const inZone = (zone: string) => cronJobWithDefaults(cronManifest({ timeZone: zone }))
  const wrong = inZone('Europe/Nowhere')
  const text = 'spec.timeZone: Invalid value: "Europe/Nowhere": unknown time zone Europe/Nowhere'
  expect(validateCronJob(wrong).map(renderFieldError)).toEqual([text])
  expect(validateCronJobUpdate(wrong, inZone('Europe/Vienna')).map(renderFieldError)).toEqual([text])
})

test('[K-11] a CronJob is created, got, listed, changed by patch and put, its status written, and deleted with others', async () => {
  const it = await cluster()
  const path = '/apis/batch/v1/namespaces/default/cronjobs'
  const namesIn = async () =>
    (await it.must<{ items: ReadonlyArray<CronJobObject> }>('GET', path)).items.map(({ metadata }) => metadata.name)
  const { spec } = cronManifest({ schedule: '0 0 1 1 *' })
  const named = (name: string) => ({ apiVersion: 'batch/v1', kind: 'CronJob', metadata: { name }, spec })
  const get = () => it.must<CronJobObject>('GET', `${path}/hello`)
  await it.must('POST', path, named('hello'))
  await it.must('POST', path, named('other'))
  expect(await namesIn()).toEqual(['hello', 'other'])
  await it.must('PATCH', `${path}/hello`, { spec: { suspend: true } })
  expect(await get()).toMatchObject({ metadata: { generation: 2 }, spec: { suspend: true } })
  const now = await get()
  await it.must('PUT', `${path}/hello`, { ...now, spec: { ...now.spec, suspend: false } })
  expect((await get()).spec.suspend).toBe(false)
  const lastScheduleTime = '2026-01-01T00:00:00Z'
  await it.must('PATCH', `${path}/hello/status`, { status: { lastScheduleTime }, spec: { suspend: true } })
  expect(await get()).toMatchObject({ spec: { suspend: false }, status: { lastScheduleTime } })
  await it.must('DELETE', `${path}/hello`)
  await it.pass(1)
  expect(await namesIn()).toEqual(['other'])
  await it.must('DELETE', path)
  await it.pass(1)
  expect(await namesIn()).toEqual([])
})

test('[K-12] a CronJob launches a Job with one owner, whose Pod has one owner', async () => {
  const it = await cronCluster()
  const { uid } = await it.create({})
  await it.pass(minute)
  const [job] = it.jobs()
  expect(job?.metadata.ownerReferences).toMatchObject([{ kind: 'CronJob', name: 'hello', uid, controller: true }])
  const jobs = await cluster()
  const owner = await jobs.createJob({})
  const [pod] = await jobs.pods()
  expect(pod?.metadata.ownerReferences).toMatchObject([{ kind: 'Job', uid: owner.metadata.uid, controller: true }])
})

test('[K-13] an expired Job with a finalizer of somebody stays, marked as deleted, until that is taken away', async () => {
  const it = await cluster()
  await it.createJob({ ttlSecondsAfterFinished: 10 }, 'job', { finalizers: ['example.com/keep'] })
  await it.succeed(1)
  const finishedAt = Date.parse((await it.status()).completionTime!)
  await it.pass(7)
  expect((await it.job()).metadata).not.toHaveProperty('deletionTimestamp')
  await it.pass(5)
  const { deletionTimestamp, finalizers } = (await it.job()).metadata
  expect(Date.parse(deletionTimestamp!)).toBeGreaterThanOrEqual(finishedAt + 10_000)
  expect(finalizers).toContain('example.com/keep')
  expect(await it.pods()).toEqual([])
  await it.patch({ metadata: { finalizers: null } })
  expect(await it.exists()).toBe(false)
})
