import { sameValue } from '../../same-value.ts'
import { type FieldErrors, invalid, when } from '../field-error.ts'
import type { Shape } from '../schema.ts'

/** What of a Job's spec may not change, or not like this [U-1 to U-3]. */
export const jobSpecChange = (next: Shape<'Job'>, present: Shape<'Job'>): FieldErrors => [
  ...completions(next.spec ?? {}, present.spec ?? {}),
  ...immutable('selector', next, present),
  ...template(next, present),
  ...laterImmutables.flatMap((field) => immutable(field, next, present)),
]

const laterImmutables = [
  'completionMode',
  'podFailurePolicy',
  'backoffLimitPerIndex',
  'managedBy',
  'successPolicy',
] as const

const immutable = (field: keyof Shape<'JobSpec'>, next: Shape<'Job'>, present: Shape<'Job'>): FieldErrors => {
  const value = next.spec?.[field]
  return when(!sameValue(value, present.spec?.[field]), invalid(`spec.${field}`, value, isImmutable))
}

const isImmutable = 'field is immutable'

/** [U-2] An Indexed Job without completions is refused already by the rules of any Job. */
const completions = (next: Shape<'JobSpec'>, present: Shape<'JobSpec'>): FieldErrors => {
  if (next.completions === present.completions) return []
  if (next.completionMode !== 'Indexed') return [invalid('spec.completions', next.completions, isImmutable)]
  return when(
    next.completions !== undefined && next.completions !== next.parallelism,
    invalid('spec.completions', next.completions, 'can only be modified in tandem with spec.parallelism'),
  )
}

/** [U-3] */
const template = (next: Shape<'Job'>, present: Shape<'Job'>): FieldErrors => {
  const [wanted, stored] = [next.spec?.template ?? {}, present.spec?.template ?? {}]
  return mayChangeTemplate(present)
    ? when(
        !sameValue(withPlacementOf(stored.spec ?? {}, wanted.spec ?? {}), wanted.spec),
        invalid('spec.template.spec', wanted.spec, isImmutable),
      )
    : when(!sameValue(wanted, stored), invalid('spec.template', wanted, isImmutable))
}

/** No Pod of the present template is alive: the Job is suspended, was so before its start or since, and all Pods are gone. */
const mayChangeTemplate = ({ spec, status = {} }: Shape<'Job'>): boolean =>
  spec?.suspend === true &&
  (status.startTime === undefined ||
    (status.conditions ?? []).some(({ type, status: state }) => type === 'Suspended' && state === 'True')) &&
  (status.active ?? 0) === 0

/** The stored spec with those parts of the wanted one by which a queueing system places and sizes a Job. */
const withPlacementOf = (stored: Shape<'PodSpec'>, wanted: Shape<'PodSpec'>): Shape<'PodSpec'> => {
  const { nodeSelector: _n, tolerations: _t, schedulingGates: _s, affinity: _a, ...fixed } = stored
  return {
    ...fixed,
    ...picked(wanted, ['nodeSelector', 'tolerations', 'schedulingGates']),
    ...affinityWithNodesOf(stored, wanted),
    ...containersWithResourcesOf('containers', stored, wanted),
    ...containersWithResourcesOf('initContainers', stored, wanted),
  }
}

const picked = <A extends object>(from: A, fields: ReadonlyArray<keyof A>): Partial<A> =>
  Object.fromEntries(fields.flatMap((field) => (from[field] === undefined ? [] : [[field, from[field]]]))) as Partial<A>

/** Of the affinity only the part about nodes may change; a part that is empty is none. */
const affinityWithNodesOf = (stored: Shape<'PodSpec'>, wanted: Shape<'PodSpec'>): Shape<'PodSpec'> => {
  if (stored.affinity === undefined && wanted.affinity === undefined) return {}
  const { nodeAffinity: _, ...fixed } = stored.affinity ?? {}
  const affinity = { ...fixed, ...picked(wanted.affinity ?? {}, ['nodeAffinity']) }
  return wanted.affinity === undefined && Object.keys(affinity).length === 0 ? {} : { affinity }
}

const containersWithResourcesOf = (
  field: 'containers' | 'initContainers',
  stored: Shape<'PodSpec'>,
  wanted: Shape<'PodSpec'>,
): Shape<'PodSpec'> => {
  const [mine, theirs] = [stored[field] ?? [], wanted[field] ?? []]
  const areSame = mine.length === theirs.length && mine.every(({ name }, index) => name === theirs[index]?.name)
  if (!areSame || mine.length === 0) return {}
  return { [field]: mine.map((container, index) => ({ ...container, resources: theirs[index]?.resources ?? {} })) }
}
