import { sameValue } from '../../same-value.ts'
import { type FieldErrors, forbidden, invalid, required, when } from '../field-error.ts'
import type { Shape } from '../schema.ts'
import { tolerations } from './scheduling.ts'

type PodSpec = Shape<'PodSpec'>
type Containers = NonNullable<PodSpec['containers']>

/** What of a Pod's spec may not change, or not like this. A Pod that would have other containers is not looked at further. */
export const podSpecChange = (next: PodSpec, present: PodSpec): FieldErrors => {
  const fields = ['containers', 'initContainers'] as const
  const counted = fields.flatMap((field) =>
    when(
      (next[field] ?? []).length !== (present[field] ?? []).length,
      forbidden(`spec.${field}`, 'pod updates may not add or remove containers'),
    ),
  )
  if (counted.length > 0) return counted
  const deadline = activeDeadline(next.activeDeadlineSeconds, present.activeDeadlineSeconds)
  return [
    ...fields.flatMap((field) => images(`spec.${field}`, next[field] ?? [])),
    ...deadline,
    ...keptTolerations(next.tolerations ?? [], present.tolerations ?? []),
    ...newGates(next, present),
    ...nodeSelectorOfGated(next, present),
    ...when(
      deadline.length === 0 && !sameValue(withChangesOf(present, next), present),
      forbidden('spec', onlyTheseText),
    ),
  ]
}

const images = (at: string, containers: Containers): FieldErrors =>
  containers.flatMap(({ image = '' }, index) => when(image.trim() === '', required(`${at}[${index}].image`)))

/** A deadline may be set and brought forward. */
const activeDeadline = (now: number | undefined, before: number | undefined): FieldErrors => {
  const at = 'spec.activeDeadlineSeconds'
  if (now === undefined)
    return when(before !== undefined, invalid(at, now, 'must not update from a positive integer to nil value'))
  if (now < 0 || now >= 2 ** 31) return [invalid(at, now, 'must be between 0 and 2147483647, inclusive')]
  return when(before !== undefined && before < now, invalid(at, now, 'must be less than or equal to previous value'))
}

const keptTolerations = (
  now: ReadonlyArray<Shape<'Toleration'>>,
  before: ReadonlyArray<Shape<'Toleration'>>,
): FieldErrors => {
  const withoutTime = ({ tolerationSeconds: _, ...toleration }: Shape<'Toleration'>) => toleration
  return before.every((old) => now.some((one) => sameValue(withoutTime(one), withoutTime(old))))
    ? tolerations('spec.tolerations', now)
    : [forbidden('spec.tolerations', 'existing toleration can not be modified except its tolerationSeconds')]
}

const newGates = (next: PodSpec, present: PodSpec): FieldErrors => {
  const before = new Set((present.schedulingGates ?? []).map(({ name }) => name))
  return (next.schedulingGates ?? [])
    .filter(({ name }) => !before.has(name))
    .map(({ name }) =>
      forbidden('spec.schedulingGates', `only deletion is allowed, but found new scheduling gate '${name}'`),
    )
}

/** As long as a gate holds a Pod back, it may be bound to fewer nodes. */
const nodeSelectorOfGated = (next: PodSpec, present: PodSpec): FieldErrors =>
  when(
    isGated(present) &&
      !Object.entries(present.nodeSelector ?? {}).every(([key, value]) => next.nodeSelector?.[key] === value),
    invalid('spec.nodeSelector', next.nodeSelector, 'only additions are allowed (no mutations or deletions)'),
  )

const isGated = ({ schedulingGates = [] }: PodSpec): boolean => schedulingGates.length > 0

/** The wanted spec with everything that may change put back: what is left of a difference may not be. */
const withChangesOf = (present: PodSpec, next: PodSpec): PodSpec => {
  const { activeDeadlineSeconds: _d, tolerations: _t, schedulingGates: _s, ...rest } = next
  const { nodeSelector: _n, ...withoutNodes } = rest
  const { terminationGracePeriodSeconds: grace } = present
  return {
    ...(isGated(present) ? withoutNodes : rest),
    ...kept(present, [
      'activeDeadlineSeconds',
      'tolerations',
      'schedulingGates',
      ...(isGated(present) ? (['nodeSelector'] as const) : []),
    ]),
    ...withImagesOf('containers', present, next),
    ...withImagesOf('initContainers', present, next),
    ...(grace !== undefined && grace < 0 && next.terminationGracePeriodSeconds === 1
      ? { terminationGracePeriodSeconds: grace }
      : {}),
  }
}

const kept = (present: PodSpec, fields: ReadonlyArray<keyof PodSpec>): PodSpec =>
  Object.fromEntries(fields.flatMap((field) => (present[field] === undefined ? [] : [[field, present[field]]])))

const withImagesOf = (field: 'containers' | 'initContainers', present: PodSpec, next: PodSpec): PodSpec =>
  next[field] === undefined
    ? {}
    : {
        [field]: next[field].map(({ image: _, ...container }, index) => {
          const image = present[field]?.[index]?.image
          return image === undefined ? container : { ...container, image }
        }),
      }

const onlyTheseText =
  'pod updates may not change fields other than `spec.containers[*].image`,`spec.initContainers[*].image`,`spec.activeDeadlineSeconds`,`spec.tolerations` (only additions to existing tolerations),`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was previously negative)'
