import { sameValue } from '../../same-value.ts'
import type { Shape } from '../schema.ts'

/** What the rules about a Job's status look at: numbers never absent where absence means 0, conditions as yes or no. */
export type SeenStatus = {
  readonly active: number
  readonly succeeded: number
  readonly failed: number
  readonly ready: number | undefined
  readonly terminating: number | undefined
  readonly startTime: string | undefined
  readonly completionTime: string | undefined
  readonly completedIndexes: string
  readonly failedIndexes: string | undefined
  readonly uncounted: Shape<'UncountedTerminatedPods'> | undefined
  readonly isComplete: boolean
  readonly isFailed: boolean
  readonly isFailureTarget: boolean
  readonly isSuccessCriteriaMet: boolean
  readonly isSuspended: boolean
  readonly isFinished: boolean
}

export const seenStatus = ({ status = {} }: Shape<'Job'>): SeenStatus => {
  const is = (type: string): boolean =>
    (status.conditions ?? []).some((condition) => condition.type === type && condition.status === 'True')
  return {
    active: status.active ?? 0,
    succeeded: status.succeeded ?? 0,
    failed: status.failed ?? 0,
    ready: status.ready,
    terminating: status.terminating,
    startTime: status.startTime,
    completionTime: status.completionTime,
    completedIndexes: status.completedIndexes ?? '',
    failedIndexes: status.failedIndexes,
    uncounted: status.uncountedTerminatedPods,
    isComplete: is('Complete'),
    isFailed: is('Failed'),
    isFailureTarget: is('FailureTarget'),
    isSuccessCriteriaMet: is('SuccessCriteriaMet'),
    isSuspended: is('Suspended'),
    isFinished: is('Complete') || is('Failed'),
  }
}

/** Whether any of the fields is another than before. */
export const differsIn =
  (now: SeenStatus, before: SeenStatus) =>
  (...fields: ReadonlyArray<keyof SeenStatus>): boolean =>
    fields.some((field) => !sameValue(now[field], before[field]))
