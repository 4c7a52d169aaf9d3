import { definitions } from './schema.generated.ts'

/**
 * Kubernetes' objects as data. A field's type is written as `kubectl explain` prints it: `string`, `int32`, `quantity`,
 * `[]Container`, `map[string]string`; a capital letter names another definition.
 */
export type Schema = Readonly<Record<string, Definition>>
export type Definition = {
  readonly fields: Readonly<Record<string, string>>
  readonly required: ReadonlyArray<string>
}

export const schema: Schema = definitions

export const scalars = [
  ...(['string', 'boolean', 'int32', 'int64', 'quantity', 'intOrString'] as const),
  ...(['time', 'microTime', 'bytes', 'any'] as const),
] as const
export type ScalarName = (typeof scalars)[number]

export type FieldType =
  | { readonly _tag: 'Scalar'; readonly name: ScalarName }
  | { readonly _tag: 'List'; readonly item: string }
  | { readonly _tag: 'Map'; readonly value: string }
  | { readonly _tag: 'Object'; readonly name: string; readonly definition: Definition }

/** What a notation such as `[]Container` means in a schema. */
export const fieldType = (in_: Schema, notation: string): FieldType => {
  const types = knownTypes.get(in_) ?? new Map<string, FieldType>()
  knownTypes.set(in_, types)
  const type = types.get(notation) ?? newFieldType(in_, notation)
  types.set(notation, type)
  return type
}

/** A schema has some hundred notations, which are read with every field of every object. */
const knownTypes = new WeakMap<Schema, Map<string, FieldType>>()

const newFieldType = (in_: Schema, notation: string): FieldType => {
  if (notation.startsWith('[]')) return { _tag: 'List', item: notation.slice(2) }
  if (notation.startsWith(mapPrefix)) return { _tag: 'Map', value: notation.slice(mapPrefix.length) }
  const definition = Object.hasOwn(in_, notation) ? in_[notation] : undefined
  return definition === undefined
    ? { _tag: 'Scalar', name: notation as ScalarName }
    : { _tag: 'Object', name: notation, definition }
}

/** Under which name the schema knows a kind: two groups have Events. */
export const definitionName = ({ group, kind }: { readonly group: string; readonly kind: string }): string =>
  group === 'events.k8s.io' && kind === 'Event' ? 'EventsEvent' : kind

/** The notation of a field, absent when the definition has no such field. */
export const notationOf = ({ fields }: Pick<Definition, 'fields'>, field: string): string | undefined =>
  Object.hasOwn(fields, field) ? fields[field] : undefined

const mapPrefix = 'map[string]'

type Definitions = typeof definitions

/** The static type of a definition, all its fields optional, as read from a manifest whose shape was checked. */
export type Shape<Name extends keyof Definitions> = {
  readonly [Field in keyof Definitions[Name]['fields']]?: ValueOf<Definitions[Name]['fields'][Field]>
}

type ValueOf<Notation> = Notation extends `[]${infer Item}`
  ? ReadonlyArray<ValueOf<Item>>
  : Notation extends `map[string]${infer Value}`
    ? Readonly<Record<string, ValueOf<Value>>>
    : Notation extends keyof Definitions
      ? Shape<Notation>
      : Notation extends keyof ScalarValues
        ? ScalarValues[Notation]
        : never

type ScalarValues = {
  readonly string: string
  readonly boolean: boolean
  readonly int32: number
  readonly int64: number
  readonly quantity: string | number
  readonly intOrString: number | string
  readonly time: string
  readonly microTime: string
  readonly bytes: string
  readonly any: unknown
}
