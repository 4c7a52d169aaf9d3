import type { Observable, SchedulerLike } from 'rxjs'
import type { ChildJob } from '../domain/cronjob/child-job.ts'
import type { CronJob } from '../domain/cronjob/cron-job.ts'

/** A CronJob as it stands, and its Jobs, after something happened to it or to one of them. */
export type CronMoment = {
  readonly cronJob: CronJob
  /** Every Job that exists and names the CronJob as its controller. */
  readonly children: ReadonlyArray<ChildJob>
  /** The id of the event that made the moment. */
  readonly cause: string
  readonly correlationId: string | null
}

/** What a saga wishes of a CronJob. Who grants it brings the Jobs as they then are. */
export type CronWish = {
  readonly cronJob: string
  readonly intent: 'SyncCronJob'
  readonly saga: string
  /** The id of an event, or `clock:<due ms>` when time alone made it due. */
  readonly cause: string
  readonly correlationId: string | null
}

/** Moments in, wishes out. */
export type CronSaga = (moments$: Observable<CronMoment>) => Observable<CronWish>

export type CronSagaTime = { readonly scheduler: SchedulerLike }
