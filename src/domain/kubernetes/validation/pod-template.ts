import { type FieldErrors, forbidden, invalid, invalidFor, notSupported, required, when } from '../field-error.ts'
import type { Shape } from '../schema.ts'
import { containers } from './containers.ts'
import { dns } from './dns.ts'
import { annotations, labels } from './metadata.ts'
import { dnsSubdomain } from './names.ts'
import { overhead, podResources } from './resources.ts'
import { scheduling } from './scheduling.ts'
import { podSecurityContext } from './security-context.ts'
import { volumes } from './volumes.ts'

/** The Pod template at a path, `spec.template` in a Job [1.13]; its labels and annotations are reported without `metadata`. */
export const podTemplate = (at: string, { metadata = {}, spec = {} }: Shape<'PodTemplateSpec'>): FieldErrors => [
  ...labels(`${at}.labels`, metadata.labels),
  ...annotations(`${at}.annotations`, metadata.annotations),
  ...podSpec(`${at}.spec`, spec),
  ...when(
    (spec.ephemeralContainers ?? []).length > 0,
    forbidden(`${at}.spec.ephemeralContainers`, 'ephemeral containers not allowed in pod template'),
  ),
]

/** The spec of a Pod, or of a template for one, at a path. One with nothing wrong is not looked at again. */
export const podSpec = (at: string, spec: Shape<'PodSpec'>): FieldErrors => {
  if (faultless.has(spec)) return []
  const errors = podSpecErrors(at, spec)
  if (errors.length === 0) faultless.add(spec)
  return errors
}

/** The Jobs of one maker may have theirs in common. */
const faultless = new WeakSet<Shape<'PodSpec'>>()

const podSpecErrors = (at: string, spec: Shape<'PodSpec'>): FieldErrors => [
  ...volumes(`${at}.volumes`, spec.volumes ?? []),
  ...containers(at, spec),
  ...restartPolicy(`${at}.restartPolicy`, spec.restartPolicy ?? ''),
  ...activeDeadline(`${at}.activeDeadlineSeconds`, spec.activeDeadlineSeconds),
  ...dns(at, spec),
  ...scheduling(at, spec),
  ...objectNames.flatMap((field) => objectName(`${at}.${field}`, spec[field])),
  ...oneOf(`${at}.preemptionPolicy`, spec.preemptionPolicy, ['PreemptLowerPriority', 'Never']),
  ...oneOf(`${at}.os`, spec.os?.name, ['linux', 'windows']),
  ...podSecurityContext(`${at}.securityContext`, spec.securityContext ?? {}),
  ...namespaces(at, spec),
  ...overhead(`${at}.overhead`, spec.overhead ?? {}),
  ...podResources(`${at}.resources`, spec.resources ?? {}),
  ...(spec.resourceClaims ?? []).flatMap((claim, index) => resourceClaim(`${at}.resourceClaims[${index}]`, claim)),
]

const objectNames = ['nodeName', 'serviceAccountName', 'priorityClassName', 'runtimeClassName'] as const

const objectName = (at: string, name: string | undefined): FieldErrors =>
  name ? invalidFor(at, name, dnsSubdomain(name)) : []

const restartPolicy = (at: string, value: string): FieldErrors =>
  value === '' ? [required(at)] : oneOf(at, value, ['Always', 'OnFailure', 'Never'])

const activeDeadline = (at: string, seconds: number | undefined): FieldErrors =>
  when(
    seconds !== undefined && (seconds < 1 || seconds >= 2 ** 31),
    invalid(at, seconds, 'must be between 1 and 2147483647, inclusive'),
  )

/** What a Pod shares with its node, where not everything goes together. */
const namespaces = (at: string, spec: Shape<'PodSpec'>): FieldErrors => [
  ...when(
    spec.shareProcessNamespace === true && spec.hostPID === true,
    invalid(
      `${at}.securityContext.shareProcessNamespace`,
      true,
      'ShareProcessNamespace and HostPID cannot both be enabled',
    ),
  ),
  ...(['hostNetwork', 'hostPID', 'hostIPC'] as const).flatMap((field) =>
    when(spec.hostUsers === false && spec[field] === true, forbidden(`${at}.${field}`, 'when `hostUsers` is false')),
  ),
]

const resourceClaim = (
  at: string,
  { resourceClaimName, resourceClaimTemplateName }: Shape<'PodResourceClaim'>,
): FieldErrors =>
  when(resourceClaimName === undefined && resourceClaimTemplateName === undefined, invalidForNothing(at))

const invalidForNothing = (at: string) =>
  invalid(at, '', 'must specify one of: `resourceClaimName`, `resourceClaimTemplateName`')

const oneOf = (at: string, value: string | undefined, supported: ReadonlyArray<string>): FieldErrors =>
  when(value !== undefined && !supported.includes(value), notSupported(at, value, supported))
