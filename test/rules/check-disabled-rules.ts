import { spawnSync } from 'node:child_process'
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type DisabledRule, withoutRule } from './disabled/disabled-rule.ts'

export const root = join(import.meta.dirname, '../..')

/** What became of the test of a rule that was switched off: it must be red. */
export type Finding = { readonly rule: DisabledRule; readonly result: 'red' | 'green' | 'no such test' }

/** Switches each rule off in a copy of the repository and runs its test there alone; about a second each. */
export const checkDisabledRules = (
  rules: ReadonlyArray<DisabledRule>,
  tell: (finding: Finding) => void = () => {},
): ReadonlyArray<Finding> => {
  const folder = mkdtempSync(join(tmpdir(), 'jobledger-disabled-rule-'))
  try {
    for (const part of ['src', 'test', 'package.json', 'tsconfig.json', 'vitest.config.ts'])
      cpSync(join(root, part), join(folder, part), { recursive: true })
    symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'))
    return rules.map((rule) => {
      const file = join(folder, rule.file)
      const text = readFileSync(file, 'utf8')
      writeFileSync(file, withoutRule(text, rule))
      const finding: Finding = { rule, result: resultOf(rule, folder) }
      writeFileSync(file, text)
      tell(finding)
      return finding
    })
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

const resultOf = ({ test, title }: DisabledRule, folder: string): Finding['result'] => {
  const named = ['--testNamePattern', title.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`)]
  const words = ['node_modules/vitest/vitest.mjs', 'run', test, ...named, '--reporter=json', '--outputFile=report.json']
  const { VITEST: _, ...env } = process.env
  const { stdout, stderr } = spawnSync(process.execPath, words, { cwd: folder, encoding: 'utf8', env })
  try {
    const { numFailedTests, numPassedTests }: { numFailedTests: number; numPassedTests: number } = JSON.parse(
      readFileSync(join(folder, 'report.json'), 'utf8'),
    )
    return numFailedTests > 0 ? 'red' : numPassedTests > 0 ? 'green' : 'no such test'
  } catch {
    throw new Error(`${test} cannot be run: ${stdout}${stderr}`)
  }
}
