import type { FieldErrors } from './field-error.ts'
import { generatedLabels } from './prepare-job.ts'
import type { Shape } from './schema.ts'
import { jobSpec, podHostname } from './validation/job-spec.ts'
import { metadata } from './validation/metadata.ts'
import { podFailurePolicy } from './validation/pod-failure-policy.ts'
import { podTemplate } from './validation/pod-template.ts'
import { generatedSelector, jobSelector } from './validation/selectors.ts'
import { successPolicy } from './validation/success-policy.ts'

/**
 * Everything that makes a new Job invalid (sections 1.3 to 1.5 and 1.13), nothing when it may be stored. Takes a Job after
 * `withDefaults` and `prepareJob`, because uid, labels and selector are checked too [L-2].
 */
export const validateJob = (job: Shape<'Job'>): FieldErrors => [
  ...metadata(job.metadata ?? {}, !hasOnlyGeneratedLabels(job)),
  ...generatedSelector(job, true),
  ...wholeJobSpec(job),
  ...podHostname(job),
]

/** What holds for the spec of any Job, new or changed. */
export const wholeJobSpec = (job: Shape<'Job'>): FieldErrors => [
  ...jobSpec(job),
  ...podFailurePolicy(job),
  ...successPolicy(job),
  ...podTemplate('spec.template', job.spec?.template ?? {}),
  ...jobSelector(job),
]

/** Such labels came from a template without labels of its own; what is wrong with them is told there. */
const hasOnlyGeneratedLabels = ({ metadata: { name = '', uid = '', labels = {} } = {} }: Shape<'Job'>): boolean => {
  const generated: Readonly<Record<string, string>> = generatedLabels(name, uid)
  const own = Object.entries(labels)
  return own.length === Object.keys(generated).length && own.every(([key, value]) => generated[key] === value)
}
