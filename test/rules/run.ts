import { Command } from 'commander'
import { checkDisabledRules } from './check-disabled-rules.ts'
import { allDisabledRules } from './disabled/all-disabled-rules.ts'
import { checklist, rules } from './rule-ids.ts'

const { disable, only } = new Command('npm run rules --')
  .description('prints every rule in a sentence')
  .option(
    '--disable',
    'switch rules off in copies of the repository, and look whether the test of each turns red',
    false,
  )
  .option('--only <text>', 'of the rules to switch off, those whose id or file has it')
  .addHelpText('after', '\nExamples:\n  npm run rules\n  npm run rules -- --disable --only F-11\n')
  .parse()
  .opts<{ readonly disable?: true; readonly only?: string }>()

if (disable === true) {
  const chosen = allDisabledRules.filter(({ rule, file }) => `${rule} ${file}`.includes(only ?? ''))
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
