import { type FieldErrors, forbidden, invalid, when } from './field-error.ts'
import { newPodSpec } from './pod-with-defaults.ts'
import type { Shape } from './schema.ts'
import { metadata } from './validation/metadata.ts'
import { changedMetadataErrors } from './validation/metadata-update.ts'
import { podSpecChange } from './validation/pod-spec-change.ts'
import { podSpec } from './validation/pod-template.ts'

/** Everything that makes a new Pod invalid [1.13], nothing when it may be stored. Takes it after `podWithDefaults`. */
export const validatePod = ({ metadata: meta = {}, spec = {} }: Shape<'Pod'>): FieldErrors => [
  ...metadata(meta, true),
  ...wholePodSpec(spec),
  ...when(
    (spec.ephemeralContainers ?? []).length > 0,
    forbidden('spec.ephemeralContainers', 'cannot be set on create'),
  ),
  ...when(
    !!spec.nodeName && (spec.schedulingGates ?? []).length > 0,
    forbidden('spec.nodeName', 'cannot be set until all schedulingGates have been cleared'),
  ),
]

/**
 * Everything that makes a change of the Pod `present` invalid, nothing when `next` may be stored: its metadata is the user's, of
 * its spec little may change. Takes `next` after `changedPod`.
 */
export const validatePodUpdate = (next: Shape<'Pod'>, present: Shape<'Pod'>): FieldErrors => [
  ...changedMetadataErrors(next.metadata ?? {}, present.metadata ?? {}, { whole: 2, change: 2 }),
  ...wholePodSpec(next.spec ?? {}),
  ...podSpecChange(next.spec ?? {}, newPodSpec(present.spec ?? {})),
]

/** Of a Pod more is asked than of a template: blanks around an image are borne there. */
const wholePodSpec = (spec: Shape<'PodSpec'>): FieldErrors => [
  ...podSpec('spec', spec),
  ...(['containers', 'initContainers'] as const).flatMap((field) =>
    (spec[field] ?? []).flatMap(({ image = '' }, index) =>
      when(
        image !== image.trim(),
        invalid(`spec.${field}[${index}].image`, image, 'must not have leading or trailing whitespace'),
      ),
    ),
  ),
]
