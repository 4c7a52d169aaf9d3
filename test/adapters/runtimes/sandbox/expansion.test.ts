import { expect, test } from 'vitest'
import { expand } from '../../../../src/adapters/runtimes/sandbox/expansion.ts'

const variables = new Map([
  ['A', 'one'],
  ['B', 'two'],
  ['EMPTY', ''],
  ['NESTED', '$(A)'],
])

test.each<[text: string, expanded: string]>([
  ['plain', 'plain'],
  ['$(A)', 'one'],
  ['$(A)-$(B)', 'one-two'],
  ['<$(EMPTY)>', '<>'],
  ['$(UNKNOWN) stays', '$(UNKNOWN) stays'],
  ['$$(A)', '$(A)'],
  ['$$$(A)', '$one'],
  ['$$$$(A)', '$$(A)'],
  ['$A ${A}', '$A ${A}'],
  ['$(A', '$(A'],
  ['$(A $(B)', '$(A $(B)'],
  ['$', '$'],
  ['costs 5$', 'costs 5$'],
  ['$$', '$'],
  ['$()', '$()'],
  ['$(NESTED)', '$(A)'],
])('%s expands to %s', (text, expanded) => {
  expect(expand(text, variables)).toBe(expanded)
})
