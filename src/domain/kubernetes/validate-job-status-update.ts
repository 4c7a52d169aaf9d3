import type { FieldErrors } from './field-error.ts'
import type { Shape } from './schema.ts'
import { jobStatusChange } from './validation/job-status-change.ts'
import { jobStatus } from './validation/job-status.ts'
import { changedMetadataErrors } from './validation/metadata-update.ts'

/**
 * Everything that makes a new status of the Job `present` invalid [1.10], nothing when it may be stored. A rule runs only when
 * something it speaks of has changed, so that a status which a legal change of the spec has made inconsistent can still be
 * written on. Takes `next` after `changedJobStatus`.
 */
export const validateJobStatusUpdate = (next: Shape<'Job'>, present: Shape<'Job'>): FieldErrors => [
  ...changedMetadataErrors(next.metadata ?? {}, present.metadata ?? {}, { whole: 1, change: 2 }),
  ...jobStatus(next, present),
  ...jobStatusChange(next, present),
]
