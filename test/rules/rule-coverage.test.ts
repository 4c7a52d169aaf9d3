import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { uncheckedRows, uncitedRules } from './exceptions.ts'
import { checklist, rules } from './rule-ids.ts'
import { citationsIn, citationsOf } from './titles.ts'

const citations = citationsOf(join(import.meta.dirname, '..'))
const cited = new Set(citations.flatMap(({ ids }) => ids))

/** Rows that a title begins with and shares with no other row. */
const ownTests = new Set(
  citations.flatMap(({ ids: [first = '', ...others] }) =>
    Object.hasOwn(checklist, first) && !others.some((id) => Object.hasOwn(checklist, id)) ? [first] : [],
  ),
)

const described = (ids: ReadonlyArray<string>, sentences: Readonly<Record<string, string>>) =>
  ids.map((id) => `${id}: ${sentences[id]}`)

describe('the rules that test titles cite', () => {
  test('are many', () => expect(citations.length).toBeGreaterThan(400))

  test('exist', () => {
    const unknown = citations.filter(({ ids }) => ids.some((id) => !Object.hasOwn({ ...rules, ...checklist }, id)))
    expect(unknown.map(({ file, title }) => `${file}: ${title}`)).toEqual([])
  })

  test('are all of them, but for those with a reason', () => {
    const uncited = Object.keys(rules).filter((id) => !cited.has(id) && !Object.hasOwn(uncitedRules, id))
    expect(described(uncited, rules)).toEqual([])
  })

  test('are none of those with a reason not to be', () => {
    expect(
      described(
        Object.keys(uncitedRules).filter((id) => cited.has(id)),
        uncitedRules,
      ),
    ).toEqual([])
    expect(Object.keys(uncitedRules).filter((id) => !Object.hasOwn(rules, id))).toEqual([])
  })
})

describe('the rows of the checklist', () => {
  test('have a test of their own each, but for those with a reason', () => {
    const rows = Object.keys(checklist).filter((id) => !ownTests.has(id) && !Object.hasOwn(uncheckedRows, id))
    expect(described(rows, checklist)).toEqual([])
  })

  test('have none where a reason is given', () => {
    expect(
      described(
        Object.keys(uncheckedRows).filter((id) => ownTests.has(id)),
        uncheckedRows,
      ),
    ).toEqual([])
    expect(Object.keys(uncheckedRows).filter((id) => !Object.hasOwn(checklist, id))).toEqual([])
  })
})

test.each([
  ["test('[F-4, V-14 to V-16] a title', () => {", ['F-4', 'V-14', 'V-15', 'V-16']],
  ['["[W-4] nobody\'s", 1],', ['W-4']],
  ["test('[5.6 a, J-53] a section is no id', () => {", ['J-53']],
  ["test('a title that cites nothing (F-4)', () => {", []],
  ['/** [F-4] A comment. */', []],
])('what is cited by %s', (source, ids) =>
  expect(citationsIn('a.test.ts', source).flatMap((citation) => citation.ids)).toEqual(ids),
)
