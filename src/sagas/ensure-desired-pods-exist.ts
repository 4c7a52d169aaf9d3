import { agenda } from '../domain/job/agenda.ts'
import { type Saga, type SagaTime, whenDue } from './saga.ts'

/** Facts are taken into account and missing Pods are created, as soon as the sync window and the back-off allow. */
export const ensureDesiredPodsExist = (time: SagaTime): Saga =>
  whenDue('ensure-desired-pods-exist', 'CreatePods', agenda.CreatePods, time)
