import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { describe, expect, test } from 'vitest'
import { renderFieldError } from '../../src/domain/kubernetes/field-error.ts'
import { prepareJob } from '../../src/domain/kubernetes/prepare-job.ts'
import { validateJob } from '../../src/domain/kubernetes/validate-job.ts'
import type { Shape } from '../../src/domain/kubernetes/schema.ts'
import { withDefaults } from '../../src/domain/kubernetes/with-defaults.ts'
import { matrixOf } from './coverage/matrix.ts'
import { jobSheet, reachedStates } from './coverage/of-jobs.ts'
import { allSeededBugs } from './seeded-bugs/all-seeded-bugs.ts'
import { withBug } from './seeded-bugs/seeded-bug.ts'
import { drawJob } from './world/draw-job.ts'
import { randomOf } from './world/random.ts'

const root = join(import.meta.dirname, '../..')
const patience = 120_000

/** `npm run simulate`, in a process of its own: its threads have no real timers, which a test runner needs. */
const simulate = async (...args: ReadonlyArray<string>): Promise<string> => {
  const command = ['test/simulation/run.ts', ...args]
  const { stdout } = await promisify(execFile)(process.execPath, command, { cwd: root, maxBuffer: 1 << 26 }).catch(
    (failed: { readonly stdout: string; readonly stderr: string }) => {
      throw new Error(`node ${command.join(' ')} failed:\n${failed.stdout.slice(-6000)}${failed.stderr}`)
    },
  )
  return stdout
}

const lineOf = (output: string, start: string): string =>
  output.split('\n').find((line) => line.startsWith(start)) ?? `no line begins with ${start}`

describe('random schedules of faults', () => {
  test('break no invariant, and are the same however they are shared among threads', {
    timeout: patience,
  }, async () => {
    const once = await simulate('--schedules', '300', '--threads', '2')
    expect(once).toContain('0 violations')
    const again = await simulate('--schedules', '300', '--threads', '1')
    expect(lineOf(again, 'log hash')).toBe(lineOf(once, 'log hash'))
    expect(lineOf(once, 'log hash')).toMatch(/^log hash [0-9a-f]{12}$/)
  })

  test('are told as a story, with the same hash each time', { timeout: patience }, async () => {
    const [once, again] = await Promise.all([simulate('--seed', '8'), simulate('--seed', '8')])
    expect(again).toBe(once)
    expect(once).toMatch(/\+\d+\.\d{3}s FAULT /)
    expect(once).toMatch(/#1 JobCreated /)
  })

  test('have Jobs that an API server would accept', () => {
    for (let seed = 0; seed < 300; seed += 1) {
      const manifest = drawJob(randomOf(seed), 'drawn', {
        movesPods: seed % 2 === 0,
        podsRunElsewhere: seed % 4 === 0,
        isElastic: seed % 5 === 0,
      })
      const job = prepareJob(withDefaults(manifest as Shape<'Job'>), 'uid-1')
      expect([seed, validateJob(job).map(renderFieldError)]).toStrictEqual([seed, []])
    }
  })

  test('the matrix names what nobody has explained', () => {
    const { lines, unexplained } = matrixOf(new Map(), jobSheet)
    expect(lines[0]?.split(/\s+/).slice(1).join(' ')).toBe(reachedStates.join(' '))
    expect(unexplained).toContain('PodCreated while running')
    expect(unexplained).not.toContain('PodCreated while complete')
  })
})

describe('seeded bugs', () => {
  test('each is one place of a file that is there once', () => {
    for (const bug of allSeededBugs)
      expect(() => withBug(readFileSync(join(root, bug.file), 'utf8'), bug)).not.toThrow()
    expect(new Set(allSeededBugs.map(({ name }) => name)).size).toBe(allSeededBugs.length)
    expect(allSeededBugs.length).toBeGreaterThan(30)
  })

  test('some of them are caught here, all of them by npm run simulate -- --seeded-bugs', {
    timeout: patience,
  }, async () => {
    const found = await simulate('--seeded-bugs', '--only', 'as many', '--threads', '2')
    expect(found).toMatch(/\n2 seeded bugs, 2 caught by the simulation alone/)
  })
})
