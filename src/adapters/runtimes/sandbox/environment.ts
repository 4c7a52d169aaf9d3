import type { PodToRun } from '../../../application/ports/pod-runtime.ts'
import type { PodSources, SourceKind } from '../../../application/ports/pod-sources.ts'
import type { Container, EnvVar } from '../../../domain/kubernetes/pod-spec.ts'
import { environmentName } from '../../../domain/kubernetes/validation/names.ts'
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
  sources: PodSources,
): E.Either<string, Variables> => {
  const variables = new Map<string, string>()
  for (const { prefix = '', configMapRef, secretRef } of container.envFrom ?? []) {
    const texts = allTexts(pod, sources, 'configmap', configMapRef) ?? allTexts(pod, sources, 'secret', secretRef)
    if (texts === null) continue
    if (E.isLeft(texts)) return texts
    for (const [key, text] of texts.right) if (isVariable(`${prefix}${key}`)) variables.set(`${prefix}${key}`, text)
  }
  for (const variable of container.env ?? []) {
    const value = valueOf({ pod, container, allocatable, sources }, variable, variables)
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

type Place = {
  readonly pod: PodToRun
  readonly container: Container
  readonly allocatable: Allocatable
  readonly sources: PodSources
}

/** Right none: the variable is optional and has no source, so it is left out. */
const valueOf = (
  { pod, container, allocatable, sources }: Place,
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
  if (configMapKeyRef !== undefined) return oneText(pod, sources, 'configmap', configMapKeyRef)
  if (secretKeyRef !== undefined) return oneText(pod, sources, 'secret', secretKeyRef)
  return E.left(`env "${name}": the sandbox does not know this source of a value`)
}

/** Init containers first, then app containers: the numbering of observations. */
export const allContainers = ({ spec }: PodToRun): ReadonlyArray<Container> => [
  ...(spec.initContainers ?? []),
  ...spec.containers,
]

type Reference = { readonly name?: string; readonly optional?: boolean }

/** All texts of a source; null: none is asked for. */
const allTexts = (
  { namespace }: PodToRun,
  sources: PodSources,
  kind: SourceKind,
  reference: Reference | undefined,
): E.Either<string, ReadonlyMap<string, string>> | null => {
  if (reference === undefined) return null
  const found = sources(kind, namespace, reference.name ?? '')
  if (E.isRight(found)) return E.right(found.right.texts)
  return reference.optional === true && found.left.isAbsent ? E.right(new Map()) : E.left(found.left.message)
}

/** The text under one key; none when that is optional and not there. */
const oneText = (
  pod: PodToRun,
  sources: PodSources,
  kind: SourceKind,
  reference: Reference & { readonly key: string },
): E.Either<string, O.Option<string>> => {
  const texts = allTexts(pod, sources, kind, reference)
  if (texts === null || E.isLeft(texts)) return texts ?? E.right(O.none)
  const text = texts.right.get(reference.key)
  if (text !== undefined || reference.optional === true) return E.right(O.fromNullable(text))
  const shown = kind === 'configmap' ? 'ConfigMap' : 'Secret'
  return E.left(`couldn't find key ${reference.key} in ${shown} ${pod.namespace}/${reference.name ?? ''}`)
}

/** A key that cannot be the name of a variable is passed over. */
const isVariable = (name: string): boolean => environmentName(name).length === 0

const localhost = '127.0.0.1'

/** A field of the Pod as the downward API tells it. */
export const fieldOf = (pod: PodToRun, path: string): E.Either<string, string> => {
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
