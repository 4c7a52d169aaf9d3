import { expect, test } from 'vitest'
import { fieldType, scalars, schema } from '../../../src/domain/kubernetes/schema.ts'

const leafOf = (notation: string): string => {
  const type = fieldType(schema, notation)
  return type._tag === 'List' ? leafOf(type.item) : type._tag === 'Map' ? leafOf(type.value) : type.name
}

test('every notation ends in a definition or a known scalar', () => {
  const leaves = Object.values(schema).flatMap(({ fields }) => Object.values(fields).map(leafOf))
  const known = new Set<string>([...Object.keys(schema), ...scalars])
  expect(leaves.filter((leaf) => !known.has(leaf))).toEqual([])
})

test('required fields are fields', () =>
  expect(
    Object.entries(schema).flatMap(([name, { fields, required }]) =>
      required.filter((field) => !Object.hasOwn(fields, field)).map((field) => `${name}.${field}`),
    ),
  ).toEqual([]))

test.each([
  ['JobSpec', 'parallelism', 'int32'],
  ['JobSpec', 'activeDeadlineSeconds', 'int64'],
  ['JobSpec', 'managedBy', 'string'],
  ['PodSpec', 'containers', '[]Container'],
  ['ResourceRequirements', 'limits', 'map[string]quantity'],
  ['EmptyDirVolumeSource', 'sizeLimit', 'quantity'],
  ['HTTPGetAction', 'port', 'intOrString'],
  ['ObjectMeta', 'creationTimestamp', 'time'],
  ['ManagedFieldsEntry', 'fieldsV1', 'any'],
  ['Secret', 'data', 'map[string]bytes'],
  ['LeaseSpec', 'renewTime', 'microTime'],
  ['NodeStatus', 'capacity', 'map[string]quantity'],
  ['UserInfo', 'extra', 'map[string][]string'],
  ['EventsEvent', 'regarding', 'ObjectReference'],
  ['TokenRequestSpec', 'audiences', '[]string'],
])('%s.%s is %s', (name, field, notation) => expect(schema[name]?.fields[field]).toBe(notation))
