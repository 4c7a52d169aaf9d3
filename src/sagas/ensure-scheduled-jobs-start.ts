import { EMPTY, filter, groupBy, mergeMap, of, switchMap } from 'rxjs'
import { syncDue } from '../domain/cronjob/agenda.ts'
import { O } from '../prelude.ts'
import type { CronMoment, CronSaga, CronSagaTime } from './cron-saga.ts'
import { until } from './until.ts'

/**
 * A CronJob is looked at when its schedule says so, and when something happened to its Jobs. A newer moment replaces the
 * wait; while nothing is due for a CronJob, nothing of it is kept.
 */
export const ensureScheduledJobsStart =
  ({ scheduler }: CronSagaTime): CronSaga =>
  (moments$) =>
    moments$.pipe(
      groupBy(({ cronJob }) => cronJob.uid, {
        duration: (oneCronJob$) => oneCronJob$.pipe(filter((moment) => O.isNone(dueAt(moment)))),
      }),
      mergeMap((oneCronJob$) =>
        oneCronJob$.pipe(
          switchMap((moment) => {
            const at = dueAt(moment)
            if (O.isNone(at)) return EMPTY
            const { cronJob, cause, correlationId } = moment
            const wish = { cronJob: cronJob.uid, intent: 'SyncCronJob', saga, correlationId } as const
            return at.value <= scheduler.now()
              ? of({ ...wish, cause })
              : until(at.value, { ...wish, cause: `clock:${at.value}` }, scheduler)
          }),
        ),
      ),
    )

const saga = 'ensure-scheduled-jobs-start'

const dueAt = ({ cronJob, children }: CronMoment): O.Option<number> => syncDue(cronJob, children)
