import type { FieldErrors } from './field-error.ts'
import type { Shape } from './schema.ts'
import { wholeJobSpec } from './validate-job.ts'
import { jobSpecChange } from './validation/job-spec-change.ts'
import { podHostname } from './validation/job-spec.ts'
import { changedMetadataErrors } from './validation/metadata-update.ts'
import { generatedSelector, hasPrefixedLabels } from './validation/selectors.ts'

/**
 * Everything that makes a change of the Job `present` invalid [1.6], nothing when `next` may be stored. What is wrong is told as
 * often as the server's overlapping checks find it [U-6]. Takes `next` after `changedJob`.
 */
export const validateJobUpdate = (next: Shape<'Job'>, present: Shape<'Job'>): FieldErrors => {
  const ofSpec = wholeJobSpec(next)
  return [
    ...changedMetadataErrors(next.metadata ?? {}, present.metadata ?? {}, { whole: 2, change: 2 }),
    ...generatedSelector(next, hasPrefixedLabels(present)),
    ...ofSpec,
    ...podHostname(next),
    ...ofSpec,
    ...jobSpecChange(next, present),
  ]
}
