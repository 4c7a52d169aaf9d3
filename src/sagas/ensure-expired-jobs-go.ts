import { agenda } from '../domain/job/agenda.ts'
import { type Saga, type SagaTime, whenDue } from './saga.ts'

/** A finished Job is deleted when its time to live has passed. */
export const ensureExpiredJobsGo = (time: SagaTime): Saga =>
  whenDue('ensure-expired-jobs-go', 'DeleteExpired', agenda.DeleteExpired, time)
