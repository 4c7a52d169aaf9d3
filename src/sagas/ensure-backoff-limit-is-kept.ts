import { agenda } from '../domain/job/agenda.ts'
import { type Saga, type SagaTime, whenDue } from './saga.ts'

/** A Job with more failures than its limit fails. */
export const ensureBackoffLimitIsKept = (time: SagaTime): Saga =>
  whenDue('ensure-backoff-limit-is-kept', 'FailOnBackoff', agenda.FailOnBackoff, time)
