import { duplicate, type FieldErrors, invalid, invalidFor, notSupported, required, when } from '../field-error.ts'
import type { Shape } from '../schema.ts'
import { labelValue, qualifiedName } from './names.ts'

/** Where a Pod may run: node selector, tolerations, affinity, spread and gates. */
export const scheduling = (at: string, spec: Shape<'PodSpec'>): FieldErrors => [
  ...nodeSelector(`${at}.nodeSelector`, spec.nodeSelector ?? {}),
  ...tolerations(`${at}.tolerations`, spec.tolerations ?? []),
  ...affinity(`${at}.affinity`, spec.affinity ?? {}),
  ...topologySpread(`${at}.topologySpreadConstraints`, spec.topologySpreadConstraints ?? []),
  ...gates(`${at}.schedulingGates`, spec.schedulingGates ?? []),
  ...(spec.readinessGates ?? []).flatMap(({ conditionType = '' }, index) =>
    invalidFor(`${at}.readinessGates[${index}].conditionType`, conditionType, qualifiedName(conditionType)),
  ),
]

const nodeSelector = (at: string, selector: Readonly<Record<string, string>>): FieldErrors =>
  Object.entries(selector).flatMap(([key, value]) => [
    ...invalidFor(at, key, qualifiedName(key)),
    ...invalidFor(at, value, labelValue(value)),
  ])

export const tolerations = (at: string, given: ReadonlyArray<Shape<'Toleration'>>): FieldErrors =>
  given.flatMap((one, index) => toleration(`${at}[${index}]`, one))

const toleration = (at: string, one: Shape<'Toleration'>): FieldErrors => {
  const { key = '', operator = '', value = '', effect = '', tolerationSeconds } = one
  return [
    ...when(key !== '', ...invalidFor(`${at}.key`, key, qualifiedName(key))),
    ...when(
      key === '' && operator !== 'Exists',
      invalid(
        `${at}.operator`,
        operator,
        'operator must be Exists when `key` is empty, which means "match all values and all keys"',
      ),
    ),
    ...when(
      tolerationSeconds !== undefined && effect !== 'NoExecute',
      invalid(`${at}.effect`, effect, "effect must be 'NoExecute' when `tolerationSeconds` is set"),
    ),
    ...tolerationOperator(`${at}.operator`, operator, value),
    ...when(effect !== '' && !effects.includes(effect), notSupported(`${at}.effect`, effect, effects)),
  ]
}

const effects = ['NoSchedule', 'PreferNoSchedule', 'NoExecute']

const tolerationOperator = (at: string, operator: string, value: string): FieldErrors => {
  switch (operator) {
    case '':
    case 'Equal':
      return invalidFor(at, value, labelValue(value))
    case 'Exists':
      return when(value !== '', invalid(at, value, "value must be empty when `operator` is 'Exists'"))
    case 'Gt':
    case 'Lt':
      return [notSupported(at, operator, ['Equal', 'Exists', 'Lt', 'Gt'])]
    default:
      return [notSupported(at, operator, ['Equal', 'Exists'])]
  }
}

const affinity = (at: string, { nodeAffinity, podAffinity, podAntiAffinity }: Shape<'Affinity'>): FieldErrors => [
  ...(nodeAffinity === undefined ? [] : toNodes(`${at}.nodeAffinity`, nodeAffinity)),
  ...(podAffinity === undefined ? [] : toPods(`${at}.podAffinity`, podAffinity)),
  ...(podAntiAffinity === undefined ? [] : toPods(`${at}.podAntiAffinity`, podAntiAffinity)),
]

const toNodes = (at: string, given: Shape<'NodeAffinity'>): FieldErrors => {
  const demand = given[mustHold]
  const terms = demand?.nodeSelectorTerms ?? []
  return [
    ...when(
      demand !== undefined && terms.length === 0,
      required(`${at}.${mustHold}.nodeSelectorTerms`, 'must have at least one node selector term'),
    ),
    ...terms.flatMap((term, index) => nodeTerm(`${at}.${mustHold}.nodeSelectorTerms[${index}]`, term)),
    ...(given[shouldHold] ?? []).flatMap(({ weight = 0, preference = {} }, index) => [
      ...inWeightRange(`${at}.${shouldHold}[${index}].weight`, weight),
      ...nodeTerm(`${at}.${shouldHold}[${index}].preference`, preference),
    ]),
  ]
}

const mustHold = 'requiredDuringSchedulingIgnoredDuringExecution'
const shouldHold = 'preferredDuringSchedulingIgnoredDuringExecution'

const nodeTerm = (at: string, { matchExpressions = [] }: Shape<'NodeSelectorTerm'>): FieldErrors =>
  matchExpressions.flatMap((expression, index) => nodeRequirement(`${at}.matchExpressions[${index}]`, expression))

const nodeRequirement = (
  at: string,
  { key = '', operator = '', values = [] }: Shape<'NodeSelectorRequirement'>,
): FieldErrors => [...nodeOperator(at, operator, values), ...invalidFor(`${at}.key`, key, qualifiedName(key))]

const nodeOperator = (at: string, operator: string, values: ReadonlyArray<string>): FieldErrors => {
  switch (operator) {
    case 'In':
    case 'NotIn':
      return when(values.length === 0, required(`${at}.values`, "must be specified when `operator` is 'In' or 'NotIn'"))
    case 'Exists':
    case 'DoesNotExist':
      return when(values.length > 0, {
        kind: 'Forbidden',
        field: `${at}.values`,
        detail: "may not be specified when `operator` is 'Exists' or 'DoesNotExist'",
      })
    case 'Gt':
    case 'Lt':
      return when(
        values.length !== 1,
        required(`${at}.values`, "must be specified single value when `operator` is 'Lt' or 'Gt'"),
      )
    default:
      return [invalid(`${at}.operator`, operator, 'not a valid selector operator')]
  }
}

const toPods = (at: string, given: Shape<'PodAffinity'>): FieldErrors => [
  ...(given[mustHold] ?? []).flatMap(({ topologyKey = '' }, index) =>
    topology(`${at}.${mustHold}[${index}].topologyKey`, topologyKey),
  ),
  ...(given[shouldHold] ?? []).flatMap(({ weight = 0, podAffinityTerm }, index) => [
    ...inWeightRange(`${at}.${shouldHold}[${index}].weight`, weight),
    ...topology(`${at}.${shouldHold}[${index}].podAffinityTerm.topologyKey`, podAffinityTerm?.topologyKey ?? ''),
  ]),
]

const topology = (at: string, key: string): FieldErrors => [
  ...when(key === '', required(at, 'can not be empty')),
  ...invalidFor(at, key, qualifiedName(key)),
]

const inWeightRange = (at: string, weight: number): FieldErrors =>
  when(weight < 1 || weight > 100, invalid(at, weight, 'must be in the range 1-100'))

const topologySpread = (at: string, constraints: ReadonlyArray<Shape<'TopologySpreadConstraint'>>): FieldErrors => {
  const seen = new Set<string>()
  return constraints.flatMap(({ maxSkew = 0, topologyKey = '', whenUnsatisfiable = '' }, index) => {
    const pair = `{${topologyKey}, ${whenUnsatisfiable}}`
    const isRepeated = seen.has(pair)
    seen.add(pair)
    const path = `${at}[${index}]`
    return [
      ...when(maxSkew <= 0, invalid(`${path}.maxSkew`, maxSkew, 'must be greater than zero')),
      ...(topologyKey === ''
        ? [required(`${path}.topologyKey`, 'can not be empty')]
        : invalidFor(`${path}.topologyKey`, topologyKey, qualifiedName(topologyKey))),
      ...when(
        !spreadActions.includes(whenUnsatisfiable),
        notSupported(`${path}.whenUnsatisfiable`, whenUnsatisfiable, spreadActions),
      ),
      ...when(isRepeated, duplicate(`${path}.{topologyKey, whenUnsatisfiable}`, pair)),
    ]
  })
}

const spreadActions = ['DoNotSchedule', 'ScheduleAnyway']

const gates = (at: string, given: ReadonlyArray<Shape<'PodSchedulingGate'>>): FieldErrors => {
  const seen = new Set<string>()
  return given.flatMap(({ name = '' }, index) => {
    const isRepeated = seen.has(name)
    seen.add(name)
    return [
      ...invalidFor(`${at}[${index}]`, name, qualifiedName(name)),
      ...when(isRepeated, duplicate(`${at}[${index}]`, name)),
    ]
  })
}
