import { expect, test } from 'vitest'
import type { Shape } from '../../../../src/domain/kubernetes/schema.ts'
import { refusalsOf } from '../refusals-of.ts'

type Rule = Shape<'PodFailurePolicyRule'>

const refusals = (...rules: ReadonlyArray<Rule>) =>
  refusalsOf({ spec: { podFailurePolicy: { rules } } }).map((text) => text.replace('spec.podFailurePolicy.rules', 'r'))

const onExitCodes = (more: Shape<'PodFailurePolicyOnExitCodesRequirement'> = {}): Rule => ({
  action: 'FailJob',
  onExitCodes: { operator: 'In', values: [1], ...more },
})

const actions = '"Count", "FailIndex", "FailJob", "Ignore"'

test.each<[rule: string, given: Rule, said: ReadonlyArray<string>]>([
  ['[1.4] a right rule', onExitCodes(), []],
  [
    '[1.4] no action',
    { ...onExitCodes(), action: '' },
    ['r[0].action: Required value: valid values: ["Count" "FailIndex" "FailJob" "Ignore"]'],
  ],
  [
    '[1.4] unknown action',
    { ...onExitCodes(), action: 'Stop' },
    [`r[0].action: Unsupported value: "Stop": supported values: ${actions}`],
  ],
  [
    '[1.4] FailIndex without a limit per index',
    { ...onExitCodes(), action: 'FailIndex' },
    ['r[0].action: Invalid value: "FailIndex": requires the backoffLimitPerIndex to be set'],
  ],
  [
    '[1.4] both requirements',
    { ...onExitCodes(), onPodConditions: [{ type: 'A' }] },
    ['r[0]: Invalid value: specifying both OnExitCodes and OnPodConditions is not supported'],
  ],
  [
    '[1.4] none',
    { action: 'Ignore', onPodConditions: [] },
    ['r[0]: Invalid value: specifying one of OnExitCodes and OnPodConditions is required'],
  ],
  [
    '[1.4] too many patterns',
    { action: 'Ignore', onPodConditions: Array.from({ length: 21 }, () => ({ type: 'A' })) },
    ['r[0].onPodConditions: Too many: 21: must have at most 20 items'],
  ],
  [
    '[1.4] unknown status',
    { action: 'Ignore', onPodConditions: [{ type: 'A', status: 'Perhaps' }] },
    ['r[0].onPodConditions[0].status: Unsupported value: "Perhaps": supported values: "False", "True", "Unknown"'],
  ],
  [
    '[1.4] no operator',
    onExitCodes({ operator: '' }),
    ['r[0].onExitCodes.operator: Required value: valid values: ["In" "NotIn"]'],
  ],
  [
    '[1.4] unknown operator',
    onExitCodes({ operator: 'Between' }),
    ['r[0].onExitCodes.operator: Unsupported value: "Between": supported values: "In", "NotIn"'],
  ],
  [
    '[1.4] unknown container',
    onExitCodes({ containerName: 'nobody' }),
    [
      'r[0].onExitCodes.containerName: Invalid value: "nobody": must be one of the container or initContainer names in the pod template',
    ],
  ],
  [
    '[1.4] the empty container name is looked up as well',
    onExitCodes({ containerName: '' }),
    [
      'r[0].onExitCodes.containerName: Invalid value: "": must be one of the container or initContainer names in the pod template',
    ],
  ],
  ['[1.4] known container', onExitCodes({ containerName: 'main' }), []],
  [
    '[1.4] no values',
    onExitCodes({ values: [] }),
    ['r[0].onExitCodes.values: Invalid value: []: at least one value is required'],
  ],
  [
    '[1.4] In with 0',
    onExitCodes({ values: [0, 1] }),
    ['r[0].onExitCodes.values[0]: Invalid value: 0: must not be 0 for the In operator'],
  ],
  ['[1.4] NotIn with 0', onExitCodes({ operator: 'NotIn', values: [0, 1] }), []],
  ['[1.4] negative exit codes', onExitCodes({ values: [-1, 1] }), []],
  ['[1.4] repeated', onExitCodes({ values: [1, 1] }), ['r[0].onExitCodes.values[1]: Duplicate value: 1']],
  [
    '[1.4] repeated and disordered',
    onExitCodes({ values: [2, 1, 2] }),
    [
      'r[0].onExitCodes.values[2]: Duplicate value: 2',
      'r[0].onExitCodes.values: Invalid value: [2,1,2]: must be ordered',
    ],
  ],
  [
    '[1.4] too many values',
    onExitCodes({ values: Array.from({ length: 256 }, (_, n) => n + 1) }),
    ['r[0].onExitCodes.values: Too many: 256: must have at most 255 items'],
  ],
])('%s', (_, given, said) => expect(refusals(given)).toEqual(said))

test('[1.4] too many rules', () =>
  expect(refusals(...Array.from({ length: 21 }, () => onExitCodes()))).toEqual([
    'r: Too many: 21: must have at most 20 items',
  ]))

test('[1.4] no rules are fine', () => expect(refusals()).toEqual([]))

test('[1.4] a condition type is a qualified name', () =>
  expect(refusals({ action: 'Ignore', onPodConditions: [{ type: '' }] })).toEqual([
    'r[0].onPodConditions[0].type: Invalid value: "": name part must be non-empty',
    expect.stringMatching(/^r\[0\].onPodConditions\[0\].type: Invalid value: "": name part must consist/),
  ]))
