import {
  duplicate,
  type FieldErrors,
  invalid,
  invalidFor,
  invalidWithoutValue,
  notSupported,
  required,
  tooMany,
  when,
} from '../field-error.ts'
import type { Shape } from '../schema.ts'
import { qualifiedName } from './names.ts'

/** The rules of 1.4 about `spec.podFailurePolicy`. */
export const podFailurePolicy = ({ spec = {} }: Shape<'Job'>): FieldErrors => {
  const rules = spec.podFailurePolicy?.rules ?? []
  return [
    ...when(rules.length > rulesMax, tooMany(`${policyPath}.rules`, rules.length, rulesMax)),
    ...rules.flatMap((rule, index) => policyRule(`${policyPath}.rules[${index}]`, rule, spec)),
  ]
}

const policyPath = 'spec.podFailurePolicy'
const rulesMax = 20
const patternsMax = 20
const valuesMax = 255

const policyRule = (at: string, rule: Shape<'PodFailurePolicyRule'>, spec: Shape<'JobSpec'>): FieldErrors => {
  const { onExitCodes, onPodConditions = [] } = rule
  return [
    ...action(`${at}.action`, rule.action ?? '', spec),
    ...when(
      onExitCodes !== undefined && onPodConditions.length > 0,
      invalidWithoutValue(at, 'specifying both OnExitCodes and OnPodConditions is not supported'),
    ),
    ...when(
      onExitCodes === undefined && onPodConditions.length === 0,
      invalidWithoutValue(at, 'specifying one of OnExitCodes and OnPodConditions is required'),
    ),
    ...(onExitCodes === undefined ? [] : exitCodes(`${at}.onExitCodes`, onExitCodes, containerNames(spec))),
    ...when(
      onPodConditions.length > patternsMax,
      tooMany(`${at}.onPodConditions`, onPodConditions.length, patternsMax),
    ),
    ...onPodConditions.flatMap((pattern, index) => condition(`${at}.onPodConditions[${index}]`, pattern)),
  ]
}

const action = (at: string, value: string, spec: Shape<'JobSpec'>): FieldErrors => {
  if (value === 'FailIndex')
    return when(
      spec.backoffLimitPerIndex === undefined,
      invalid(at, value, 'requires the backoffLimitPerIndex to be set'),
    )
  return oneOf(at, value, ['Count', 'FailIndex', 'FailJob', 'Ignore'])
}

const exitCodes = (
  at: string,
  { operator = '', values = [], containerName }: Shape<'PodFailurePolicyOnExitCodesRequirement'>,
  names: ReadonlySet<string>,
): FieldErrors => [
  ...oneOf(`${at}.operator`, operator, ['In', 'NotIn']),
  ...when(
    containerName !== undefined && !names.has(containerName),
    invalid(
      `${at}.containerName`,
      containerName,
      'must be one of the container or initContainer names in the pod template',
    ),
  ),
  ...when(values.length === 0, invalid(`${at}.values`, values, 'at least one value is required')),
  ...when(values.length > valuesMax, tooMany(`${at}.values`, values.length, valuesMax)),
  ...exitCodeValues(`${at}.values`, operator, values),
]

const exitCodeValues = (at: string, operator: string, values: ReadonlyArray<number>): FieldErrors => {
  const seen = new Set<number>()
  const single = values.flatMap((value, index) => {
    const isRepeated = seen.has(value)
    seen.add(value)
    return [
      ...when(operator === 'In' && value === 0, invalid(`${at}[${index}]`, value, 'must not be 0 for the In operator')),
      ...when(isRepeated, duplicate(`${at}[${index}]`, value)),
    ]
  })
  const isOrdered = values.every((value, index) => index === 0 || (values[index - 1] ?? 0) <= value)
  return [...single, ...when(!isOrdered, invalid(at, values, 'must be ordered'))]
}

const condition = (
  at: string,
  { type = '', status = '' }: Shape<'PodFailurePolicyOnPodConditionsPattern'>,
): FieldErrors => [
  ...invalidFor(`${at}.type`, type, qualifiedName(type)),
  ...oneOf(`${at}.status`, status, ['False', 'True', 'Unknown']),
]

const oneOf = (at: string, value: string, supported: ReadonlyArray<string>): FieldErrors => {
  if (value === '') return [required(at, `valid values: [${supported.map((name) => `"${name}"`).join(' ')}]`)]
  return when(!supported.includes(value), notSupported(at, value, supported))
}

const containerNames = ({ template }: Shape<'JobSpec'>): ReadonlySet<string> =>
  new Set(
    [...(template?.spec?.containers ?? []), ...(template?.spec?.initContainers ?? [])].map(({ name = '' }) => name),
  )
