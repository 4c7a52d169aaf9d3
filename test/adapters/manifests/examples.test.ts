import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { readManifest, renderProblem } from '../../../src/adapters/manifests/read-manifest.ts'
import { E } from '../../../src/prelude.ts'

const folder = join(import.meta.dirname, '../../../examples')
/** Those of simulations have a test of their own. */
const files = globSync('**/*.yaml', { cwd: folder, exclude: ['simulations/**'] }).sort()

test('the examples are there', () => {
  for (const name of ['pi', 'indexed', 'work-queue', 'patterns/job-per-item/apple', 'patterns/queue-pod-per-item'])
    expect(files).toContain(`${name}.yaml`)
})

describe.each(files)('%s', (file) => {
  test('is a Job or a CronJob without problems', async () => {
    const read = await readManifest(join(folder, file))
    expect(E.isLeft(read) ? read.left.map(renderProblem) : []).toEqual([])
  })

  test('says what it shows and how it ends', () =>
    expect(/^# [A-Z][^]*?(exit code is \d+|Exit code \d)/.test(readFileSync(join(folder, file), 'utf8'))).toBe(true))
})
