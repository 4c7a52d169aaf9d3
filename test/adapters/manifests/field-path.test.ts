import { expect, test } from 'vitest'
import { fieldPath } from '../../../src/adapters/manifests/field-path.ts'

test.each<[field: string, path: ReadonlyArray<string | number>]>([
  ['spec.parallelism', ['spec', 'parallelism']],
  ['spec.containers[10].env[0].name', ['spec', 'containers', 10, 'env', 0, 'name']],
  ['spec.limits[example.com/gpu]', ['spec', 'limits', 'example.com/gpu']],
  ['spec.template.labels', ['spec', 'template', 'metadata', 'labels']],
  ['spec.template.annotations', ['spec', 'template', 'metadata', 'annotations']],
  ['spec.template.metadata.labels[a.b/c]', ['spec', 'template', 'metadata', 'labels', 'a.b/c']],
  ['spec.template.spec', ['spec', 'template', 'spec']],
])('%s', (field, path) => expect(fieldPath(field)).toEqual(path))

test('a long row of brackets is read at once', () => expect(fieldPath('['.repeat(1_000_000))).toHaveLength(1))
