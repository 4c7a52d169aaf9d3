import { base64Problem } from './base64-problem.ts'
import { microTimeProblem, timeProblem } from './go-time.ts'
import { goTypes } from './go-types.ts'
import { quantityProblem } from './quantity.ts'
import { type Definition, fieldType, notationOf, type ScalarName, type Schema } from './schema.ts'

export type Segment = string | number

/**
 * Something that a decoder of Kubernetes would not understand. `reason` is the server's own text and `field` the path as it
 * prints it. With an unknown field comes what the object does know, with a wrong type what was expected, in plain words.
 */
export type ShapeProblem = {
  readonly path: ReadonlyArray<Segment>
  readonly field: string
  readonly reason: string
} & (
  | { readonly _tag: 'UnknownField'; readonly known: ReadonlyArray<string> }
  | { readonly _tag: 'WrongType'; readonly expected: string; readonly found: string }
)

/**
 * Compares a value with the definition called `name` and answers all unknown fields, wrong types, numbers out of range and
 * malformed quantities and times in document order. `null` is never a problem: for Kubernetes it equals absence.
 */
export const checkShape =
  (schema: Schema, name: string) =>
  (value: unknown): ReadonlyArray<ShapeProblem> => {
    const problems: Array<ShapeProblem> = []
    walk({ schema, problems, struct: undefined, fields: [] }, name, value, [])
    return problems
  }

/** A path in Kubernetes' notation: `spec.containers[0].env`. */
export const renderPath = (path: ReadonlyArray<Segment>): string =>
  path
    .map((segment, at) => (typeof segment === 'number' ? `[${segment}]` : at === 0 ? segment : `.${segment}`))
    .join('')

/** `struct` is the innermost object around the value and `fields` lead there and on, absent and empty for the whole document. */
type Walk = {
  readonly schema: Schema
  readonly problems: Array<ShapeProblem>
  readonly struct: string | undefined
  readonly fields: ReadonlyArray<string>
}

type Path = ReadonlyArray<Segment>

const walk = (at: Walk, notation: string, value: unknown, path: Path): void => {
  if (value === null || value === undefined) return
  const type = fieldType(at.schema, notation)
  switch (type._tag) {
    case 'Scalar':
      return checkScalar(at, type.name, value, path)
    case 'List':
      if (!Array.isArray(value)) return wrongType(at, path, value, notation, 'a list')
      return value.forEach((item, index) => {
        walk(at, type.item, item, [...path, index])
      })
    case 'Map':
      if (!isRecord(value)) return wrongType(at, path, value, notation, 'a mapping')
      return Object.entries(value).forEach(([key, item]) => {
        walk(at, type.value, item, [...path, key])
      })
    case 'Object':
      if (!isRecord(value)) return wrongType(at, path, value, notation, 'a mapping')
      return walkObject({ ...at, struct: type.name }, type.definition, value, path)
  }
}

const walkObject = (at: Walk, definition: Definition, value: Readonly<Record<string, unknown>>, path: Path): void => {
  for (const [field, item] of Object.entries(value)) {
    const notation = notationOf(definition, field)
    const fieldPath = [...path, field]
    if (notation !== undefined) walk({ ...at, fields: [...at.fields, field] }, notation, item, fieldPath)
    else {
      const rendered = renderPath(fieldPath)
      at.problems.push({
        _tag: 'UnknownField',
        path: fieldPath,
        field: rendered,
        reason: `unknown field "${rendered}"`,
        known: Object.keys(definition.fields),
      })
    }
  }
}

const checkScalar = (at: Walk, name: ScalarName, value: unknown, path: Path): void => {
  switch (name) {
    case 'any':
      return
    case 'string':
      if (typeof value !== 'string') wrongType(at, path, value, 'string', 'a string')
      return
    case 'time':
      return checkTime(at, value, path, timeProblem)
    case 'microTime':
      return checkTime(at, value, path, microTimeProblem)
    case 'bytes':
      return checkBytes(at, value, path)
    case 'boolean':
      if (typeof value !== 'boolean') wrongType(at, path, value, 'boolean', 'true or false')
      return
    case 'int32':
    case 'int64':
      if (!isInteger(value, name)) wrongType(at, path, value, name, integerWords[name])
      return
    case 'intOrString':
      if (typeof value !== 'string' && !isInteger(value, 'int32'))
        wrongType({ ...at, struct: undefined }, path, value, 'int32', 'an integer or a string')
      return
    case 'quantity':
      return checkQuantity(at, value, path)
  }
}

/** Go reads a time by itself, so what is no text is not told with its field. */
const checkTime = (at: Walk, value: unknown, path: Path, problemOf: typeof timeProblem): void => {
  if (typeof value !== 'string') return wrongType({ ...at, struct: undefined }, path, value, 'string', 'a time')
  const reason = problemOf(value)
  if (reason !== undefined) badText(at, path, value, reason, 'a time such as 2026-01-31T12:00:00Z')
}

const checkBytes = (at: Walk, value: unknown, path: Path): void => {
  if (typeof value !== 'string') return wrongType(at, path, value, 'bytes', 'a text in base64')
  const reason = base64Problem(value)
  if (reason !== undefined) badText(at, path, value, reason, 'a text in base64')
}

const checkQuantity = (at: Walk, value: unknown, path: Path): void => {
  const reason = quantityProblem(typeof value === 'string' || typeof value === 'number' ? String(value) : '')
  if (reason !== undefined) badText(at, path, value, reason, 'a quantity such as 500m, 2 or 1Gi')
}

const badText = (at: Walk, path: Path, value: unknown, reason: string, expected: string): void => {
  at.problems.push({ _tag: 'WrongType', path, field: renderPath(path), reason, expected, found: foundWords(value) })
}

const wrongType = (at: Walk, path: Path, value: unknown, notation: string, expected: string): void => {
  const target =
    at.struct === undefined
      ? `value of type ${goType(at.schema, notation)}`
      : `struct field ${goName(at.struct)}.${at.fields.join('.')} of type ${goTypeOfField(at, notation)}`
  const isNumberOutOfPlace = typeof value === 'number' && (notation === 'int32' || notation === 'int64')
  const found = isNumberOutOfPlace ? `number ${value}` : kindOf(value)
  at.problems.push({
    _tag: 'WrongType',
    path,
    field: renderPath(path),
    reason: `json: cannot unmarshal ${found} into Go ${target}`,
    expected,
    found: foundWords(value),
  })
}

const foundWords = (value: unknown): string =>
  typeof value === 'object' ? (plainKinds[kindOf(value)] ?? '') : JSON.stringify(value)

/** A list that has a type of its own has items of that type too. */
const goTypeOfField = ({ schema, struct, fields }: Walk, notation: string): string => {
  const named = goTypes[`${struct}.${fields[fields.length - 1]}`]
  if (named === undefined) return goType(schema, notation)
  return named.startsWith('[]') && !notation.startsWith('[]') ? named.slice(2) : named
}

const goType = (schema: Schema, notation: string): string => {
  const type = fieldType(schema, notation)
  switch (type._tag) {
    case 'List':
      return `[]${goType(schema, type.item)}`
    case 'Map':
      return type.value === 'quantity' ? 'v1.ResourceList' : `map[string]${goType(schema, type.value)}`
    case 'Object':
      return `v1.${goName(type.name)}`
    case 'Scalar':
      return type.name === 'boolean' ? 'bool' : type.name === 'bytes' ? '[]uint8' : type.name
  }
}

/** What is of the group of events does not repeat that in Go. */
const goName = (definition: string): string => definition.replace(/^Events(?=Event)/, '')

const isInteger = (value: unknown, format: 'int32' | 'int64'): boolean =>
  format === 'int32'
    ? Number.isInteger(value) && Number(value) >= -(2 ** 31) && Number(value) < 2 ** 31
    : Number.isSafeInteger(value)

const integerWords = {
  int32: 'an integer from -2147483648 to 2147483647',
  int64: 'an integer',
}

const kindOf = (value: unknown): string =>
  Array.isArray(value) ? 'array' : typeof value === 'boolean' ? 'bool' : typeof value

const plainKinds: Readonly<Record<string, string>> = { array: 'a list', object: 'a mapping' }

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
