import { merge } from 'rxjs'
import { ensureBackoffLimitIsKept } from './ensure-backoff-limit-is-kept.ts'
import { ensureDeadlineIsKept } from './ensure-deadline-is-kept.ts'
import { ensureDeletedJobsLoseTheirPods } from './ensure-deleted-jobs-lose-their-pods.ts'
import { ensureDesiredPodsExist } from './ensure-desired-pods-exist.ts'
import { ensureExpiredJobsGo } from './ensure-expired-jobs-go.ts'
import type { Saga, SagaTime } from './saga.ts'

/** Everybody who reacts. A failing limit is wished before Pods are, so that the log names the reason. */
export const allSagas =
  (time: SagaTime): Saga =>
  (moments$) =>
    merge(
      ...[
        ensureBackoffLimitIsKept,
        ensureDeadlineIsKept,
        ensureDesiredPodsExist,
        ensureExpiredJobsGo,
        ensureDeletedJobsLoseTheirPods,
      ].map((saga) => saga(time)(moments$)),
    )
