import { isFinished, type Job } from '../domain/job/job.ts'
import type { Controller } from './jobs/controller.ts'
import { type CronController, hasCronWork } from './cron-jobs/cron-controller.ts'
import type { Ledger } from './log/ledger.ts'
import { hasUnfinishedEnd } from './jobs/unfinished-end.ts'

/** Works for everything in the log and everything to come: each Job that is not over, and each CronJob. The answer ends that for what is to come. */
export const workForAll = (ports: {
  readonly ledger: Ledger
  readonly controller: Pick<Controller, 'drive'>
  readonly cronController: Pick<CronController, 'drive'>
}): (() => void) => {
  const { ledger, controller, cronController } = ports
  const subscriptions = [
    ledger.news$.subscribe((news) => {
      for (const { uid, recorded } of news)
        if (recorded.some(({ event }) => event.type === 'JobCreated')) void controller.drive(uid)
    }),
    ledger.cronJobs.news$.subscribe((news) => {
      for (const { uid, recorded } of news)
        if (recorded.some(({ event }) => event.type === 'CronJobCreated')) cronController.drive(uid)
    }),
  ]
  for (const { state } of ledger.all()) if (state._tag === 'Job' && hasWork(state)) void controller.drive(state.uid)
  for (const { state } of ledger.cronJobs.all())
    if (state._tag === 'CronJob' && hasCronWork(state, ledger.childrenOf(state.uid).length))
      cronController.drive(state.uid)
  return () => {
    for (const subscription of subscriptions) subscription.unsubscribe()
  }
}

const hasWork = (job: Job): boolean => hasUnfinishedEnd(job) || (!job.deleted && !isFinished(job))
