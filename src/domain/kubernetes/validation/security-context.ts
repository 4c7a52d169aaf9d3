import { type FieldErrors, forbidden, invalid, notSupported, required, when } from '../field-error.ts'
import type { Shape } from '../schema.ts'

/** The security context of one container. */
export const containerSecurityContext = (at: string, context: Shape<'SecurityContext'> | undefined): FieldErrors => {
  if (context === undefined) return []
  const { privileged, procMount, allowPrivilegeEscalation } = context
  return [
    ...when(privileged === true, forbidden(`${at}.privileged`, 'disallowed by cluster policy')),
    ...identity(`${at}.runAsUser`, context.runAsUser),
    ...identity(`${at}.runAsGroup`, context.runAsGroup),
    ...when(
      procMount !== undefined && procMount !== 'Default' && procMount !== 'Unmasked',
      notSupported(`${at}.procMount`, procMount, ['Default', 'Unmasked']),
    ),
    ...seccomp(`${at}.seccompProfile`, context.seccompProfile),
    ...when(
      privileged === true && allowPrivilegeEscalation === false,
      invalid(at, context, 'cannot set `allowPrivilegeEscalation` to false and `privileged` to true'),
    ),
  ]
}

/** The security context of the whole Pod. */
export const podSecurityContext = (at: string, context: Shape<'PodSecurityContext'>): FieldErrors => [
  ...identity(`${at}.runAsUser`, context.runAsUser),
  ...identity(`${at}.runAsGroup`, context.runAsGroup),
  ...identity(`${at}.fsGroup`, context.fsGroup),
  ...(context.supplementalGroups ?? []).flatMap((group, index) =>
    identity(`${at}.supplementalGroups[${index}]`, group),
  ),
  ...seccomp(`${at}.seccompProfile`, context.seccompProfile),
  ...(context.sysctls ?? []).flatMap(({ name = '' }, index) => sysctlName(`${at}.sysctls[${index}].name`, name)),
]

const identity = (at: string, id: number | undefined): FieldErrors =>
  when(id !== undefined && (id < 0 || id >= 2 ** 31), invalid(at, id, 'must be between 0 and 2147483647, inclusive'))

const seccomp = (at: string, profile: Shape<'SeccompProfile'> | undefined): FieldErrors => {
  if (profile === undefined) return []
  const { type = '', localhostProfile } = profile
  return [
    ...when(!seccompTypes.includes(type), notSupported(`${at}.type`, type, seccompTypes)),
    ...when(
      type === 'Localhost' && !localhostProfile,
      required(`${at}.localhostProfile`, 'must be set when seccomp type is Localhost'),
    ),
  ]
}

const seccompTypes = ['Localhost', 'RuntimeDefault', 'Unconfined']

const sysctlName = (at: string, name: string): FieldErrors => {
  if (name === '') return [required(at)]
  const isWellFormed =
    name.length <= 253 && name.split(/[./]/).every((part) => /^[a-z0-9]([-_a-z0-9]*[a-z0-9])?$/.test(part))
  return when(
    !isWellFormed,
    invalid(
      at,
      name,
      'must have at most 253 characters and match regex ^([a-z0-9]([-_a-z0-9]*[a-z0-9])?[\\./])*[a-z0-9]([-_a-z0-9]*[a-z0-9])?$',
    ),
  )
}
