import { describe, expect, test } from 'vitest'
import { prometheusText } from '../../src/adapters/prometheus/prometheus-text.ts'
import type { JobManifest } from '../../src/domain/kubernetes/job-object.ts'
import { emptyJobView, foldJobView } from '../../src/projections/job-view.ts'
import { type MetricsFold, metricsFold } from '../../src/projections/metrics.ts'
import { change, deletePod, disrupted, failed, failedWith, saw, succeeded } from '../support/given.ts'
import { manifest } from '../support/manifests.ts'
import { atSecond, type Told, told } from '../support/told.ts'

/** The samples without those of buckets, and without the prefix of the Job controller. */
const samplesOf = (metrics: MetricsFold): ReadonlyArray<string> =>
  prometheusText(metrics.families())
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#') && !line.includes('_bucket'))
    .map((line) => line.replace(/^job_controller_/, ''))

const taken = ({ view, history }: Told): MetricsFold => {
  const metrics = metricsFold()
  metrics.jobs([{ uid: 'uid-1', view, recorded: history }])
  return metrics
}

/** The samples of one metric after a story, without its name. */
const after = (story: Told, name: string): ReadonlyArray<string> =>
  samplesOf(taken(story)).flatMap((line) => (line.startsWith(`${name}{`) ? [line.slice(name.length)] : []))

const indexed: Partial<JobManifest['spec']> = { completionMode: 'Indexed', completions: 2, parallelism: 2 }

const retried = told()
  .sync(0)
  .and(failed(0, atSecond(1)), 1)
  .sync(1)
  .sync(11)
  .and(succeeded(1, atSecond(12)), 12)
  .sync(12)

const perIndex = told(manifest({ ...indexed, backoffLimitPerIndex: 1, backoffLimit: 100 }))
  .sync(0)
  .and(failed(0, atSecond(1)), 1)
  .sync(1)
  .and(succeeded(1, atSecond(2)), 2)
  .sync(2)
  .sync(11)
  .and(failed(2, atSecond(12)), 12)
  .sync(12)

const policy: JobManifest['spec']['podFailurePolicy'] = {
  rules: [
    { action: 'Ignore', onPodConditions: [{ type: 'DisruptionTarget', status: 'True' }] },
    { action: 'Count', onExitCodes: { operator: 'In', values: [2] } },
    { action: 'FailJob', onExitCodes: { operator: 'In', values: [42] } },
  ],
}

const judged = told(manifest({ podReplacementPolicy: 'Failed', podFailurePolicy: policy }))
  .sync(0)
  .and(disrupted(0, atSecond(1)), 1)
  .sync(1)
  .sync(11)
  .and(failedWith(1, 2, atSecond(12)), 12)
  .sync(12)
  .sync(60)
  .and(failedWith(2, 42, atSecond(61)), 61)
  .sync(61)

describe('the metrics of the Job controller', () => {
  test('[9.2] of a Job that fails once and completes', () => {
    expect(samplesOf(taken(retried))).toStrictEqual([
      'cronjob_controller_job_creation_skew_duration_seconds_sum 0',
      'cronjob_controller_job_creation_skew_duration_seconds_count 0',
      'job_pods_creation_total{reason="new",status="succeeded"} 1',
      'job_pods_creation_total{reason="recreate_terminating_or_failed",status="succeeded"} 1',
      'job_pods_finished_total{completion_mode="NonIndexed",result="failed"} 1',
      'job_pods_finished_total{completion_mode="NonIndexed",result="succeeded"} 1',
      'job_sync_duration_seconds_sum{action="pods_created",completion_mode="NonIndexed",result="success"} 0',
      'job_sync_duration_seconds_count{action="pods_created",completion_mode="NonIndexed",result="success"} 3',
      'job_sync_duration_seconds_sum{action="tracking",completion_mode="NonIndexed",result="success"} 0',
      'job_sync_duration_seconds_count{action="tracking",completion_mode="NonIndexed",result="success"} 1',
      'job_syncs_total{action="pods_created",completion_mode="NonIndexed",result="success"} 3',
      'job_syncs_total{action="tracking",completion_mode="NonIndexed",result="success"} 1',
      'jobs_finished_total{completion_mode="NonIndexed",reason="CompletionsReached",result="succeeded"} 1',
      'terminated_pods_tracking_finalizer_total{event="add"} 2',
      'terminated_pods_tracking_finalizer_total{event="delete"} 2',
      'ttl_after_finished_controller_job_deletion_duration_seconds_sum 0',
      'ttl_after_finished_controller_job_deletion_duration_seconds_count 0',
    ])
  })

  test('[9.2] a sync that waited takes the time since its first fact', () => {
    const late = told()
      .sync(0)
      .and(failed(0, atSecond(1)), 1)
      .sync(4)
    expect(after(late, 'job_sync_duration_seconds_sum')).toStrictEqual([
      '{action="pods_created",completion_mode="NonIndexed",result="success"} 3',
    ])
    expect(
      prometheusText(taken(late).families()).match(/sync_duration_seconds_bucket.*le="(2.048|4.096)".*/g),
    ).toStrictEqual([
      'sync_duration_seconds_bucket{action="pods_created",completion_mode="NonIndexed",result="success",le="2.048"} 1',
      'sync_duration_seconds_bucket{action="pods_created",completion_mode="NonIndexed",result="success",le="4.096"} 2',
    ])
  })

  test('[9.2] indexes by the kind of their limit, and a failed Pod that is remembered makes the next one a replacement', () => {
    expect(after(perIndex, 'job_finished_indexes_total')).toStrictEqual([
      '{backoffLimit="perIndex",status="failed"} 1',
      '{backoffLimit="perIndex",status="succeeded"} 1',
    ])
    expect(after(perIndex, 'job_pods_creation_total')).toStrictEqual([
      '{reason="new",status="succeeded"} 2',
      '{reason="recreate_terminating_or_failed",status="succeeded"} 1',
    ])
    expect(after(perIndex, 'jobs_finished_total')).toStrictEqual([
      '{completion_mode="Indexed",reason="FailedIndexes",result="failed"} 1',
    ])
    expect(
      after(
        told(manifest(indexed))
          .sync(0)
          .and(succeeded(0, atSecond(1)), 1)
          .sync(1),
        'job_finished_indexes_total',
      ),
    ).toStrictEqual(['{backoffLimit="global",status="succeeded"} 1'])
  })

  test('[9.2] failures by the action of the rule that is for them; the sync of a verdict is reconciling', () => {
    expect(after(judged, 'pod_failures_handled_by_failure_policy_total')).toStrictEqual([
      '{action="Count"} 1',
      '{action="FailJob"} 1',
      '{action="Ignore"} 1',
    ])
    expect(after(judged, 'job_pods_creation_total')).toStrictEqual([
      '{reason="new",status="succeeded"} 2',
      '{reason="recreate_failed",status="succeeded"} 1',
    ])
    expect(after(judged, 'jobs_finished_total')).toStrictEqual([
      '{completion_mode="NonIndexed",reason="PodFailurePolicy",result="failed"} 1',
    ])
    expect(after(judged, 'job_syncs_total')).toContain(
      '{action="reconciling",completion_mode="NonIndexed",result="success"} 1',
    )
  })

  test('[9.2] a suspension deletes Pods; one that is counted before its end is not tracked after it', () => {
    const story = told(manifest({ completions: 2, parallelism: 2 }))
      .sync(0)
      .and(deletePod(0), 1)
      .sync(1)
      .and(saw(0, { type: 'PodFailed', reason: null, exitCode: 143, at: atSecond(2) }), 2)
      .sync(2)
      .and(change({ suspend: true }), 3)
      .sync(3)
    expect(after(story, 'terminated_pods_tracking_finalizer_total')).toStrictEqual([])
    expect(after(story, 'job_syncs_total')).toContain(
      '{action="pods_deleted",completion_mode="NonIndexed",result="success"} 1',
    )
  })

  test('[9.2, G-6] a Job that its time to live ends, and one that a user deletes before', () => {
    const name = 'ttl_after_finished_controller_job_deletion_duration_seconds_sum'
    const done = told(manifest({ ttlSecondsAfterFinished: 10 }))
      .sync(0)
      .and(succeeded(0, atSecond(1)), 1)
      .sync(1)
    expect(samplesOf(taken(done.and({ type: 'DeleteExpired' }, 14)))).toContain(`${name} 3`)
    expect(samplesOf(taken(done.and({ type: 'DeleteJob', propagation: 'Background' }, 5)))).toContain(`${name} 0`)
  })

  test('[M-2] a Job that somebody else manages, under the name of that controller', () => {
    const foreign = told(manifest({ managedBy: 'example.com/"other"' }))
    expect(after(foreign, 'jobs_by_external_controller_total')).toStrictEqual([
      '{controller_name="example.com/\\"other\\""} 1',
    ])
  })

  test.each([
    ['retried', retried],
    ['perIndex', perIndex],
    ['judged', judged],
  ])('are the same however the log is cut into pieces: %s', (_, { history, view }) => {
    const metrics = metricsFold()
    let present = emptyJobView
    for (const recorded of history) {
      present = foldJobView(present, [recorded])
      metrics.jobs([{ uid: 'uid-1', view: present, recorded: [recorded] }])
    }
    expect(metrics.families()).toStrictEqual(taken({ history, view } as Told).families())
  })
})

test('[9.2] the metric of the CronJob controller is the time between a named time and its Job', () => {
  const metrics = metricsFold()
  const run = { type: 'RunStarted', uid: 'u', name: 'hello-1', resourceVersion: '1' } as const
  const place = { id: '', stream: 'cronjob-1', revision: 0, position: 1n }
  metrics.cronJobs([
    {
      recorded: [
        { ...place, event: { ...run, scheduledAt: 60_000, at: 61_500, found: false } },
        { ...place, event: { ...run, scheduledAt: 120_000, at: 190_000, found: true } },
      ],
    },
  ])
  const lines = prometheusText(metrics.families()).split('\n')
  const name = 'cronjob_controller_job_creation_skew_duration_seconds'
  expect(lines.filter((line) => line.includes(name))).toStrictEqual([
    `# HELP ${name} [STABLE] From the time that a schedule names until its Job is created`,
    `# TYPE ${name} histogram`,
    `${name}_bucket{le="1"} 0`,
    ...[2, 4, 8, 16, 32, 64, 128, 256, 512].map((seconds) => `${name}_bucket{le="${seconds}"} 1`),
    `${name}_bucket{le="+Inf"} 1`,
    `${name}_sum 1.5`,
    `${name}_count 1`,
  ])
})
