import { expect, test } from 'vitest'
import { jobDisplayStatus, jobRows } from '../../../../src/projections/tables/jobs-table.ts'
import { condition, job, now, text } from './objects.ts'
import { tableText } from '../../../../src/adapters/cli/print/table.ts'

const jobsTable = (...[jobs, options]: Parameters<typeof jobRows>): string => tableText(jobRows(jobs, options), options)

const complete = job({
  spec: { completions: 4, selector: { matchLabels: { 'batch.kubernetes.io/controller-uid': '0b2d' } } },
  status: {
    succeeded: 4,
    startTime: '2026-07-21T08:00:00Z',
    completionTime: '2026-07-21T08:01:05Z',
    conditions: [condition('SuccessCriteriaMet'), condition('Complete')],
  },
})

const queue = job({
  metadata: { name: 'wq', namespace: 'work', creationTimestamp: '2026-07-21T08:09:48Z' },
  spec: {
    parallelism: 3,
    template: {
      spec: {
        containers: [
          { name: 'worker', image: 'busybox:1.36' },
          { name: 'helper', image: 'alpine' },
        ],
      },
    },
  },
  status: { startTime: '2026-07-21T08:09:48Z' },
})

test('[12.2] Jobs are printed as kubectl prints them', () => {
  expect(jobsTable([complete, queue], { now })).toBe(text`
    NAME   STATUS     COMPLETIONS   DURATION   AGE
    pi     Complete   4/4           65s        10m
    wq     Running    0/1 of 3      12s        12s
  `)
})

test('[12.2] wide adds containers, images and selector', () => {
  expect(jobsTable([complete, queue], { now, wide: true })).toBe(text`
    NAME   STATUS     COMPLETIONS   DURATION   AGE   CONTAINERS      IMAGES                SELECTOR
    pi     Complete   4/4           65s        10m   pi              perl:5.34.0           batch.kubernetes.io/controller-uid=0b2d
    wq     Running    0/1 of 3      12s        12s   worker,helper   busybox:1.36,alpine   <none>
  `)
})

test('[12.2] all namespaces come with a column, headers can be left out', () => {
  expect(jobsTable([complete, queue], { now, allNamespaces: true, noHeaders: true })).toBe(text`
    default   pi    Complete   4/4        65s   10m
    work      wq    Running    0/1 of 3   12s   12s
  `)
})

test.each<[status: string, over: Parameters<typeof job>[0]]>([
  ['Complete', { status: { conditions: [condition('Complete'), condition('Suspended')] } }],
  [
    'Failed',
    {
      status: { conditions: [condition('FailureTarget'), condition('Failed')] },
      metadata: { deletionTimestamp: '2026-07-21T08:00:00Z' },
    },
  ],
  [
    'Terminating',
    { status: { conditions: [condition('Suspended')] }, metadata: { deletionTimestamp: '2026-07-21T08:00:00Z' } },
  ],
  ['Suspended', { status: { conditions: [condition('FailureTarget'), condition('Suspended')] } }],
  ['FailureTarget', { status: { conditions: [condition('SuccessCriteriaMet'), condition('FailureTarget')] } }],
  ['SuccessCriteriaMet', { status: { conditions: [condition('SuccessCriteriaMet')] } }],
  ['Running', { status: { conditions: [{ ...condition('Suspended'), status: 'False' }] } }],
])('[12.2] the first that holds gives the status: %s', (status, over) => {
  expect(jobDisplayStatus(job(over))).toBe(status)
})

test.each<[completions: string, over: Parameters<typeof job>[0]]>([
  ['2/5', { spec: { completions: 5 }, status: { succeeded: 2 } }],
  ['0/1 of 4', { spec: { parallelism: 4 } }],
  ['1/1', { status: { succeeded: 1 } }],
  ['0/1', { spec: { parallelism: 0 } }],
])('[12.2] completions read %s', (completions, over) => {
  expect(jobRows([job(over)], { now }).rows[0]?.[2]).toBe(completions)
})

test('[12.2] the duration is empty before the start and keeps growing when a Job failed', () => {
  const failed = { startTime: '2026-07-21T08:00:00Z', conditions: [condition('Failed')] }
  const durations = jobRows([job({}), job({ status: failed })], { now }).rows.map((cells) => cells[3])
  expect(durations).toStrictEqual(['', '10m'])
})

test('[12.1] a Job that was never stored has no age', () => {
  const { creationTimestamp: _, ...metadata } = complete.metadata
  expect(jobRows([{ ...complete, metadata }], { now }).rows[0]?.[4]).toBe('<unknown>')
})
