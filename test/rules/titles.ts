import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/** A title that cites rules: its text, the ids in its brackets, and where it stands. */
export type Citation = { readonly file: string; readonly title: string; readonly ids: ReadonlyArray<string> }

/** What the titles in a test file cite: every string that begins with brackets, as `[F-4, V-14 to V-16] …` does. */
export const citationsIn = (file: string, source: string): ReadonlyArray<Citation> =>
  [...source.matchAll(/(['"`])(\[([^\]\n]*)\](?:(?!\1).)*)\1/g)].map(([, , title = '', brackets = '']) => ({
    file,
    title,
    ids: idsIn(brackets),
  }))

/** The ids that brackets name; `V-14 to V-16` are three. Sections such as `5.6 a` are no ids. */
const idsIn = (brackets: string): ReadonlyArray<string> =>
  [...brackets.matchAll(/\b([A-Z]{1,2})-(\d+)(?: to \1-(\d+))?\b/g)].flatMap(([, letters, from, to = from]) =>
    Array.from({ length: Number(to) - Number(from) + 1 }, (_, more) => `${letters}-${Number(from) + more}`),
  )

/** Its titles are examples. */
const ofThisReader = 'rule-coverage.test.ts'

/** All citations of the tests in a folder and below. */
export const citationsOf = (folder: string): ReadonlyArray<Citation> =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => (name.endsWith('.test.ts') || name.endsWith('contract.ts')) && !name.endsWith(ofThisReader))
    .sort()
    .flatMap((name) => citationsIn(name, readFileSync(join(folder, name), 'utf8')))
