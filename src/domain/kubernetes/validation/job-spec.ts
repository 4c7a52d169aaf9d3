import { type FieldErrors, invalid, invalidFor, notSupported, required, tooLong, when } from '../field-error.ts'
import type { Shape } from '../schema.ts'
import { byteLength, dnsLabel, dnsSubdomain, nonNegative } from './names.ts'

/** The rules of 1.3 about a Job's own numbers and modes; selector, policies and template have rooms of their own. */
export const jobSpec = ({ spec = {} }: Shape<'Job'>): FieldErrors => [
  ...numbers(spec),
  ...when(
    spec.maxFailedIndexes !== undefined && spec.backoffLimitPerIndex === undefined,
    required('spec.backoffLimitPerIndex', 'when maxFailedIndexes is specified'),
  ),
  ...managedBy(spec.managedBy),
  ...when(
    spec.completionMode !== 'NonIndexed' && spec.completionMode !== 'Indexed',
    notSupported('spec.completionMode', spec.completionMode ?? '', ['NonIndexed', 'Indexed']),
  ),
  ...(spec.completionMode === 'Indexed' ? indexed(spec) : notIndexed(spec)),
  ...restartPolicy(spec),
  ...podReplacementPolicy(spec),
]

const numbers = (spec: Shape<'JobSpec'>): FieldErrors =>
  numericFields.flatMap((field) => {
    const value = spec[field]
    return value === undefined ? [] : invalidFor(`spec.${field}`, value, nonNegative(value))
  })

const numericFields = [
  'parallelism',
  'completions',
  'activeDeadlineSeconds',
  'backoffLimit',
  'ttlSecondsAfterFinished',
  'backoffLimitPerIndex',
  'maxFailedIndexes',
] as const

const managedBy = (value: string | undefined): FieldErrors => {
  if (value === undefined) return []
  return [
    ...(value === '' ? [required('spec.managedBy')] : domainPrefixedPath('spec.managedBy', value)),
    ...when(byteLength(value) > managedByBytesMax, tooLong('spec.managedBy', managedByBytesMax)),
  ]
}

const managedByBytesMax = 63

const domainPrefixedPath = (at: string, value: string): FieldErrors => {
  const slash = value.indexOf('/')
  const host = value.slice(0, Math.max(slash, 0))
  const path = value.slice(slash + 1)
  if (host === '' || path === '') return [invalid(at, value, 'must be a domain-prefixed path (such as "acme.io/foo")')]
  return [
    ...invalidFor(at, host, dnsSubdomain(host)),
    ...when(
      !/^[A-Za-z0-9/\-._~%!$&'()*+,;=:]+$/.test(path),
      invalid(at, path, "Invalid path (regex used for validation is '[A-Za-z0-9/\\-._~%!$&'()*+,;=:]+')"),
    ),
  ]
}

const indexed = (spec: Shape<'JobSpec'>): FieldErrors => {
  const { completions, parallelism = 0, maxFailedIndexes } = spec
  return [
    ...when(completions === undefined, required('spec.completions', 'when completion mode is Indexed')),
    ...when(
      parallelism > 100_000,
      invalid('spec.parallelism', parallelism, 'must be less than or equal to 100000 when completion mode is Indexed'),
    ),
    ...when(
      completions !== undefined && maxFailedIndexes !== undefined && maxFailedIndexes > completions,
      invalid('spec.maxFailedIndexes', maxFailedIndexes, 'must be less than or equal to completions'),
    ),
    ...when(
      maxFailedIndexes !== undefined && maxFailedIndexes > 100_000,
      invalid('spec.maxFailedIndexes', maxFailedIndexes, 'must be less than or equal to 100000'),
    ),
    ...((completions ?? 0) > 100_000 && spec.backoffLimitPerIndex !== undefined ? manyIndexes(spec) : []),
  ]
}

const manyIndexes = ({ parallelism = 0, maxFailedIndexes }: Shape<'JobSpec'>): FieldErrors => [
  ...when(
    maxFailedIndexes === undefined,
    required('spec.maxFailedIndexes', 'must be specified when completions is above 100000'),
  ),
  ...when(parallelism > 10_000, invalid('spec.parallelism', parallelism, manyIndexesText)),
  ...when((maxFailedIndexes ?? 0) > 10_000, invalid('spec.maxFailedIndexes', maxFailedIndexes, manyIndexesText)),
]

const manyIndexesText =
  'must be less than or equal to 10000 when completions are above 100000 and used with backoff limit per index'

const notIndexed = (spec: Shape<'JobSpec'>): FieldErrors =>
  (['backoffLimitPerIndex', 'maxFailedIndexes', 'successPolicy'] as const).flatMap((field) =>
    when(spec[field] !== undefined, invalid(`spec.${field}`, spec[field], 'requires indexed completion mode')),
  )

/** The Pod of the last index has the longest hostname; if that is no DNS label, it could never be created. */
export const podHostname = ({ metadata: { name = '' } = {}, spec = {} }: Shape<'Job'>): FieldErrors => {
  const { completionMode, completions = 0 } = spec
  const hostname = `${name}-${completions - 1}`
  return when(
    completionMode === 'Indexed' && completions > 0 && name !== '' && dnsLabel(hostname).length > 0,
    invalid('metadata.name', name, `will not able to create pod with invalid DNS label: ${hostname}`),
  )
}

const restartPolicy = ({ template, podFailurePolicy }: Shape<'JobSpec'>): FieldErrors => {
  const at = 'spec.template.spec.restartPolicy'
  const value = template?.spec?.restartPolicy ?? ''
  if (value === 'Always' || value === '') return [required(at, 'valid values: "OnFailure", "Never"')]
  if (value !== 'OnFailure' && value !== 'Never') return [notSupported(at, value, ['OnFailure', 'Never'])]
  return when(
    podFailurePolicy !== undefined && value !== 'Never',
    invalid(at, value, 'only "Never" is supported when podFailurePolicy is specified'),
  )
}

const podReplacementPolicy = ({
  podReplacementPolicy: value = '',
  podFailurePolicy,
}: Shape<'JobSpec'>): FieldErrors => {
  const supported = podFailurePolicy === undefined ? ['Failed', 'TerminatingOrFailed'] : ['Failed']
  return when(!supported.includes(value), notSupported('spec.podReplacementPolicy', value, supported))
}
