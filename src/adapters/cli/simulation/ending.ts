import type { CronJob } from '../../../domain/cronjob/cron-job.ts'
import { isFinished } from '../../../domain/job/job.ts'
import { cronJobStatus } from '../../../projections/cron-job-object.ts'
import { jobEnd, jobStatus } from '../../../projections/job-object.ts'
import type { JobView } from '../../../projections/job-view.ts'
import { alignedText } from '../print/aligned-text.ts'
import { elapsed } from './elapsed.ts'

/** Why a simulation ended, beside an end of the Job. */
export type HowEnded = 'over' | 'nothing due' | 'out of time'

/** The last word on a Job and its status at the end. */
export const jobEnding = (view: JobView, how: HowEnded, start: number, now: number): string => {
  const { state, manifest } = view
  if (state._tag === 'NoJob') return ''
  const { active = 0, succeeded = 0, failed = 0, terminating = 0, ...status } = jobStatus(state, manifest)
  const conditions = (status.conditions ?? []).map(
    ({ type, status: holds, lastTransitionTime }) =>
      `${type}=${holds} at ${elapsed(Math.max(0, Date.parse(lastTransitionTime) - start))}`,
  )
  const ttl = state.terms.ttlSecondsAfterFinished
  const fields: ReadonlyArray<readonly [string, string]> = [
    ['conditions', conditions.join(', ') || 'none'],
    ['Pods', `${state.pods.size} created`],
    ['status', `${active} active, ${terminating} terminating, ${succeeded} succeeded, ${failed} failed`],
    ...(status.completedIndexes === undefined ? [] : [['completed indexes', status.completedIndexes] as const]),
    ...(status.failedIndexes ? [['failed indexes', status.failedIndexes] as const] : []),
    ...(isFinished(state) && ttl !== null ? [['deleted', `${elapsed(ttl * 1000)} after its end`] as const] : []),
  ]
  return `${jobSentence(view, how, start, now)}\n${alignedText(fields.map(([name, text]) => `  ${name}\t${text}\n`).join(''))}`
}

const jobSentence = (view: JobView, how: HowEnded, start: number, now: number): string => {
  const name = view.state._tag === 'Job' ? `job/${view.state.name}` : ''
  const end = jobEnd(view)
  if (end !== null)
    return `${name} ${end.type === 'Complete' ? 'is Complete' : 'has Failed'} after ${elapsed(end.at - start)}: ${end.reason}: ${end.message}`
  return how === 'nothing due'
    ? `${name} is not finished, and nothing more would happen`
    : `${name} is not finished after ${elapsed(now - start)}`
}

/** The last word on a CronJob, and what became of those of its Jobs that the history limits keep. */
export const cronJobEnding = (
  cronJob: CronJob,
  jobs: ReadonlyArray<JobView>,
  how: HowEnded,
  { start, now }: { readonly start: number; readonly now: number },
): string => {
  const { active = [], lastScheduleTime = 'never', lastSuccessfulTime = 'never' } = cronJobStatus(cronJob)
  const quiet = how === 'nothing due' ? ', and nothing more would happen' : ''
  const fields: ReadonlyArray<readonly [string, string]> = [
    ['active Jobs', `${active.length}`],
    ['last scheduled', lastScheduleTime],
    ['last successful', lastSuccessfulTime],
    ...jobs.flatMap((view) =>
      view.state._tag === 'Job' ? [[`job/${view.state.name}`, childText(view)] as const] : [],
    ),
  ]
  return `cronjob/${cronJob.name} after ${elapsed(now - start)}${quiet}\n${alignedText(fields.map(([name, text]) => `  ${name}\t${text}\n`).join(''))}`
}

const childText = (view: JobView): string => {
  const end = jobEnd(view)
  return end === null ? 'not finished' : `${end.type}: ${end.reason}`
}
