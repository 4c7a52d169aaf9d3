import { expiryOf } from '../../domain/job/agenda.ts'
import type { Job } from '../../domain/job/job.ts'

/** A finished Job waits for its time to live, or a deleted one for its last Pods: that goes on whichever Job is run. */
export const hasUnfinishedEnd = (job: Job): boolean =>
  expiryOf(job) !== null ? !job.deleted || job.live > 0 : job.deletion !== null && (job.live > 0 || !job.deleted)
