import { expect, test } from 'vitest'
import { selectorOf } from '../../../src/adapters/cli/selector.ts'

const labels = { app: 'pi', 'batch.kubernetes.io/job-name': 'pi-1', empty: '' }

test.each<[selector: string | undefined, isSelected: boolean]>([
  [undefined, true],
  ['', true],
  ['app=pi', true],
  ['app == pi', true],
  ['app=e', false],
  ['app!=e', true],
  ['app!=pi', false],
  ['other!=pi', true],
  ['other=', false],
  ['empty=', true],
  ['app', true],
  ['other', false],
  ['!other', true],
  ['! app', false],
  ['app in (e, pi)', true],
  ['app in (e)', false],
  ['other in (pi)', false],
  ['app notin (e,tau)', true],
  ['other notin (pi)', true],
  ['batch.kubernetes.io/job-name in (pi-1,pi-2),app=pi,!other', true],
  ['app=pi,other', false],
  ['toString', false],
])('%s selects: %s', (selector, isSelected) => expect(selectorOf(selector)(labels)).toBe(isSelected))

test.each(['a b', 'a=b c', 'a in b', 'a in (b', '=b', 'a,,b', 'a>1', '!'])('%s is refused', (selector) =>
  expect(() => selectorOf(selector)).toThrow(/^unable to parse requirement "/),
)
