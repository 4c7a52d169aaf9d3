import { spawnSync } from 'node:child_process'
import { expect, test } from 'vitest'

test('the contract goes red when the double stores whatever revision is expected', () => {
  const file = 'test/adapters/eventstore/esdb/contract.test.ts'
  const run = spawnSync(
    process.execPath,
    ['node_modules/vitest/vitest.mjs', 'run', file, '-t', 'is a conflict that says where|one is a conflict'],
    {
      env: { ...process.env, JOBLEDGER_TEST_DOUBLE_TAKES_ALL: '1', NO_COLOR: '1' },
      encoding: 'utf8',
    },
  )
  expect(run.status).toBe(1)
  const failed = `${run.stdout}${run.stderr}`.split('\n').filter((line) => line.includes('FAIL '))
  expect(failed.join('\n')).toContain('a stream that does not exist is a conflict that says where the stream is')
  expect(failed.join('\n')).toContain('a stream that is not yet so far is a conflict that says where the stream is')
})
