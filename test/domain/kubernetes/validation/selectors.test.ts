import { expect, test } from 'vitest'
import { renderFieldError } from '../../../../src/domain/kubernetes/field-error.ts'
import type { Shape } from '../../../../src/domain/kubernetes/schema.ts'
import { labelSelector } from '../../../../src/domain/kubernetes/validation/selectors.ts'
import { refusalsOf } from '../refusals-of.ts'

const doesNotMatch = '`selector` does not match template `labels`'
const labelled = { app: 'x' }

test('[L-2] a selector of the user is refused twice', () =>
  expect(refusalsOf({ spec: { selector: { matchLabels: { a: 'b' } } } })).toEqual([
    'spec.selector: Invalid value: {"matchLabels":{"batch.kubernetes.io/controller-uid":"uid-1","a":"b"}}: `selector` not auto-generated',
    expect.stringMatching(/^spec.template.metadata.labels: Invalid value: \{.*\}: `selector` does not match/),
  ]))

test('[L-2] a selector by another generated label finds the same Pods', () =>
  expect(refusalsOf({ spec: { selector: { matchLabels: { 'job-name': 'job' } } } })).toEqual([]))

test('[L-3] with manualSelector nothing is added and nothing else is asked of the labels', () =>
  expect(
    refusalsOf({
      spec: { manualSelector: true, selector: { matchLabels: { app: 'x' } } },
      template: { labels: { app: 'x', 'controller-uid': 'mine' } },
    }),
  ).toEqual([]))

test('[1.3] manualSelector with labels that the selector does not find', () =>
  expect(
    refusalsOf({
      spec: { manualSelector: true, selector: { matchLabels: { app: 'x' } } },
      template: { labels: { app: 'y' } },
    }),
  ).toEqual([`spec.template.metadata.labels: Invalid value: {"app":"y"}: ${doesNotMatch}`]))

test('[L-2] an empty selector is completed', () => expect(refusalsOf({ spec: { selector: {} } })).toEqual([]))

test('[L-2] a generated label with another value is refused', () =>
  expect(refusalsOf({ metadata: labels('own'), template: { labels: { 'controller-uid': 'mine' } } })).toEqual([
    expect.stringMatching(/^spec.template.metadata.labels\[controller-uid\]: Invalid value: \{.*\}: must be 'uid-1'$/),
  ]))

test('[1.3] manualSelector without a selector', () =>
  expect(refusalsOf({ spec: { manualSelector: true } })).toEqual([
    'spec.selector: Required value',
    `spec.template.metadata.labels: Invalid value: null: ${doesNotMatch}`,
  ]))

test.each<[rule: string, selector: Shape<'LabelSelector'>, isMatch: boolean]>([
  ['equal', { matchLabels: { app: 'x' } }, true],
  ['other value', { matchLabels: { app: 'y' } }, false],
  ['empty', {}, true],
  ['In', { matchExpressions: [{ key: 'app', operator: 'In', values: ['x', 'y'] }] }, true],
  ['In others', { matchExpressions: [{ key: 'app', operator: 'In', values: ['y'] }] }, false],
  ['NotIn', { matchExpressions: [{ key: 'app', operator: 'NotIn', values: ['y'] }] }, true],
  ['NotIn of an absent key', { matchExpressions: [{ key: 'b', operator: 'NotIn', values: ['y'] }] }, true],
  ['Exists', { matchExpressions: [{ key: 'app', operator: 'Exists' }] }, true],
  ['Exists of an inherited name', { matchExpressions: [{ key: 'constructor', operator: 'Exists' }] }, false],
  ['DoesNotExist', { matchExpressions: [{ key: 'app', operator: 'DoesNotExist' }] }, false],
])('[1.3] manual selector against the labels of the template: %s', (_, selector, isMatch) =>
  expect(
    refusalsOf({ spec: { manualSelector: true, selector }, template: { labels: labelled } }).some((text) =>
      text.endsWith(doesNotMatch),
    ),
  ).toBe(!isMatch),
)

test.each<[rule: string, selector: Shape<'LabelSelector'>, said: RegExp]>([
  ['[N-1] key', { matchLabels: { 'a b': 'x' } }, /^s.matchLabels: Invalid value: "a b": name part/],
  ['[N-4] value', { matchLabels: { a: 'x y' } }, /^s.matchLabels: Invalid value: "x y": a valid label/],
  [
    '[1.3] operator',
    one({ key: 'a', operator: 'Is' }),
    /^s.matchExpressions\[0\].operator: Invalid value: "Is": not a/,
  ],
  [
    '[1.3] In without values',
    one({ key: 'a', operator: 'In' }),
    /values: Required value: must be specified when `operator`/,
  ],
  ['[1.3] Exists with values', one({ key: 'a', operator: 'Exists', values: ['b'] }), /values: Forbidden: may not be/],
  [
    '[N-1] key of an expression',
    one({ key: 'a b', operator: 'Exists' }),
    /^s.matchExpressions\[0\].key: Invalid value: "a b"/,
  ],
  [
    '[N-4] its values',
    one({ key: 'a', operator: 'In', values: ['a', '-'] }),
    /^s.matchExpressions\[0\].values\[1\]: Invalid/,
  ],
])('%s', (_, selector, said) => {
  const sentences = labelSelector('s', selector).map(renderFieldError)
  expect(sentences).toHaveLength(1)
  expect(sentences[0]).toMatch(said)
})

test('[L-2] a selector that cannot be read is not compared with the generated one', () =>
  expect(refusalsOf({ spec: { selector: one({ key: 'a b', operator: 'Exists' }) } })).toEqual([
    expect.stringMatching(/^spec.selector.matchExpressions\[0\].key: /),
  ]))

function one(requirement: Shape<'LabelSelectorRequirement'>): Shape<'LabelSelector'> {
  return { matchExpressions: [requirement] }
}

function labels(app: string): Shape<'ObjectMeta'> {
  return { labels: { app } }
}
