import { readdirSync, readFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { describe, expect, test } from 'vitest'
import { brokenLinks, downloadAddresses, homePaths, staleNames } from './repository-rules.ts'

const root = join(import.meta.dirname, '../..')

/** What others make here: tools, and editors in folders that begin with a dot. */
const isOurs = (name: string): boolean =>
  !['node_modules', 'coverage', 'dist', '.git'].includes(name) && !name.endsWith('.log')
const isOurFolder = (name: string): boolean => isOurs(name) && (!name.startsWith('.') || name === '.ci')

const pathsIn = (folder: string): ReadonlyArray<string> =>
  readdirSync(folder, { withFileTypes: true })
    .filter((entry) => (entry.isDirectory() ? isOurFolder(entry.name) : isOurs(entry.name)))
    .flatMap((entry) => {
      const path = join(folder, entry.name)
      return entry.isDirectory() ? pathsIn(path) : entry.isFile() ? [path] : []
    })

const files = new Map(pathsIn(root).map((path) => [relative(root, path), readFileSync(path, 'utf8')]))
const pages = [...files.keys()].filter((path) => path.endsWith('.md'))
const lockFile = files.get('package-lock.json') ?? '{}'
const packageFile: { readonly scripts: Readonly<Record<string, string>> } = JSON.parse(
  files.get('package.json') ?? '{}',
)

describe('the repository', () => {
  test('was really looked at', () => {
    expect(pages).toStrictEqual(expect.arrayContaining(['README.md', 'ARCHITECTURE.md', 'CONTRIBUTING.md']))
    expect(files.size).toBeGreaterThan(300)
    expect(Object.keys(JSON.parse(lockFile).packages).length).toBeGreaterThan(20)
  })

  test('links to what is there', () => expect(pages.flatMap((page) => brokenLinks(page, files))).toStrictEqual([]))

  test('names files and scripts that are there', () =>
    expect(pages.flatMap((page) => staleNames(page, files, Object.keys(packageFile.scripts)))).toStrictEqual([]))

  test('knows no folder of anybody', () =>
    expect([...files].flatMap(([path, text]) => (path === self ? [] : homePaths(path, text)))).toStrictEqual([]))

  test('has a lock file that any registry can serve', () => expect(downloadAddresses(lockFile)).toStrictEqual([]))
})

/** This file plants what it looks for. */
const self = relative(root, import.meta.filename)

describe('a planted fault is found', () => {
  const page = (text: string, more: ReadonlyArray<[string, string]> = []) => new Map([['docs/page.md', text], ...more])

  test.each<[what: string, text: string, says: string]>([
    ['a link to no file', '[a](../nowhere.md)', 'there is no nowhere.md'],
    ['a link to no file beside it', '[a](nowhere.md "title")', 'there is no docs/nowhere.md'],
    ['a picture of nothing', '![a](no.png)', 'there is no docs/no.png'],
    ['a link that is defined below', '[a]: nowhere.md', 'there is no docs/nowhere.md'],
    ['a link to no heading of its own', '# One\n[a](#two)', 'docs/page.md has no such heading'],
    ['a link to no heading elsewhere', '[a](other.md#two)', 'docs/other.md has no such heading'],
  ])('%s', (_, text, says) =>
    expect(brokenLinks('docs/page.md', page(text, [['docs/other.md', '# One']]))).toStrictEqual([
      expect.stringContaining(says),
    ]),
  )

  test.each<[what: string, text: string]>([
    ['the world', '[a](https://example.org/nowhere.md) [b](mailto:a@example.org)'],
    ['a file', '[a](other.md) [b](../docs/other.md)'],
    ['a folder', '[a](../docs) [b](./)'],
    ['a heading', '# The `first` one: 1.2\n[a](#the-first-one-12) [b](other.md#one)'],
    ['code', '```sh\nx [a](nowhere.md)\n```'],
  ])('a link to %s is none', (_, text) =>
    expect(brokenLinks('docs/page.md', page(text, [['docs/other.md', '# One']]))).toStrictEqual([]),
  )

  test('a file or a script that is gone', () => {
    const stale = (text: string) => staleNames('docs/page.md', page(text, [['src/domain/job/decide.ts', '']]), ['pi'])
    expect(stale('`job/undecided.ts`')).toStrictEqual(['docs/page.md names job/undecided.ts, which is not there'])
    expect(stale('npm run --silent pie')).toStrictEqual([expect.stringContaining('npm run pie')])
    expect(stale('`decide.ts`, `domain/job/decide.ts`, `npm run -s pi`')).toStrictEqual([])
  })

  test.each(['/home/ada/jobs', 'file:///home/ada', '"/Users/ada"', '/root/jobledger'])('%s', (text) =>
    expect(homePaths('a.ts', `see ${text} for it`)).toHaveLength(1),
  )

  test.each(['/home', '/home/me/a', '~/home/ada', 'src/home/page.ts', '/rooted/x', 'tree/root/file'])(
    '%s is none',
    (text) => expect(homePaths('a.ts', `see ${text} for it`)).toStrictEqual([]),
  )

  test('an address in the lock file, but not a package of this repository', () => {
    const lock = (resolved: string) =>
      JSON.stringify({ packages: { 'node_modules/a': { version: '1.0.0', resolved } } })
    for (const address of ['https://registry.example.org/a.tgz', 'http://x/a.tgz', 'git+ssh://git@x/a.git'])
      expect(downloadAddresses(lock(address))).toStrictEqual([`node_modules/a is taken from ${address}`])
    expect(downloadAddresses(lock('tools/a'))).toStrictEqual([])
  })
})
