import type { ScalarName, Schema } from '../schema.ts'
import { member, pathsOf } from './field-set.ts'
import { elementKey, isObject, type Json, placeBelow, placeOf, placeOfElement, type TypedPlace } from './typed-place.ts'

/** Why an object of this kind cannot be applied, in the words of Kubernetes; null when it can. */
export const typedProblem = (schema: Schema, kind: string, object: Json): string | null => {
  const problems = [...problemsAt(schema, placeOf(schema, kind), object, '')]
  const [only] = problems
  if (only === undefined) return null
  return problems.length === 1 ? only : ['errors:', ...problems.map((problem) => `  ${problem}`)].join('\n')
}

const problemsAt = (schema: Schema, place: TypedPlace, value: unknown, path: string): ReadonlyArray<string> => {
  if (value === null || value === undefined) return []
  const wrong = (expected: string): ReadonlyArray<string> => [`${path}: expected ${expected}, got &{${goText(value)}}`]
  switch (place._tag) {
    case 'Leaf':
      if (place.isList) return Array.isArray(value) ? [] : wrong('list')
      return isScalar(place.scalar, value) ? [] : wrong(words[place.scalar ?? 'any'] ?? 'string')
    case 'Struct':
    case 'Map':
      if (!isObject(value)) return wrong('map')
      return Object.entries(value).flatMap(([field, inner]) => {
        const below = placeBelow(schema, place, field)
        const here = `${path}.${field}`
        return below === undefined ? [`${here}: field not declared in schema`] : problemsAt(schema, below, inner, here)
      })
    case 'Keyed':
    case 'Set':
      return Array.isArray(value) ? listProblems(schema, place, value, path) : wrong('list')
  }
}

type Listed = Extract<TypedPlace, { _tag: 'Keyed' | 'Set' }>

const listProblems = (
  schema: Schema,
  place: Listed,
  list: ReadonlyArray<unknown>,
  path: string,
): ReadonlyArray<string> => {
  const seen = new Set<string>()
  return list.flatMap((element, index) => {
    const key = elementKey(place, element)
    if (key === null) {
      const lacking = place._tag === 'Keyed' ? place.keys.find((name) => !(isObject(element) && name in element)) : ''
      return [
        `${path}: element ${index}: associative list with keys has an element that omits key field ${JSON.stringify(lacking)} (and doesn't have default value)`,
      ]
    }
    const [here = ''] = pathsOf({ [key]: member })
    const isRepeated = seen.has(key)
    seen.add(key)
    return isRepeated
      ? [`${path}: duplicate entries for key ${here}`]
      : problemsAt(schema, placeOfElement(schema, place.item), element, `${path}${here}`)
  })
}

const isScalar = (name: ScalarName | null, value: unknown): boolean => {
  switch (name) {
    case 'boolean':
      return typeof value === 'boolean'
    case 'int32':
    case 'int64':
      return typeof value === 'number'
    case 'string':
    case 'bytes':
      return typeof value === 'string'
    case 'time':
    case 'microTime':
    case 'quantity':
    case 'intOrString':
      return typeof value === 'string' || typeof value === 'number'
    default:
      return true
  }
}

const words: Readonly<Record<string, string>> = {
  boolean: 'boolean',
  int32: 'numeric (int or float)',
  int64: 'numeric (int or float)',
}

/** As Go's printer shows a value of JSON. */
const goText = (value: unknown): string => {
  if (Array.isArray(value)) return `[${value.map(goText).join(' ')}]`
  if (isObject(value))
    return `map[${Object.entries(value)
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, inner]) => `${key}:${goText(inner)}`)
      .join(' ')}]`
  return value === null ? '<nil>' : typeof value === 'string' ? value : JSON.stringify(value)
}
