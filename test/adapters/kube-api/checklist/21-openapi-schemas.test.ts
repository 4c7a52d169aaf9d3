import { beforeAll, describe, expect, test } from 'vitest'
import { described } from '../../../../src/adapters/kube-api/openapi/descriptions.ts'
import { schema } from '../../../../src/domain/kubernetes/schema.ts'
import { asking } from './asking.ts'

type Shown = {
  readonly $ref?: string
  readonly type?: string
  readonly format?: string
  readonly description?: string
  readonly oneOf?: ReadonlyArray<Shown>
  readonly allOf?: ReadonlyArray<Shown>
  readonly items?: Shown
  readonly additionalProperties?: Shown
  readonly properties?: Readonly<Record<string, Shown>>
  readonly required?: ReadonlyArray<string>
  readonly 'x-kubernetes-group-version-kind'?: ReadonlyArray<{
    readonly group: string
    readonly version: string
    readonly kind: string
  }>
}
type Schemas = Readonly<Record<string, Shown>>

const documents = async (): Promise<ReadonlyArray<readonly [place: string, prefix: string, schemas: Schemas]>> => {
  const { ask } = await asking()
  const { paths } = (await ask('GET', '/openapi/v3')).body
  const newer = await Promise.all(
    Object.keys(paths).map(async (place) => {
      const { components } = (await ask('GET', paths[place].serverRelativeURL)).body
      return [place, '#/components/schemas/', components.schemas as Schemas] as const
    }),
  )
  const { definitions } = (await ask('GET', '/openapi/v2')).body
  return [...newer, ['v2', '#/definitions/', definitions as Schemas]]
}

/** The notation of the schema for what a document shows. */
const notationOf = (shown: Shown, prefix: string): string => {
  const [only] = shown.allOf ?? []
  if (only !== undefined) return notationOf(only, prefix)
  if (shown.items !== undefined) return `[]${notationOf(shown.items, prefix)}`
  if (shown.additionalProperties !== undefined) return `map[string]${notationOf(shown.additionalProperties, prefix)}`
  if (shown.$ref === undefined)
    return shown.type === 'integer' ? (shown.format ?? '') : shown.format === 'byte' ? 'bytes' : (shown.type ?? '')
  const name = shown.$ref.slice(prefix.length)
  return shared[name] ?? definitionOf(name)
}

const shared: Readonly<Record<string, string>> = {
  'io.k8s.apimachinery.pkg.api.resource.Quantity': 'quantity',
  'io.k8s.apimachinery.pkg.util.intstr.IntOrString': 'intOrString',
  'io.k8s.apimachinery.pkg.apis.meta.v1.Time': 'time',
  'io.k8s.apimachinery.pkg.apis.meta.v1.MicroTime': 'microTime',
  'io.k8s.apimachinery.pkg.apis.meta.v1.FieldsV1': 'any',
}

const definitionOf = (name: string): string =>
  `${name.startsWith('io.k8s.api.events.') ? 'Events' : ''}${name.split('.').at(-1)}`

describe('API-21: the documents of OpenAPI define what they name', () => {
  let all: Awaited<ReturnType<typeof documents>> = []
  beforeAll(async () => void (all = await documents()))

  test('API-21: every reference leads to a definition', () => {
    for (const [place, prefix, schemas] of all) {
      const named = [...JSON.stringify(schemas).matchAll(/"\$ref":"([^"]+)"/g)].map(([, name]) => name ?? '')
      const missing = named.filter((name) => !Object.hasOwn(schemas, name.slice(prefix.length)))
      expect([place, named.length > 0, missing]).toEqual([place, true, []])
    }
  })

  test('API-21: definitions have all fields of the schema with their types, and those that are required', () => {
    let fields = 0
    for (const [, prefix, schemas] of all)
      for (const [name, shown] of Object.entries(schemas)) {
        const known = schema[definitionOf(name)]
        if (known === undefined) continue
        const types = Object.entries(shown.properties ?? {}).map(([field, one]) => [field, notationOf(one, prefix)])
        expect([name, Object.fromEntries(types)]).toEqual([name, known.fields])
        expect([name, shown.required ?? []]).toEqual([name, known.required])
        fields += types.length
      }
    expect(fields).toBeGreaterThan(2000)
  })

  test('API-21: each kind of a group is found by its group, version and name', async () => {
    const { ask } = await asking()
    for (const [place, , schemas] of all) {
      if (place === 'v2') continue
      const found = Object.values(schemas).flatMap((one) => one['x-kubernetes-group-version-kind'] ?? [])
      const listed = (await ask('GET', `/${place}`)).body.resources
      const [of = '', named = ''] = place.split('/').slice(1).toReversed()
      for (const { kind, group = named, version = of } of listed) expect(found).toContainEqual({ group, version, kind })
    }
  })

  test('API-21: a CronJob of the older version has a definition of its own', () => {
    const versions = all.flatMap(([place, , schemas]) =>
      place === 'v2' ? Object.keys(schemas).filter((name) => definitionOf(name) === 'CronJob') : [],
    )
    expect(versions).toEqual(['io.k8s.api.batch.v1.CronJob', 'io.k8s.api.batch.v1beta1.CronJob'])
  })

  test('API-21: version 3 says that a quantity may be a number, which version 2 cannot', () => {
    const quantity = (place: string) =>
      all.find(([one]) => one === place)?.[2]['io.k8s.apimachinery.pkg.api.resource.Quantity']
    expect(quantity('api/v1')).toEqual({ oneOf: [{ type: 'string' }, { type: 'number' }] })
    expect(quantity('v2')).toEqual({ type: 'string' })
  })

  test('API-21: lists tell how they are merged', () => {
    const [, , core] = all.find(([place]) => place === 'api/v1')!
    const { containers, volumes } = core['io.k8s.api.core.v1.PodSpec']?.properties ?? {}
    expect(containers).toEqual({
      type: 'array',
      items: { $ref: '#/components/schemas/io.k8s.api.core.v1.Container' },
      'x-kubernetes-patch-strategy': 'merge',
      'x-kubernetes-patch-merge-key': 'name',
    })
    expect(volumes).toMatchObject({ 'x-kubernetes-patch-strategy': 'merge,retainKeys' })
  })

  test('API-21: what Jobs and CronJobs are about is described, in both versions', () => {
    const about = (place: string, definition: string) =>
      all.find(([one]) => one === place)?.[2][`io.k8s.api.batch.v1.${definition}`]
    for (const place of ['apis/batch/v1', 'v2'])
      for (const definition of ['JobSpec', 'CronJobSpec', 'PodFailurePolicyRule'])
        for (const [field, one] of Object.entries(about(place, definition)?.properties ?? {}))
          expect([definition, field, one.description]).toEqual([
            definition,
            field,
            expect.stringMatching(/^[A-Z].*\.$/),
          ])
    const unknown = described.filter((name) => {
      const [definition = '', field] = name.split('.')
      const known = schema[definition]
      return known === undefined || (field !== undefined && !Object.hasOwn(known.fields, field))
    })
    expect(unknown).toEqual([])
  })
})
