import { duplicate, type FieldErrors, forbidden, invalidFor, notSupported, required, when } from '../field-error.ts'
import type { Shape } from '../schema.ts'
import { env, envFrom } from './env.ts'
import { dnsLabel } from './names.ts'
import { hostPortConflicts, ports } from './ports.ts'
import { lifecycle, probes } from './probes.ts'
import { resources } from './resources.ts'
import { containerSecurityContext } from './security-context.ts'
import { volumeDevices, volumeMounts } from './volume-mounts.ts'

/** All containers of a Pod [1.13]; names are told apart across app and init containers. */
export const containers = (at: string, spec: Shape<'PodSpec'>): FieldErrors => {
  const app = spec.containers ?? []
  const init = spec.initContainers ?? []
  return [
    ...when(app.length === 0, required(`${at}.containers`)),
    ...app.flatMap((one, index) => container(`${at}.containers[${index}]`, one, spec)),
    ...init.flatMap((one, index) => initContainer(`${at}.initContainers[${index}]`, one, spec)),
    ...repeatedNames(at, app, init),
    ...hostPortConflicts(`${at}.containers`, app),
    ...hostPortConflicts(`${at}.initContainers`, init),
  ]
}

const container = (at: string, one: Shape<'Container'>, spec: Shape<'PodSpec'>): FieldErrors => {
  const { name = '' } = one
  return [
    ...(name === '' ? [required(`${at}.name`)] : invalidFor(`${at}.name`, name, dnsLabel(name))),
    ...when(!one.image, required(`${at}.image`)),
    ...oneOf(`${at}.imagePullPolicy`, one.imagePullPolicy ?? '', ['Always', 'IfNotPresent', 'Never']),
    ...oneOf(`${at}.terminationMessagePolicy`, one.terminationMessagePolicy ?? '', ['File', 'FallbackToLogsOnError']),
    ...restartRules(at, one),
    ...ports(`${at}.ports`, one.ports ?? [], spec.hostNetwork === true),
    ...env(`${at}.env`, one.env ?? []),
    ...envFrom(`${at}.envFrom`, one.envFrom ?? []),
    ...volumeMounts(`${at}.volumeMounts`, one, spec.volumes ?? []),
    ...volumeDevices(`${at}.volumeDevices`, one.volumeDevices ?? [], spec.volumes ?? []),
    ...probes(at, one),
    ...lifecycle(`${at}.lifecycle`, one.lifecycle ?? {}, spec.terminationGracePeriodSeconds ?? 30),
    ...resources(`${at}.resources`, one.resources ?? {}, spec.resourceClaims ?? []),
    ...containerSecurityContext(`${at}.securityContext`, one.securityContext),
    ...resizePolicy(`${at}.resizePolicy`, one.resizePolicy ?? [], spec.restartPolicy ?? ''),
  ]
}

/** Only an init container that keeps running (a sidecar) has a life to be probed and hooked. */
const initContainer = (at: string, one: Shape<'Container'>, spec: Shape<'PodSpec'>): FieldErrors => [
  ...container(at, one, spec),
  ...(one.restartPolicy === 'Always'
    ? []
    : (['lifecycle', 'livenessProbe', 'readinessProbe', 'startupProbe'] as const).flatMap((field) =>
        when(
          one[field] !== undefined,
          forbidden(`${at}.${field}`, 'may not be set for init containers without restartPolicy=Always'),
        ),
      )),
]

const repeatedNames = (
  at: string,
  app: ReadonlyArray<Shape<'Container'>>,
  init: ReadonlyArray<Shape<'Container'>>,
): FieldErrors => {
  const seen = new Set<string>()
  const repeated = (list: string) => (one: Shape<'Container'>, index: number) => {
    const isRepeated = !!one.name && seen.has(one.name)
    seen.add(one.name ?? '')
    return when(isRepeated, duplicate(`${at}.${list}[${index}].name`, one.name))
  }
  return [...app.flatMap(repeated('containers')), ...init.flatMap(repeated('initContainers'))]
}

const restartRules = (at: string, { restartPolicy, restartPolicyRules = [] }: Shape<'Container'>): FieldErrors => [
  ...when(
    restartPolicy !== undefined && !['Always', 'Never', 'OnFailure'].includes(restartPolicy),
    notSupported(`${at}.restartPolicy`, restartPolicy, ['Always', 'Never', 'OnFailure']),
  ),
  ...when(
    restartPolicy === undefined && restartPolicyRules.length > 0,
    required(`${at}.restartPolicy`, 'must specify restartPolicy when restart rules are used'),
  ),
  ...restartPolicyRules.flatMap(({ action = '', exitCodes }, index) => [
    ...oneOf(`${at}.restartPolicyRules[${index}].action`, action, ['Restart', 'RestartAllContainers']),
    ...(exitCodes === undefined
      ? [required(`${at}.restartPolicyRules[${index}].exitCodes`)]
      : oneOf(`${at}.restartPolicyRules[${index}].exitCodes.operator`, exitCodes.operator ?? '', ['In', 'NotIn'])),
  ]),
]

const resizePolicy = (
  at: string,
  policies: ReadonlyArray<Shape<'ContainerResizePolicy'>>,
  podRestartPolicy: string,
): FieldErrors =>
  policies.flatMap(({ resourceName = '', restartPolicy = '' }) => [
    ...oneOf(at, resourceName, ['cpu', 'memory']),
    ...oneOf(at, restartPolicy, ['NotRequired', 'RestartContainer']),
    ...when(podRestartPolicy === 'Never' && restartPolicy === 'RestartContainer', {
      kind: 'Invalid',
      field: at,
      value: restartPolicy,
      detail: "must be 'NotRequired' when pod `restartPolicy` is 'Never'",
    }),
  ])

/** A value of a fixed set; where the set is all that is said, an empty one is required. */
const oneOf = (at: string, value: string, supported: ReadonlyArray<string>): FieldErrors =>
  value === '' ? [required(at)] : when(!supported.includes(value), notSupported(at, value, supported))
