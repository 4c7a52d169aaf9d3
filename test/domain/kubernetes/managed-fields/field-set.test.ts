import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  difference,
  type Fields,
  type FieldSet,
  fieldsOf,
  inOrder,
  intersection,
  isFields,
  pathsOf,
  union,
  without,
  withNamedFields,
} from '../../../../src/domain/kubernetes/managed-fields/field-set.ts'

const keys = ['f:a', 'f:b', 'k:{"name":"x"}', 'v:"y"']

/** What is known of a field, with fields below it down to this depth. */
const fieldsDownTo = (depth: number): fc.Arbitrary<FieldSet> =>
  depth === 0
    ? fc.constantFrom<FieldSet>(null, {})
    : fc
        .tuple(fc.boolean(), fc.dictionary(fc.constantFrom(...keys), fieldsDownTo(depth - 1), { maxKeys: 3 }))
        .map(([isMember, inner]) =>
          fieldsOf(
            isMember,
            Object.entries(inner).flatMap(
              ([key, one]): ReadonlyArray<readonly [string, Fields]> => (one === null ? [] : [[key, one]]),
            ),
          ),
        )

/** Of a whole object, which is no member itself. */
const sets = fieldsDownTo(3).map(
  (one): FieldSet =>
    fieldsOf(
      false,
      Object.entries(one ?? {}).filter(([key]) => key !== '.'),
    ),
)

const membersOf = (set: FieldSet): Set<string> => new Set(pathsOf(set))

describe('a set of fields', () => {
  test('joins, takes away and meets as sets do', () =>
    fc.assert(
      fc.property(sets, sets, (a, b) => {
        const [inA, inB] = [membersOf(a), membersOf(b)]
        expect(membersOf(union(a, b))).toStrictEqual(new Set([...inA, ...inB]))
        expect(membersOf(difference(a, b))).toStrictEqual(new Set([...inA].filter((one) => !inB.has(one))))
        expect(membersOf(intersection(a, b))).toStrictEqual(new Set([...inA].filter((one) => inB.has(one))))
      }),
    ))

  test('says nothing of fields that hold no member', () =>
    fc.assert(
      fc.property(sets, sets, (a, b) => {
        for (const set of [union(a, b), difference(a, b), intersection(a, b)])
          expect(set === null).toBe(pathsOf(set).length === 0)
      }),
    ))

  test('is the same in whatever order it is written, and is known when it comes back', () =>
    fc.assert(
      fc.property(sets, (set) => {
        fc.pre(set !== null)
        expect(inOrder(set)).toStrictEqual(set)
        expect(isFields(JSON.parse(JSON.stringify(set)))).toBe(true)
      }),
    ))

  test('prints its members as Kubernetes does', () =>
    expect(
      pathsOf({
        'f:metadata': { 'f:labels': { '.': {}, 'f:a.b/c': {} }, 'f:finalizers': { 'v:"x/y"': {} } },
        'f:spec': { 'f:ports': { 'k:{"containerPort":80,"protocol":"TCP"}': { '.': {}, 'f:name': {} } } },
      }),
    ).toStrictEqual([
      '.metadata.labels',
      '.metadata.labels.a.b/c',
      '.metadata.finalizers[="x/y"]',
      '.spec.ports[containerPort=80,protocol="TCP"]',
      '.spec.ports[containerPort=80,protocol="TCP"].name',
    ]))

  test('loses a field with everything below it', () => {
    const set = { 'f:metadata': { 'f:name': {}, 'f:labels': { 'f:a': {} } }, 'f:spec': {} }
    expect(without(set, ['f:metadata', 'f:labels'])).toStrictEqual({ 'f:metadata': { 'f:name': {} }, 'f:spec': {} })
    expect(without({ 'f:status': { 'f:ready': {} } }, ['f:status'])).toBeNull()
  })

  test('names the fields that lead to its members, but no elements', () =>
    expect(pathsOf(withNamedFields({ 'f:spec': { 'k:{"name":"x"}': { 'f:image': {} } } }))).toStrictEqual([
      '.spec',
      '.spec[name="x"].image',
    ]))

  test.each([[[]], ['f:a'], [{ a: {} }], [{ 'f:a': 1 }], [{ 'k:name': {} }]])('%j is none', (value) => {
    expect(isFields(value)).toBe(false)
  })
})
