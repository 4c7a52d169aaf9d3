import type { Entropy } from '../../application/ports/entropy.ts'
import { messageOf } from '../../domain/kubernetes/messages.ts'
import { fieldType, type ScalarName, schema } from '../../domain/kubernetes/schema.ts'
import { type ApiAnswer, type ApiRequest, jsonAnswer } from './answer.ts'
import { type ApiKind, groupVersion } from './api-kind.ts'
import { mergeKeyOf } from './patches/merge-keys.ts'

/**
 * The kinds that are served, for clients that check what they send or explain it: OpenAPI 3 by group, and all in one of version 2 for
 * older ones. Null for any other path. Made when first asked for.
 */
export const openApi = (kinds: ReadonlyArray<ApiKind>, { digest }: Entropy) => {
  const groups = [...new Set(kinds.map(placeOf))]
  const pages = new Map<string, string>()
  const pageAt = (path: string, make: () => unknown): string => {
    const known = pages.get(path) ?? JSON.stringify(make())
    pages.set(path, known)
    return known
  }
  const groupPage = (place: string): string =>
    pageAt(place, () => documentOf(kinds.filter((kind) => placeOf(kind) === place)))

  return ({ path, headers }: ApiRequest): ApiAnswer | null => {
    if (path === '/openapi/v3') {
      const link = (place: string) => `/openapi/v3/${place}?hash=${digest(groupPage(place)).toUpperCase()}`
      return jsonAnswer(200, {
        paths: Object.fromEntries(groups.map((place) => [place, { serverRelativeURL: link(place) }])),
      })
    }
    const place = path.startsWith('/openapi/v3/') ? path.slice('/openapi/v3/'.length) : null
    if (place !== null && groups.includes(place)) return { ...jsonAnswer(200, null), body: groupPage(place) }
    if (path !== '/openapi/v2') return null
    if (/proto-openapi/.test(headers['accept'] ?? '')) return nothingInProtobuf
    return { ...jsonAnswer(200, null), body: pageAt('v2', () => documentOf2(kinds)) }
  }
}

/** Older clients read version 2 in protobuf only; an empty document keeps them from checking anything, which the server does. */
const nothingInProtobuf: ApiAnswer = { status: 200, headers: [['Content-Type', 'application/octet-stream']], body: '' }

/** `api/v1`, `apis/batch/v1`. */
const placeOf = (kind: ApiKind): string => `${kind.group === '' ? 'api' : 'apis'}/${groupVersion(kind)}`

const documentOf = (kinds: ReadonlyArray<ApiKind>) => ({
  openapi: '3.0.0',
  info: { title: 'Kubernetes', version: 'v1.36.3' },
  paths: pathsOf(kinds),
  components: { schemas: schemasOf(kinds, '#/components/schemas/') },
})

const documentOf2 = (kinds: ReadonlyArray<ApiKind>) => ({
  swagger: '2.0',
  info: { title: 'Kubernetes', version: 'v1.36.3' },
  paths: pathsOf(kinds),
  definitions: schemasOf(kinds, '#/definitions/'),
})

/** Clients look for the patch of a kind to learn with which options they may write. */
const pathsOf = (kinds: ReadonlyArray<ApiKind>) =>
  Object.fromEntries(
    kinds.flatMap((kind) => {
      const objects = `/${placeOf(kind)}/${kind.isNamespaced ? 'namespaces/{namespace}/' : ''}${kind.plural}/{name}`
      const patch = {
        'x-kubernetes-action': 'patch',
        'x-kubernetes-group-version-kind': gvkOf(kind),
        parameters: ['dryRun', 'fieldManager', 'fieldValidation', 'force'].map((name) => ({ name, in: 'query' })),
        responses: { '200': { description: 'OK' } },
      }
      return [objects, ...(kind.subresources.includes('status') ? [`${objects}/status`] : [])].map(
        (path) => [path, { patch }] as const,
      )
    }),
  )

const gvkOf = ({ group, version, kind }: ApiKind) => ({ group, version, kind })

/** The kinds with everything that they name, each once. A kind without a definition is an object of any form. */
const schemasOf = (kinds: ReadonlyArray<ApiKind>, prefix: string): Readonly<Record<string, unknown>> => {
  const schemas = new Map<string, unknown>()
  const add = (definition: string, more: object = {}): void => {
    const name = componentOf(definition)
    if (schemas.has(name)) return
    const { fields, required } = schema[definition] ?? { fields: {}, required: [] }
    schemas.set(name, { type: 'object' })
    const properties = Object.entries(fields).map(([field, notation]): [string, object] => [
      field,
      { ...typeOf(notation), ...mergeOf(definition, field) },
    ])
    const all = {
      type: 'object',
      properties: Object.fromEntries(properties),
      ...(required.length > 0 ? { required } : {}),
    }
    schemas.set(name, { ...all, ...more })
  }
  const typeOf = (notation: string): object => {
    const type = fieldType(schema, notation)
    switch (type._tag) {
      case 'Scalar':
        return scalars[type.name]
      case 'List':
        return { type: 'array', items: typeOf(type.item) }
      case 'Map':
        return { type: 'object', additionalProperties: typeOf(type.value) }
      case 'Object':
        add(type.name)
        return { $ref: `${prefix}${componentOf(type.name)}` }
    }
  }
  for (const kind of kinds) add(kind.kind, { 'x-kubernetes-group-version-kind': [gvkOf(kind)] })
  return Object.fromEntries(schemas)
}

const scalars: Readonly<Record<ScalarName, object>> = {
  string: { type: 'string' },
  boolean: { type: 'boolean' },
  int32: { type: 'integer', format: 'int32' },
  int64: { type: 'integer', format: 'int64' },
  quantity: { type: 'string' },
  intOrString: { type: 'string', format: 'int-or-string' },
  time: { type: 'string', format: 'date-time' },
  microTime: { type: 'string', format: 'date-time' },
  bytes: { type: 'string', format: 'byte' },
  any: { type: 'object' },
}

/** How clients that make strategic merge patches know the elements of a list again. */
const mergeOf = (definition: string, field: string): object => {
  const key = mergeKeyOf(definition, field)
  if (key === undefined) return {}
  const isRetained = definition === 'PodSpec' && ['volumes', 'resourceClaims'].includes(field)
  return {
    'x-kubernetes-patch-strategy': isRetained ? 'merge,retainKeys' : 'merge',
    ...(key === null ? {} : { 'x-kubernetes-patch-merge-key': key }),
  }
}

/** The name under which Kubernetes knows a definition. */
const componentOf = (definition: string): string =>
  `${messageOf(definition)?.home ?? 'io.k8s.api.core.v1'}.${definition.replace(/^Events(?=Event)/, '')}`
