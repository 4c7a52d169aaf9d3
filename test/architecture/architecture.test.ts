import { readdirSync, readFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { describe, expect, test } from 'vitest'
import { floors } from './floors.ts'
import { violationsOf } from './house-rules.ts'
import { codeOf, importsOf } from './source-text.ts'

const root = join(import.meta.dirname, '../..')

const filesIn = (folder: string): ReadonlyArray<[path: string, source: string]> =>
  readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.ts'))
    .map((entry) => join(entry.parentPath, entry.name))
    .map((path) => [relative(root, path), readFileSync(path, 'utf8')])

const packageFile: { readonly dependencies: Readonly<Record<string, string>> } = JSON.parse(
  readFileSync(join(root, 'package.json'), 'utf8'),
)

describe('the house', () => {
  const sources = new Map([...filesIn('src'), ...filesIn('test')])

  test('keeps its own rules', () =>
    expect(violationsOf({ sources, dependencies: Object.keys(packageFile.dependencies) })).toStrictEqual([]))

  test('was really looked at: its files are found, and so are their imports', () => {
    const paths = [...sources.keys()]
    for (const floor of ['domain', 'application', 'adapters']) {
      expect(paths.filter((path) => path.startsWith(`src/${floor}/`))).not.toHaveLength(0)
    }
    expect(importsOf(sources.get('src/prelude.ts') ?? '')).toContain('fp-ts/lib/Either.js')
    expect(importsOf(sources.get('src/application/ports/pod-runtime.ts') ?? '')).toStrictEqual([
      'rxjs',
      '../../domain/job/observations.ts',
      '../../domain/kubernetes/pod-spec.ts',
    ])
  })

  test('tells the linter the same table: what stands above a floor, or beside an adapter, is restricted there too', () => {
    const adapters = readdirSync(join(root, 'src/adapters'), { withFileTypes: true }).flatMap((entry) =>
      entry.isDirectory() ? [entry.name] : [],
    )
    const strangersTo = (floor: string) =>
      Object.keys(floors).filter((other) => isFolder(other) && !mayStandOn(floor, other))
    for (const floor of Object.keys(floors).filter((name) => isFolder(name) && name !== 'adapters')) {
      expect(restrictedIn(`src/${floor}/**/*.ts`)).toStrictEqual(
        expect.arrayContaining(strangersTo(floor).map((other) => `**/${other}/**`)),
      )
    }
    for (const adapter of adapters) {
      const others = adapters.filter((other) => other !== adapter)
      expect(restrictedIn(`src/adapters/${adapter}/**/*.ts`)).toStrictEqual(
        expect.arrayContaining(others.map((other) => `**/${other}/**`)),
      )
    }
  })
})

const isFolder = (floor: string): boolean => floor !== 'prelude'
const mayStandOn = (floor: string, other: string): boolean => floor === other || floors[floor]!.on.includes(other)

type LinterFile = {
  readonly overrides: ReadonlyArray<{
    readonly files: ReadonlyArray<string>
    readonly rules: Readonly<Record<string, unknown>>
  }>
}

/** What the linter forbids files like this to import. */
const restrictedIn = (files: string): ReadonlyArray<string> => {
  const linter: LinterFile = JSON.parse(readFileSync(join(root, '.oxlintrc.json'), 'utf8'))
  const override = linter.overrides.find((one) => one.files.includes(files))
  return [...JSON.stringify(override?.rules['no-restricted-imports'] ?? []).matchAll(/"(\*\*\/[^"]+)"/g)].map(
    ([, pattern]) => pattern!,
  )
}

const found = (path: string, source: string, more: ReadonlyArray<[string, string]> = []) =>
  violationsOf({
    sources: new Map([[path, source], ...more]),
    dependencies: ['fp-ts', 'io-ts', 'rxjs', '@event/store'],
  })

const fileOn: Readonly<Record<string, string>> = {
  prelude: 'src/prelude.ts',
  ...Object.fromEntries(
    Object.keys(floors)
      .filter(isFolder)
      .map((floor) => [floor, `src/${floor}/room/file.ts`]),
  ),
}
const specifierOf = (from: string, to: string) => `./${relative(join('/', from, '..'), join('/', to))}`

const pairs = Object.keys(floors).flatMap((from) => Object.keys(floors).map((to) => [from, to] as const))
const strangers = pairs.filter(([from, to]) => from !== to && !floors[from]?.on.includes(to))
const neighbours = pairs.filter(([from, to]) => floors[from]?.on.includes(to))

describe('a planted violation is found', () => {
  test('there is one to plant on every floor but the highest', () =>
    expect(new Set(strangers.map(([from]) => from))).toStrictEqual(
      new Set(Object.keys(floors).filter((floor) => floor !== 'main')),
    ))

  test.each(strangers)('%s that stands on %s, by value, by type, by export and when it runs', (from, to) => {
    const specifier = specifierOf(fileOn[from]!, fileOn[to]!)
    for (const line of [
      `import { x } from '${specifier}'`,
      `import type { X } from "${specifier}"`,
      `import {\n  type X,\n} from '${specifier}'`,
      `export * from '${specifier}'`,
      `import '${specifier}'`,
      `const x = await import('${specifier}')`,
      `type X = import('${specifier}').X`,
    ]) {
      expect(found(fileOn[from]!, line)).toStrictEqual([expect.stringContaining(`${from} does not stand on ${to}`)])
    }
  })

  test.each(neighbours)('but %s may stand on %s', (from, to) =>
    expect(found(fileOn[from]!, `import { x } from '${specifierOf(fileOn[from]!, fileOn[to]!)}'`)).toStrictEqual([]),
  )

  /** Independent of the table of floors, so that nobody loosens it unseen. */
  test.each<[path: string, specifier: string]>([
    ['src/domain/job/a.ts', 'rxjs'],
    ['src/domain/job/a.ts', 'node:fs'],
    ['src/domain/job/a.ts', 'node:crypto'],
    ['src/domain/job/a.ts', '../../projections/job-view.ts'],
    ['src/domain/job/a.ts', '../../sagas/saga.ts'],
    ['src/domain/job/a.ts', '../../application/job-writer.ts'],
    ['src/domain/job/a.ts', '../../adapters/clock/system-clock.ts'],
    ['src/domain/job/a.ts', '../../main/main.ts'],
    ['src/projections/a.ts', '../sagas/saga.ts'],
    ['src/projections/a.ts', '../application/ledger.ts'],
    ['src/projections/a.ts', 'rxjs'],
    ['src/sagas/a.ts', '../application/ports/clock.ts'],
    ['src/sagas/a.ts', '../adapters/clock/system-clock.ts'],
    ['src/sagas/a.ts', 'io-ts'],
    ['src/application/a.ts', '../adapters/eventstore/live-log.ts'],
    ['src/application/a.ts', '../main/main.ts'],
    ['src/application/a.ts', 'node:path'],
    ['src/application/a.ts', 'commander'],
    ['src/adapters/cli/a.ts', '../eventstore/live-log.ts'],
    ['src/adapters/eventstore/sqlite/a.ts', '../../cli/program.ts'],
    ['src/adapters/cli/a.ts', '../../main/main.ts'],
    ['src/adapters/cli/a.ts', 'fp-ts/lib/Either.js'],
    ['src/main/main.ts', 'fp-ts/lib/Either.js'],
  ])('%s that imports %s', (path, specifier) => {
    expect(found(path, `import { x } from '${specifier}'`)).toHaveLength(1)
    expect(found(path, `import type { X } from '${specifier}'`)).toHaveLength(1)
  })

  test.each<[what: string, path: string, source: string, says: string]>([
    [
      'an adapter on another',
      'src/adapters/cli/a.ts',
      "import type { X } from '../clock/b.ts'",
      'never stand on each other',
    ],
    ['a test below src', 'src/domain/a.ts', "import { x } from '../../test/support/b.ts'", 'nothing outside of src'],
    ['fp-ts in the domain', 'src/domain/a.ts', "import { pipe } from 'fp-ts/lib/function.js'", 'src/prelude.ts alone'],
    ['fp-ts in an adapter', 'src/adapters/cli/a.ts', "import * as E from 'fp-ts'", 'src/prelude.ts alone'],
    ['fp-ts by a name Node cannot find', 'src/prelude.ts', "export * as E from 'fp-ts/Either'", 'fp-ts/lib/'],
    ['rxjs in the domain', 'src/domain/a.ts', "import { of } from 'rxjs'", 'domain may use io-ts only'],
    [
      'rxjs in a projection',
      'src/projections/a.ts',
      "import type { Observable } from 'rxjs'",
      'projections may use io-ts only',
    ],
    ['a library in the application', 'src/application/a.ts', "import { x } from '@event/store'", 'application may use'],
    [
      'an unknown library in an adapter',
      'src/adapters/cli/a.ts',
      "import { x } from 'left-pad/x.js'",
      'left-pad is not among',
    ],
    ['a file of no floor', 'src/helpers/a.ts', 'export {}', 'belongs to no floor'],
    ['a name in camel case', 'src/domain/someFile.ts', 'export {}', 'kebab-case'],
    ['a fast twin without a test', 'src/domain/job/fold.fast.ts', 'export {}', 'test/domain/job/fold.fast.test.ts'],
  ])('%s', (_, path, source, says) => expect(found(path, source)).toStrictEqual([expect.stringContaining(says)]))

  const pure = Object.keys(floors).filter((floor) => floor !== 'adapters' && floor !== 'main')
  const impurities = [
    'Date.now()',
    'new Date()',
    'new Date',
    'Date()',
    'performance.now()',
    'setTimeout(f, 1)',
    'Math.random()',
    'crypto.randomUUID()',
    'process.env',
    'console.log(1)',
    'fetch(url)',
    'Buffer.from(x)',
    'globalThis.x',
    '`now ${`it is ${Date.now()}`}`',
  ]
  test.each(pure.flatMap((floor) => impurities.map((code) => [floor, code] as const)))(
    '%s that says %s',
    (floor, code) => {
      expect(found(fileOn[floor]!, `export const x = () => ${code}\n`)).toStrictEqual([
        expect.stringContaining('is pure'),
      ])
      expect(found('src/adapters/cli/a.ts', `export const x = () => ${code}\n`)).toStrictEqual([])
    },
  )

  test.each(pure)('%s that imports a module of Node', (floor) =>
    expect(found(fileOn[floor]!, "import { readFileSync } from 'node:fs'")).toStrictEqual([
      expect.stringContaining('does no I/O'),
    ]),
  )
})

describe('what is no violation', () => {
  test.each([
    'export const at = (ms: number) => new Date(ms).toISOString()',
    'export const f = (job: { process: { x: 1 } }) => job.process.x',
    '// process.exit() and console.log would be wrong here',
    '/** Never Date.now(): see the Clock port.\n * import x from "node:fs" */',
    "export const text = 'process.env and console.log(1)'",
    'export const half = (a: number, b: number) => a / b // Math.random() / 2',
    'export const quote = /[\'"`/]/ // Date.now()',
    'export const update = (x: string) => `${x} Date.now() ${"}"}`',
  ])('%s', (source) => expect(found('src/domain/a.ts', source)).toStrictEqual([]))

  test('a fast twin with its test', () =>
    expect(
      found('src/domain/job/fold.fast.ts', 'export {}', [['test/domain/job/fold.fast.test.ts', 'test']]),
    ).toStrictEqual([]))

  test('an import in a comment or a text is none', () =>
    expect(importsOf("// import 'a'\nconst s = \"from 'b'\"; import c from 'c'")).toStrictEqual(['c']))

  test('code after a regular expression with quotes is still code', () =>
    expect(codeOf('const a = /[\'"]/g; process.exit()')).toContain('process.exit()'))
})
