import type { CronJobEvent } from '../../domain/cronjob/events.ts'
import type { RecordedEvent } from '../recorded.ts'
import type { MeterBook } from './meter-book.ts'

export type CronJobMetricsNews = { readonly recorded: ReadonlyArray<RecordedEvent<CronJobEvent>> }

/** Notes what a piece of a CronJob's stream says. */
export const cronJobMetrics =
  ({ observe }: MeterBook) =>
  ({ recorded }: CronJobMetricsNews): void => {
    for (const { event } of recorded)
      if (event.type === 'RunStarted' && !event.found)
        observe('cronjob_controller_job_creation_skew_duration_seconds', {}, Math.max(0, event.at - event.scheduledAt))
  }
