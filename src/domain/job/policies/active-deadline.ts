import { O } from '../../../prelude.ts'
import type { Job } from '../job.ts'
import { failure, type Policy } from './policy.ts'

/** [F-5] A Job that was active for `activeDeadlineSeconds` fails. */
export const activeDeadline: Policy = ({ job, at }) => {
  const deadline = deadlineOf(job)
  return deadline !== null && at >= deadline ? O.some(failure('DeadlineExceeded')) : O.none
}

/** When the deadline passes, in epoch milliseconds: counted from `startTime`; null without one, and while suspended. */
export const deadlineOf = ({ terms, startTime }: Job): number | null =>
  terms.activeDeadlineSeconds === null || terms.suspend || startTime === null
    ? null
    : startTime + terms.activeDeadlineSeconds * 1000
