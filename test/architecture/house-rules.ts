import { posix } from 'node:path'
import { floors, impure, worldly } from './floors.ts'
import { codeOf, importsOf } from './source-text.ts'

/** File texts by path from the repository's root, such as `src/domain/codecs.ts`. */
export type Sources = ReadonlyMap<string, string>

export type House = {
  readonly sources: Sources
  /** Names under `dependencies` in package.json. */
  readonly dependencies: ReadonlyArray<string>
}

/** Everything in `src` that breaks a rule of the house, one sentence each, beginning with the file. */
export const violationsOf = ({ sources, dependencies }: House): ReadonlyArray<string> =>
  [...sources]
    .filter(([path]) => path.startsWith('src/'))
    .flatMap(([path, source]) => [
      ...misnamed(path),
      ...misplacedImports(path, source, dependencies),
      ...impurities(path, source),
      ...lonelyTwins(path, sources),
    ])

const floorOf = (path: string): string => path.split('/')[1]?.replace(/\.ts$/, '') ?? ''

const adapterOf = (path: string): string | undefined => /^src\/adapters\/([^/]+)/.exec(path)?.[1]

const misnamed = (path: string): ReadonlyArray<string> => [
  ...(floorOf(path) in floors ? [] : [`${path} belongs to no floor: they are ${Object.keys(floors).join(', ')}`]),
  ...(path.split('/').every((part) => /^[a-z0-9]+(-[a-z0-9]+)*(\.[a-z0-9]+)*$/.test(part))
    ? []
    : [`${path} is not in kebab-case`]),
]

const misplacedImports = (path: string, source: string, dependencies: ReadonlyArray<string>): ReadonlyArray<string> =>
  importsOf(source).flatMap((specifier) => {
    const why = specifier.startsWith('.')
      ? whyNotFile(path, posix.join(posix.dirname(path), specifier))
      : whyNotPackage(floorOf(path), specifier, dependencies)
    return why === null ? [] : [`${path} imports ${specifier}: ${why}`]
  })

const whyNotFile = (from: string, to: string): string | null => {
  const [floor, below] = [floorOf(from), floorOf(to)]
  if (!to.startsWith('src/')) return 'src stands on nothing outside of src'
  if (floor === 'adapters' && below === 'adapters' && adapterOf(from) !== adapterOf(to)) {
    return 'adapters never stand on each other'
  }
  return floor === below || floors[floor]?.on.includes(below)
    ? null
    : `${floor} does not stand on ${below}, because ${floors[floor]?.because}`
}

const whyNotPackage = (floor: string, specifier: string, dependencies: ReadonlyArray<string>): string | null => {
  const allowed = floors[floor]?.packages ?? []
  const isBuiltin = specifier.startsWith('node:')
  const name = specifier.split('/', specifier.startsWith('@') ? 2 : 1).join('/')
  if (name === 'fp-ts' && floor !== 'prelude') return 'fp-ts is named in src/prelude.ts alone'
  if (name === 'fp-ts' && !/^fp-ts\/lib\/\w+\.js$/.test(specifier))
    return 'Node finds fp-ts only as fp-ts/lib/<Module>.js'
  if (isBuiltin) return worldly.includes(floor) ? null : `${floor} does no I/O: declare a port and write an adapter`
  if (allowed !== 'any' && !allowed.includes(name)) return `${floor} may use ${allowed.join(', ') || 'no package'} only`
  return dependencies.includes(name) ? null : `${name} is not among the dependencies of package.json`
}

const impurities = (path: string, source: string): ReadonlyArray<string> => {
  const floor = floorOf(path)
  if (worldly.includes(floor)) return []
  const code = codeOf(source)
  return impure.flatMap(({ word, because }) => {
    const found = word.exec(code)
    return found === null ? [] : [`${path} says ${found[0]}: ${floor} is pure, ${because}`]
  })
}

const lonelyTwins = (path: string, sources: Sources): ReadonlyArray<string> => {
  const test = path.replace(/^src/, 'test').replace(/\.fast\.ts$/, '.fast.test.ts')
  return path.endsWith('.fast.ts') && !sources.has(test)
    ? [`${path} is a fast twin without ${test}, which says that both agree`]
    : []
}
