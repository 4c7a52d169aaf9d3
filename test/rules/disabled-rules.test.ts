import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { checkDisabledRules, root } from './check-disabled-rules.ts'
import { allDisabledRules } from './disabled/all-disabled-rules.ts'
import { withoutRule } from './disabled/disabled-rule.ts'
import { checklist, rules } from './rule-ids.ts'
import { citationsOf } from './titles.ts'

describe('the rules that are switched off', () => {
  const citations = citationsOf(join(root, 'test'))

  test('are many, each once', () => {
    const ids = allDisabledRules.map(({ rule }) => rule)
    expect(new Set(ids).size).toBe(ids.length)
    expect(ids.length).toBeGreaterThanOrEqual(120)
    expect(ids.filter((id) => !Object.hasOwn({ ...rules, ...checklist }, id))).toEqual([])
  })

  test.each(allDisabledRules)('$rule has its place in $file, and a test that cites it: $title', (disabled) => {
    const { rule, file, test: tested, title } = disabled
    const text = readFileSync(join(root, file), 'utf8')
    expect(withoutRule(text, disabled)).not.toBe(text)
    expect(
      citations
        .filter(
          (citation) =>
            `test/${citation.file}` === tested && citation.title.startsWith(title.slice(0, title.indexOf(']'))),
        )
        .flatMap(({ ids }) => ids),
    ).toContain(rule)
  })
})

/** The rest of them: `npm run rules -- --disable`. */
const some = ['F-4', 'T-4']

test('two of them turn their test red', { timeout: 60_000 }, () => {
  const findings = checkDisabledRules(allDisabledRules.filter(({ rule }) => some.includes(rule)))
  expect(findings.map(({ rule, result }) => `${rule.rule} ${result}`)).toEqual(some.map((id) => `${id} red`))
})
