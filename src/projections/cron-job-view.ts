import { type CronJob, type CronJobState, noCronJob } from '../domain/cronjob/cron-job.ts'
import type { CronJobEvent } from '../domain/cronjob/events.ts'
import { evolveCronJob } from '../domain/cronjob/evolve.ts'
import type { RecordedEvent } from './recorded.ts'

/** A CronJob event with its place in the log. */
export type RecordedCronJobEvent = RecordedEvent<CronJobEvent>

/** Everything readers ask of one CronJob. */
export type CronJobView = {
  readonly state: CronJobState
  /** Position of the last event that changed the CronJob object: its resourceVersion. */
  readonly position: bigint
  /** Id of the last event of the stream. */
  readonly lastEventId: string
  /** Of the last event of the stream; -1 before the first. */
  readonly revision: number
}

export const emptyCronJobView: CronJobView = { state: noCronJob, position: 0n, lastEventId: '', revision: -1 }

/** The view after more events of the CronJob's stream, in order. Interprets, never refuses. */
export const foldCronJobView = (view: CronJobView, batch: ReadonlyArray<RecordedCronJobEvent>): CronJobView => {
  let { state, position } = view
  for (const recorded of batch) {
    const before = state
    state = evolveCronJob(state, [recorded.event])
    if (isVisible(before, state)) position = recorded.position
  }
  const { id: lastEventId, revision } = batch.at(-1) ?? { id: view.lastEventId, revision: view.revision }
  return { state, position, lastEventId, revision }
}

/** Whether an event changed what clients see; when the CronJob is looked at next, for instance, they do not see. */
const isVisible = (before: CronJobState, after: CronJobState): boolean =>
  after._tag === 'CronJob' &&
  (before._tag === 'NoCronJob' || visibleFields.some((field) => before[field] !== after[field]))

const visibleFields = [
  'manifest',
  'generation',
  'deletion',
  'active',
  'lastScheduleTime',
  'lastSuccessfulTime',
] as const satisfies ReadonlyArray<keyof CronJob>
