import { type FieldErrors, invalid, invalidWithoutValue, when } from '../field-error.ts'
import type { Shape } from '../schema.ts'
import { type SeenStatus, seenStatus } from './seen-status.ts'

/** What a Job's status may not take back (V-23 to V-29). */
export const jobStatusChange = (next: Shape<'Job'>, present: Shape<'Job'>): FieldErrors => {
  const [now, before] = [seenStatus(next), seenStatus(present)]
  return [
    ...disabled(now, before),
    ...when(now.failed < before.failed, invalid('status.failed', now.failed, 'cannot decrease the failed counter')),
    ...when(
      now.succeeded < before.succeeded && !isElastic(next.spec ?? {}),
      invalid('status.succeeded', now.succeeded, 'cannot decrease the succeeded counter'),
    ),
    ...when(
      now.completionTime !== undefined &&
        before.completionTime !== undefined &&
        now.completionTime !== before.completionTime,
      invalid('status.completionTime', now.completionTime, 'field is immutable'),
    ),
    ...startTime(now, before, next.spec ?? {}),
    ...when(
      before.isSuccessCriteriaMet && !now.isSuccessCriteriaMet,
      invalidWithoutValue('status.conditions', 'cannot disable the SuccessCriteriaMet=True condition'),
    ),
    ...when(
      before.isComplete && !before.isSuccessCriteriaMet && now.isSuccessCriteriaMet,
      invalidWithoutValue(
        'status.conditions',
        'cannot set SuccessCriteriaMet=True for Job already has Complete=true conditions',
      ),
    ),
  ]
}

/** [V-23] */
const disabled = (now: SeenStatus, before: SeenStatus): FieldErrors =>
  (
    [
      ['Failed', before.isFailed && !now.isFailed],
      ['Complete', before.isComplete && !now.isComplete],
      ['FailureTarget', before.isFailureTarget && !now.isFailureTarget],
    ] as const
  ).flatMap(([type, isDisabled]) =>
    when(isDisabled, invalidWithoutValue('status.conditions', `cannot disable the terminal ${type}=True condition`)),
  )

/** Such a Job may be scaled down, and completed indexes are gone then [V-27]. */
const isElastic = ({ completionMode, completions, parallelism }: Shape<'JobSpec'>): boolean =>
  completionMode === 'Indexed' && completions === parallelism

/** [V-29] A Job that is resumed in this very status starts anew: its spec was resumed before. */
const startTime = (now: SeenStatus, before: SeenStatus, { suspend }: Shape<'JobSpec'>): FieldErrors =>
  when(
    before.startTime !== undefined &&
      now.startTime !== before.startTime &&
      suspend !== true &&
      !(before.isSuspended && !now.isSuspended),
    invalid('status.startTime', now.startTime, 'field is immutable for unsuspended job once set'),
  )
