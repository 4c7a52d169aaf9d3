import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe } from 'vitest'
import { repository, test } from '../support/jobledger.ts'

const folder = 'examples/simulations'

const stories: ReadonlyArray<readonly [name: string, code: number, more: ReadonlyArray<string>]> = [
  ['retry-storm', 0, []],
  ['failure-policy', 1, []],
  ['clock-change', 0, ['--until', '72h']],
]

test('every story of examples/simulations has its test here', ({ expect }) => {
  const found = readdirSync(join(repository, folder)).filter((name) => name.endsWith('.story.txt'))
  expect(stories.map(([name]) => `${name}.story.txt`).sort()).toStrictEqual(found.sort())
})

describe.concurrent('examples/simulations', { timeout: 60_000 }, () => {
  test.for(stories)('%s prints the story beside it', async ([name, code, more], { jobledger, expect }) => {
    const files = ['-f', `${folder}/${name}.yaml`, '--outcomes', `${folder}/${name}.outcomes.yaml`]
    const ended = await jobledger.run('simulate', ...files, ...more)
    expect(ended.err).toBe('')
    expect(ended.out).toBe(readFileSync(join(repository, folder, `${name}.story.txt`), 'utf8'))
    expect(ended.code).toBe(code)
    expect(readdirSync(jobledger.folder)).toStrictEqual([])
  })

  test('another seed is another story, and -o json tells it for programs', async ({ jobledger, expect }) => {
    const files = ['-f', `${folder}/retry-storm.yaml`, '--outcomes', `${folder}/retry-storm.outcomes.yaml`]
    const told = async (seed: string) =>
      JSON.parse((await jobledger.run('simulate', ...files, '--seed', seed, '-o', 'json')).out)
    const [one, other] = [await told('2'), await told('3')]
    expect(one).toMatchObject({ seed: 2, ended: 'over', jobs: [{ kind: 'Job', status: { succeeded: 6, failed: 7 } }] })
    expect(one.timeline[1]).toMatchObject({ seconds: 0, object: 'job/retry-storm', pods: { length: 3 } })
    expect(one.timeline).not.toStrictEqual(other.timeline)
  })

  test('a file that is wrong is told with line and field', async ({ jobledger, expect }) => {
    const ended = await jobledger.start(['simulate', '-f', 'examples/pi.yaml', '--outcomes', '-'], {
      stdin: 'default:\n  exitcode: 1\n',
    }).ended
    expect(ended).toMatchObject({ code: 1, out: '' })
    expect(ended.err).toMatch(/^error: standard input:2: default\.exitcode: unknown field; there are startDelay, /)
  })
})
