import { expect, test } from 'vitest'
import { cronJobRows } from '../../../../src/projections/tables/cron-jobs-table.ts'
import { describeCronJob } from '../../../../src/adapters/cli/print/describe-cron-job.ts'
import { tableText } from '../../../../src/adapters/cli/print/table.ts'
import type { CronJobObject, CronJobSpec, CronJobStatus } from '../../../../src/domain/kubernetes/cron-job-object.ts'
import { event, text } from './objects.ts'

const now = Date.parse('2026-07-21T08:05:02Z')

const template = {
  spec: {
    containers: [{ name: 'hello', image: 'busybox:1.36', command: ['/bin/sh', '-c', 'date; echo Hello'] }],
    restartPolicy: 'OnFailure' as const,
  },
}

const cronJob = (
  spec: Partial<CronJobSpec> = {},
  status: CronJobStatus = {},
  job: Readonly<Record<string, unknown>> = {},
): CronJobObject => ({
  apiVersion: 'batch/v1',
  kind: 'CronJob',
  metadata: { name: 'hello', namespace: 'default', creationTimestamp: '2026-07-21T07:55:02Z' },
  spec: {
    schedule: '*/1 * * * *',
    concurrencyPolicy: 'Allow',
    suspend: false,
    jobTemplate: { metadata: {}, spec: { template, ...job } },
    successfulJobsHistoryLimit: 3,
    failedJobsHistoryLimit: 1,
    ...spec,
  },
  status,
})

const active = (name: string) => ({
  kind: 'Job' as const,
  namespace: 'default',
  name,
  uid: name,
  apiVersion: 'batch/v1' as const,
  resourceVersion: '7',
})

const running = cronJob(
  { timeZone: 'Europe/Zurich' },
  { active: [active('hello-29743685')], lastScheduleTime: '2026-07-21T08:05:00Z' },
)

test('[12.3] CronJobs are printed as kubectl prints them', () => {
  const resting = cronJob({ schedule: '@every 2h', suspend: true }, {}, { selector: { matchLabels: { a: 'b' } } })
  expect(tableText(cronJobRows([running, resting], { now }))).toBe(text`
    NAME    SCHEDULE      TIMEZONE        SUSPEND   ACTIVE   LAST SCHEDULE   AGE
    hello   */1 * * * *   Europe/Zurich   False     1        2s              10m
    hello   @every 2h     <none>          True      0        <none>          10m
  `)
  expect(tableText(cronJobRows([resting], { now, wide: true, allNamespaces: true }))).toBe(text`
    NAMESPACE   NAME    SCHEDULE    TIMEZONE   SUSPEND   ACTIVE   LAST SCHEDULE   AGE   CONTAINERS   IMAGES         SELECTOR
    default     hello   @every 2h   <none>     True      0        <none>          10m   hello        busybox:1.36   a=b
  `)
})

test('[12.6] a CronJob is described as kubectl describes it', () => {
  const told = (reason: string, message: string, firstTimestamp: string) =>
    event({
      reason,
      message,
      firstTimestamp,
      lastTimestamp: firstTimestamp,
      source: { component: 'cronjob-controller' },
    })
  const events = [
    told('SuccessfulCreate', 'Created job hello-29743684', '2026-07-21T08:04:00Z'),
    told('SawCompletedJob', 'Saw completed job: hello-29743684, condition: Complete', '2026-07-21T08:04:04Z'),
    told('SuccessfulCreate', 'Created job hello-29743685', '2026-07-21T08:05:00Z'),
  ]
  expect(describeCronJob(running, { now, timeZone: 'Europe/Zurich', events })).toBe(text`
    Name:                          hello
    Namespace:                     default
    Labels:                        <none>
    Annotations:                   <none>
    Schedule:                      */1 * * * *
    Concurrency Policy:            Allow
    Suspend:                       False
    Time Zone:                     Europe/Zurich
    Successful Job History Limit:  3
    Failed Job History Limit:      1
    Starting Deadline Seconds:     <unset>
    Selector:                      <unset>
    Parallelism:                   <unset>
    Completions:                   <unset>
    Pod Template:
      Labels:  <none>
      Containers:
       hello:
        Image:      busybox:1.36
        Port:       <none>
        Host Port:  <none>
        Command:
          /bin/sh
          -c
          date; echo Hello
        Environment:     <none>
        Mounts:          <none>
      Volumes:           <none>
      Node-Selectors:    <none>
      Tolerations:       <none>
    Last Schedule Time:  Tue, 21 Jul 2026 10:05:00 +0200
    Active Jobs:         hello-29743685
    Events:
      Type    Reason            Age   From                Message
      ----    ------            ----  ----                -------
      Normal  SuccessfulCreate  62s   cronjob-controller  Created job hello-29743684
      Normal  SawCompletedJob   58s   cronjob-controller  Saw completed job: hello-29743684, condition: Complete
      Normal  SuccessfulCreate  2s    cronjob-controller  Created job hello-29743685
  `)
})

test('[12.6] what is set is told; several active Jobs stand side by side, none are told as such', () => {
  const set = cronJob(
    { startingDeadlineSeconds: 30, suspend: true },
    { active: [active('hello-1'), active('hello-2')] },
    { parallelism: 2, completions: 4, activeDeadlineSeconds: 60, selector: { matchLabels: { a: 'b' } } },
  )
  const lines = (one: CronJobObject) =>
    describeCronJob(one, { now, timeZone: 'UTC' })
      .split('\n')
      .map((line) => line.replace(/: +/, ': '))
  expect(lines(set)).toEqual(
    expect.arrayContaining([
      'Suspend: True',
      'Starting Deadline Seconds: 30s',
      'Selector: a=b',
      'Parallelism: 2',
      'Completions: 4',
      'Active Deadline Seconds: 60s',
      'Last Schedule Time: <unset>',
      'Active Jobs: hello-1, hello-2',
    ]),
  )
  expect(lines(cronJob())).toContain('Active Jobs: <none>')
})
