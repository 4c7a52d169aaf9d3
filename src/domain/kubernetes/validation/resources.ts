import {
  type FieldErrors,
  forbidden,
  invalid,
  invalidFor,
  notFound,
  notSupported,
  required,
  when,
} from '../field-error.ts'
import { nanoOf } from '../quantity.ts'
import type { Shape } from '../schema.ts'
import { mustBeNonNegative, qualifiedName } from './names.ts'

type Amounts = Readonly<Record<string, string | number>>

/** The requests and limits of one container. */
export const resources = (
  at: string,
  { limits = {}, requests = {}, claims = [] }: Shape<'ResourceRequirements'>,
  podClaims: ReadonlyArray<Shape<'PodResourceClaim'>>,
): FieldErrors => [
  ...amounts(`${at}.limits`, limits, containerResource),
  ...amounts(`${at}.requests`, requests, containerResource),
  ...requestsWithinLimits(at, requests, limits),
  ...hugePagesAlone(at, { ...limits, ...requests }),
  ...claims.flatMap(({ name = '' }, index) =>
    when(
      !podClaims.some((claim) => claim.name === name),
      notFound(
        `${at}.claims[${index}]`,
        name,
        `must be one of the names in pod.spec.resourceClaims${podClaims.length === 0 ? ' which is empty' : ''}`,
      ),
    ),
  ),
]

/** The requests and limits of a whole Pod know fewer resources. */
export const podResources = (
  at: string,
  { limits = {}, requests = {} }: Shape<'ResourceRequirements'>,
): FieldErrors => [
  ...amounts(`${at}.limits`, limits, podResource),
  ...amounts(`${at}.requests`, requests, podResource),
  ...requestsWithinLimits(at, requests, limits),
]

/** The overhead of a runtime class is checked as limits are. */
export const overhead = (at: string, given: Amounts): FieldErrors => amounts(`${at}.limits`, given, containerResource)

type NameCheck = (at: string, name: string) => FieldErrors

const amounts = (at: string, given: Amounts, nameCheck: NameCheck): FieldErrors =>
  Object.entries(given).flatMap(([name, amount]) => {
    const path = `${at}[${name}]`
    const nano = nanoOf(amount)
    return [
      ...nameCheck(path, name),
      ...when(nano < 0n, invalid(path, String(amount), mustBeNonNegative)),
      ...when(isExtended(name) && nano % 1_000_000_000n !== 0n, invalid(path, String(amount), 'must be an integer')),
    ]
  })

const containerResource: NameCheck = (at, name) => {
  const syntax = invalidFor(at, name, qualifiedName(name))
  if (!name.includes('/'))
    return [
      ...(syntax.length > 0
        ? syntax
        : when(!isStandard(name), invalid(at, name, 'must be a standard resource type or fully qualified'))),
      ...when(!isStandardForContainers(name), invalid(at, name, 'must be a standard resource for containers')),
    ]
  return [
    ...syntax,
    ...when(!isNative(name) && !isExtended(name), invalid(at, name, "doesn't follow extended resource name standard")),
  ]
}

const podResource: NameCheck = (at, name) =>
  when(
    name !== 'cpu' && name !== 'memory' && !name.startsWith(hugePages),
    notSupported(at, name, ['cpu', hugePages, 'memory']),
  )

const requestsWithinLimits = (at: string, requests: Amounts, limits: Amounts): FieldErrors => {
  const uncovered = Object.keys(requests).some((name) => isIndivisible(name) && !Object.hasOwn(limits, name))
  return [
    ...Object.entries(requests).flatMap(([name, request]) => {
      const limit = Object.hasOwn(limits, name) ? limits[name] : undefined
      return limit === undefined ? [] : withinLimit(`${at}.requests`, name, String(request), String(limit))
    }),
    ...when(uncovered, required(`${at}.limits`, 'Limit must be set for non overcommitable resources')),
  ]
}

const withinLimit = (at: string, name: string, request: string, limit: string): FieldErrors => {
  const over = nanoOf(request) - nanoOf(limit)
  if (isIndivisible(name)) return when(over !== 0n, invalid(at, request, `must be equal to ${name} limit of ${limit}`))
  return when(over > 0n, invalid(at, request, `must be less than or equal to ${name} limit of ${limit}`))
}

const hugePagesAlone = (at: string, all: Amounts): FieldErrors => {
  const names = Object.keys(all)
  return when(
    names.some((name) => name.startsWith(hugePages)) && !names.includes('cpu') && !names.includes('memory'),
    forbidden(at, 'HugePages require cpu or memory'),
  )
}

const hugePages = 'hugepages-'

const isIndivisible = (name: string): boolean => isExtended(name) || name.startsWith(hugePages)

const isNative = (name: string): boolean => !name.includes('/') || name.includes('kubernetes.io/')

const isExtended = (name: string): boolean =>
  !isNative(name) && !name.startsWith('requests.') && qualifiedName(`requests.${name}`).length === 0

const isStandardForContainers = (name: string): boolean =>
  ['cpu', 'memory', 'ephemeral-storage'].includes(name) || name.startsWith(hugePages)

const isStandard = (name: string): boolean =>
  isStandardForContainers(name) || standardNames.has(name) || name.startsWith(`requests.${hugePages}`)

const standardNames = new Set([
  'requests.cpu',
  'requests.memory',
  'requests.storage',
  'requests.ephemeral-storage',
  'limits.cpu',
  'limits.memory',
  'limits.ephemeral-storage',
  'pods',
  'resourcequotas',
  'services',
  'replicationcontrollers',
  'secrets',
  'persistentvolumeclaims',
  'configmaps',
  'services.nodeports',
  'services.loadbalancers',
  'storage',
])
