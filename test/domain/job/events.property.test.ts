import fc from 'fast-check'
import * as t from 'io-ts'
import { describe, expect, test } from 'vitest'
import { chainStart, seal } from '../../../src/application/log/envelope.ts'
import { readEvent, readMetadata } from '../../../src/application/log/read-event.ts'
import { type JobEvent, jobEvents } from '../../../src/domain/job/events.ts'
import { podObservations } from '../../../src/domain/job/observations.ts'
import { E } from '../../../src/prelude.ts'
import { arbitraryOf, propsOf } from '../../support/arbitrary-of.ts'
import { digest } from '../../support/world.ts'

const codecs: ReadonlyArray<readonly [type: string, codec: t.Mixed]> = Object.entries(jobEvents)
const anyEvent = fc.oneof(...codecs.map(([, codec]) => arbitraryOf(codec) as fc.Arbitrary<JobEvent>))

/** Paths of the fields that the codec complains of. */
const refusedFields = (codec: t.Mixed, value: unknown): ReadonlyArray<string> => {
  const decoded = codec.decode(value)
  return E.isRight(decoded) ? [] : [...new Set(decoded.left.map(({ context }) => pathOf(codec, context)))]
}

/** Members of a union are numbers in the context of an error: a path ends before them. */
const pathOf = (codec: t.Mixed, context: t.Context): string => {
  const path: string[] = []
  let at: t.Decoder<unknown, unknown> = codec
  for (const { key, type } of context.slice(1)) {
    if (at instanceof t.UnionType) break
    path.push(key)
    at = type
  }
  return path.join('.')
}

describe.each(codecs)('%s', (type, codec) => {
  const event = arbitraryOf(codec) as fc.Arbitrary<Readonly<Record<string, unknown>>>
  const fields = fieldsOf(codec)

  test('is written as JSON and read back as the same event', () =>
    fc.assert(
      fc.property(event, (said) => {
        expect(codec.decode(JSON.parse(JSON.stringify(codec.encode(said))))).toStrictEqual(E.right(said))
      }),
    ))

  test('is refused when a field is missing, and the refusal names the field', () => {
    const [said] = fc.sample(event, { numRuns: 1, seed: 1 })
    for (const path of Object.keys(fields)) {
      const bad = changed(said, path.split('.'), undefined)
      expect(refusedFields(codec, bad)).toContainEqual(path)
    }
  })

  test('is refused when a field is of another kind, and the refusal names the field', () => {
    const [said] = fc.sample(event, { numRuns: 1, seed: 2 })
    for (const [path, prop] of Object.entries(fields)) {
      const bad = changed(said, path.split('.'), ofAnotherKind(prop))
      expect(refusedFields(codec, bad)).toContainEqual(path)
    }
  })

  test('bears its own name and its time', () => {
    expect(codec.name).toBe(type)
    expect(fields['at']).toBe(t.number)
    expect(refusedFields(codec, { ...fc.sample(event, 1)[0], type: 'JobRewound' })).toStrictEqual(['type'])
  })
})

/** Every field of a record, those of records within by their paths. */
function fieldsOf(codec: t.Mixed): Readonly<Record<string, t.Mixed>> {
  const record: unknown = codec instanceof t.ExactType ? codec.type : codec
  if (!(record instanceof t.InterfaceType)) return {}
  return Object.fromEntries(
    Object.entries(propsOf(record, (prop) => prop)).flatMap(([name, prop]) => [
      [name, prop],
      ...Object.entries(fieldsOf(prop)).map(([path, inner]) => [`${name}.${path}`, inner] as const),
    ]),
  )
}

const ofAnotherKind = (codec: t.Mixed): unknown => (codec.is('text') ? 7 : 'text of no kind')

/** The record with another value at the path; undefined takes the field away. */
const changed = (record: unknown, [name = '', ...rest]: ReadonlyArray<string>, value: unknown): unknown => {
  const { [name]: before, ...others } = record as Readonly<Record<string, unknown>>
  const after = rest.length === 0 ? value : changed(before, rest, value)
  return after === undefined ? others : { ...others, [name]: after }
}

describe('what events are made of', () => {
  test('whole numbers have no fraction and are safe', () => {
    for (const pod of [0.5, 2 ** 53, Number.NaN, '1', null])
      expect(refusedFields(jobEvents.PodRemoved, { type: 'PodRemoved', pod, at: 1 })).toStrictEqual(['pod'])
  })

  test('a field that version 1 does not have is not kept', () =>
    expect(jobEvents.PodRemoved.decode({ type: 'PodRemoved', pod: 1, at: 1, colour: 'red' })).toStrictEqual(
      E.right({ type: 'PodRemoved', pod: 1, at: 1 }),
    ))

  test.each(Object.entries(podObservations))(
    'the fact %s becomes an event by the number of its Pod alone',
    (_, codec) =>
      fc.assert(
        fc.property(arbitraryOf(codec), fc.nat(), (observation, pod) => {
          const event = { ...(observation as { readonly type: keyof typeof podObservations }), pod }
          expect(jobEvents[event.type].is(event)).toBe(true)
        }),
        { numRuns: 20 },
      ),
  )
})

describe('sealed events', () => {
  const name = fc.string({ unit: 'binary' })
  const origin = fc.record(
    {
      correlationId: name,
      causationId: name,
      actor: fc.record(
        { kind: fc.constantFrom('user' as const, 'saga' as const), name, agent: name },
        { requiredKeys: ['kind', 'name'], noNullPrototype: true },
      ),
      commandId: name,
      seed: name,
    },
    { noNullPrototype: true },
  )

  test('are read back as they were, whoever did it, in one chain', () =>
    fc.assert(
      fc.property(fc.array(anyEvent, { minLength: 1, maxLength: 5 }), origin, (events, by) => {
        const { sealed, hash } = seal(events, by, chainStart, digest)
        const stored = sealed.map((event, revision) => ({ ...event, stream: 's', revision, position: 1n }))
        expect(stored.map((one) => readEvent(one).event)).toStrictEqual(events)
        let previous = chainStart
        for (const one of stored) {
          const { schemaVersion, previous: before, hash: own, ...who } = readMetadata(one)
          expect({ schemaVersion, before, who }).toStrictEqual({ schemaVersion: 1, before: previous, who: by })
          previous = own
        }
        expect(previous).toBe(hash)
      }),
    ))

  test('have other ids at another place of the stream, and the same ids at the same place', () =>
    fc.assert(
      fc.property(anyEvent, origin, (event, by) => {
        const idsBehind = (previous: string) => seal([event, event], by, previous, digest).sealed.map(({ id }) => id)
        expect(idsBehind(chainStart)).toStrictEqual(idsBehind(chainStart))
        expect(new Set([...idsBehind(chainStart), ...idsBehind(digest('elsewhere'))]).size).toBe(4)
      }),
      { numRuns: 30 },
    ))
})
