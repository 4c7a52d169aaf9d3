import { agenda } from '../domain/job/agenda.ts'
import { type Saga, type SagaTime, whenDue } from './saga.ts'

/** A Job that has been active for its deadline fails, however far away the deadline is. */
export const ensureDeadlineIsKept = (time: SagaTime): Saga =>
  whenDue('ensure-deadline-is-kept', 'ExpireDeadline', agenda.ExpireDeadline, time)
