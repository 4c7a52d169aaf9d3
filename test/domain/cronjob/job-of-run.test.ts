import { describe, expect, test } from 'vitest'
import { jobOfRun, manualJob } from '../../../src/domain/cronjob/job-of-run.ts'
import type { CronJobSpec } from '../../../src/domain/kubernetes/cron-job-object.ts'
import { E } from '../../../src/prelude.ts'
import { cronManifest, given, runOf } from './given-cron-job.ts'

const template = (metadata: CronJobSpec['jobTemplate']['metadata'], spec = {}): Partial<CronJobSpec> => ({
  jobTemplate: { metadata, spec: { ...cronManifest().spec.jobTemplate.spec, ...spec } },
})

const jobAt = (over: Partial<CronJobSpec>, clock = '08:05') => {
  const job = jobOfRun(given(over).cronJob, runOf(clock))
  if (E.isLeft(job)) throw new Error(job.left)
  return job.right
}

const scheduled = 'batch.kubernetes.io/cronjob-scheduled-timestamp'

describe('the Job of a run', () => {
  test('[11.4, K-12] name, labels, annotations, one owner, and the spec with the defaults of Jobs', () => {
    const { metadata, spec } = jobAt(template({ labels: { a: 'b' }, annotations: { c: 'd' } }, { backoffLimit: 2 }))
    expect(metadata).toStrictEqual({
      name: 'hello-29743685',
      namespace: 'default',
      labels: { a: 'b' },
      annotations: { c: 'd', [scheduled]: '2026-07-21T08:05:00Z' },
      ownerReferences: [
        {
          apiVersion: 'batch/v1',
          kind: 'CronJob',
          name: 'hello',
          uid: 'cron-1',
          controller: true,
          blockOwnerDeletion: true,
        },
      ],
    })
    expect(spec).toMatchObject({ backoffLimit: 2, parallelism: 1, completions: 1, completionMode: 'NonIndexed' })
  })

  test.each([
    ['Europe/Vienna', '2026-07-21T10:05:00+02:00'],
    ['America/St_Johns', '2026-07-21T05:35:00-02:30'],
    ['Asia/Kathmandu', '2026-07-21T13:50:00+05:45'],
    ['Atlantic/Reykjavik', '2026-07-21T08:05:00Z'],
  ])('[K-7] the scheduled time in %s is %s', (timeZone, text) =>
    expect(jobAt({ timeZone }).metadata.annotations?.[scheduled]).toBe(text),
  )

  test('[11.2 step 10] a template that makes no valid Job is refused in the words of the API', () => {
    const refusal = (over: Partial<CronJobSpec>) => {
      const job = jobOfRun(given(over).cronJob, runOf('08:05'))
      return E.isLeft(job) ? job.left : 'accepted'
    }
    expect(refusal(template({ labels: { a: '%' } }))).toBe(
      "Job.batch \"hello-29743685\" is invalid: metadata.labels: Invalid value: \"%\": a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')",
    )
    expect(refusal(template({}, { parallelism: -1, backoffLimit: -1 }))).toBe(
      'Job.batch "hello-29743685" is invalid: [spec.parallelism: Invalid value: -1: must be greater than or equal to 0, spec.backoffLimit: Invalid value: -1: must be greater than or equal to 0]',
    )
  })
})

test('[11.6] a Job made by hand says so, unless the template says otherwise, and does not block its owner', () => {
  const made = (over: Partial<CronJobSpec>) => {
    const job = manualJob(given(over).cronJob, 'by-hand', 'uid-9')
    return E.isRight(job) ? job.right.metadata : job.left
  }
  expect(made(template({ labels: { a: 'b' } }))).toStrictEqual({
    name: 'by-hand',
    namespace: 'default',
    labels: { a: 'b' },
    annotations: { 'cronjob.kubernetes.io/instantiate': 'manual' },
    ownerReferences: [{ apiVersion: 'batch/v1', kind: 'CronJob', name: 'hello', uid: 'cron-1', controller: true }],
  })
  expect(made(template({ annotations: { 'cronjob.kubernetes.io/instantiate': 'mine' } }))).toMatchObject({
    annotations: { 'cronjob.kubernetes.io/instantiate': 'mine' },
  })
})
