import { expect, test } from 'vitest'
import type { Shape } from '../../../../src/domain/kubernetes/schema.ts'
import { container, shortRefusalsOf } from '../refusals-of.ts'

const gpu = 'example.com/gpu'
const standard = 'must be a standard resource for containers'

test.each<[rule: string, given: Shape<'ResourceRequirements'>, said: ReadonlyArray<string>]>([
  ['[1.13] right', { requests: { cpu: '500m' }, limits: { cpu: '1', memory: '1Gi', [gpu]: 1 } }, []],
  [
    '[1.13] request above the limit',
    { requests: { cpu: '2' }, limits: { cpu: '1' } },
    ['requests: Invalid value: "2": must be less than or equal to cpu limit of 1'],
  ],
  [
    '[1.13] request of an extended resource',
    { requests: { [gpu]: 1 }, limits: { [gpu]: 2 } },
    [`requests: Invalid value: "1": must be equal to ${gpu} limit of 2`],
  ],
  [
    '[1.13] extended without limit',
    { requests: { [gpu]: 1 } },
    ['limits: Required value: Limit must be set for non overcommitable resources'],
  ],
  [
    '[1.13] fraction of an extended resource',
    { limits: { [gpu]: '500m' } },
    [`limits[${gpu}]: Invalid value: "500m": must be an integer`],
  ],
  [
    '[1.13] negative',
    { limits: { memory: '-1' } },
    ['limits[memory]: Invalid value: "-1": must be greater than or equal to 0'],
  ],
  [
    '[1.13] unknown name',
    { limits: { foo: 1 } },
    [
      'limits[foo]: Invalid value: "foo": must be a standard resource type or fully qualified',
      `limits[foo]: Invalid value: "foo": ${standard}`,
    ],
  ],
  ['[1.13] a standard of other objects', { limits: { pods: 1 } }, [`limits[pods]: Invalid value: "pods": ${standard}`]],
  ['[1.13] huge pages alone', { limits: { 'hugepages-2Mi': '2Mi' } }, [': Forbidden: HugePages require cpu or memory']],
  [
    '[1.13] claim of nothing',
    { claims: [{ name: 'a' }] },
    ['claims[0]: Not found: "a": must be one of the names in pod.spec.resourceClaims which is empty'],
  ],
])('%s', (_, resources, said) =>
  expect(shortRefusalsOf({ container: { resources } }).map((text) => text.replace(/^c\.resources\.?/, ''))).toEqual(
    said,
  ),
)

test('[1.13] a whole Pod knows fewer resources', () =>
  expect(
    shortRefusalsOf({ pod: { containers: [container()], resources: { limits: { 'ephemeral-storage': '1Gi' } } } }),
  ).toEqual([
    'pod.resources.limits[ephemeral-storage]: Unsupported value: "ephemeral-storage": supported values: "cpu", "hugepages-", "memory"',
  ]))

test('[N-2] a bad domain is told twice', () =>
  expect(shortRefusalsOf({ container: { resources: { limits: { 'A/b': 1 } } } })).toEqual([
    expect.stringMatching(/prefix part a lowercase/),
    expect.stringMatching(/doesn't follow extended resource name standard$/),
  ]))
