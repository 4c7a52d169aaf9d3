import { expect, test } from 'vitest'
import type { Shape } from '../../../../src/domain/kubernetes/schema.ts'
import { refusalsOf } from '../refusals-of.ts'

const refusals = (...rules: ReadonlyArray<Shape<'SuccessPolicyRule'>>) =>
  refusalsOf({ spec: { completionMode: 'Indexed', completions: 6, successPolicy: { rules } } }).map((text) =>
    text.replace('spec.successPolicy.rules', 'r'),
  )

const parsing = (list: string, why: string) => [
  `r[0].succeededIndexes: Invalid value: "${list}": error parsing succeededIndexes: ${why}`,
]
const noInteger = (part: string) => `cannot convert string to integer for index: "${part}"`

test.each<[rule: string, list: string, said: ReadonlyArray<string>]>([
  ['[1.5] list', '0,2-4,5', []],
  ['[1.5] empty list', '', []],
  ['[1.5] leading zeros', '00,01', []],
  [
    '[1.5] three parts',
    '1-2-3',
    parsing(
      '1-2-3',
      `the fragment "1-2-3" violates the requirement that an index interval can have at most two parts separated by '-'`,
    ),
  ],
  ['[1.5] not an integer', 'a', parsing('a', noInteger('a'))],
  ['[1.5] open interval', '0-', parsing('0-', noInteger(''))],
  ['[1.5] negative', '-1', parsing('-1', noInteger(''))],
  ['[1.5] trailing comma', '0,', parsing('0,', noInteger(''))],
  ['[1.5] blank', '0, 1', parsing('0, 1', noInteger(' 1'))],
  ['[1.5] too large', '2-7', parsing('2-7', 'too large index: "7"')],
  ['[1.5] falling', '5,3', parsing('5,3', 'non-increasing order, previous: 5, current: 3')],
  ['[1.5] repeated', '0,0', parsing('0,0', 'non-increasing order, previous: 0, current: 0')],
  ['[1.5] falling interval', '3-1', parsing('3-1', 'non-increasing order, previous: 3, current: 1')],
  ['[1.5] interval of one', '2-2', parsing('2-2', 'non-increasing order, previous: 2, current: 2')],
])('%s', (_, succeededIndexes, said) => expect(refusals({ succeededIndexes })).toEqual(said))

const countAbove = (n: number, what: string) => `must be less than or equal to ${n} (the number of ${what})`

test.each<[rule: string, given: Shape<'SuccessPolicyRule'>, said: ReadonlyArray<string>]>([
  [
    '[1.5] empty rule',
    {},
    ['r[0]: Required value: at least one of succeededCount or succeededIndexes must be specified'],
  ],
  [
    '[1.5] negative count',
    { succeededCount: -1 },
    ['r[0].succeededCount: Invalid value: -1: must be greater than or equal to 0'],
  ],
  [
    '[1.5] count above completions',
    { succeededCount: 7 },
    [`r[0].succeededCount: Invalid value: 7: ${countAbove(6, 'specified completions')}`],
  ],
  [
    '[1.5] count above the listed',
    { succeededCount: 3, succeededIndexes: '0-1' },
    [`r[0].succeededCount: Invalid value: 3: ${countAbove(2, 'indexes in the specified succeededIndexes field')}`],
  ],
  [
    '[1.5] count with an unparsable list',
    { succeededCount: 1, succeededIndexes: 'a' },
    [
      ...parsing('a', noInteger('a')),
      `r[0].succeededCount: Invalid value: 1: ${countAbove(0, 'indexes in the specified succeededIndexes field')}`,
    ],
  ],
])('%s', (_, given, said) => expect(refusals(given)).toEqual(said))

test('[1.5] no rules', () =>
  expect(refusals()).toEqual([
    'r: Required value: at least one rules must be specified when the successPolicy is specified',
  ]))

test('[1.5] too many rules', () =>
  expect(refusals(...Array.from({ length: 21 }, () => ({ succeededCount: 1 })))).toEqual([
    'r: Too many: 21: must have at most 20 items',
  ]))

test('[1.5] too long a list is told besides what is wrong in it', () =>
  expect(refusals({ succeededIndexes: 'a'.repeat(65_537) })).toEqual([
    'r[0].succeededIndexes: Too long: may not be more than 65536 bytes',
    expect.stringContaining('error parsing succeededIndexes'),
  ]))
