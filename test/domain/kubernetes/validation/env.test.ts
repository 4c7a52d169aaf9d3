import { expect, test } from 'vitest'
import type { Shape } from '../../../../src/domain/kubernetes/schema.ts'
import { shortRefusalsOf } from '../refusals-of.ts'

const env = (given: Shape<'EnvVar'>) => shortRefusalsOf({ container: { env: [given] } })
const from = (valueFrom: Shape<'EnvVarSource'>) =>
  env({ name: 'A', valueFrom }).map((text) => text.replace('c.env[0].valueFrom', 'from'))

const printable = "a valid environment variable name must consist only of printable ASCII characters other than '='"

test.each<[rule: string, given: Shape<'EnvVar'>, said: ReadonlyArray<string>]>([
  ['[1.13] name empty', { name: '' }, ['c.env[0].name: Required value']],
  ['[N-10] name', { name: '1 BAD=' }, [`c.env[0].name: Invalid value: "1 BAD=": ${printable}`]],
  ['[N-10] digits first and blanks', { name: '1 fine' }, []],
  [
    '[1.13] value and source',
    { name: 'A', value: 'x', valueFrom: { secretKeyRef: { name: 's', key: 'k' } } },
    ['c.env[0].valueFrom: Invalid value: "": may not be specified when `value` is not empty'],
  ],
  [
    '[1.13] no source',
    { name: 'A', valueFrom: {} },
    [
      'c.env[0].valueFrom: Invalid value: "": must specify one of: `fieldRef`, `resourceFieldRef`, `configMapKeyRef`, `secretKeyRef` or `fileKeyRef`',
    ],
  ],
])('%s', (_, given, said) => expect(env(given)).toEqual(said))

test.each<[rule: string, given: Shape<'EnvVarSource'>, said: ReadonlyArray<string>]>([
  [
    '[1.13] two sources',
    { secretKeyRef: { name: 's', key: 'k' }, configMapKeyRef: { name: 's', key: 'k' } },
    ['from: Invalid value: "": may not have more than one field specified at a time'],
  ],
  ['[1.13] field', { fieldRef: { fieldPath: 'status.podIP' } }, []],
  ['[1.13] label', { fieldRef: { fieldPath: "metadata.labels['batch.kubernetes.io/job-name']" } }, []],
  ['[1.13] field empty', { fieldRef: { fieldPath: '' } }, ['from.fieldRef.fieldPath: Required value']],
  [
    '[1.13] field unknown',
    { fieldRef: { fieldPath: 'spec.foo' } },
    [
      'from.fieldRef.fieldPath: Invalid value: "spec.foo": error converting fieldPath: field label not supported: spec.foo',
    ],
  ],
  [
    '[1.13] version',
    { fieldRef: { apiVersion: 'v9', fieldPath: 'metadata.name' } },
    [
      'from.fieldRef.fieldPath: Invalid value: "metadata.name": error converting fieldPath: unsupported pod version: v9',
    ],
  ],
  [
    '[1.13] known but not for env',
    { fieldRef: { fieldPath: 'metadata.labels' } },
    [
      'from.fieldRef.fieldPath: Unsupported value: "metadata.labels": supported values: "metadata.name", "metadata.namespace", "metadata.uid", "spec.nodeName", "spec.serviceAccountName", "status.hostIP", "status.hostIPs", "status.podIP", "status.podIPs"',
    ],
  ],
  ['[1.13] resource empty', { resourceFieldRef: { resource: '' } }, ['from.resourceFieldRef.resource: Required value']],
  [
    '[1.13] resource',
    { resourceFieldRef: { resource: 'cpu' } },
    [
      'from.resourceFieldRef.resource: Unsupported value: "cpu": supported values: "limits.cpu", "limits.ephemeral-storage", "limits.memory", "requests.cpu", "requests.ephemeral-storage", "requests.memory"',
    ],
  ],
  [
    '[1.13] divisor of cpu',
    { resourceFieldRef: { resource: 'limits.cpu', divisor: '2' } },
    [
      `from.resourceFieldRef.divisor: Invalid value: "limits.cpu": only divisor's values 1m and 1 are supported with the cpu resource`,
    ],
  ],
  ['[1.13] divisor 1m', { resourceFieldRef: { resource: 'limits.cpu', divisor: '1m' } }, []],
])('%s', (_, given, said) => expect(from(given)).toEqual(said))

test('[1.13] a key and a name are needed and judged', () => {
  expect(from({ secretKeyRef: { name: '', key: '' } })).toEqual([
    'from.secretKeyRef.key: Required value',
    expect.stringMatching(/^from.secretKeyRef.name: Invalid value: "": a lowercase RFC 1123 subdomain/),
  ])
  expect(from({ configMapKeyRef: { name: 'a', key: 'a/b' } })).toEqual([
    expect.stringMatching(/^from.configMapKeyRef.key: Invalid value: "a\/b": a valid config key/),
  ])
})

test('[N-1] a bad label key is told with the key', () =>
  expect(from({ fieldRef: { fieldPath: "metadata.labels['a b']" } })).toEqual([
    expect.stringMatching(/^from.fieldRef: Invalid value: "a b": name part must consist/),
  ]))

test.each<[rule: string, given: Shape<'EnvFromSource'>, said: ReadonlyArray<string>]>([
  ['[1.13] right', { prefix: 'P_', configMapRef: { name: 'a' } }, []],
  ['[1.13] none', {}, ['c.envFrom: Invalid value: "": must specify one of: `configMapRef` or `secretRef`']],
  [
    '[1.13] two',
    { configMapRef: { name: 'a' }, secretRef: { name: 'a' } },
    ['c.envFrom: Invalid value: "": may not have more than one field specified at a time'],
  ],
  ['[1.13] name empty', { secretRef: {} }, ['c.envFrom[0].secretRef.name: Required value']],
  [
    '[N-10] prefix',
    { prefix: '=', secretRef: { name: 'a' } },
    [`c.envFrom[0].prefix: Invalid value: "=": ${printable}`],
  ],
])('%s envFrom', (_, given, said) => expect(shortRefusalsOf({ container: { envFrom: [given] } })).toEqual(said))
