import { expect, test } from 'vitest'
import { mergeKeyOf } from '../../../../src/adapters/kube-api/patches/merge-keys.ts'
import { fieldType, schema } from '../../../../src/domain/kubernetes/schema.ts'

const merged = Object.entries(schema).flatMap(([definition, { fields }]) =>
  Object.entries(fields).flatMap(([field, notation]) => {
    const key = mergeKeyOf(definition, field)
    return key === undefined ? [] : [{ name: `${definition}.${field}`, key, type: fieldType(schema, notation) }]
  }),
)

test('lists that are merged have items with that key, or are lists of texts', () => {
  const wrong = merged.filter(({ key, type }) => {
    if (type._tag !== 'List') return true
    const item = fieldType(schema, type.item)
    return key === null ? type.item !== 'string' : item._tag !== 'Object' || !Object.hasOwn(item.definition.fields, key)
  })
  expect(wrong.map(({ name }) => name)).toEqual([])
  expect(merged).toHaveLength(32)
})
