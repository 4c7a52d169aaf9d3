import { remembered } from '../remembered.ts'
import { canonicalForm } from './canonical-form.ts'
import { podTemplateWithDefaults } from './pod-template-defaults.ts'
import type { Shape } from './schema.ts'

/**
 * A Job as the API server would store it before it adds uid, labels and selector (those come with `prepareJob`): status and what
 * only a server may set left out, all defaults filled in (D-1 to D-3, D-5, D-7 to D-9), everything in canonical form. Takes a
 * value whose shape was checked.
 */
export const withDefaults = (given: Shape<'Job'>): Shape<'Job'> => {
  const { spec, ...rest } = given
  const { apiVersion, kind, metadata } = canonicalForm('Job')(rest) as Shape<'Job'>
  return {
    ...(apiVersion === undefined ? {} : { apiVersion }),
    ...(kind === undefined ? {} : { kind }),
    metadata: userMetadata(metadata ?? {}),
    spec: specOf(spec ?? noSpec),
  }
}

const noSpec: Shape<'JobSpec'> = {}

/** A request asks for its Job with defaults more than once, and the next one may bring the same spec. */
const specOf = remembered((given: Shape<'JobSpec'>) =>
  jobSpecWithDefaults(canonicalForm('JobSpec')(given) as Shape<'JobSpec'>),
)

/** What a user may say in an object's metadata; the rest is the server's. */
export const userMetadata = ({
  name,
  namespace,
  generateName,
  labels,
  annotations,
  finalizers,
  ownerReferences,
  managedFields,
}: Shape<'ObjectMeta'>): Shape<'ObjectMeta'> => ({
  ...(name === undefined ? {} : { name }),
  ...(generateName === undefined ? {} : { generateName }),
  ...(namespace === undefined ? {} : { namespace }),
  ...(labels === undefined ? {} : { labels }),
  ...(annotations === undefined ? {} : { annotations }),
  ...(finalizers === undefined ? {} : { finalizers }),
  ...(ownerReferences === undefined ? {} : { ownerReferences }),
  ...(managedFields === undefined ? {} : { managedFields }),
})

const jobSpecWithDefaults = (spec: Shape<'JobSpec'>): Shape<'JobSpec'> => ({
  ...(spec.completions === undefined && spec.parallelism === undefined ? { completions: 1 } : {}),
  parallelism: 1,
  backoffLimit: spec.backoffLimitPerIndex === undefined ? 6 : 2 ** 31 - 1,
  manualSelector: false,
  completionMode: 'NonIndexed',
  suspend: false,
  podReplacementPolicy: spec.podFailurePolicy === undefined ? 'TerminatingOrFailed' : 'Failed',
  ...spec,
  ...(spec.podFailurePolicy === undefined
    ? {}
    : { podFailurePolicy: failurePolicyWithDefaults(spec.podFailurePolicy) }),
  template: podTemplateWithDefaults(spec.template ?? {}),
})

/** A policy without rules is written with `rules: null` [D-7], which no reader of the field's type expects otherwise. */
export const failurePolicyWithDefaults = ({ rules }: Shape<'PodFailurePolicy'>): Shape<'PodFailurePolicy'> =>
  rules === undefined
    ? (noRules as unknown as Shape<'PodFailurePolicy'>)
    : {
        rules: rules.map((rule) =>
          rule.onPodConditions === undefined
            ? rule
            : { ...rule, onPodConditions: rule.onPodConditions.map((p) => ({ ...p, status: p.status || 'True' })) },
        ),
      }

const noRules = { rules: null }
