import { parseArgs } from 'node:util'
import { checkDisabledRules } from './check-disabled-rules.ts'
import { allDisabledRules } from './disabled/all-disabled-rules.ts'
import { checklist, rules } from './rule-ids.ts'

/**
 * `npm run rules` prints every rule in a sentence; `npm run rules -- --disable` switches rules off, one by one, in a copy of the
 * repository, and looks whether the test of each turns red (`--only TEXT`: those whose id or file has it).
 */
const { values } = parseArgs({
  options: { disable: { type: 'boolean', default: false }, only: { type: 'string', default: '' } },
})

if (values.disable) {
  const chosen = allDisabledRules.filter(({ rule, file }) => `${rule} ${file}`.includes(values.only))
  const findings = checkDisabledRules(chosen, ({ rule, result }) =>
    console.log(
      `${rule.rule.padEnd(5)} ${result.padEnd(13)} ${rule.file.replace(/^src\//, '').padEnd(50)} ${rule.title}`,
    ),
  )
  const red = findings.filter(({ result }) => result === 'red').length
  console.log(`\n${findings.length} rules switched off, ${red} turned their test red`)
  process.exitCode = red === findings.length ? 0 : 1
} else
  for (const [id, sentence] of Object.entries({ ...rules, ...checklist })) console.log(`${id.padEnd(5)} ${sentence}`)
