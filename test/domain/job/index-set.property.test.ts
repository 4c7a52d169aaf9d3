import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  draftIndexSet,
  emptyIndexSet,
  hasIndex,
  type IndexSet,
  indexesOf,
  lowestFree,
  putIndex,
  renderIndexes,
  sealIndexSet,
} from '../../../src/domain/job/index-set.ts'

/** Indexes near the edges of words (32) and of chunks (1 024), and any others. */
const index = fc.oneof(
  fc.constantFrom(0, 31, 32, 1023, 1024, 1055, 2047, 2048, 99_999),
  fc.nat(70),
  fc.integer({ min: 1000, max: 1100 }),
)
const writes = fc.array(fc.tuple(index, fc.boolean()), { maxLength: 60 })

const written = (before: IndexSet, all: ReadonlyArray<readonly [number, boolean]>): IndexSet => {
  const draft = draftIndexSet(before, {})
  for (const [one, isPresent] of all) putIndex(draft, one, isPresent)
  return sealIndexSet(draft)
}

const plainly = (before: ReadonlySet<number>, all: ReadonlyArray<readonly [number, boolean]>): Set<number> => {
  const set = new Set(before)
  for (const [one, isPresent] of all)
    if (isPresent) set.add(one)
    else set.delete(one)
  return set
}

const sorted = (set: ReadonlySet<number>): ReadonlyArray<number> => [...set].sort((a, b) => a - b)

describe('a set of indexes', () => {
  test('has what a plain set has, rising, and knows how many', () =>
    fc.assert(
      fc.property(writes, index, (all, one) => {
        const set = written(emptyIndexSet, all)
        const plain = plainly(new Set(), all)
        expect([...indexesOf(set)]).toStrictEqual(sorted(plain))
        expect(set.size).toBe(plain.size)
        expect(hasIndex(set, one)).toBe(plain.has(one))
      }),
    ))

  test('stays what it was when a draft of it is written to', () =>
    fc.assert(
      fc.property(writes, writes, (first, second) => {
        const before = written(emptyIndexSet, first)
        const members = [...indexesOf(before)]
        const after = written(before, second)
        expect([...indexesOf(before)]).toStrictEqual(members)
        expect(before.size).toBe(members.length)
        expect([...indexesOf(after)]).toStrictEqual(sorted(plainly(new Set(members), second)))
      }),
    ))

  test('the lowest free index is the lowest that no set has, from a place on and below an end', () =>
    fc.assert(
      fc.property(writes, writes, index, fc.nat(1200), (first, second, from, more) => {
        const end = from + more
        const taken = new Set([...plainly(new Set(), first), ...plainly(new Set(), second)])
        let expected = from
        while (expected < end && taken.has(expected)) expected += 1
        const sets = [written(emptyIndexSet, first), written(emptyIndexSet, second)]
        expect(lowestFree(sets, from, end)).toBe(expected)
      }),
    ))

  test.each([
    [2100, 0, 2100, 2100],
    [2100, 0, 5000, 2100],
    [2100, 10, 1500, 1500],
    [10, 3, 5, 5],
    [10, 3, 11, 10],
    [10, 12, 20, 12],
  ])('of the %i lowest, from %i on and below %i, the lowest free index is %i', (size, from, end, expected) => {
    const set = written(
      emptyIndexSet,
      Array.from({ length: size }, (_, one) => [one, true] as const),
    )
    expect(lowestFree([emptyIndexSet, set], from, end)).toBe(expected)
  })
})

describe('the text of a set of indexes', () => {
  test.each<[indexes: ReadonlyArray<number>, text: string]>([
    [[], ''],
    [[0], '0'],
    [[0, 1], '0,1'],
    [[0, 1, 2], '0-2'],
    [[0, 1, 2, 5, 7, 8, 9], '0-2,5,7-9'],
    [[1, 3, 5], '1,3,5'],
    [[31, 32, 33, 1023, 1024], '31-33,1023,1024'],
  ])('[4.4] %j is %s', (indexes, text) => {
    expect(
      renderIndexes(
        written(
          emptyIndexSet,
          indexes.map((one) => [one, true]),
        ),
      ),
    ).toBe(text)
  })

  test('[4.4] says every member once, and read back it is the same set', () =>
    fc.assert(
      fc.property(writes, (all) => {
        const set = written(emptyIndexSet, all)
        const text = renderIndexes(set)
        const read = (text === '' ? [] : text.split(',')).flatMap((part) => {
          const [first = 0, last = first] = part.split('-').map(Number)
          return Array.from({ length: last - first + 1 }, (_, place) => first + place)
        })
        expect(read).toStrictEqual([...indexesOf(set)])
        for (const [range, first, last] of text.matchAll(/(\d+)-(\d+)/g))
          expect(`${range}: ${Number(last) - Number(first) > 1}`).toBe(`${range}: true`)
      }),
    ))
})
