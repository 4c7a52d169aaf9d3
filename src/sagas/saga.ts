import {
  defer,
  EMPTY,
  filter,
  finalize,
  mergeMap,
  type Observable,
  of,
  type SchedulerLike,
  Subject,
  takeUntil,
  tap,
} from 'rxjs'
import { O } from '../prelude.ts'
import type { Due } from '../domain/job/agenda.ts'
import type { IntentType } from '../domain/job/commands.ts'
import type { Job } from '../domain/job/job.ts'
import { until } from './until.ts'

/** A Job as it stands after something happened to it. `cause` is the id of the event that made the moment. */
export type Moment = { readonly job: Job; readonly cause: string; readonly correlationId: string | null }

/** What a saga wishes. The decider decides again on the Job as it then stands, so a wish told twice does nothing twice. */
export type Wish = {
  readonly job: string
  readonly intent: IntentType
  readonly saga: string
  /** The id of an event, or `clock:<due ms>` when time alone made it due. */
  readonly cause: string
  readonly correlationId: string | null
}

/** Moments in, wishes out. A saga owns no store, no socket and no clock. */
export type Saga = (moments$: Observable<Moment>) => Observable<Wish>

/** Time as sagas see it: a scheduler, and the sync window in milliseconds (0: facts are taken into account at once). */
export type SagaTime = { readonly scheduler: SchedulerLike; readonly windowMs: number }

/**
 * The shape all our sagas share: per Job, wait until the intent is due and wish it; a newer moment replaces the wait. What is due
 * already is wished at once. While nothing is due for a Job, nothing of it is kept.
 */
export const whenDue =
  (saga: string, intent: IntentType, due: Due, { scheduler, windowMs }: SagaTime): Saga =>
  (moments$) => {
    const dueAt = (job: Job) => due(job, windowMs, scheduler.now())
    return defer(() => {
      /** Ends the wait of a Job, by its uid. */
      const waits = new Map<string, Subject<void>>()
      return moments$.pipe(
        tap(({ job }) => waits.get(job.uid)?.next()),
        // Most moments are none for most sagas.
        filter(({ job }) => O.isSome(dueAt(job))),
        mergeMap(({ job, cause, correlationId }) => {
          const at = dueAt(job)
          if (O.isNone(at)) return EMPTY
          const wish = { job: job.uid, intent, saga, correlationId }
          if (at.value <= scheduler.now()) return of({ ...wish, cause })
          const ended = new Subject<void>()
          waits.set(job.uid, ended)
          return until(at.value, { ...wish, cause: `clock:${at.value}` }, scheduler).pipe(
            takeUntil(ended),
            finalize(() => waits.delete(job.uid)),
          )
        }),
      )
    })
  }
