import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'

/** How `npm run conformance` ends with these words behind it, and what it says. */
const conformance = (...words: ReadonlyArray<string>) =>
  new Promise<{ readonly code: number; readonly out: string; readonly err: string }>((resolve) => {
    const file = join(import.meta.dirname, 'suite/run.mjs')
    const child = execFile(process.execPath, [file, ...words], (_, out, err) =>
      resolve({ code: child.exitCode ?? -1, out, err }),
    )
  })

describe('the conformance suite for servers', { timeout: 60_000 }, () => {
  test('plays its stories on a jobledger of its own when it is told of no server', async () => {
    const { code, out } = await conformance('--only', 'api-create')
    expect(out).toMatch(/^ok {3}api-create \(\d+\.\d s\)\nok {3}api-create-encodings .*\n2 passed, 0 failed\n$/)
    expect(code).toBe(0)
  })

  test('fails when no story is played, and says which option it does not know', async () => {
    expect(await conformance('--only', 'nothing is called so')).toMatchObject({ code: 1, out: '0 passed, 0 failed\n' })
    expect(await conformance('--servr', 'x')).toMatchObject({ code: 2, err: expect.stringContaining("'--servr'") })
  })
})
