import { expect, test } from 'vitest'
import { describeJob } from '../../../../src/adapters/cli/print/describe-job.ts'
import { event, job, now, text } from './objects.ts'

const zurich = { now, timeZone: 'Europe/Zurich' }
const labels = { app: 'pi', 'batch.kubernetes.io/job-name': 'pi' }

const pi = job({
  metadata: { labels },
  spec: {
    parallelism: 2,
    completions: 4,
    completionMode: 'Indexed',
    ttlSecondsAfterFinished: 3600,
    activeDeadlineSeconds: 600,
    selector: { matchLabels: { 'batch.kubernetes.io/controller-uid': '0b2d6c1e' } },
    template: {
      metadata: { labels },
      spec: {
        containers: [
          {
            name: 'pi',
            image: 'perl:5.34.0',
            command: ['perl', '-Mbignum=bpi', '-wle', 'print bpi(2000)'],
            resources: { limits: { memory: '64Mi' }, requests: { cpu: '100m' } },
            env: [{ name: 'MODE', value: 'fast' }],
            volumeMounts: [{ name: 'scratch', mountPath: '/data' }],
          },
        ],
        volumes: [{ name: 'scratch', emptyDir: {} }],
      },
    },
  },
  status: {
    ready: 0,
    succeeded: 4,
    failed: 1,
    completedIndexes: '0-3',
    startTime: '2026-07-21T08:00:00Z',
    completionTime: '2026-07-21T08:01:05Z',
  },
})

test('[12.5] a finished Indexed Job with its events', () => {
  const at = (timestamp: string) => ({ firstTimestamp: timestamp, lastTimestamp: timestamp })
  const events = [
    event({ reason: 'Completed', message: 'Job completed', ...at('2026-07-21T08:01:05Z') }),
    event({ message: 'Created pod: pi-0-x7k2p' }),
    event({ message: 'Created pod: pi-1-9dq4c' }),
  ]
  expect(describeJob(pi, { ...zurich, now: Date.parse('2026-07-21T08:02:10Z'), events })).toBe(text`
    Name:                        pi
    Namespace:                   default
    Selector:                    batch.kubernetes.io/controller-uid=0b2d6c1e
    Labels:                      app=pi
                                 batch.kubernetes.io/job-name=pi
    Annotations:                 <none>
    Parallelism:                 2
    Completions:                 4
    Completion Mode:             Indexed
    Suspend:                     false
    Backoff Limit:               6
    TTL Seconds After Finished:  3600
    Start Time:                  Tue, 21 Jul 2026 10:00:00 +0200
    Completed At:                Tue, 21 Jul 2026 10:01:05 +0200
    Duration:                    65s
    Active Deadline Seconds:     600s
    Pods Statuses:               0 Active (0 Ready) / 4 Succeeded / 1 Failed
    Completed Indexes:           0-3
    Pod Template:
      Labels:  app=pi
               batch.kubernetes.io/job-name=pi
      Containers:
       pi:
        Image:      perl:5.34.0
        Port:       <none>
        Host Port:  <none>
        Command:
          perl
          -Mbignum=bpi
          -wle
          print bpi(2000)
        Limits:
          memory:  64Mi
        Requests:
          cpu:  100m
        Environment:
          MODE:  fast
        Mounts:
          /data from scratch (rw)
      Volumes:
       scratch:
        Type:          EmptyDir (a temporary directory that shares a pod's lifetime)
        Medium:        $
        SizeLimit:     <unset>
      Node-Selectors:  <none>
      Tolerations:     <none>
    Events:
      Type    Reason            Age    From            Message
      ----    ------            ----   ----            -------
      Normal  SuccessfulCreate  2m10s  job-controller  Created pod: pi-0-x7k2p
      Normal  SuccessfulCreate  2m10s  job-controller  Created pod: pi-1-9dq4c
      Normal  Completed         65s    job-controller  Job completed
  `)
})

test('[12.5] a Job that has not begun, owned by a CronJob: what is not set is left out, no events stand aligned', () => {
  const owner = { apiVersion: 'batch/v1', kind: 'CronJob', name: 'daily', uid: '2', controller: true }
  const bystander = { apiVersion: 'v1', kind: 'ConfigMap', name: 'other', uid: '3' }
  const waiting = job({ metadata: { ownerReferences: [bystander, owner] }, spec: { suspend: true } })
  expect(describeJob(waiting, { now, timeZone: 'UTC', events: [] })).toBe(text`
    Name:             pi
    Namespace:        default
    Selector:         $
    Labels:           <none>
    Annotations:      <none>
    Controlled By:    CronJob/daily
    Parallelism:      1
    Completions:      <unset>
    Completion Mode:  NonIndexed
    Suspend:          true
    Backoff Limit:    6
    Pods Statuses:    0 Active / 0 Succeeded / 0 Failed
    Pod Template:
      Labels:  <none>
      Containers:
       pi:
        Image:         perl:5.34.0
        Port:          <none>
        Host Port:     <none>
        Environment:   <none>
        Mounts:        <none>
      Volumes:         <none>
      Node-Selectors:  <none>
      Tolerations:     <none>
    Events:            <none>
  `)
})

/** The block under `heading:`, up to the next line that is not further in. */
const under = (heading: string, described: string): string => {
  const lines = described.split('\n')
  const start = lines.findIndex((line) => line.startsWith(`${heading}:`))
  const end = lines.findIndex((line, at) => at > start && !line.startsWith(' '))
  return `${lines.slice(start, end).join('\n')}\n`
}

test('[12.5] without a question for events there is no Events block', () => {
  expect(describeJob(pi, zurich)).not.toContain('Events')
})

test('[12.5] long annotations stand below their key and are cut, the last applied configuration is skipped', () => {
  const annotations = {
    'kubectl.kubernetes.io/last-applied-configuration': '{}',
    short: 'x',
    long: 'y'.repeat(141),
    fits: 'z'.repeat(134),
    lines: 'one\ntwo\n',
  }
  expect(under('Annotations', describeJob(job({ metadata: { annotations } }), zurich))).toBe(
    [
      `Annotations:      fits: ${'z'.repeat(134)}`,
      '                  lines:',
      '                    one',
      '                    two',
      '                  long:',
      `                    ${'y'.repeat(138)}...`,
      '                  short: x',
      '',
    ].join('\n'),
  )
})

test.each<[indexes: string | undefined, shown: string]>([
  [undefined, '<none>'],
  ['0-99998', '0-99998'],
  [`${'1,'.repeat(24)}10`, `${'1,'.repeat(24)}10`],
  [`${'1,'.repeat(25)}100,102`, `${'1,'.repeat(25)}100,...`],
])('[12.5] completed indexes %s are shown as %s', (completedIndexes, shown) => {
  const status = completedIndexes === undefined ? {} : { completedIndexes }
  const described = describeJob(job({ spec: { completionMode: 'Indexed' }, status }), zurich)
  expect(under('Completed Indexes', described)).toBe(`Completed Indexes:  ${shown}\n`)
})

test('[12.5] a repeated event tells its last and its first age, what it is about and who reported it', () => {
  const events = [
    event({
      involvedObject: { ...event({}).involvedObject, fieldPath: 'spec.containers{main}' },
      message: ' Back-off restarting failed container\n',
      type: 'Warning',
      reason: 'BackOff',
      source: { component: '' },
      reportingComponent: 'kubelet',
      lastTimestamp: '2026-07-21T08:09:30Z',
      count: 3,
    }),
  ]
  expect(under('Events', describeJob(pi, { ...zurich, events }))).toBe(text`
    Events:
      Type     Reason   Age                From     Message
      ----     ------   ----               ----     -------
      Warning  BackOff  30s (x3 over 10m)  kubelet  spec.containers{main}: Back-off restarting failed container
  `)
})

test('[12.5] events of the newer recorder tell their times in eventTime and series', () => {
  const series = { count: 5, lastObservedTime: '2026-07-21T08:09:00.000000Z' }
  const events = [event({ eventTime: '2026-07-21T08:05:00.000000Z', series, message: 'again' })]
  expect(describeJob(pi, { ...zurich, events })).toContain(
    'SuccessfulCreate  60s (x5 over 5m)  job-controller  again\n',
  )
})

test('text of users cannot steer the terminal', () => {
  const described = describeJob(job({ metadata: { annotations: { evil: '\u001b[2Jgone\r\u009b' } } }), zurich)
  expect(described).toContain('evil: ^[[2Jgone\\r\\u009b\n')
})
