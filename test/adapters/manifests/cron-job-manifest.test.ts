import { expect, test } from 'vitest'
import { cronJobKind } from '../../../src/adapters/manifests/cron-job-kind.ts'
import { renderProblem } from '../../../src/adapters/manifests/manifest-problem.ts'
import { jobKind } from '../../../src/adapters/manifests/parse-job-manifest.ts'
import { parseManifest } from '../../../src/adapters/manifests/parse-manifest.ts'
import type { CronJobManifest } from '../../../src/domain/kubernetes/cron-job-object.ts'
import type { JobManifest } from '../../../src/domain/kubernetes/job-object.ts'
import { E } from '../../../src/prelude.ts'

const parse = (text: string) => parseManifest<JobManifest | CronJobManifest>([jobKind, cronJobKind], 'x.yaml', text)

const problemsOf = (text: string): ReadonlyArray<string> => {
  const parsed = parse(text)
  return E.isLeft(parsed) ? parsed.left.map(renderProblem) : []
}

const manifestOf = (text: string): JobManifest | CronJobManifest => {
  const parsed = parse(text)
  if (E.isLeft(parsed)) throw new Error(parsed.left.map(renderProblem).join('\n'))
  return parsed.right.manifest
}

const cronJob = `apiVersion: batch/v1
kind: CronJob
metadata:
  name: hello
spec:
  schedule: "*/5 * * * *"
  jobTemplate:
    spec:
      parallelism: 2
      template:
        spec:
          restartPolicy: Never
          containers:
            - name: main
              image: busybox:1.36
`

test('a right manifest becomes a CronJob with its defaults; those of its Jobs wait for them', () => {
  const { kind, metadata, spec } = manifestOf(cronJob)
  expect({ kind, metadata }).toEqual({ kind: 'CronJob', metadata: { name: 'hello', namespace: 'default' } })
  expect(spec).toMatchObject({
    schedule: '*/5 * * * *',
    concurrencyPolicy: 'Allow',
    suspend: false,
    successfulJobsHistoryLimit: 3,
    failedJobsHistoryLimit: 1,
    jobTemplate: {
      spec: { parallelism: 2, template: { spec: { dnsPolicy: 'ClusterFirst', terminationGracePeriodSeconds: 30 } } },
    },
  })
  expect(spec).not.toHaveProperty('jobTemplate.spec.backoffLimit')
})

test('one read from a cluster loses what only the server may set', () =>
  expect(
    manifestOf(
      `${cronJob.replace('  name: hello', '  name: hello\n  uid: u\n  resourceVersion: "7"\n  managedFields: [{manager: kubectl}]')}status: {}\n`,
    ),
  ).toEqual(manifestOf(cronJob)))

test.each<[what: string, from: string, to: string, problem: string]>([
  [
    'a schedule that is none',
    '"*/5 * * * *"',
    'now',
    'x.yaml:6: spec.schedule: Invalid value: "now": expected exactly 5 fields, found 1: [now]',
  ],
  [
    'a field of its Job that is misspelt',
    'parallelism',
    'paralelism',
    'x.yaml:9: spec.jobTemplate.spec.paralelism: unknown field, did you mean "parallelism"?',
  ],
  [
    'a policy that is none',
    'jobTemplate:',
    'concurrencyPolicy: Never\n  jobTemplate:',
    'x.yaml:7: spec.concurrencyPolicy: Unsupported value: "Never": supported values: "Allow", "Forbid", "Replace"',
  ],
  [
    'another kind',
    'CronJob',
    'Pod',
    'x.yaml:2: kind: "Pod" is not supported: expected a Job (apiVersion: batch/v1, kind: Job) or a CronJob (apiVersion: batch/v1, kind: CronJob)',
  ],
])('%s is told with its line', (_, from, to, problem) =>
  expect(problemsOf(cronJob.replace(from, to))).toEqual([problem]),
)
