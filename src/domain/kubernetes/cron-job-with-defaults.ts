import { canonicalForm } from './canonical-form.ts'
import { podTemplateWithDefaults } from './pod-template-defaults.ts'
import type { Shape } from './schema.ts'
import { failurePolicyWithDefaults, userMetadata } from './with-defaults.ts'

/**
 * A CronJob as the API server would store it before it adds a uid [1.11]: status and what only a server may set left out, defaults
 * filled in, everything in canonical form. Takes a value whose shape was checked.
 */
export const cronJobWithDefaults = (given: Shape<'CronJob'>): Shape<'CronJob'> => {
  const { apiVersion, kind, metadata, spec = {} } = canonicalForm('CronJob')(given) as Shape<'CronJob'>
  return {
    ...(apiVersion === undefined ? {} : { apiVersion }),
    ...(kind === undefined ? {} : { kind }),
    metadata: userMetadata(metadata ?? {}),
    spec: {
      successfulJobsHistoryLimit: 3,
      failedJobsHistoryLimit: 1,
      suspend: false,
      ...spec,
      concurrencyPolicy: spec.concurrencyPolicy || 'Allow',
      jobTemplate: jobTemplateWithDefaults(spec.jobTemplate ?? {}),
    },
  }
}

const jobTemplateWithDefaults = ({ metadata, spec = {} }: Shape<'JobTemplateSpec'>): Shape<'JobTemplateSpec'> => ({
  metadata: metadata ?? {},
  spec: {
    ...spec,
    ...(spec.podFailurePolicy === undefined
      ? {}
      : { podFailurePolicy: failurePolicyWithDefaults(spec.podFailurePolicy) }),
    template: podTemplateWithDefaults(spec.template ?? {}),
  },
})
