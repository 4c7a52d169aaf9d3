import { isAlias, isMap, isScalar, isSeq, LineCounter, type Node, parseAllDocuments, Scalar, type YAMLMap } from 'yaml'
import { E, RA } from '../../prelude.ts'
import { notANumber, plainScalar } from './plain-scalar.ts'

export type YamlProblem = { readonly line?: number; readonly reason: string }

/** A document as plain values, which remembers where each of them stood. */
export type YamlDocument = {
  readonly value: unknown
  /** The line, counted from 1, of the value at a path, or of the nearest thing around it that is written in the text. */
  readonly lineOf: (path: ReadonlyArray<string | number>) => number
}

/** A manifest that repeats itself more than this by aliases is an attack or a mistake. */
const aliasedValuesMax = 10_000

/** Reads the only document of a text, YAML or JSON, by Kubernetes' rules. Empty documents beside it do not count. */
export const readYaml = (text: string): E.Either<ReadonlyArray<YamlProblem>, YamlDocument> => {
  const lines = new LineCounter()
  const parsed = E.tryCatch(
    () =>
      RA.fromArray(
        [...parseAllDocuments(text, { ...parserOptions, lineCounter: lines })].filter(
          ({ contents, errors }) => errors.length > 0 || !isEmpty(contents),
        ),
      ),
    () => [{ reason: tooDeep }],
  )
  if (E.isLeft(parsed)) return parsed
  const [document, second] = parsed.right
  const lineAt = (offset: number) => Math.max(lines.linePos(offset).line, 1)
  const [mistake] = parsed.right.flatMap(({ errors }) => errors)
  if (mistake !== undefined) return E.left([syntaxProblem(mistake.message, lineAt(mistake.pos[0]))])
  if (document === undefined) return E.left([{ reason: 'is empty' }])
  if (second !== undefined)
    return E.left([
      {
        line: lineAt(second.contents?.range?.[0] ?? 0),
        reason: 'a second document starts here, only one Job can be read at a time',
      },
    ])
  return converted(document.contents as Node, lineAt)
}

/** Scalars stay texts here and aliases unresolved: both are done below, where they can be counted and located. */
const parserOptions = {
  schema: 'failsafe',
  uniqueKeys: false,
  resolveKnownTags: false,
  prettyErrors: false,
  logLevel: 'silent',
} as const

/** Only the first mistake is told: what the parser says of the rest of the text follows from it. */
const syntaxProblem = (message: string, line: number): YamlProblem =>
  message.includes('call stack') ? { line, reason: tooDeep } : { line, reason: `not valid YAML: ${message}` }

const tooDeep = 'is nested too deeply to be read'

const isEmpty = (contents: unknown): boolean => contents === null || (isScalar(contents) && isNothing(contents))

const isNothing = (scalar: Scalar): boolean =>
  scalar.type === Scalar.PLAIN && scalar.tag === undefined && scalar.source === '' && scalar.anchor === undefined

type Reading = {
  readonly problems: Array<YamlProblem>
  readonly lineAt: (offset: number) => number
  readonly anchors: Map<string, Node>
  /** Anchored nodes that are being read now: an alias to one of them would never end. */
  readonly open: Set<Node>
  readonly offsets: WeakMap<object, ReadonlyMap<string | number, number>>
  aliasDepth: number
  aliasedValues: number
}

const converted = (
  root: Node,
  lineAt: (offset: number) => number,
): E.Either<ReadonlyArray<YamlProblem>, YamlDocument> => {
  const reading: Reading = {
    problems: [],
    lineAt,
    anchors: new Map(),
    open: new Set(),
    offsets: new WeakMap(),
    aliasDepth: 0,
    aliasedValues: 0,
  }
  return E.flatMap(
    E.tryCatch(
      () => convert(reading, root),
      (cause) => [cause instanceof TooManyAliases ? cause.problem : { reason: tooDeep }],
    ),
    (value): E.Either<ReadonlyArray<YamlProblem>, YamlDocument> =>
      reading.problems.length > 0
        ? E.left(reading.problems)
        : E.right({ value, lineOf: (path) => lineAt(offsetOf(reading, value, root.range?.[0] ?? 0, path)) }),
  )
}

/** Ends a reading that would otherwise go on nearly for ever. */
class TooManyAliases extends Error {
  readonly problem: YamlProblem
  constructor(line: number) {
    super('too many aliases')
    this.problem = { line, reason: `aliases stand for more than ${aliasedValuesMax} values` }
  }
}

const convert = (reading: Reading, node: Node): unknown => {
  if (reading.aliasDepth > 0 && ++reading.aliasedValues > aliasedValuesMax)
    throw new TooManyAliases(reading.lineAt(offset(node)))
  if (isAlias(node)) return convertAlias(reading, node.source, node)
  if (isScalar(node)) {
    if (node.anchor !== undefined) reading.anchors.set(node.anchor, node)
    return scalarValue(reading, node)
  }
  const anchor = isMap(node) || isSeq(node) ? node.anchor : undefined
  if (anchor !== undefined) reading.anchors.set(anchor, node)
  reading.open.add(node)
  const value = isMap(node) ? convertMap(reading, node) : isSeq(node) ? convertList(reading, node.items) : null
  reading.open.delete(node)
  return value
}

const convertAlias = (reading: Reading, name: string, alias: Node): unknown => {
  const target = reading.anchors.get(name)
  if (target === undefined) return problem(reading, alias, `the alias *${name} has no anchor &${name} before it`)
  if (reading.open.has(target)) return problem(reading, alias, `the alias *${name} stands inside what it repeats`)
  reading.aliasDepth++
  const value = convert(reading, target)
  reading.aliasDepth--
  return value
}

const convertList = (reading: Reading, items: ReadonlyArray<unknown>): unknown => {
  const offsets = new Map<number, number>()
  const list = items.map((item, index) => {
    offsets.set(index, offset(item as Node))
    return convert(reading, item as Node)
  })
  reading.offsets.set(list, offsets)
  return list
}

const convertMap = (reading: Reading, map: YAMLMap): unknown => {
  const own = new Map<string, unknown>()
  const merged = new Map<string, unknown>()
  const offsets = new Map<string, number>()
  for (const { key, value } of map.items as ReadonlyArray<{ key: Node; value: Node | null }>) {
    if (isMergeKey(key)) mergeInto(reading, merged, offsets, value)
    else {
      const name = keyName(reading, key)
      if (own.has(name)) problem(reading, key, `the key ${JSON.stringify(name)} is given twice`)
      offsets.set(name, offset(key))
      own.set(name, value === null ? null : convert(reading, value))
    }
  }
  const object = Object.fromEntries([...merged, ...own])
  reading.offsets.set(object, offsets)
  return object
}

const keyName = (reading: Reading, key: Node): string => {
  if (isMap(key) || isSeq(key)) return String(problem(reading, key, 'a key must be a single word or text'))
  const name = String(convert(reading, key))
  if (name === '__proto__') problem(reading, key, 'the key "__proto__" is not allowed')
  return name
}

const isMergeKey = (key: Node): boolean => isScalar(key) && key.type === Scalar.PLAIN && key.source === '<<'

/** `<<` brings in the entries of a mapping, or of several of which the first wins; the mapping's own entries outrank them. */
const mergeInto = (
  reading: Reading,
  merged: Map<string, unknown>,
  offsets: Map<string, number>,
  value: Node | null,
): void => {
  const brought = value === null ? null : convert(reading, value)
  const sources = Array.isArray(brought) ? brought : [brought]
  for (const source of sources as ReadonlyArray<unknown>) {
    if (typeof source !== 'object' || source === null || Array.isArray(source)) {
      problem(reading, value, 'the merge key << needs a mapping, or a list of mappings')
      return
    }
    for (const [name, entry] of Object.entries(source)) {
      if (merged.has(name)) continue
      merged.set(name, entry)
      const at = reading.offsets.get(source)?.get(name)
      if (at !== undefined && !offsets.has(name)) offsets.set(name, at)
    }
  }
}

const scalarValue = (reading: Reading, node: Scalar): unknown => {
  const text = typeof node.value === 'string' ? node.value : ''
  switch (node.tag) {
    case undefined:
    case '?':
      return node.type === Scalar.PLAIN ? plain(reading, node, node.source ?? text) : text
    case '!':
    case `${yamlTags}str`:
      return text
    case `${yamlTags}binary`:
      return Buffer.from(text, 'base64').toString('utf8')
    case `${yamlTags}null`:
    case `${yamlTags}bool`:
    case `${yamlTags}int`:
    case `${yamlTags}float`:
    case `${yamlTags}timestamp`:
      return plain(reading, node, text)
    default:
      return problem(reading, node, `the tag ${node.tag} is not supported`)
  }
}

const yamlTags = 'tag:yaml.org,2002:'

const plain = (reading: Reading, node: Node, word: string): unknown => {
  const value = plainScalar(word)
  return value === notANumber ? problem(reading, node, `${word} is not a number that a manifest can have`) : value
}

const problem = (reading: Reading, node: Node | null, reason: string): null => {
  reading.problems.push({ line: reading.lineAt(offset(node)), reason })
  return null
}

const offset = (node: Node | null): number => node?.range?.[0] ?? 0

const offsetOf = ({ offsets }: Reading, root: unknown, start: number, path: ReadonlyArray<string | number>): number => {
  let value = root
  let found = start
  for (const segment of path) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, segment)) return found
    found = offsets.get(value)?.get(segment) ?? found
    value = (value as Readonly<Record<string | number, unknown>>)[segment]
  }
  return found
}
