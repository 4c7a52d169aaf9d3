import { agenda } from '../domain/job/agenda.ts'
import { type Saga, type SagaTime, whenDue } from './saga.ts'

/** The Pods of a deleted Job are stopped and removed. */
export const ensureDeletedJobsLoseTheirPods = (time: SagaTime): Saga =>
  whenDue('ensure-deleted-jobs-lose-their-pods', 'RemovePods', agenda.RemovePods, time)
