import { expect, test } from 'vitest'
import type { Shape } from '../../../../src/domain/kubernetes/schema.ts'
import { refusalsOf } from '../refusals-of.ts'

const indexed = { completionMode: 'Indexed', completions: 3 } as const
const huge = { completionMode: 'Indexed', completions: 100_001, backoffLimitPerIndex: 1 } as const
const tooMany =
  'must be less than or equal to 10000 when completions are above 100000 and used with backoff limit per index'

test.each(['parallelism', 'completions', 'activeDeadlineSeconds', 'backoffLimit', 'ttlSecondsAfterFinished'] as const)(
  '[1.3] negative %s',
  (field) =>
    expect(refusalsOf({ spec: { [field]: -1 } })).toEqual([
      `spec.${field}: Invalid value: -1: must be greater than or equal to 0`,
    ]),
)

test.each<[rule: string, spec: Shape<'JobSpec'>, said: ReadonlyArray<string>]>([
  ['[1.3] zero is fine', { parallelism: 0, completions: 0, backoffLimit: 0, activeDeadlineSeconds: 0 }, []],
  [
    '[1.3] maxFailedIndexes without backoffLimitPerIndex',
    { ...indexed, maxFailedIndexes: 1 },
    ['spec.backoffLimitPerIndex: Required value: when maxFailedIndexes is specified'],
  ],
  ['[1.3] managedBy empty', { managedBy: '' }, ['spec.managedBy: Required value']],
  ['[1.3] managedBy with more slashes', { managedBy: 'example.com/a/b' }, []],
  [
    '[1.3] managedBy without a domain',
    { managedBy: 'me' },
    ['spec.managedBy: Invalid value: "me": must be a domain-prefixed path (such as "acme.io/foo")'],
  ],
  [
    '[1.3] managedBy without a path',
    { managedBy: 'a/' },
    ['spec.managedBy: Invalid value: "a/": must be a domain-prefixed path (such as "acme.io/foo")'],
  ],
  [
    '[1.3] managedBy with a bad path',
    { managedBy: 'a/b c' },
    [
      `spec.managedBy: Invalid value: "b c": Invalid path (regex used for validation is '[A-Za-z0-9/\\-._~%!$&'()*+,;=:]+')`,
    ],
  ],
  [
    '[1.3] managedBy too long',
    { managedBy: `example.com/${'x'.repeat(64)}` },
    ['spec.managedBy: Too long: may not be more than 63 bytes'],
  ],
  [
    '[1.3] unknown completionMode',
    { completionMode: 'Sometimes' },
    ['spec.completionMode: Unsupported value: "Sometimes": supported values: "NonIndexed", "Indexed"'],
  ],
  ['[1.3] Indexed with neither count', { completionMode: 'Indexed' }, []],
  [
    '[1.3] Indexed without completions',
    { completionMode: 'Indexed', parallelism: 2 },
    ['spec.completions: Required value: when completion mode is Indexed'],
  ],
  [
    '[1.3] Indexed with too much parallelism',
    { ...indexed, parallelism: 100_001 },
    ['spec.parallelism: Invalid value: 100001: must be less than or equal to 100000 when completion mode is Indexed'],
  ],
  ['[1.3] NonIndexed has no such bound', { parallelism: 100_001 }, []],
  [
    '[1.3] maxFailedIndexes above both bounds',
    { ...indexed, backoffLimitPerIndex: 1, maxFailedIndexes: 100_001 },
    [
      'spec.maxFailedIndexes: Invalid value: 100001: must be less than or equal to completions',
      'spec.maxFailedIndexes: Invalid value: 100001: must be less than or equal to 100000',
    ],
  ],
  [
    '[1.3] many indexes need maxFailedIndexes',
    huge,
    ['spec.maxFailedIndexes: Required value: must be specified when completions is above 100000'],
  ],
  [
    '[1.3] many indexes bound parallelism and maxFailedIndexes',
    { ...huge, parallelism: 10_001, maxFailedIndexes: 10_001 },
    [`spec.parallelism: Invalid value: 10001: ${tooMany}`, `spec.maxFailedIndexes: Invalid value: 10001: ${tooMany}`],
  ],
  [
    '[1.3] NonIndexed with what needs indexes',
    { backoffLimitPerIndex: 1, maxFailedIndexes: 1, successPolicy: { rules: [] } },
    [
      'spec.backoffLimitPerIndex: Invalid value: 1: requires indexed completion mode',
      'spec.maxFailedIndexes: Invalid value: 1: requires indexed completion mode',
      'spec.successPolicy: Invalid value: {}: requires indexed completion mode',
    ],
  ],
  [
    '[1.3] unknown podReplacementPolicy',
    { podReplacementPolicy: 'Never' },
    ['spec.podReplacementPolicy: Unsupported value: "Never": supported values: "Failed", "TerminatingOrFailed"'],
  ],
  [
    '[1.3] a failure policy wants Failed',
    { podFailurePolicy: { rules: [] }, podReplacementPolicy: 'TerminatingOrFailed' },
    ['spec.podReplacementPolicy: Unsupported value: "TerminatingOrFailed": supported values: "Failed"'],
  ],
])('%s', (_, spec, said) => expect(refusalsOf({ spec })).toEqual(said))

const at = 'spec.template.spec.restartPolicy'

test.each<[rule: string, restartPolicy: string | undefined, said: ReadonlyArray<string>]>([
  ['[1.3] Always', 'Always', [`${at}: Required value: valid values: "OnFailure", "Never"`]],
  ['[1.3] empty', '', [`${at}: Required value: valid values: "OnFailure", "Never"`]],
  ['[1.3] OnFailure', 'OnFailure', []],
  [
    '[1.3] another, told twice',
    'Sometimes',
    [
      `${at}: Unsupported value: "Sometimes": supported values: "OnFailure", "Never"`,
      `${at}: Unsupported value: "Sometimes": supported values: "Always", "OnFailure", "Never"`,
    ],
  ],
])('%s restartPolicy', (_, restartPolicy, said) =>
  expect(refusalsOf({ pod: restartPolicy === undefined ? {} : { restartPolicy } })).toEqual(said),
)

test('[1.3] a failure policy wants Never', () =>
  expect(refusalsOf({ pod: { restartPolicy: 'OnFailure' }, spec: { podFailurePolicy: { rules: [] } } })).toEqual([
    `${at}: Invalid value: "OnFailure": only "Never" is supported when podFailurePolicy is specified`,
  ]))

test('[1.3] the last index must make a hostname', () => {
  const name = 'x'.repeat(62)
  expect(refusalsOf({ metadata: { name }, spec: indexed })).toEqual([
    `metadata.name: Invalid value: "${name}": will not able to create pod with invalid DNS label: ${name}-2`,
  ])
  expect(refusalsOf({ metadata: { name }, spec: { ...indexed, completions: 0 } })).toEqual([])
})

test('all errors are collected', () =>
  expect(refusalsOf({ spec: { parallelism: -1, backoffLimit: -1 }, pod: { containers: [] } })).toEqual([
    expect.stringMatching(/^spec.parallelism: /),
    expect.stringMatching(/^spec.backoffLimit: /),
    'spec.template.spec.containers: Required value',
  ]))
