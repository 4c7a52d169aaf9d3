import { expect, test } from 'vitest'
import { canonicalForm } from '../../../src/domain/kubernetes/canonical-form.ts'

test.each<[what: string, definition: string, value: object, canonical: object]>([
  ['what is not set', 'Lease', { spec: { holderIdentity: null } }, { spec: {} }],
  ['an empty text that was set', 'Lease', { spec: { holderIdentity: '' } }, { spec: { holderIdentity: '' } }],
  ['an empty text that cannot be set', 'ObjectMeta', { generateName: '' }, {}],
  ['an empty text that is always shown', 'EnvVar', { name: '', value: '' }, { name: '' }],
  ['a number that cannot be set to 0', 'Event', { count: 0 }, {}],
  ['a number that can', 'JobSpec', { parallelism: 0 }, { parallelism: 0 }],
  ['port 0 of a probe', 'TCPSocketAction', { port: 0 }, { port: 0 }],
  [
    'a time',
    'ObjectMeta',
    { creationTimestamp: '2026-01-02T03:04:05.5+01:00' },
    { creationTimestamp: '2026-01-02T02:04:05Z' },
  ],
  [
    'a time with microseconds',
    'LeaseSpec',
    { renewTime: '2026-01-02T03:04:05.123456+01:00' },
    { renewTime: '2026-01-02T02:04:05.123456Z' },
  ],
  ['bytes', 'Secret', { data: { a: 'YQ==', b: '' } }, { data: { a: 'YQ==', b: '' } }],
])('%s is kept as Kubernetes keeps it', (_, definition, value, canonical) =>
  expect(canonicalForm(definition)(value)).toEqual(canonical),
)
