import { type FieldErrors, invalid, invalidFor, notSupported, required } from '../field-error.ts'
import type { Shape } from '../schema.ts'
import { qualifiedName } from './names.ts'

/** A field of the Pod told by the downward API; an environment may ask for more single fields, a file for whole maps. */
export const fieldRef = (
  at: string,
  { apiVersion = '', fieldPath = '' }: Shape<'ObjectFieldSelector'>,
  reader: 'environment' | 'file',
): FieldErrors => {
  const path = `${at}.fieldPath`
  if (apiVersion === '') return [required(`${at}.apiVersion`)]
  if (fieldPath === '') return [required(path)]
  if (apiVersion !== 'v1')
    return [invalid(path, fieldPath, `error converting fieldPath: unsupported pod version: ${apiVersion}`)]
  const subscript = subscriptOf(fieldPath)
  if (subscript === undefined) return wholeField(path, fieldPath, reader)
  const { map, key } = subscript
  if (map === 'metadata.labels') return invalidFor(at, key, qualifiedName(key))
  if (map === 'metadata.annotations') return invalidFor(at, key, qualifiedName(key.toLowerCase()))
  return [notConvertible(path, fieldPath)]
}

const wholeField = (path: string, fieldPath: string, reader: 'environment' | 'file'): FieldErrors => {
  const supported = fieldsFor[reader]
  if (supported.includes(fieldPath)) return []
  return convertible.has(fieldPath) ? [notSupported(path, fieldPath, supported)] : [notConvertible(path, fieldPath)]
}

const notConvertible = (path: string, fieldPath: string) =>
  invalid(path, fieldPath, `error converting fieldPath: field label not supported: ${fieldPath}`)

/** `metadata.labels['app']` asks for one entry of a map. */
const subscriptOf = (fieldPath: string): { readonly map: string; readonly key: string } | undefined => {
  const open = fieldPath.indexOf("['")
  return open > 0 && fieldPath.endsWith("']")
    ? { map: fieldPath.slice(0, open), key: fieldPath.slice(open + 2, -2) }
    : undefined
}

const fieldsFor = {
  environment: [
    'metadata.name',
    'metadata.namespace',
    'metadata.uid',
    'spec.nodeName',
    'spec.serviceAccountName',
    'status.hostIP',
    'status.hostIPs',
    'status.podIP',
    'status.podIPs',
  ],
  file: ['metadata.annotations', 'metadata.labels', 'metadata.name', 'metadata.namespace', 'metadata.uid'],
} as const satisfies Record<string, ReadonlyArray<string>> as Record<'environment' | 'file', ReadonlyArray<string>>

/** Fields that the API knows by these labels, whether or not the reader may have them. */
const convertible = new Set([
  ...fieldsFor.environment,
  ...fieldsFor.file,
  'spec.restartPolicy',
  'spec.schedulerName',
  'spec.hostNetwork',
  'status.phase',
  'status.nominatedNodeName',
])
