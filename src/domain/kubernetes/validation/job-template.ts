import { type FieldErrors, invalid, notSupported, when } from '../field-error.ts'
import type { Shape } from '../schema.ts'
import { jobSpec } from './job-spec.ts'
import { podFailurePolicy } from './pod-failure-policy.ts'
import { podTemplate } from './pod-template.ts'
import { successPolicy } from './success-policy.ts'

/**
 * The template of a CronJob's Jobs [1.11]: what holds for a Job's spec holds here as well, but its selector comes later. The
 * template's own metadata is not looked at.
 */
export const jobTemplate = (at: string, { spec = {} }: Shape<'JobTemplateSpec'>): FieldErrors => {
  const job = withJobDefaults(spec)
  return [
    ...when(
      spec.selector !== undefined,
      invalid(`${at}.spec.selector`, spec.selector, '`selector` will be auto-generated'),
    ),
    ...when(spec.manualSelector === true, notSupported(`${at}.spec.manualSelector`, true, ['nil', 'false'])),
    ...[...jobSpec(job), ...podFailurePolicy(job), ...successPolicy(job)].map((error) => ({
      ...error,
      field: `${at}.${error.field}`,
    })),
    ...podTemplate(`${at}.spec.template`, spec.template ?? {}),
  ]
}

/** A Job's rules speak of modes that are never absent in a Job; here they are, and mean what they would default to. */
const withJobDefaults = (spec: Shape<'JobSpec'>): Shape<'Job'> => ({
  spec: {
    completionMode: 'NonIndexed',
    podReplacementPolicy: spec.podFailurePolicy === undefined ? 'TerminatingOrFailed' : 'Failed',
    ...spec,
  },
})
