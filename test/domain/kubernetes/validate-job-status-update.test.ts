import { describe, expect, test } from 'vitest'
import { changedJobStatus } from '../../../src/domain/kubernetes/changed-job.ts'
import { renderFieldError } from '../../../src/domain/kubernetes/field-error.ts'
import { prepareJob } from '../../../src/domain/kubernetes/prepare-job.ts'
import type { Shape } from '../../../src/domain/kubernetes/schema.ts'
import { validateJobStatusUpdate } from '../../../src/domain/kubernetes/validate-job-status-update.ts'
import { withDefaults } from '../../../src/domain/kubernetes/with-defaults.ts'
import { jobOf } from './refusals-of.ts'

type Status = Shape<'JobStatus'>
type Spec = Shape<'JobSpec'>

/** What is said against a new status of a Job, one sentence each, without `status.` before the field. */
const said = (before: Status, now: Status, spec: Spec = {}): ReadonlyArray<string> => {
  const present = { ...prepareJob(withDefaults(jobOf({ spec })), 'uid-1'), status: before }
  return validateJobStatusUpdate(changedJobStatus({ ...present, status: now }, present), present)
    .map(renderFieldError)
    .map((text) => text.replace(/^status\./, ''))
}

const are = (...types: ReadonlyArray<string>): Status => ({
  conditions: types.map((type) => ({ type, status: 'True' })),
})
const startTime = '2026-01-01T00:00:00Z'
const later = '2026-01-01T00:01:00Z'
const complete: Status = { ...are('SuccessCriteriaMet', 'Complete'), startTime, completionTime: later }
const failed: Status = { ...are('FailureTarget', 'Failed'), startTime }
const indexed: Spec = { completionMode: 'Indexed', completions: 3, parallelism: 1, backoffLimitPerIndex: 1 }

const conditions = (text: string) => `conditions: Invalid value: ${text}`

test.each<[what: string, before: Status, now: Status, spec?: Spec]>([
  ['the first', {}, { startTime, active: 1, ready: 0 }],
  ['of a complete Job', { startTime, active: 1 }, complete],
  ['of a failed Job', { startTime, active: 1 }, failed],
  ['with conditions of any kind', {}, { conditions: [{ type: '', status: 'Perhaps' }] }],
  ['of a suspended Job without completions', {}, { ...complete, startTime: '' }, { suspend: true, completions: 0 }],
])('a right status is accepted: %s', (_, before, now, spec) => {
  const { startTime: start, ...rest } = now
  expect(said(before, start === '' ? rest : now, spec)).toEqual([])
})

test.each<[rule: string, before: Status, now: Status, refusals: ReadonlyArray<string>, spec?: Spec]>([
  [
    '[V-1] negative numbers',
    {},
    { active: -1, succeeded: -1, failed: -1, ready: -2, terminating: -1 },
    [
      'active: Invalid value: -1: must be greater than or equal to 0',
      'succeeded: Invalid value: -1: must be greater than or equal to 0',
      'failed: Invalid value: -1: must be greater than or equal to 0',
      'ready: Invalid value: -2: must be greater than or equal to 0',
      'terminating: Invalid value: -1: must be greater than or equal to 0',
      'failed: Invalid value: -1: cannot decrease the failed counter',
      'succeeded: Invalid value: -1: cannot decrease the succeeded counter',
    ],
  ],
  [
    '[V-2] uncounted Pods without a uid, or named twice',
    {},
    { uncountedTerminatedPods: { succeeded: ['a', '', 'a'], failed: ['b', 'a'] } },
    [
      'uncountedTerminatedPods.succeeded[1]: Invalid value: "": must not be empty',
      'uncountedTerminatedPods.succeeded[2]: Duplicate value: "a"',
      'uncountedTerminatedPods.failed[1]: Duplicate value: "a"',
    ],
  ],
  [
    '[V-3, V-5 to V-7] complete and failed',
    {},
    { ...complete, ...are('SuccessCriteriaMet', 'Complete', 'Failed') },
    [
      conditions('cannot set Complete=True and Failed=true conditions'),
      conditions('cannot set Failed=True condition without the FailureTarget=true condition'),
      conditions('cannot set SuccessCriteriaMet=True and Failed=true conditions'),
    ],
  ],
  [
    '[V-4, V-6] complete and about to fail',
    {},
    { ...complete, ...are('SuccessCriteriaMet', 'Complete', 'FailureTarget') },
    [
      conditions('cannot set Complete=True and FailureTarget=true conditions'),
      conditions('cannot set SuccessCriteriaMet=True and FailureTarget=true conditions'),
    ],
  ],
  [
    '[V-7] failed at once',
    {},
    { ...are('Failed'), startTime },
    [conditions('cannot set Failed=True condition without the FailureTarget=true condition')],
  ],
  [
    '[V-8] complete at once',
    {},
    { ...complete, ...are('Complete') },
    [conditions('cannot set Complete=True condition without the SuccessCriteriaMet=true condition')],
  ],
  [
    '[V-8, V-9] complete at once in spite of a success policy',
    {},
    { ...complete, ...are('Complete') },
    [
      conditions('cannot set Complete=True condition without the SuccessCriteriaMet=true condition'),
      conditions('cannot set Complete=True for Job with SuccessPolicy unless SuccessCriteriaMet=True'),
    ],
    { ...indexed, successPolicy: { rules: [{ succeededCount: 1 }] } },
  ],
  [
    '[V-10] a completion time before the completion',
    { startTime },
    { startTime, completionTime: later },
    [`completionTime: Invalid value: "${later}": cannot set completionTime when there is no Complete=True condition`],
  ],
  [
    '[V-11] no completion time',
    { startTime },
    { ...are('SuccessCriteriaMet', 'Complete'), startTime },
    ['completionTime: Required value: completionTime is required for Complete jobs'],
  ],
  [
    '[V-12] complete before the start',
    { startTime: later },
    { ...complete, startTime: later, completionTime: startTime },
    [`completionTime: Invalid value: "${startTime}": must be equal to or after \`startTime\``],
  ],
  [
    '[V-13] failed without a start',
    {},
    are('FailureTarget', 'Failed'),
    ['startTime: Required value: startTime is required for finished job'],
  ],
  [
    '[V-14 to V-16] finished with Pods left',
    { startTime },
    { ...failed, active: 1, terminating: 2, uncountedTerminatedPods: { failed: ['a'] } },
    [
      'active: Invalid value: 1: active>0 is invalid for finished job',
      'terminating: Invalid value: 2: terminating>0 is invalid for finished job',
      'uncountedTerminatedPods: Invalid value: {"failed":["a"]}: must be empty for finished job',
    ],
  ],
  [
    '[V-17, V-19] lists of indexes that cannot be read',
    {},
    { completedIndexes: '2-1', failedIndexes: '3' },
    [
      'completedIndexes: Invalid value: "2-1": error parsing completedIndexes: non-increasing order, previous: 2, current: 1',
      'failedIndexes: Invalid value: "3": error parsing failedIndexes: too large index: "3"',
    ],
    indexed,
  ],
  [
    '[V-18, V-20] indexes of a Job that has none',
    {},
    { completedIndexes: '0', failedIndexes: '' },
    [
      'completedIndexes: Invalid value: "0": cannot set non-empty completedIndexes when non-indexed completion mode',
      'failedIndexes: Invalid value: "": cannot set non-null failedIndexes when backoffLimitPerIndex is null',
    ],
  ],
  [
    '[V-21] an index both completed and failed',
    {},
    { completedIndexes: '0,x,4-6,9', failedIndexes: '2,5-7' },
    [
      'completedIndexes: Invalid value: "0,x,4-6,9": error parsing completedIndexes: cannot convert string to integer for index: "x"',
      'failedIndexes: Invalid value: "2,5-7": failedIndexes and completedIndexes overlap at index: 5',
    ],
    { ...indexed, completions: 10 },
  ],
  [
    '[V-22] more ready than active',
    {},
    { active: 1, ready: 2 },
    ['ready: Invalid value: 2: cannot set more ready pods than active'],
  ],
  [
    '[V-10, V-23, V-24] a complete Job that is not any more',
    complete,
    { startTime, completionTime: later },
    [
      `completionTime: Invalid value: "${later}": cannot set completionTime when there is no Complete=True condition`,
      conditions('cannot disable the terminal Complete=True condition'),
      conditions('cannot disable the SuccessCriteriaMet=True condition'),
    ],
  ],
  [
    '[V-23] a failed Job that is not any more',
    failed,
    { startTime, conditions: [{ type: 'Failed', status: 'False' }] },
    [
      conditions('cannot disable the terminal Failed=True condition'),
      conditions('cannot disable the terminal FailureTarget=True condition'),
    ],
  ],
  [
    '[V-25] reasons given afterwards',
    { ...complete, ...are('Complete') },
    complete,
    [conditions('cannot set SuccessCriteriaMet=True for Job already has Complete=true conditions')],
  ],
  [
    '[V-26, V-27] counters that go back',
    { succeeded: 2, failed: 2 },
    { succeeded: 1 },
    [
      'failed: Invalid value: 0: cannot decrease the failed counter',
      'succeeded: Invalid value: 1: cannot decrease the succeeded counter',
    ],
  ],
  [
    '[V-28] another completion time',
    complete,
    { ...complete, completionTime: '2026-01-01T00:02:00Z' },
    ['completionTime: Invalid value: "2026-01-01T00:02:00Z": field is immutable'],
  ],
  [
    '[V-29] another start',
    { startTime },
    { startTime: later },
    [`startTime: Invalid value: "${later}": field is immutable for unsuspended job once set`],
  ],
  [
    '[V-29] no start any more',
    { startTime },
    {},
    ['startTime: Invalid value: null: field is immutable for unsuspended job once set'],
  ],
])('%s', (_, before, now, refusals, spec) => expect(said(before, now, spec)).toEqual(refusals))

describe('what was inconsistent before does not block what has nothing to do with it', () => {
  test.each<[rule: string, inconsistent: Status, spec?: Spec]>([
    ['[V-3]', { ...complete, ...are('Complete', 'Failed', 'FailureTarget') }],
    ['[V-7]', { ...are('Failed'), startTime }],
    ['[V-8]', { ...complete, ...are('Complete') }],
    ['[V-10]', { startTime, completionTime: later }],
    ['[V-11]', { ...are('SuccessCriteriaMet', 'Complete'), startTime }],
    ['[V-12]', { ...complete, startTime: later, completionTime: startTime }],
    ['[V-13]', are('FailureTarget', 'Failed')],
    ['[V-14 to V-16]', { ...failed, active: 1, terminating: 1, uncountedTerminatedPods: { failed: ['a'] } }],
    ['[V-17 to V-21]', { completedIndexes: '9', failedIndexes: '9' }, indexed],
    ['[V-22]', { active: 1, ready: 2 }],
  ])('%s', (_, inconsistent, spec) => expect(said(inconsistent, { ...inconsistent, failed: 1 }, spec)).toEqual([]))
})

test('[V-27] of an elastic Job, completed indexes may go', () =>
  expect(said({ succeeded: 2 }, { succeeded: 1 }, { ...indexed, parallelism: 3 })).toEqual([]))

test.each<[what: string, before: Status, now: Status, suspend: boolean]>([
  ['while suspended', { startTime }, {}, true],
  ['when resumed', { startTime, ...are('Suspended') }, { startTime: later }, false],
  ['for the first time', {}, { startTime }, false],
])('[V-29] the start may change %s', (_, before, now, suspend) => expect(said(before, now, { suspend })).toEqual([]))

test('[U-6] what is wrong with metadata is told three times', () => {
  const present = prepareJob(withDefaults(jobOf()), 'uid-1')
  const sent = { ...present, metadata: { ...present.metadata, labels: { a: '-' } } }
  expect(validateJobStatusUpdate(changedJobStatus(sent, present), present)).toHaveLength(3)
})

test('[D-6] the spec stays, labels and status are stored as sent, times in UTC and seconds', () => {
  const present = prepareJob(withDefaults(jobOf()), 'uid-1')
  const stored = changedJobStatus(
    {
      metadata: { name: 'job', labels: { a: 'b' } },
      spec: { parallelism: 9 },
      status: {
        active: 0,
        failedIndexes: '',
        startTime: '2024-05-06T07:00:00.789+02:00',
        conditions: [{ type: 'Suspended', status: 'True' }],
      },
    },
    present,
  )
  expect(stored.spec).toStrictEqual(present.spec)
  expect(stored.metadata?.labels).toStrictEqual({ a: 'b' })
  expect(stored.status).toStrictEqual({
    failedIndexes: '',
    startTime: '2024-05-06T05:00:00Z',
    conditions: [{ type: 'Suspended', status: 'True', lastProbeTime: null, lastTransitionTime: null }],
  })
})
