import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { sameValue } from '../../src/domain/same-value.ts'
import {
  applyMergePatch,
  applyMergePatches,
  type MergePatches,
  mergePatchBetween,
  withMergePatch,
} from '../../src/domain/merge-patch.ts'

/** JSON without null, which a merge patch cannot say. */
const { tree } = fc.letrec<{ tree: unknown; record: Record<string, unknown> }>((tie) => ({
  tree: fc.oneof(
    { depthSize: 'small' },
    fc.string(),
    fc.integer(),
    fc.boolean(),
    fc.array(fc.integer()),
    tie('record'),
  ),
  record: fc.dictionary(fc.constantFrom('a', 'b', 'c', '__proto__', 'constructor'), tie('tree'), {
    noNullPrototype: true,
  }),
}))
const record = fc.dictionary(fc.constantFrom('a', 'b', 'c', 'd'), tree, { noNullPrototype: true })

describe('the smallest merge patch', () => {
  test('makes the one of the other', () =>
    fc.assert(
      fc.property(record, record, (before, after) => {
        const patch = mergePatchBetween(before, after)
        expect(sameValue(patch === null ? before : applyMergePatch(before, patch), after)).toBe(true)
      }),
    ))

  test('is none between what is the same', () =>
    fc.assert(fc.property(record, (value) => mergePatchBetween(value, structuredClone(value)) === null)))

  test.each<[what: string, before: object, after: object, patch: object]>([
    ['a field that is new', {}, { a: 1 }, { a: 1 }],
    ['a field that is gone', { a: 1, b: 2 }, { b: 2 }, { a: null }],
    ['a field within', { a: { b: 1, c: 2 } }, { a: { b: 1, c: 3 } }, { a: { c: 3 } }],
    ['a list, which is one value', { a: [1, 2] }, { a: [1, 3] }, { a: [1, 3] }],
  ])('has only %s', (_, before, after, patch) =>
    expect(mergePatchBetween(before as Record<string, unknown>, after as Record<string, unknown>)).toStrictEqual(patch),
  )
})

describe('merge patches one after the other', () => {
  const { patch } = fc.letrec<{ patch: Record<string, unknown> }>((tie) => ({
    patch: fc.dictionary(
      fc.constantFrom('a', 'b', '__proto__'),
      fc.oneof({ depthSize: 'small' }, fc.constant(null), fc.integer(), fc.array(fc.integer()), tie('patch')),
      { noNullPrototype: true },
    ),
  }))

  test('are kept as two that do the same', () =>
    fc.assert(
      fc.property(record, fc.array(patch, { minLength: 1, maxLength: 6 }), (target, patches) => {
        const [first = {}, ...others] = patches
        const together = others.reduce<MergePatches>(withMergePatch, withMergePatch(undefined, first))
        expect(applyMergePatches(target, together)).toStrictEqual(patches.reduce<unknown>(applyMergePatch, target))
      }),
      { numRuns: 1000 },
    ))
})
