import { E } from '../../../prelude.ts'
import {
  duplicate,
  type FieldErrors,
  invalid,
  invalidFor,
  invalidWithoutValue,
  required,
  when,
} from '../field-error.ts'
import type { Shape } from '../schema.ts'
import { overlapOf, parseIndexList } from './index-list.ts'
import { nonNegative } from './names.ts'
import { differsIn, type SeenStatus, seenStatus } from './seen-status.ts'

/** The rules about a Job's status by itself (V-1 to V-22); `present` tells which of them have to be looked at. */
export const jobStatus = (next: Shape<'Job'>, present: Shape<'Job'>): FieldErrors => {
  const now = seenStatus(next)
  const changed = differsIn(now, seenStatus(present))
  return [
    ...counters(now),
    ...uncountedUids(now.uncounted ?? {}),
    ...conditions(now, changed, next.spec ?? {}),
    ...times(now, changed, next.spec ?? {}),
    ...finished(now, changed),
    ...indexes(now, changed, next.spec ?? {}),
    ...when(
      changed('ready', 'active') && (now.ready ?? 0) > now.active,
      invalid('status.ready', now.ready, 'cannot set more ready pods than active'),
    ),
  ]
}

type Changed = (...fields: ReadonlyArray<keyof SeenStatus>) => boolean

/** [V-1] */
const counters = (now: SeenStatus): FieldErrors =>
  (['active', 'succeeded', 'failed', 'ready', 'terminating'] as const).flatMap((field) =>
    invalidFor(`status.${field}`, now[field], nonNegative(now[field] ?? 0)),
  )

/** [V-2] */
const uncountedUids = ({ succeeded = [], failed = [] }: Shape<'UncountedTerminatedPods'>): FieldErrors => {
  const seen = new Set<string>()
  const oneUid = (at: string, uid: string): FieldErrors => {
    if (uid === '') return [invalid(at, uid, 'must not be empty')]
    if (seen.has(uid)) return [duplicate(at, uid)]
    seen.add(uid)
    return []
  }
  return [
    ...succeeded.flatMap((uid, index) => oneUid(`status.uncountedTerminatedPods.succeeded[${index}]`, uid)),
    ...failed.flatMap((uid, index) => oneUid(`status.uncountedTerminatedPods.failed[${index}]`, uid)),
  ]
}

/** [V-3 to V-9] */
const conditions = (now: SeenStatus, changed: Changed, { successPolicy }: Shape<'JobSpec'>): FieldErrors => [
  ...refusedAtConditions(
    changed('isComplete', 'isFailed') && now.isComplete && now.isFailed,
    'cannot set Complete=True and Failed=true conditions',
  ),
  ...refusedAtConditions(
    changed('isComplete', 'isFailureTarget') && now.isComplete && now.isFailureTarget,
    'cannot set Complete=True and FailureTarget=true conditions',
  ),
  ...refusedAtConditions(
    changed('isFailed', 'failedIndexes') && now.isFailed && !now.isFailureTarget,
    'cannot set Failed=True condition without the FailureTarget=true condition',
  ),
  ...refusedAtConditions(
    changed('isComplete', 'isSuccessCriteriaMet') && now.isComplete && !now.isSuccessCriteriaMet,
    'cannot set Complete=True condition without the SuccessCriteriaMet=true condition',
  ),
  ...refusedAtConditions(
    now.isSuccessCriteriaMet && now.isFailed,
    'cannot set SuccessCriteriaMet=True and Failed=true conditions',
  ),
  ...refusedAtConditions(
    now.isSuccessCriteriaMet && now.isFailureTarget,
    'cannot set SuccessCriteriaMet=True and FailureTarget=true conditions',
  ),
  ...refusedAtConditions(
    successPolicy !== undefined && now.isComplete && !now.isSuccessCriteriaMet,
    'cannot set Complete=True for Job with SuccessPolicy unless SuccessCriteriaMet=True',
  ),
]

const refusedAtConditions = (holds: boolean, text: string): FieldErrors =>
  when(holds, invalidWithoutValue('status.conditions', text))

/** [V-10 to V-13] A Job that is suspended and wants no completions is finished without ever starting. */
const times = (now: SeenStatus, changed: Changed, { suspend, completions }: Shape<'JobSpec'>): FieldErrors => [
  ...when(
    changed('isComplete', 'completionTime') && now.completionTime !== undefined && !now.isComplete,
    invalid(
      'status.completionTime',
      now.completionTime,
      'cannot set completionTime when there is no Complete=True condition',
    ),
  ),
  ...when(
    changed('isComplete', 'completionTime') && now.completionTime === undefined && now.isComplete,
    required('status.completionTime', 'completionTime is required for Complete jobs'),
  ),
  ...when(
    changed('startTime', 'completionTime') && isBefore(now.completionTime, now.startTime),
    invalid('status.completionTime', now.completionTime, 'must be equal to or after `startTime`'),
  ),
  ...when(
    changed('isFinished', 'startTime') &&
      now.isFinished &&
      now.startTime === undefined &&
      !(suspend === true && completions === 0),
    required('status.startTime', 'startTime is required for finished job'),
  ),
]

const isBefore = (time: string | undefined, other: string | undefined): boolean =>
  time !== undefined && other !== undefined && Date.parse(time) < Date.parse(other)

/** [V-14 to V-16] */
const finished = (now: SeenStatus, changed: Changed): FieldErrors => {
  const { succeeded = [], failed = [] } = now.uncounted ?? {}
  return [
    ...when(
      changed('isFinished', 'active') && now.isFinished && now.active > 0,
      invalid('status.active', now.active, 'active>0 is invalid for finished job'),
    ),
    ...when(
      changed('isFinished', 'terminating') && now.isFinished && (now.terminating ?? 0) > 0,
      invalid('status.terminating', now.terminating, 'terminating>0 is invalid for finished job'),
    ),
    ...when(
      changed('isFinished', 'uncounted') && now.isFinished && succeeded.length + failed.length > 0,
      invalid('status.uncountedTerminatedPods', now.uncounted, 'must be empty for finished job'),
    ),
  ]
}

/** [V-17 to V-21] Without completions there is nothing to compare an index with. */
const indexes = (now: SeenStatus, changed: Changed, spec: Shape<'JobSpec'>): FieldErrors => {
  const { completedIndexes, failedIndexes } = now
  const { completions, completionMode, backoffLimitPerIndex } = spec
  const areCompletedNew = changed('completedIndexes')
  const areFailedNew = changed('failedIndexes')
  return [
    ...(areCompletedNew ? unparsable('completedIndexes', completedIndexes, completions) : []),
    ...(areFailedNew && backoffLimitPerIndex !== undefined
      ? unparsable('failedIndexes', failedIndexes, completions)
      : []),
    ...when(
      areCompletedNew && completedIndexes !== '' && completionMode !== 'Indexed',
      invalid(
        'status.completedIndexes',
        completedIndexes,
        'cannot set non-empty completedIndexes when non-indexed completion mode',
      ),
    ),
    ...when(
      areFailedNew && failedIndexes !== undefined && backoffLimitPerIndex === undefined,
      invalid(
        'status.failedIndexes',
        failedIndexes,
        'cannot set non-null failedIndexes when backoffLimitPerIndex is null',
      ),
    ),
    ...((areCompletedNew || areFailedNew) && completions !== undefined
      ? overlapping(completedIndexes, failedIndexes ?? '', completions)
      : []),
  ]
}

const unparsable = (
  field: 'completedIndexes' | 'failedIndexes',
  list: string | undefined,
  completions: number | undefined,
): FieldErrors => {
  if (list === undefined || completions === undefined) return []
  const parsed = parseIndexList(list, completions)
  return E.isLeft(parsed) ? [invalid(`status.${field}`, list, `error parsing ${field}: ${parsed.left}`)] : []
}

const overlapping = (completed: string, failed: string, completions: number): FieldErrors => {
  const index = overlapOf(completed, failed, completions)
  return index === undefined
    ? []
    : [invalid('status.failedIndexes', failed, `failedIndexes and completedIndexes overlap at index: ${index}`)]
}
