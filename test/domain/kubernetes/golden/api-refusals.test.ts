import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { cronJobWithDefaults } from '../../../../src/domain/kubernetes/cron-job-with-defaults.ts'
import {
  causeReason,
  type FieldErrors,
  renderCause,
  renderFieldError,
} from '../../../../src/domain/kubernetes/field-error.ts'
import type { Shape } from '../../../../src/domain/kubernetes/schema.ts'
import { validateCronJob } from '../../../../src/domain/kubernetes/validate-cron-job.ts'
import { create, update } from './pure-server.ts'

type Refusal = { readonly message: string; readonly causes: ReadonlyArray<object> }

/** What a golden file says of a request that was refused as invalid; each cause once. */
const golden = (file: string, label: string): Refusal | null => {
  const answers: ReadonlyArray<{
    readonly label: string
    readonly code: number
    readonly body: { readonly message: string; readonly details: Pick<Refusal, 'causes'> }
  }> = JSON.parse(readFileSync(join(import.meta.dirname, '../../../conformance/golden', `${file}.json`), 'utf8'))
  const answer = answers.find((one) => one.label === label)
  if (answer === undefined) throw new Error(`${file} has no ${label}`)
  return answer.code === 422 ? { message: answer.body.message, causes: answer.body.details.causes } : null
}

/** The same of what our rules say. */
const told = (kind: string, name: string, errors: FieldErrors): Refusal | null => {
  const causes = errors
    .map((error) => ({ reason: causeReason(error), message: renderCause(error), field: error.field }))
    .toSorted((a, b) => compare(a.field, b.field) || compare(a.reason, b.reason) || compare(a.message, b.message))
  const distinct = [...new Map(causes.map((cause) => [JSON.stringify(cause), cause])).values()]
  const [first] = errors
  if (first === undefined) return null
  const said = distinct.length > 1 ? '[its causes]' : renderFieldError(first)
  return { message: `${kind}.batch "${name}" is invalid: ${said}`, causes: distinct }
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)

const job = (metadata: Shape<'ObjectMeta'>, spec: Shape<'JobSpec'> = {}): Shape<'Job'> => ({
  metadata,
  spec: {
    managedBy: 'example.com/nobody',
    suspend: true,
    ...spec,
    template: { spec: { restartPolicy: 'Never', containers: [{ name: 'main', image: 'busybox' }] } },
  },
})

describe('a Job', () => {
  test.each<[label: string, manifest: Shape<'Job'>]>([
    ['plain', job({ name: 'plain' })],
    ['dry run of something invalid', job({ name: 'dry' }, { parallelism: -1 })],
    ['no name at all', job({})],
    ...['Upper', 'under_score', '-dash', 'dot.', 'x'.repeat(64)].map((name): [string, Shape<'Job'>] => [
      `the name ${name.slice(0, 12)}`,
      job({ name }),
    ]),
    ['bad labels and annotations', job({ name: 'labels', labels: { 'a b': 'c', d: '-e' }, annotations: { '/': 'x' } })],
  ])('%s', (label, manifest) =>
    expect(told('Job', manifest.metadata?.name ?? '', create(manifest).errors)).toStrictEqual(
      golden('api-create', label),
    ),
  )

  test('a new finalizer is too late', () => {
    const finalizers = ['example.com/stay']
    const { job: fresh } = create(job({ name: 'job', finalizers }))
    const present = { ...fresh, metadata: { ...fresh.metadata, deletionTimestamp: '2024-05-06T07:00:00Z' } }
    const sent = { ...present, metadata: { ...present.metadata, finalizers: [...finalizers, 'example.com/late'] } }
    expect(told('Job', 'job', update(sent, present).errors)).toStrictEqual(
      golden('api-delete', 'a new finalizer is too late'),
    )
  })
})

describe('a CronJob', () => {
  const cronJob = (spec: Shape<'CronJobSpec'>, name = 'cron'): Shape<'CronJob'> => ({
    metadata: { name },
    spec: {
      schedule: '*/5 * * * *',
      suspend: true,
      jobTemplate: {
        spec: { template: { spec: { restartPolicy: 'OnFailure', containers: [{ name: 'main', image: 'busybox' }] } } },
      },
      ...spec,
    },
  })
  const schedules = ['', 'often', '* * * *', '60 * * * *', '* * * * * *', '@every 1h', '@hourly', 'TZ=UTC 0 0 * * *']
  const oddSchedules = [
    'CRON_TZ=Europe/Vienna 0 0 * * *',
    '5-1 * * * *',
    '*/0 * * * *',
    '0 0 31 2 *',
    '0 0 ? * MON-FRI',
  ]
  const zones = ['', 'Europe/Vienna', 'Nowhere/City', 'Local', 'UTC', 'utc', ' UTC']
  const containers = [{ name: 'main', image: 'x' }]

  test.each<[label: string, manifest: Shape<'CronJob'>]>([
    ...[...schedules, ...oddSchedules].map((schedule): [string, Shape<'CronJob'>] => [
      `schedule "${schedule}"`,
      cronJob({ schedule }),
    ]),
    ...zones.map((timeZone): [string, Shape<'CronJob'>] => [`time zone "${timeZone}"`, cronJob({ timeZone })]),
    ['concurrency', cronJob({ concurrencyPolicy: 'Sometimes' }, 'refused')],
    [
      'negative numbers',
      cronJob({ startingDeadlineSeconds: -1, successfulJobsHistoryLimit: -2, failedJobsHistoryLimit: -3 }, 'refused'),
    ],
    ['a long name', cronJob({}, 'x'.repeat(53))],
    [
      'restartPolicy Always',
      cronJob({ jobTemplate: { spec: { template: { spec: { restartPolicy: 'Always', containers } } } } }, 'refused'),
    ],
    [
      'a selector in the template',
      cronJob(
        {
          jobTemplate: {
            spec: {
              manualSelector: true,
              selector: { matchLabels: { a: 'b' } },
              template: { metadata: { labels: { a: 'b' } }, spec: { restartPolicy: 'Never', containers } },
            },
          },
        },
        'refused',
      ),
    ],
    ['no template', cronJob({ jobTemplate: {} }, 'refused')],
  ])('%s', (label, manifest) =>
    expect(
      told('CronJob', manifest.metadata?.name ?? '', validateCronJob(cronJobWithDefaults(manifest))),
    ).toStrictEqual(golden('api-cronjobs', label)),
  )
})
