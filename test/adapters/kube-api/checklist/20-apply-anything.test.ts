import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { fieldType, type ScalarName, schema } from '../../../../src/domain/kubernetes/schema.ts'
import { applying } from './applying.ts'

const odd = { string: ['', 'a', 'b', 'A b', '1', 'Never', 'Always'], number: [0, 1, 2, -1, 1.5, 1e30] }

const scalars: Readonly<Record<ScalarName, fc.Arbitrary<unknown>>> = {
  string: fc.constantFrom(...odd.string),
  bytes: fc.constantFrom('YQ==', 'a', ''),
  boolean: fc.boolean(),
  int32: fc.constantFrom(...odd.number),
  int64: fc.constantFrom(...odd.number),
  quantity: fc.constantFrom('1', '1000m', 'much', 1),
  intOrString: fc.constantFrom('http', 80),
  time: fc.constantFrom('2026-01-01T00:00:00Z', 'soon', '2026-01-01T00:00:00.5+01:00'),
  microTime: fc.constantFrom('2026-01-01T00:00:00.000001Z', 'soon'),
  any: fc.constantFrom({}, 1),
}

/** What cannot be applied, and what would set the controllers to work. */
const notOfManagers = new Set(['managedFields', 'managedBy', 'suspend'])

/** Values of a type as they may come from anybody: of the right JSON, with fields left out, and with nulls. */
const valuesOf = (notation: string, depth: number): fc.Arbitrary<unknown> => {
  const type = fieldType(schema, notation)
  switch (type._tag) {
    case 'Scalar':
      return scalars[type.name]
    case 'List':
      return fc.array(valuesOf(type.item, depth - 1), { maxLength: 2 })
    case 'Map':
      return fc.dictionary(fc.constantFrom('a', 'b', 'x/y'), valuesOf(type.value, depth - 1), { maxKeys: 2 })
    case 'Object': {
      if (depth <= 0) return fc.constantFrom({}, null)
      const fields = Object.entries(type.definition.fields).filter(([field]) => !notOfManagers.has(field))
      return fc
        .subarray(fields, { maxLength: Math.min(4, fields.length) })
        .chain((chosen) =>
          fc.record(
            Object.fromEntries(
              chosen.map(([field, inner]) => [field, fc.option(valuesOf(inner, depth - 1), { freq: 12 })] as const),
            ),
          ),
        )
    }
  }
}

const pod = { restartPolicy: 'Never', containers: [{ name: 'main', image: 'busybox' }] }

/** Objects that are there, each with where it is and the least that it has to say. */
const kinds = [
  [
    '/apis/batch/v1/namespaces/ns/jobs',
    'batch/v1',
    'Job',
    { spec: { managedBy: 'example.com/nobody', suspend: true, template: { spec: pod } } },
  ],
  [
    '/apis/batch/v1/namespaces/ns/cronjobs',
    'batch/v1',
    'CronJob',
    { spec: { schedule: '@yearly', suspend: true, jobTemplate: { spec: { template: { spec: pod } } } } },
  ],
  ['/api/v1/namespaces/ns/pods', 'v1', 'Pod', { spec: pod }],
  ['/api/v1/namespaces/ns/configmaps', 'v1', 'ConfigMap', {}],
  ['/api/v1/namespaces', 'v1', 'Namespace', {}],
  ['/api/v1/nodes', 'v1', 'Node', {}],
  ['/apis/coordination.k8s.io/v1/namespaces/ns/leases', 'coordination.k8s.io/v1', 'Lease', {}],
] as const

test.each(kinds)(
  'API-20: whatever is applied below %s is taken or refused, and what was taken changes nothing the second time',
  async (collection, apiVersion, kind, least) => {
    const { ask, apply } = await applying()
    await ask('POST', collection, { ...least, metadata: { name: 'one' } })
    const parts = ['', ...(['Job', 'Pod', 'Node'].includes(kind) ? ['/status'] : [])]
    let taken = 0
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...parts), valuesOf(kind, 6), async (part, drawn) => {
        const { metadata, ...rest } = { ...(drawn as object) } as { readonly metadata?: object }
        const config = { ...rest, apiVersion, kind, metadata: { ...metadata, ...identity } }
        const path = `${collection}/one${part}`
        const first = await apply('me', path, config, '&force=true')
        if (first.code >= 500) expect(first.body.message).toMatch(/^failed to create typed patch object/)
        if (first.code !== 200) return
        taken += 1
        const second = await apply('me', path, config, '&force=true')
        expect(second).toStrictEqual(first)
      }),
      { numRuns: 150 },
    )
    expect(taken).toBeGreaterThan(5)
  },
)

/** So that the configuration is one of this object, as it stands. */
const identity = { name: undefined, namespace: undefined, uid: undefined, resourceVersion: undefined }
