import fc from 'fast-check'
import * as t from 'io-ts'
import { int } from '../../src/domain/codecs.ts'

/** Any value that the codec says is one of its own. Knows the kinds of codecs that stored events are made of, and throws at others. */
export const arbitraryOf = (codec: t.Mixed): fc.Arbitrary<unknown> => {
  if (codec === int) return fc.maxSafeInteger()
  if (codec instanceof t.ExactType) return arbitraryOf(codec.type as t.Mixed)
  if (codec instanceof t.InterfaceType) return fc.record(propsOf(codec, arbitraryOf), plain)
  if (codec instanceof t.UnionType) return fc.oneof(...(codec.types as t.Mixed[]).map(arbitraryOf))
  if (codec instanceof t.KeyofType) return fc.constantFrom(...Object.keys(codec.keys as object))
  if (codec instanceof t.LiteralType) return fc.constant(codec.value as unknown)
  if (codec instanceof t.StringType) return fc.string({ unit: 'binary' })
  if (codec instanceof t.NumberType) return finiteNumber
  if (codec instanceof t.BooleanType) return fc.boolean()
  if (codec instanceof t.NullType) return fc.constant(null)
  if (codec instanceof t.AnyDictionaryType) return fc.dictionary(fc.string(), jsonValue, plain)
  if (codec instanceof t.ReadonlyArrayType) return fc.array(arbitraryOf(codec.type as t.Mixed), { maxLength: 3 })
  throw new Error(`no values are known of ${codec.name}`)
}

/** With the prototype that JSON gives. */
const plain = { noNullPrototype: true }

/** JSON has neither -0 nor numbers that are not finite. */
const finiteNumber = fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => value + 0)

const jsonValue = fc.jsonValue().map((value) => JSON.parse(JSON.stringify(value)) as unknown)

/** The fields of a record's codec, each with what `of` makes of its codec. */
export const propsOf = <A>(codec: t.InterfaceType<t.AnyProps>, of: (codec: t.Mixed) => A): Record<string, A> =>
  Object.fromEntries(Object.entries(codec.props as t.Props).map(([name, prop]) => [name, of(prop)]))
