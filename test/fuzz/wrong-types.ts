import { fieldType, schema } from '../../src/domain/kubernetes/schema.ts'

/**
 * For every definition that a kind leads to, each of its fields once, with values of other types than it has: bodies that are
 * right but for that one place.
 */
export const wrongTypes = (kind: string, base: Readonly<Record<string, unknown>>): ReadonlyArray<string> => {
  const bodies: string[] = []
  const seen = new Set<string>()
  const visit = (name: string, wrap: (value: unknown) => unknown): void => {
    const definition = schema[name]
    if (definition === undefined || seen.has(name)) return
    seen.add(name)
    for (const [field, notation] of Object.entries(definition.fields)) {
      const type = fieldType(schema, notation)
      const inField = (value: unknown): unknown => wrap({ [field]: value })
      for (const value of wrongFor[type._tag === 'Scalar' ? type.name : type._tag] ?? [{}, 1])
        bodies.push(JSON.stringify(merged(base, inField(value))))
      const inner = type._tag === 'Object' ? notation : notation.replace(/^(\[\]|map\[string\])+/, '')
      if (type._tag === 'Object') visit(inner, inField)
      if (type._tag === 'List') visit(inner, (value) => inField([value]))
      if (type._tag === 'Map') visit(inner, (value) => inField({ key: value }))
    }
  }
  visit(kind, (value) => value)
  return bodies
}

const wrongFor: Readonly<Record<string, ReadonlyArray<unknown>>> = {
  string: [1, ['a']],
  boolean: ['true', 0],
  int32: ['1', 2 ** 31],
  int64: ['1', 1e19],
  quantity: [{}, 'many'],
  intOrString: [true, 1.5],
  time: [1, 'yesterday'],
  microTime: [1, 'yesterday'],
  bytes: [1, '%'],
  any: [],
  List: ['a', { a: 1 }],
  Map: ['a', [1]],
  Object: ['a', [1]],
}

/** The base with the odd value laid over it: objects are merged, everything else replaced. */
const merged = (base: unknown, over: unknown): unknown => {
  if (!isObject(base) || !isObject(over)) return over
  const all = { ...base }
  for (const [field, value] of Object.entries(over)) all[field] = field in base ? merged(base[field], value) : value
  return all
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
