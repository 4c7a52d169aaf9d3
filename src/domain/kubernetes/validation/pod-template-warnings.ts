import { nanoOf } from '../quantity.ts'
import type { Shape } from '../schema.ts'

/** What the server warns of in a Pod template at a path [1.13]; none of it refuses. */
export const podTemplateWarnings = (at: string, { spec = {} }: Shape<'PodTemplateSpec'>): ReadonlyArray<string> => {
  const inSpec = `${at}.spec`
  return [
    ...nodeSelector(`${inSpec}.nodeSelector`, spec.nodeSelector ?? {}),
    ...(spec.volumes ?? []).flatMap((volume, index) => ofVolume(`${inSpec}.volumes[${index}]`, volume)),
    ...pullSecrets(`${inSpec}.imagePullSecrets`, spec.imagePullSecrets ?? []),
    ...(['initContainers', 'containers'] as const).flatMap((field) =>
      (spec[field] ?? []).flatMap((container, index) => ofContainer(`${inSpec}.${field}[${index}]`, container)),
    ),
    ...((spec.terminationGracePeriodSeconds ?? 0) < 0
      ? [`${inSpec}.terminationGracePeriodSeconds: must be >= 0; negative values are invalid and will be treated as 1`]
      : []),
  ]
}

const nodeSelector = (at: string, given: Readonly<Record<string, string>>): ReadonlyArray<string> =>
  Object.keys(given).flatMap((key) => {
    const newer = newerLabels.get(key)
    return newer === undefined ? [] : [`${at}[${key}]: deprecated since ${newer[0]}; use "${newer[1]}" instead`]
  })

/** Labels of nodes that got other names, with the release since which they are deprecated. */
const newerLabels = new Map([
  ['beta.kubernetes.io/arch', ['v1.14', 'kubernetes.io/arch']],
  ['beta.kubernetes.io/os', ['v1.14', 'kubernetes.io/os']],
  ['failure-domain.beta.kubernetes.io/region', ['v1.17', 'topology.kubernetes.io/region']],
  ['failure-domain.beta.kubernetes.io/zone', ['v1.17', 'topology.kubernetes.io/zone']],
  ['beta.kubernetes.io/instance-type', ['v1.17', 'node.kubernetes.io/instance-type']],
])

const ofVolume = (at: string, { name = '', gitRepo, projected }: Shape<'Volume'>): ReadonlyArray<string> => [
  ...(gitRepo === undefined ? [] : [`${at}.gitRepo: deprecated in v1.11, and disabled by default in v1.33+`]),
  ...(projected !== undefined && (projected.sources ?? []).length === 0
    ? [`volume "${name}" (Projected) has no sources provided`]
    : []),
]

const pullSecrets = (at: string, given: ReadonlyArray<Shape<'LocalObjectReference'>>): ReadonlyArray<string> => {
  const first = firstPlaces(given.map(({ name = '' }) => name))
  return given.flatMap(({ name = '' }, index) => {
    if (name === '') return [`${at}[${index}].name: invalid empty name ""`]
    return first.get(name) === index ? [] : [`${at}[${index}].name: duplicate name "${name}"`]
  })
}

/** Where each key is for the first time. */
const firstPlaces = (keys: ReadonlyArray<string>): ReadonlyMap<string, number> =>
  new Map(keys.map((key, place) => [key, place] as const).toReversed())

const ofContainer = (
  at: string,
  { ports = [], env = [], resources = {} }: Shape<'Container'>,
): ReadonlyArray<string> => [
  ...(['limits', 'requests'] as const).flatMap((part) => fractions(`${at}.resources.${part}`, resources[part] ?? {})),
  ...hiddenVariables(`${at}.env`, env),
  ...repeatedPorts(`${at}.ports`, ports),
]

const fractions = (at: string, amounts: Readonly<Record<string, string | number>>): ReadonlyArray<string> =>
  ['memory', 'ephemeral-storage'].flatMap((name) => {
    const amount = amounts[name]
    return amount === undefined || nanoOf(amount) % nanoOf(1) === 0n
      ? []
      : [`${at}[${name}]: fractional byte value "${amount}" is invalid, must be an integer`]
  })

/** A later value that is made of the earlier one hides nothing. */
const hiddenVariables = (at: string, variables: ReadonlyArray<Shape<'EnvVar'>>): ReadonlyArray<string> => {
  const first = firstPlaces(variables.map(({ name = '' }) => name))
  return variables.flatMap(({ name = '', value = '' }, index) =>
    first.get(name) === index || value.includes(`$(${name})`)
      ? []
      : [`${at}[${index}]: hides previous definition of "${name}", which may be dropped when using apply`],
  )
}

const repeatedPorts = (at: string, ports: ReadonlyArray<Shape<'ContainerPort'>>): ReadonlyArray<string> => {
  const keyOf = ({ containerPort, protocol = 'TCP', hostPort = 0, hostIP = '' }: Shape<'ContainerPort'>): string =>
    `${protocol}/${hostIP}/${hostPort}/${containerPort}`
  const first = firstPlaces(ports.map(keyOf))
  return ports.flatMap((port, index) => {
    const place = first.get(keyOf(port))
    return place === index ? [] : [`${at}[${index}]: duplicate port definition with ${at}[${place}]`]
  })
}
