import { expect, test } from 'vitest'
import { CronJobManifest } from '../../../src/domain/kubernetes/cron-job-object.ts'
import { cronJobWithDefaults } from '../../../src/domain/kubernetes/cron-job-with-defaults.ts'
import { E } from '../../../src/prelude.ts'
import { cronJobOf } from './cron-jobs.ts'

const specOf = (...args: Parameters<typeof cronJobOf>) => cronJobWithDefaults(cronJobOf(...args)).spec

test('[1.11] a minimal CronJob gets its own defaults and those of its Pods, but none of its Jobs', () =>
  expect(cronJobWithDefaults({ ...cronJobOf(), status: { lastScheduleTime: '2024-05-06T07:00:00Z' } })).toEqual({
    apiVersion: 'batch/v1',
    kind: 'CronJob',
    metadata: { name: 'cron', namespace: 'default' },
    spec: {
      schedule: '0 0 1 1 *',
      concurrencyPolicy: 'Allow',
      suspend: false,
      jobTemplate: {
        metadata: {},
        spec: {
          template: {
            metadata: {},
            spec: {
              containers: [
                {
                  name: 'main',
                  image: 'busybox',
                  resources: {},
                  terminationMessagePath: '/dev/termination-log',
                  terminationMessagePolicy: 'File',
                  imagePullPolicy: 'Always',
                },
              ],
              restartPolicy: 'OnFailure',
              terminationGracePeriodSeconds: 30,
              dnsPolicy: 'ClusterFirst',
              securityContext: {},
              schedulerName: 'default-scheduler',
            },
          },
        },
      },
      successfulJobsHistoryLimit: 3,
      failedJobsHistoryLimit: 1,
    },
  }))

test('[1.11] what is given stays, an empty concurrencyPolicy is Allow', () =>
  expect(
    specOf({
      spec: {
        concurrencyPolicy: '',
        suspend: true,
        successfulJobsHistoryLimit: 0,
        failedJobsHistoryLimit: 7,
        timeZone: 'Europe/Vienna',
        startingDeadlineSeconds: 0,
      },
    }),
  ).toMatchObject({
    concurrencyPolicy: 'Allow',
    suspend: true,
    successfulJobsHistoryLimit: 0,
    failedJobsHistoryLimit: 7,
    timeZone: 'Europe/Vienna',
    startingDeadlineSeconds: 0,
  }))

test('[D-3] the status of a condition in a failure policy has its default in the template too', () =>
  expect(
    specOf({ job: { podFailurePolicy: { rules: [{ action: 'Count', onPodConditions: [{ type: 'X' }] }] } } })
      ?.jobTemplate?.spec,
  ).toMatchObject({ podFailurePolicy: { rules: [{ onPodConditions: [{ type: 'X', status: 'True' }] }] } }))

test('[1.11] a template with metadata keeps it', () =>
  expect(specOf({ template: { labels: { a: 'b' }, annotations: { c: 'd' } } })?.jobTemplate?.metadata).toEqual({
    labels: { a: 'b' },
    annotations: { c: 'd' },
  }))

test('a CronJob with its defaults is a manifest', () =>
  expect(E.isRight(CronJobManifest.decode(cronJobWithDefaults(cronJobOf())))).toBe(true))
