import { messageOf } from '../../../domain/kubernetes/messages.ts'
import { definitionName, fieldType, type ScalarName, schema } from '../../../domain/kubernetes/schema.ts'
import { descriptionOf } from './descriptions.ts'
import { mergeKeyOf } from '../patches/merge-keys.ts'

export type KindName = { readonly group: string; readonly version: string; readonly kind: string }

/** An object of OpenAPI, as far as it is used here. */
export type OpenApiSchema = {
  readonly $ref?: string
  readonly type?: string
  readonly format?: string
  readonly description?: string
  readonly oneOf?: ReadonlyArray<OpenApiSchema>
  readonly allOf?: ReadonlyArray<OpenApiSchema>
  readonly items?: OpenApiSchema
  readonly additionalProperties?: OpenApiSchema
  readonly properties?: Readonly<Record<string, OpenApiSchema>>
  readonly required?: ReadonlyArray<string>
  readonly 'x-kubernetes-group-version-kind'?: ReadonlyArray<KindName>
  readonly 'x-kubernetes-patch-strategy'?: string
  readonly 'x-kubernetes-patch-merge-key'?: string
  readonly 'x-kubernetes-map-type'?: string
}

export type OpenApiSchemas = Readonly<Record<string, OpenApiSchema>>

/**
 * The kinds with everything that they name, each once, under the names that Kubernetes gives them. A kind without a definition is an
 * object of any form. The two versions of OpenAPI differ in where a schema lies, and in how they say that something is one of two types.
 */
export const schemasOf = (kinds: ReadonlyArray<KindName>, version: 2 | 3): OpenApiSchemas => {
  const schemas = new Map<string, OpenApiSchema>()
  const prefix = version === 2 ? '#/definitions/' : '#/components/schemas/'
  const reference = (name: string): OpenApiSchema => ({ $ref: `${prefix}${name}` })

  /** In version 3 nothing may stand beside a reference. */
  const described = (shown: OpenApiSchema, description: string | undefined): OpenApiSchema =>
    description === undefined
      ? shown
      : { description, ...(version === 3 && shown.$ref !== undefined ? { allOf: [shown] } : shown) }

  const typeOf = (notation: string): OpenApiSchema => {
    const type = fieldType(schema, notation)
    switch (type._tag) {
      case 'Scalar': {
        const shared = sharedScalars[type.name]
        if (shared === undefined) return scalars[type.name]
        schemas.set(shared, (version === 3 ? eitherOf[type.name] : undefined) ?? scalars[type.name])
        return reference(shared)
      }
      case 'List':
        return { type: 'array', items: typeOf(type.item) }
      case 'Map':
        return { type: 'object', additionalProperties: typeOf(type.value) }
      case 'Object': {
        const name = nameOf(type.name)
        if (!schemas.has(name)) add(name, type.name, {})
        return reference(name)
      }
    }
  }

  const add = (name: string, definition: string, more: OpenApiSchema): void => {
    const { fields, required } = schema[definition] ?? nothing
    /** What names it meanwhile finds it here. */
    schemas.set(name, {})
    const properties = Object.entries(fields).map(
      ([field, notation]) =>
        [
          field,
          { ...described(typeOf(notation), descriptionOf(definition, field)), ...mergeOf(definition, field) },
        ] as const,
    )
    schemas.set(name, {
      ...described({ type: 'object' }, descriptionOf(definition)),
      ...(properties.length > 0 ? { properties: Object.fromEntries(properties) } : {}),
      ...(required.length > 0 ? { required } : {}),
      ...more,
    })
  }

  for (const { group, version: of, kind } of kinds) {
    const definition = definitionName({ group, kind })
    const name = nameOf(definition, group).replace(/v1(?=\.\w+$)/, of)
    add(name, definition, { 'x-kubernetes-group-version-kind': [{ group, version: of, kind }] })
  }
  return Object.fromEntries([...schemas].sort(([a], [b]) => (a < b ? -1 : 1)))
}

const nothing = { fields: {}, required: [] }

/** The name under which Kubernetes knows a definition: `io.k8s.api.batch.v1.Job`. */
const nameOf = (definition: string, group = ''): string => {
  const home = messageOf(definition)?.home ?? `io.k8s.api.${group.split('.')[0] || 'core'}.v1`
  return `${home}.${definition.replace(/^Events(?=Event)/, '')}`
}

const scalars: Readonly<Record<ScalarName, OpenApiSchema>> = {
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

/** Only the newer version can say that a value is of one type or of another. */
const eitherOf: Readonly<Record<string, OpenApiSchema>> = {
  quantity: { oneOf: [{ type: 'string' }, { type: 'number' }] },
  intOrString: { format: 'int-or-string', oneOf: [{ type: 'integer' }, { type: 'string' }] },
}

/** Scalars that have a name of their own. */
const sharedScalars: Readonly<Partial<Record<ScalarName, string>>> = {
  quantity: 'io.k8s.apimachinery.pkg.api.resource.Quantity',
  intOrString: 'io.k8s.apimachinery.pkg.util.intstr.IntOrString',
  time: 'io.k8s.apimachinery.pkg.apis.meta.v1.Time',
  microTime: 'io.k8s.apimachinery.pkg.apis.meta.v1.MicroTime',
  any: 'io.k8s.apimachinery.pkg.apis.meta.v1.FieldsV1',
}

/** How clients that make strategic merge patches know the elements of a list again. */
const mergeOf = (definition: string, field: string): OpenApiSchema => {
  const key = mergeKeyOf(definition, field)
  if (key === undefined) return {}
  const isRetained = definition === 'PodSpec' && ['volumes', 'resourceClaims'].includes(field)
  return {
    'x-kubernetes-patch-strategy': isRetained ? 'merge,retainKeys' : 'merge',
    ...(key === null ? {} : { 'x-kubernetes-patch-merge-key': key }),
  }
}
