import { type FieldErrors, invalid, invalidFor, required, tooLong, when } from '../field-error.ts'
import type { Shape } from '../schema.ts'
import { byteLength, dnsLabel, dnsSubdomain, labelValue, qualifiedName } from './names.ts'

/**
 * An object's own metadata [1.3]. Without a name but with a `generateName` the name is taken to be given later.
 */
export const metadata = (meta: Shape<'ObjectMeta'>, withLabels: boolean): FieldErrors => [
  ...name(meta),
  ...when(
    meta.namespace !== undefined,
    ...invalidFor('metadata.namespace', meta.namespace, dnsLabel(meta.namespace ?? '')),
  ),
  ...(withLabels ? labels('metadata.labels', meta.labels) : []),
  ...annotations('metadata.annotations', meta.annotations),
  ...ownerReferences(meta.ownerReferences),
  ...(meta.finalizers ?? []).flatMap(finalizer),
  ...when(
    ['orphan', 'foregroundDeletion'].every((one) => meta.finalizers?.includes(one)),
    invalid('metadata.finalizers', meta.finalizers, 'finalizer orphan and foregroundDeletion cannot be both set'),
  ),
]

export const labels = (at: string, given: Shape<'ObjectMeta'>['labels']): FieldErrors =>
  Object.entries(given ?? {}).flatMap(([key, value]) => [
    ...invalidFor(at, key, qualifiedName(key)),
    ...invalidFor(at, value, labelValue(value)),
  ])

export const annotations = (at: string, given: Shape<'ObjectMeta'>['annotations']): FieldErrors => {
  const entries = Object.entries(given ?? {})
  const size = entries.reduce((total, [key, value]) => total + byteLength(key) + byteLength(value), 0)
  return [
    ...entries.flatMap(([key]) => invalidFor(at, key, qualifiedName(key.toLowerCase()))),
    ...when(size > annotationBytesMax, tooLong(at, annotationBytesMax)),
  ]
}

const annotationBytesMax = 262_144

const name = (meta: Shape<'ObjectMeta'>): FieldErrors => {
  const base = meta.generateName ?? ''
  if (base === '' && !meta.name) return [required('metadata.name', 'name or generateName is required')]
  return [
    ...when(
      base !== '',
      ...invalidFor('metadata.generateName', base, dnsSubdomain(meta.name ? masked(base) : `${base}x`)),
    ),
    ...when(!!meta.name, ...invalidFor('metadata.name', meta.name, dnsSubdomain(meta.name ?? ''))),
  ]
}

/**
 * A generated name goes on after its base, so a dash at the end is no fault. The server also overlooks the sign before that
 * dash, because the name itself shows it; while there is no name yet, the base is judged whole.
 */
const masked = (base: string): string => (base.length > 1 && base.endsWith('-') ? `${base.slice(0, -2)}a` : base)

export const ownerReferences = (given: Shape<'ObjectMeta'>['ownerReferences']): FieldErrors => [
  ...(given ?? []).flatMap(ownerReference),
  ...secondControllers(given ?? []),
]

const ownerReference = (owner: Shape<'OwnerReference'>): FieldErrors => [
  ...when(!owner.apiVersion, invalid('metadata.ownerReferences.apiVersion', '', 'version must not be empty')),
  ...when(!owner.kind, invalid('metadata.ownerReferences.kind', '', 'must not be empty')),
  ...when(!owner.name, invalid('metadata.ownerReferences.name', '', 'must not be empty')),
  ...when(!owner.uid, invalid('metadata.ownerReferences.uid', '', 'must not be empty')),
]

const secondControllers = (owners: ReadonlyArray<Shape<'OwnerReference'>>): FieldErrors => {
  const [first, ...others] = owners
    .filter((owner) => owner.controller === true)
    .map(({ kind, name: n }) => `${kind}/${n}`)
  return others.map((other) =>
    invalid(
      'metadata.ownerReferences',
      owners,
      `Only one reference can have Controller set to true. Found "true" in references for ${first} and ${other}`,
    ),
  )
}

const finalizer = (value: string, index: number): FieldErrors => [
  ...invalidFor('metadata.finalizers', value, qualifiedName(value)),
  ...when(
    !value.includes('/') && !standardFinalizers.has(value),
    invalid(
      `metadata.finalizers[${index}]`,
      value,
      'name is neither a standard finalizer name nor is it fully qualified',
    ),
  ),
]

const standardFinalizers = new Set(['kubernetes', 'orphan', 'foregroundDeletion'])
