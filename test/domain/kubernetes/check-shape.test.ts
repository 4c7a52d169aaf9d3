import { expect, test } from 'vitest'
import { checkShape, renderPath } from '../../../src/domain/kubernetes/check-shape.ts'
import { goTypes } from '../../../src/domain/kubernetes/go-types.ts'
import { schema } from '../../../src/domain/kubernetes/schema.ts'
import { jobOf } from './refusals-of.ts'

const reasons = (job: unknown) => checkShape(schema, 'Job')(job).map(({ reason }) => reason)

const inSpec = (spec: object) => ({ apiVersion: 'batch/v1', kind: 'Job', spec })
const inContainer = (container: object) => inSpec({ template: { spec: { containers: [container] } } })
const cannot = (found: string, place: string, type: string) =>
  `json: cannot unmarshal ${found} into Go struct field ${place} of type ${type}`

test('a right Job has no problems', () => expect(reasons(jobOf())).toEqual([]))

test('null equals absence everywhere', () =>
  expect(reasons({ metadata: null, spec: { parallelism: null, template: { spec: { containers: [null] } } } })).toEqual(
    [],
  ))

test('all unknown fields are told, in document order', () =>
  expect(
    reasons({
      spec: { template: { spec: { containers: [{ name: 'a', imagine: 'x' }] } }, bogus: { deep: 1 } },
      extra: 1,
    }),
  ).toEqual([
    'unknown field "spec.template.spec.containers[0].imagine"',
    'unknown field "spec.bogus"',
    'unknown field "extra"',
  ]))

test('names that every object inherits are unknown fields too', () =>
  expect(reasons(inSpec(JSON.parse('{"constructor": 1, "toString": 2, "__proto__": 3}')))).toEqual([
    'unknown field "spec.constructor"',
    'unknown field "spec.toString"',
    'unknown field "spec.__proto__"',
  ]))

test.each<[what: string, job: unknown, reason: string]>([
  ['a text for a number', inSpec({ parallelism: '3' }), cannot('string', 'JobSpec.spec.parallelism', 'int32')],
  ['a fraction', inSpec({ parallelism: 1.5 }), cannot('number 1.5', 'JobSpec.spec.parallelism', 'int32')],
  ['beyond int32', inSpec({ parallelism: 2 ** 31 }), cannot('number 2147483648', 'JobSpec.spec.parallelism', 'int32')],
  ['a word for a boolean', inSpec({ suspend: 'yes' }), cannot('string', 'JobSpec.spec.suspend', 'bool')],
  ['a mapping for a list', inContainer({ env: { A: 'x' } }), cannot('object', path('env'), '[]v1.EnvVar')],
  ['a list for an object', inSpec({ template: [] }), cannot('array', 'JobSpec.spec.template', 'v1.PodTemplateSpec')],
  ['a number for a text', inContainer({ image: 1 }), cannot('number', path('image'), 'string')],
  [
    'a boolean in a label',
    { metadata: { labels: { a: true } } },
    cannot('bool', 'ObjectMeta.metadata.labels', 'string'),
  ],
  ['a number for an object', inSpec({ template: 3 }), cannot('number', 'JobSpec.spec.template', 'v1.PodTemplateSpec')],
  ['a number for a boolean', inSpec({ suspend: 1 }), cannot('number', 'JobSpec.spec.suspend', 'bool')],
  [
    'a text that has a type of its own',
    inSpec({ completionMode: 1 }),
    cannot('number', 'JobSpec.spec.completionMode', 'v1.CompletionMode'),
  ],
  [
    'an item of such a type',
    inContainer({ securityContext: { capabilities: { add: [true] } } }),
    cannot('bool', 'Capabilities.spec.template.spec.containers.securityContext.capabilities.add', 'v1.Capability'),
  ],
  [
    'a number for a time',
    { metadata: { creationTimestamp: 5 } },
    'json: cannot unmarshal number into Go value of type string',
  ],
  [
    'a text that is no time',
    { status: { startTime: 'noon' } },
    'parsing time "noon" as "2006-01-02T15:04:05Z07:00": cannot parse "noon" as "2006"',
  ],
  [
    'a boolean for a port',
    inContainer({ livenessProbe: { tcpSocket: { port: true } } }),
    'json: cannot unmarshal bool into Go value of type int32',
  ],
])('a wrong type is told in the words of the API: %s', (_, job, reason) => expect(reasons(job)).toEqual([reason]))

function path(field: string): string {
  return `Container.spec.template.spec.containers.${field}`
}

test('every type of Go is of a field that there is', () =>
  expect(
    Object.keys(goTypes).filter((name) => {
      const [definition = '', field = ''] = name.split('.')
      return schema[definition]?.fields[field]?.endsWith('string') !== true
    }),
  ).toEqual([]))

test('int64 fields take more than int32', () => expect(reasons(inSpec({ activeDeadlineSeconds: 2 ** 40 }))).toEqual([]))

test('quantities may be texts or numbers, but must be quantities', () => {
  expect(reasons(inContainer({ resources: { limits: { cpu: 1.5, memory: '1Gi' } } }))).toEqual([])
  expect(reasons(inContainer({ resources: { limits: { cpu: 'much' } } }))[0]).toMatch(/^quantities must match/)
  expect(reasons(inContainer({ resources: { limits: { cpu: [1] } } }))[0]).toMatch(/^quantities must match/)
})

test('ports of probes are numbers or names', () => {
  const probe = (port: unknown) => inContainer({ livenessProbe: { tcpSocket: { port } } })
  expect(reasons(probe(80))).toEqual([])
  expect(reasons(probe('http'))).toEqual([])
  expect(reasons(probe(true))).toHaveLength(1)
})

test('a problem has the segments of its path, so that a reader can find the line', () => {
  const [problem] = checkShape(schema, 'Job')(inContainer({ env: [{ name: 'A', valu: 'x' }] }))
  expect(problem?.path).toEqual(['spec', 'template', 'spec', 'containers', 0, 'env', 0, 'valu'])
  expect(renderPath(problem?.path ?? [])).toBe('spec.template.spec.containers[0].env[0].valu')
})

test('what is no object at all is one problem', () =>
  expect(reasons([1])).toEqual(['json: cannot unmarshal array into Go value of type v1.Job']))

test.each<[what: string, definition: string, value: object, reason: string]>([
  ['bytes of a Secret', 'Secret', { data: { a: 'not base64' } }, 'illegal base64 data at input byte 3'],
  ['bytes that are a number', 'Secret', { data: { a: 1 } }, cannot('number', 'Secret.data', '[]uint8')],
  ['a type of its own', 'Secret', { type: 1 }, cannot('number', 'Secret.type', 'v1.SecretType')],
  [
    'a renewal without microseconds',
    'Lease',
    { spec: { renewTime: '2026-01-02T03:04:05Z' } },
    'parsing time "2026-01-02T03:04:05Z" as "2006-01-02T15:04:05.000000Z07:00": cannot parse "Z" as ".000000"',
  ],
  ['an Event of the newer group', 'EventsEvent', { note: 1 }, cannot('number', 'Event.note', 'string')],
  [
    'labels of a namespace',
    'Namespace',
    { metadata: { labels: 1 } },
    cannot('number', 'ObjectMeta.metadata.labels', 'map[string]string'),
  ],
])('other kinds are checked alike: %s', (_, definition, value, reason) =>
  expect(checkShape(schema, definition)(value).map((problem) => problem.reason)).toEqual([reason]),
)
