import { E } from '../../../prelude.ts'
import type { ReadPiece, RecentTexts } from './recent-texts.ts'

/** A document of JSON as read; `hasDuplicates` when an object names a member twice, of which the last one counts. */
export type JsonRead = { readonly value: unknown; readonly hasDuplicates: boolean }

/** Called for each member in the order of the document, with its path as Kubernetes prints paths. */
export type MemberVisitor = (path: string, isDuplicate: boolean) => void

/**
 * Reads JSON as Go does, and says what is wrong with it in Go's words. A member called `__proto__` is refused: no object of
 * Kubernetes has one, and JavaScript would take it for something else.
 */
export const readJson = (text: string, visit?: MemberVisitor): E.Either<string, JsonRead> =>
  readWhole({ text, at: 0, hasDuplicates: false, visit, specs: null, spec: null })

/** The same, with the `spec` of the document: as it was kept when it came before, else as it was read now. */
export const readJsonWithSpec = (
  text: string,
  specs: RecentTexts,
): E.Either<string, JsonRead & { readonly spec: SpecRead | null }> => {
  const reading: Reading = { text, at: 0, hasDuplicates: false, visit: undefined, specs, spec: null }
  return E.map((read: JsonRead) => ({ ...read, spec: reading.spec }))(readWhole(reading))
}

export type SpecRead = ReadPiece & { readonly isKnown: boolean }

const readWhole = (reading: Reading): E.Either<string, JsonRead> => {
  const { text } = reading
  try {
    const value = readValue(reading, 0, '')
    skipSpace(reading)
    if (reading.at < text.length) throw unexpected(reading, 'after top-level value')
    return E.right({ value, hasDuplicates: reading.hasDuplicates })
  } catch (problem) {
    if (problem instanceof JsonProblem) return E.left(problem.message)
    throw problem
  }
}

type Reading = {
  readonly text: string
  at: number
  hasDuplicates: boolean
  readonly visit: MemberVisitor | undefined
  readonly specs: RecentTexts | null
  spec: SpecRead | null
}

class JsonProblem extends Error {}

/** Objects of Kubernetes have some twenty levels; those who walk over them recur. */
const depthMax = 500

const readValue = (reading: Reading, depth: number, path: string): unknown => {
  skipSpace(reading)
  switch (reading.text[reading.at]) {
    case '{':
      return readObject(reading, depth + 1, path)
    case '[':
      return readArray(reading, depth + 1, path)
    case '"':
      return readString(reading)
    case 't':
      return readWord(reading, 'true', true)
    case 'f':
      return readWord(reading, 'false', false)
    case 'n':
      return readWord(reading, 'null', null)
    default:
      return readNumber(reading)
  }
}

const readObject = (reading: Reading, depth: number, path: string): unknown => {
  enter(reading, depth)
  const object: Record<string, unknown> = {}
  if (skipSpace(reading) === '}') return leave(reading, object)
  for (;;) {
    if (skipSpace(reading) !== '"') throw unexpected(reading, 'looking for beginning of object key string')
    const key = readString(reading)
    if (key === '__proto__') throw new JsonProblem('json: a member may not be called "__proto__"')
    if (skipSpace(reading) !== ':') throw unexpected(reading, 'after object key')
    reading.at += 1
    const isDuplicate = Object.hasOwn(object, key)
    if (isDuplicate) reading.hasDuplicates = true
    const memberPath = reading.visit === undefined ? '' : path === '' ? key : `${path}.${key}`
    reading.visit?.(memberPath, isDuplicate)
    object[key] =
      depth === 1 && key === 'spec' && reading.specs !== null
        ? readSpec(reading, reading.specs, depth)
        : readValue(reading, depth, memberPath)
    const next = skipSpace(reading)
    if (next === '}') return leave(reading, object)
    if (next !== ',') throw unexpected(reading, 'after object key:value pair')
    reading.at += 1
  }
}

const readSpec = (reading: Reading, specs: RecentTexts, depth: number): unknown => {
  if (skipSpace(reading) !== '{') return readValue(reading, depth, '')
  const begin = reading.at
  const known = specs.find(reading.text, begin)
  if (known === null) {
    const value = readObject(reading, depth + 1, '')
    reading.spec = { text: reading.text.slice(begin, reading.at), value, isKnown: false }
  } else {
    reading.at += known.text.length
    reading.spec = { ...known, isKnown: true }
  }
  return reading.spec.value
}

const readArray = (reading: Reading, depth: number, path: string): unknown => {
  enter(reading, depth)
  const items: unknown[] = []
  if (skipSpace(reading) === ']') return leave(reading, items)
  for (;;) {
    items.push(readValue(reading, depth, reading.visit === undefined ? '' : `${path}[${items.length}]`))
    const next = skipSpace(reading)
    if (next === ']') return leave(reading, items)
    if (next !== ',') throw unexpected(reading, 'after array element')
    reading.at += 1
  }
}

const enter = (reading: Reading, depth: number): void => {
  if (depth > depthMax) throw new JsonProblem('exceeded max depth')
  reading.at += 1
}

const leave = <A>(reading: Reading, value: A): A => {
  reading.at += 1
  return value
}

const readString = (reading: Reading): string => {
  const { text } = reading
  const begin = reading.at
  let isPlain = true
  for (reading.at += 1; ; reading.at += 1) {
    const code = text.charCodeAt(reading.at)
    if (code === quote) break
    if (code === backslash) {
      isPlain = false
      readEscape(reading)
    } else if (!(code >= 0x20)) throw unexpected(reading, 'in string literal')
  }
  reading.at += 1
  if (isPlain) return text.slice(begin + 1, reading.at - 1)
  return String(JSON.parse(text.slice(begin, reading.at))).toWellFormed()
}

const quote = 0x22
const backslash = 0x5c

/** From the backslash to the last sign of the escape. */
const readEscape = (reading: Reading): void => {
  reading.at += 1
  const sign = reading.text[reading.at] ?? ''
  if (sign === 'u') {
    for (let digits = 0; digits < 4; digits += 1) {
      reading.at += 1
      if (!/[0-9a-fA-F]/.test(reading.text[reading.at] ?? ''))
        throw unexpected(reading, 'in \\u hexadecimal character escape')
    }
  } else if (sign === '' || !'"\\/bfnrt'.includes(sign)) throw unexpected(reading, 'in string escape code')
}

const readWord = <A>(reading: Reading, word: string, value: A): A => {
  for (const letter of word) {
    if (reading.text[reading.at] !== letter) throw unexpected(reading, `in literal ${word} (expecting '${letter}')`)
    reading.at += 1
  }
  return value
}

const readNumber = (reading: Reading): number => {
  number.lastIndex = reading.at
  const [found] = number.exec(reading.text) ?? []
  if (found === undefined) {
    if (reading.text[reading.at] !== '-') throw unexpected(reading, 'looking for beginning of value')
    reading.at += 1
    throw unexpected(reading, 'in numeric literal')
  }
  reading.at += found.length
  const value = Number(found)
  if (!Number.isFinite(value))
    throw new JsonProblem(`json: cannot unmarshal number ${found} into Go value of type float64`)
  return value
}

const number = /-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?/y

/** The next sign that is not space, which is left to be read. */
const skipSpace = (reading: Reading): string | undefined => {
  for (;;) {
    const sign = reading.text[reading.at]
    if (sign !== ' ' && sign !== '\n' && sign !== '\r' && sign !== '\t') return sign
    reading.at += 1
  }
}

const unexpected = ({ text, at }: Reading, context: string): JsonProblem => {
  const sign = text.codePointAt(at)
  if (sign === undefined) return new JsonProblem('unexpected end of JSON input')
  return new JsonProblem(`invalid character ${quotedSign(String.fromCodePoint(sign))} ${context}`)
}

const quotedSign = (sign: string): string =>
  sign === "'" ? "'\\''" : sign === '"' ? `'"'` : `'${JSON.stringify(sign).slice(1, -1)}'`
