import { expect, test } from 'vitest'
import { selectorText } from '../../../src/projections/tables/selector-text.ts'

test('[12.2] requirements are sorted by key, whichever list they stand in', () => {
  const matchExpressions = [
    { key: 'q', operator: 'NotIn', values: ['y', 'x'] },
    { key: 'c', operator: 'DoesNotExist' },
    { key: 'a', operator: 'Exists' },
    { key: 'm', operator: 'In', values: ['b', 'a'] },
  ]
  expect(selectorText({ matchLabels: { b: 'c', a: 'b' }, matchExpressions })).toBe(
    'a=b,a,b=c,!c,m in (a,b),q notin (x,y)',
  )
})

test('[12.2] no selector, or an empty one, is <none>', () => {
  expect(selectorText(undefined)).toBe('<none>')
  expect(selectorText({})).toBe('<none>')
})
