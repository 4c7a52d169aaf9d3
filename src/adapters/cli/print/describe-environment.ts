import type { PodObject } from '../../../domain/kubernetes/pod-object.ts'
import type { Container, EnvVar } from '../../../domain/kubernetes/pod-spec.ts'
import { indented, type Lines } from './describe-metadata.ts'
import { resourceFieldValue } from './resource-field-value.ts'

/**
 * Where the environment of a container comes from. References to fields are resolved against the Pod, as far as kubectl does;
 * null for a template. Values of config maps and secrets are never shown.
 */
export const environmentLines = (container: Container, pod: PodObject | null): Lines => {
  const from = (container.envFrom ?? []).map(sourceLine)
  const variables = (container.env ?? []).flatMap((variable) => variableLines(variable, container, pod))
  return [
    ...(from.length === 0 ? [] : ['Environment Variables from:', ...indented(1, from)]),
    ...(variables.length === 0 ? ['Environment:\t<none>'] : ['Environment:', ...indented(1, variables)]),
  ]
}

const sourceLine = ({ prefix, configMapRef, secretRef }: NonNullable<Container['envFrom']>[number]): string => {
  const source = configMapRef ?? secretRef
  const kind = configMapRef ? 'ConfigMap' : secretRef ? 'Secret' : ''
  const withPrefix = prefix ? ` with prefix '${prefix}'` : ''
  return `${source?.name ?? ''}\t${kind}${withPrefix}\t${optionalText(source)}`
}

const variableLines = ({ name, value, valueFrom }: EnvVar, container: Container, pod: PodObject | null): Lines => {
  if (valueFrom === undefined)
    return (value ?? '').split('\n').map((line, at) => (at === 0 ? `${name}:\t${line}` : `\t${line}`))
  const { fieldRef, resourceFieldRef, secretKeyRef, configMapKeyRef } = valueFrom
  if (fieldRef)
    return [`${name}:\t${podField(pod, fieldRef.fieldPath)} (${fieldRef.apiVersion ?? 'v1'}:${fieldRef.fieldPath})`]
  if (resourceFieldRef)
    return [`${name}:\t${resourceFieldValue(resourceFieldRef, container)} (${resourceFieldRef.resource})`]
  if (secretKeyRef) {
    const place = `key '${secretKeyRef.key}' in secret '${secretKeyRef.name ?? ''}'`
    return [`${name}:\t<set to the ${place}>\t${optionalText(secretKeyRef)}`]
  }
  if (configMapKeyRef) {
    const place = `key '${configMapKeyRef.key}' of config map '${configMapKeyRef.name ?? ''}'`
    return [`${name}:\t<set to the ${place}>\t${optionalText(configMapKeyRef)}`]
  }
  return []
}

const optionalText = (source: { readonly optional?: boolean } | undefined): string =>
  `Optional: ${source?.optional ?? false}`

/** kubectl resolves no more than these two. */
const podField = (pod: PodObject | null, path: string): string => {
  switch (path) {
    case 'metadata.name':
      return pod?.metadata.name ?? ''
    case 'metadata.namespace':
      return pod?.metadata.namespace ?? ''
    default:
      return ''
  }
}
