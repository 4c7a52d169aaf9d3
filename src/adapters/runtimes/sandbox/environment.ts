import type { PodToRun } from '../../../application/ports/pod-runtime.ts'
import type { Container, EnvVar } from '../../../domain/kubernetes/pod-spec.ts'
import { parseQuantity } from '../../../domain/kubernetes/quantity.ts'
import { E, O, pipe } from '../../../prelude.ts'
import { expand } from './expansion.ts'

/** What the machine offers when a container has no limit of its own: thousandths of a CPU, and bytes. */
export type Allocatable = { readonly cpuMillis: number; readonly memoryBytes: number }

/** Names and values in order; a name stands once. */
export type Variables = ReadonlyMap<string, string>

/**
 * The variables a container's spec gives it, expanded, without the base every container has. Left: why the container cannot
 * be created, as a sentence for the user.
 */
export const environmentOf = (
  pod: PodToRun,
  container: Container,
  allocatable: Allocatable,
): E.Either<string, Variables> => {
  for (const { configMapRef, secretRef } of container.envFrom ?? []) {
    const missing = missingSource('configmap', configMapRef) ?? missingSource('secret', secretRef)
    if (missing !== undefined) return E.left(missing)
  }
  const variables = new Map<string, string>()
  for (const variable of container.env ?? []) {
    const value = valueOf(pod, container, allocatable, variable, variables)
    if (E.isLeft(value)) return value
    if (O.isSome(value.right)) variables.set(variable.name, value.right.value)
  }
  return E.right(variables)
}

/** What every container has, whatever its spec says; the spec's own variables win. Nothing of jobledger's own environment. */
export const baseEnvironment = (hostname: string): Variables =>
  new Map([
    ['PATH', '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin'],
    ['HOME', '/tmp'],
    ['HOSTNAME', hostname],
  ])

/** The Pod's host name: the one its spec names, else its own, cut to what a host name may be long. */
export const hostnameOf = (pod: PodToRun): string => (pod.spec.hostname ?? pod.name).slice(0, 63)

/** Right none: the variable is optional and has no source, so it is left out. */
const valueOf = (
  pod: PodToRun,
  container: Container,
  allocatable: Allocatable,
  { name, value, valueFrom }: EnvVar,
  earlier: Variables,
): E.Either<string, O.Option<string>> => {
  if (valueFrom === undefined) return E.right(O.some(expand(value ?? '', earlier)))
  const { fieldRef, resourceFieldRef, configMapKeyRef, secretKeyRef } = valueFrom
  if (fieldRef !== undefined) return pipe(fieldOf(pod, fieldRef.fieldPath), E.map(O.some))
  if (resourceFieldRef !== undefined) {
    const { resource, containerName = container.name, divisor = '1' } = resourceFieldRef
    const owner = allContainers(pod).find((other) => other.name === containerName)
    if (owner === undefined) return E.left(`env "${name}": there is no container "${containerName}"`)
    return pipe(resourceOf(owner, resource, divisor, allocatable), E.map(O.some))
  }
  const missing = missingSource('configmap', configMapKeyRef) ?? missingSource('secret', secretKeyRef)
  if (missing !== undefined) return E.left(missing)
  if (configMapKeyRef !== undefined || secretKeyRef !== undefined) return E.right(O.none)
  return E.left(`env "${name}": the sandbox does not know this source of a value`)
}

/** Init containers first, then app containers: the numbering of observations. */
export const allContainers = ({ spec }: PodToRun): ReadonlyArray<Container> => [
  ...(spec.initContainers ?? []),
  ...spec.containers,
]

const missingSource = (
  kind: 'configmap' | 'secret',
  reference: { readonly name?: string; readonly optional?: boolean } | undefined,
): string | undefined =>
  reference === undefined || reference.optional === true
    ? undefined
    : `${kind} "${reference.name ?? ''}" not found: the sandbox runs Pods without config maps and secrets`

const localhost = '127.0.0.1'

const fieldOf = (pod: PodToRun, path: string): E.Either<string, string> => {
  const keyed = /^metadata\.(labels|annotations)\['([^']*)'\]$/.exec(path)
  if (keyed !== null) return E.right(own(keyed[1] === 'labels' ? pod.labels : pod.annotations, keyed[2] ?? '') ?? '')
  const value = own(fields, path)?.(pod)
  return value === undefined ? E.left(`fieldPath "${path}" is not supported`) : E.right(value)
}

const fields: Readonly<Record<string, (pod: PodToRun) => string>> = {
  'metadata.name': ({ name }) => name,
  'metadata.namespace': ({ namespace }) => namespace,
  'metadata.uid': ({ uid }) => uid,
  'spec.nodeName': ({ node }) => node,
  'spec.serviceAccountName': ({ spec }) => spec.serviceAccountName ?? 'default',
  'status.podIP': () => localhost,
  'status.podIPs': () => localhost,
  'status.hostIP': () => localhost,
  'status.hostIPs': () => localhost,
}

/** `limits.x` without a limit is what the node has; `requests.x` without a request is the limit, else nothing. Rounded up. */
const resourceOf = (
  { resources }: Container,
  path: string,
  divisorText: string,
  { cpuMillis, memoryBytes }: Allocatable,
): E.Either<string, string> => {
  const [kind, ...rest] = path.split('.')
  const resource = rest.join('.')
  const onNode: Readonly<Record<string, string>> = { cpu: `${cpuMillis}m`, memory: `${memoryBytes}` }
  const limit = own(resources?.limits, resource)
  const quantity =
    kind === 'limits' ? (limit ?? own(onNode, resource) ?? '0') : (own(resources?.requests, resource) ?? limit ?? '0')
  const amount = parseQuantity(quantity)
  const divisor = parseQuantity(divisorText === '0' ? '1' : divisorText)
  if ((kind !== 'limits' && kind !== 'requests') || E.isLeft(amount) || E.isLeft(divisor) || divisor.right.nano <= 0n) {
    return E.left(`resource "${path}" with divisor "${divisorText}" is not supported`)
  }
  return E.right(String(roundedUp(amount.right.nano, divisor.right.nano)))
}

const roundedUp = (amount: bigint, divisor: bigint): bigint => (amount + divisor - 1n) / divisor

/** Names come from users, and "constructor" is one of them. */
const own = <A>(record: Readonly<Record<string, A>> | undefined, key: string): A | undefined =>
  record !== undefined && Object.hasOwn(record, key) ? record[key] : undefined
