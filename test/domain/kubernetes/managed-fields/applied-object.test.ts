import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { managerText } from '../../../../src/domain/kubernetes/managed-fields/applied-object.ts'
import {
  type FieldSet,
  intersection,
  pathsOf,
  union,
} from '../../../../src/domain/kubernetes/managed-fields/field-set.ts'
import { fieldsIn } from '../../../../src/domain/kubernetes/managed-fields/fields-in.ts'
import type { Entries } from '../../../../src/domain/kubernetes/managed-fields/entries.ts'
import { updatedEntries } from '../../../../src/domain/kubernetes/managed-fields/updated-entries.ts'
import { E } from '../../../../src/prelude.ts'
import { applied, apply, configurations, configurationsWith, nobodys, ofJobs, writer } from './configurations.ts'

const fieldsOfJob = fieldsIn(ofJobs.schema, ofJobs.kind)

const byName = (entries: Entries) => new Map(entries.map(({ manager, fieldsV1 }) => [manager, fieldsV1]))

describe('applying', () => {
  test('twice changes nothing the second time', () =>
    fc.assert(
      fc.property(configurations, configurations, (theirs, mine) => {
        const once = applied('mine', mine, applied('theirs', theirs, nobodys), true)
        expect(applied('mine', mine, once)).toStrictEqual(once)
      }),
    ))

  test('of fields that nobody else has comes to the same in any order', () =>
    fc.assert(
      fc.property(configurationsWith('one-'), configurationsWith('other-'), (one, other) => {
        expect(intersection(fieldsOfJob(one), fieldsOfJob(other))).toBeNull()
        const first = applied('other', other, applied('one', one, nobodys))
        const second = applied('one', one, applied('other', other, nobodys))
        expect(byName(first.entries)).toStrictEqual(byName(second.entries))
        expect(membersOf(first.live)).toStrictEqual(membersOf(second.live))
      }),
    ))

  test('by force leaves what the applier says, and nobody else with another opinion', () =>
    fc.assert(
      fc.property(configurations, configurations, (theirs, mine) => {
        const { live, entries } = applied('mine', mine, applied('theirs', theirs, nobodys), true)
        expect(applied('again', mine, { live, entries }).live).toStrictEqual(live)
        expect(byName(entries).get('mine') ?? null).toStrictEqual(fieldsOfJob(mine))
      }),
    ))

  test('is refused exactly when force would take something from others', () =>
    fc.assert(
      fc.property(configurations, configurations, (theirs, mine) => {
        const before = applied('theirs', theirs, nobodys)
        const outcome = apply('mine', mine, before)
        const taken = byName(applied('mine', mine, before, true).entries).get('theirs')
        const isTaken = pathsOf(taken ?? null).length < pathsOf(byName(before.entries).get('theirs') ?? null).length
        expect(E.isLeft(outcome)).toBe(isTaken)
      }),
    ))

  test('takes away what the applier does not say any more, unless others say it too', () =>
    fc.assert(
      fc.property(configurations, configurations, (before, after) => {
        const stand = applied('mine', after, applied('mine', before, nobodys))
        expect(membersOf(stand.live)).toStrictEqual(membersOf(applied('mine', after, nobodys).live))
        const shared = applied('mine', after, applied('other', before, applied('mine', before, nobodys)), true)
        const kept = byName(shared.entries).get('other') ?? null
        expect(new Set(pathsOf(intersection(fieldsOfJob(shared.live ?? {}), kept)))).toStrictEqual(
          new Set(pathsOf(kept)),
        )
      }),
    ))

  test('leaves what the server and others have put into the lists that are shared', () => {
    const job = (...containers: ReadonlyArray<unknown>) => ({ spec: { template: { spec: { containers } } } })
    const stand = applied('one', job({ name: 'main', image: 'a' }, { name: 'side', image: 'a' }), nobodys)
    const both = applied('two', job({ name: 'new', image: 'b' }, { name: 'side', tty: true }), stand)
    expect(both.live).toStrictEqual(
      job({ name: 'main', image: 'a' }, { name: 'new', image: 'b' }, { name: 'side', image: 'a', tty: true }),
    )
    const left = applied('one', job({ name: 'main', image: 'a' }), both)
    expect(left.live).toStrictEqual(
      job({ name: 'main', image: 'a' }, { name: 'new', image: 'b' }, { name: 'side', tty: true }),
    )
  })

  test('asks whoever wrote the object before there were managers', () => {
    const live = { metadata: { labels: { a: '1' } }, spec: { suspend: true, parallelism: 1 } }
    const outcome = apply('mine', { spec: { suspend: false } }, { live, entries: [] })
    expect(E.isLeft(outcome) && outcome.left.map(({ entry, path }) => [managerText(entry), path])).toStrictEqual([
      ['"before-first-apply" using batch/v1', '.spec.suspend'],
    ])
    const { entries } = applied('mine', { spec: { suspend: false } }, { live, entries: [] }, true)
    expect(byName(entries)).toStrictEqual(
      new Map([
        ['mine', { 'f:spec': { 'f:suspend': {} } }],
        [
          'before-first-apply',
          { 'f:metadata': { 'f:labels': { '.': {}, 'f:a': {} } }, 'f:spec': { 'f:parallelism': {} } },
        ],
      ]),
    )
  })

  test('a status is applied beside the rest', () => {
    const { entries } = applied('mine', { spec: { suspend: true }, status: { ready: 1 } }, nobodys)
    expect(byName(entries)).toStrictEqual(new Map([['mine', { 'f:spec': { 'f:suspend': {} } }]]))
  })
})

describe('a change', () => {
  const update = (manager: string, before: object, after: object, entries: Entries) =>
    updatedEntries(ofJobs, { entries, before: { ...before }, after: { ...after }, writer: writer(manager) })

  test('gives the writer what is new or different, and takes it from everybody', () =>
    fc.assert(
      fc.property(configurations, configurations, (theirs, mine) => {
        const { live, entries } = applied('theirs', theirs, nobodys)
        fc.pre(entries.length > 0 && live !== null)
        const after = byName(update('mine', live, mine, entries))
        const all = [...after.values()].reduce((set: FieldSet, one) => union(set, one), null)
        expect(intersection(after.get('mine') ?? null, after.get('theirs') ?? null)).toBeNull()
        expect(new Set(pathsOf(intersection(fieldsOfJob(mine), all)))).toStrictEqual(membersOf(mine))
      }),
    ))

  test('of nothing leaves everything, the times too', () =>
    fc.assert(
      fc.property(configurations, (config) => {
        const { live, entries } = applied('mine', config, nobodys)
        expect(update('other', live ?? {}, live ?? {}, entries)).toBe(entries)
      }),
    ))

  test('of an object whose managers are not known makes none known', () =>
    expect(update('mine', {}, { spec: { suspend: true } }, [])).toStrictEqual([]))

  test('an eleventh manager joins the oldest ones', () => {
    let entries: Entries = applied('first', { spec: { suspend: true } }, nobodys).entries
    for (let count = 10; count <= 21; count += 1)
      entries = updatedEntries(ofJobs, {
        entries,
        before: {},
        after: { metadata: { labels: { [`l${count}`]: '' } } },
        writer: { ...writer(`m${count}`), time: `2026-01-01T00:00:${count}Z` },
      })
    expect(entries.map(({ manager }) => manager)).toStrictEqual([
      'first',
      'ancient-changes',
      ...['m13', 'm14', 'm15', 'm16', 'm17', 'm18', 'm19', 'm20', 'm21'],
    ])
    expect(pathsOf(byName(entries).get('ancient-changes') ?? null)).toContain('.metadata.labels.l12')
  })
})

const membersOf = (object: object | null): ReadonlySet<string> => new Set(pathsOf(fieldsOfJob({ ...object })))
