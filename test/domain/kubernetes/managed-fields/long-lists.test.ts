import { describe, expect, test } from 'vitest'
import { comparedFields } from '../../../../src/domain/kubernetes/managed-fields/compared-fields.ts'
import { mergedObject } from '../../../../src/domain/kubernetes/managed-fields/merged-object.ts'
import { schema } from '../../../../src/domain/kubernetes/schema.ts'

const count = 30_000
const variables = (prefix: string) => Array.from({ length: count }, (_, place) => ({ name: `${prefix}${place}` }))
const podWith = (env: ReadonlyArray<object>, finalizers: ReadonlyArray<string> = []) => ({
  metadata: { finalizers },
  spec: { containers: [{ name: 'main', env }] },
})

const msOf = (work: () => unknown): number => {
  const began = performance.now()
  work()
  return performance.now() - began
}

describe('a list of thirty thousand elements', () => {
  test.each([
    ['of which none is there', variables('new')],
    ['in the same order', variables('old')],
    ['in the other order', variables('old').toReversed()],
  ])('is merged in a moment: %s', (_, env) =>
    expect(msOf(() => mergedObject(schema, 'Pod')(podWith(variables('old')), podWith(env)))).toBeLessThan(3000),
  )

  test('is compared in a moment, though all are the same', () => {
    const pod = podWith(
      [],
      Array.from({ length: count }, () => 'a/b'),
    )
    expect(msOf(() => comparedFields(schema, 'Pod')(pod, structuredClone(pod)))).toBeLessThan(3000)
  })
})
