import type { CronJob } from '../domain/cronjob/cron-job.ts'
import type { CronJobObject, CronJobSpec, CronJobStatus } from '../domain/kubernetes/cron-job-object.ts'
import type { CronJobView } from './cron-job-view.ts'
import { kubernetesTime } from './time.ts'

/** The CronJob as the Kubernetes API shows it; null when it does not exist (not yet, or deleted). */
export const cronJobObject = ({ state, position }: CronJobView): CronJobObject | null => {
  if (state._tag === 'NoCronJob' || state.deleted) return null
  const { labels, annotations, finalizers = [], ...rest } = state.manifest.metadata
  const allFinalizers = [...finalizers, ...(state.deletion === null ? [] : ['foregroundDeletion'])]
  return {
    apiVersion: 'batch/v1',
    kind: 'CronJob',
    metadata: {
      ...rest,
      name: state.name,
      namespace: state.namespace,
      uid: state.uid,
      resourceVersion: `${position}`,
      generation: state.generation,
      creationTimestamp: kubernetesTime(state.createdAt),
      ...(state.deletion === null
        ? {}
        : { deletionTimestamp: kubernetesTime(state.deletion.at), deletionGracePeriodSeconds: 0 }),
      ...(labels === undefined ? {} : { labels }),
      ...(annotations === undefined ? {} : { annotations }),
      ...(allFinalizers.length === 0 ? {} : { finalizers: allFinalizers }),
    },
    spec: orderedSpec(state.manifest.spec),
    status: cronJobStatus(state),
  }
}

/** [1.11] What is not there yet is absent. */
export const cronJobStatus = ({ namespace, active, lastScheduleTime, lastSuccessfulTime }: CronJob): CronJobStatus => ({
  ...(active.length === 0
    ? {}
    : {
        active: active.map(({ uid, name, resourceVersion }) => ({
          kind: 'Job',
          namespace,
          name,
          uid,
          apiVersion: 'batch/v1',
          resourceVersion,
        })),
      }),
  ...(lastScheduleTime === null ? {} : { lastScheduleTime: kubernetesTime(lastScheduleTime) }),
  ...(lastSuccessfulTime === null ? {} : { lastSuccessfulTime: kubernetesTime(lastSuccessfulTime) }),
})

/** The fields in the order in which Kubernetes writes them. */
const orderedSpec = (spec: CronJobSpec): CronJobSpec => ({
  schedule: spec.schedule,
  ...(spec.timeZone === undefined ? {} : { timeZone: spec.timeZone }),
  ...(spec.startingDeadlineSeconds === undefined ? {} : { startingDeadlineSeconds: spec.startingDeadlineSeconds }),
  concurrencyPolicy: spec.concurrencyPolicy,
  suspend: spec.suspend,
  jobTemplate: spec.jobTemplate,
  successfulJobsHistoryLimit: spec.successfulJobsHistoryLimit,
  failedJobsHistoryLimit: spec.failedJobsHistoryLimit,
})
