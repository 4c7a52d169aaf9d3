import type { ChildJob } from '../domain/cronjob/child-job.ts'
import type { JobView } from './job-view.ts'

/** The Job as its CronJob looks at it; null when it does not exist, or no CronJob is its controller. */
export const childJob = (view: JobView): { readonly owner: string; readonly job: ChildJob } | null => {
  const { state } = view
  const owner = controllingCronJob(view)
  if (owner === null || state._tag === 'NoJob' || state.deleted) return null
  const { uid, name, published, finished } = state
  return {
    owner,
    job: {
      uid,
      name,
      startTime: published.startTime,
      finished:
        finished === null ? null : { condition: finished._tag === 'Success' ? 'Complete' : 'Failed', at: finished.at },
    },
  }
}

/** Uid of the CronJob that controls the Job, gone Jobs included; null when there is none. */
export const controllingCronJob = ({ manifest }: JobView): string | null =>
  manifest?.metadata.ownerReferences?.find(({ kind, controller }) => kind === 'CronJob' && controller === true)?.uid ??
  null
