import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'

const root = join(import.meta.dirname, '../..')

/** The numbers of the rows in the page about clients. */
const rows = [...readFileSync(join(root, 'docs/clients.md'), 'utf8').matchAll(/^\| (API-\d+) +\|/gm)].map(
  ([, number = '']) => number,
)

/** The numbers with which titles of tests begin. */
const cited = new Set(
  readdirSync(join(root, 'test'), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.test.ts'))
    .flatMap((name) => [...readFileSync(join(root, 'test', name), 'utf8').matchAll(/['"`](API-\d+): /g)])
    .map(([, number = '']) => number),
)

describe('what clients ask of the API', () => {
  test('has a row for each number', () =>
    expect(rows).toStrictEqual(Array.from({ length: 21 }, (_, place) => `API-${place + 1}`)))

  test.each(rows)('%s has tests whose titles begin with it', (number) => expect([...cited]).toContain(number))
})
