import type { Recorded } from '../recorded.ts'
import type { MeterBook } from './meter-book.ts'

/** What is remembered of a Job until its deletion is asked for. */
type Lifetime = { ttlSeconds: number | null; finishedAt: number | null }

/** Notes how long after its time to live the deletion of a Job was asked for: nobody keeps it longer. */
export const ttlMetrics = ({ observe }: MeterBook) => {
  const lifetimes = new Map<string, Lifetime>()
  return ({ uid, recorded }: { readonly uid: string; readonly recorded: ReadonlyArray<Recorded> }): void => {
    for (const { event } of recorded) {
      const lifetime = lifetimes.get(uid)
      if (event.type === 'JobCreated')
        lifetimes.set(uid, { ttlSeconds: event.terms.ttlSecondsAfterFinished, finishedAt: null })
      if (lifetime === undefined) continue
      if (event.type === 'TtlChanged') lifetime.ttlSeconds = event.ttlSecondsAfterFinished
      if (event.type === 'JobCompleted' || event.type === 'JobFailed') lifetime.finishedAt = event.at
      if (event.type !== 'JobDeletionRequested' && event.type !== 'JobDeleted') continue
      lifetimes.delete(uid)
      if (lifetime.finishedAt === null || lifetime.ttlSeconds === null) continue
      const lateMs = event.at - lifetime.finishedAt - lifetime.ttlSeconds * 1000
      if (lateMs >= 0) observe('ttl_after_finished_controller_job_deletion_duration_seconds', {}, lateMs)
    }
  }
}
