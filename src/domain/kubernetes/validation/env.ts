import { type FieldErrors, invalid, invalidFor, notSupported, required, when } from '../field-error.ts'
import type { Shape } from '../schema.ts'
import { nanoOf } from '../quantity.ts'
import { fieldRef } from './field-ref.ts'
import { configKey, dnsSubdomain, environmentName, relativePath } from './names.ts'

/** The environment of one container. */
export const env = (at: string, variables: ReadonlyArray<Shape<'EnvVar'>>): FieldErrors =>
  variables.flatMap(({ name = '', value = '', valueFrom }, index) => [
    ...(name === ''
      ? [required(`${at}[${index}].name`)]
      : invalidFor(`${at}[${index}].name`, name, environmentName(name))),
    ...(valueFrom === undefined ? [] : source(`${at}[${index}].valueFrom`, value, valueFrom)),
  ])

export const envFrom = (at: string, sources: ReadonlyArray<Shape<'EnvFromSource'>>): FieldErrors =>
  sources.flatMap(({ prefix = '', configMapRef, secretRef }, index) => [
    ...when(prefix !== '', ...invalidFor(`${at}[${index}].prefix`, prefix, environmentName(prefix))),
    ...(configMapRef === undefined ? [] : reference(`${at}[${index}].configMapRef.name`, configMapRef.name ?? '')),
    ...(secretRef === undefined ? [] : reference(`${at}[${index}].secretRef.name`, secretRef.name ?? '')),
    ...when(
      configMapRef === undefined && secretRef === undefined,
      invalid(at, '', 'must specify one of: `configMapRef` or `secretRef`'),
    ),
    ...when(configMapRef !== undefined && secretRef !== undefined, invalid(at, '', moreThanOneText)),
  ])

/** A resource of a container as the downward API tells it, in a variable or in a file. */
export const resourceFieldRef = (
  at: string,
  { resource = '', divisor = '0' }: Shape<'ResourceFieldSelector'>,
): FieldErrors => {
  if (resource === '') return [required(`${at}.resource`)]
  if (!isKnownResource(resource)) return [notSupported(`${at}.resource`, resource, containerResources)]
  const kind = resource.slice(resource.indexOf('.') + 1)
  return when(
    kind === 'cpu' && ![0n, 1_000_000n, 1_000_000_000n].includes(nanoOf(divisor)),
    invalid(`${at}.divisor`, resource, "only divisor's values 1m and 1 are supported with the cpu resource"),
  )
}

const moreThanOneText = 'may not have more than one field specified at a time'

const source = (at: string, value: string, from: Shape<'EnvVarSource'>): FieldErrors => {
  const count = Object.keys(from).length
  return [
    ...(from.fieldRef === undefined ? [] : fieldRef(`${at}.fieldRef`, from.fieldRef, 'environment')),
    ...(from.resourceFieldRef === undefined ? [] : resourceFieldRef(`${at}.resourceFieldRef`, from.resourceFieldRef)),
    ...(from.configMapKeyRef === undefined ? [] : keyReference(`${at}.configMapKeyRef`, from.configMapKeyRef)),
    ...(from.secretKeyRef === undefined ? [] : keyReference(`${at}.secretKeyRef`, from.secretKeyRef)),
    ...(from.fileKeyRef === undefined ? [] : fileReference(`${at}.fileKeyRef`, from.fileKeyRef)),
    ...(count === 0
      ? [
          invalid(
            at,
            '',
            'must specify one of: `fieldRef`, `resourceFieldRef`, `configMapKeyRef`, `secretKeyRef` or `fileKeyRef`',
          ),
        ]
      : value !== ''
        ? [invalid(at, '', 'may not be specified when `value` is not empty')]
        : when(count > 1, invalid(at, '', moreThanOneText))),
  ]
}

const keyReference = (at: string, { key = '', name = '' }: Shape<'SecretKeySelector'>): FieldErrors => [
  ...(key === '' ? [required(`${at}.key`)] : invalidFor(`${at}.key`, key, configKey(key))),
  ...invalidFor(`${at}.name`, name, dnsSubdomain(name)),
]

const fileReference = (at: string, { key = '', path = '', volumeName = '' }: Shape<'FileKeySelector'>): FieldErrors => [
  ...(key === '' ? [required(`${at}.key`)] : invalidFor(`${at}.key`, key, environmentName(key))),
  ...when(volumeName === '', required(`${at}.volumeName`)),
  ...(path === '' ? [required(`${at}.path`)] : invalidFor(`${at}.path`, path, relativePath(path))),
]

const reference = (at: string, name: string): FieldErrors =>
  name === '' ? [required(at)] : invalidFor(at, name, dnsSubdomain(name))

const containerResources = [
  'limits.cpu',
  'limits.ephemeral-storage',
  'limits.memory',
  'requests.cpu',
  'requests.ephemeral-storage',
  'requests.memory',
]

const isKnownResource = (resource: string): boolean =>
  containerResources.includes(resource) || /^(limits|requests)\.hugepages-/.test(resource)
