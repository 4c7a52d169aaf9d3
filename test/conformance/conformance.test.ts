import { describe, expect, test } from 'vitest'
import { differences, play } from './play.ts'
import { storiesOf } from './stories.ts'

/** What is known to differ, and why. A story that is in this table must fail: else it belongs out of it. */
const differing: Readonly<Record<string, string>> = {}

/** Files of the suite with the number of their stories: none is lost unseen. */
const files: ReadonlyArray<readonly [file: string, stories: number]> = [
  ['completion', 6],
  ['failure', 8],
  ['indexed', 7],
  ['lifecycle', 10],
  ['validation', 3],
  ['refusals', 8],
  ['walks', 48],
  ['api', 22],
]

for (const [file, count] of files) {
  const stories = await storiesOf(file)
  describe(`${file}: what clients see is what Kubernetes showed`, () => {
    test('no story is lost', () => expect(stories).toHaveLength(count))

    test.each(stories.filter(([name]) => !Object.hasOwn(differing, name)))('%s', async (name, script) =>
      expect(await play(name, script)).toStrictEqual([]),
    )

    const known = stories.filter(([name]) => Object.hasOwn(differing, name))
    test.each(known.map(([name, script]) => [name, differing[name], script] as const))(
      '%s still differs: %s',
      async (name, _, script) => expect(await play(name, script)).not.toStrictEqual([]),
    )
  })
}

describe('the comparison', () => {
  test('finds another end of a story', async () => {
    const [[name, script] = ['', async () => {}]] = await storiesOf('completion')
    expect(await differences(name, script, 'fixed-completions-parallel')).not.toStrictEqual([])
  })

  test('plays the same story twice alike', async () => {
    const stories = await storiesOf('walks')
    const [name, script] = stories[10]!
    expect(await play(name, script)).toStrictEqual(await play(name, script))
  })
})
