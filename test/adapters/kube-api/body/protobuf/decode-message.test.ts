import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { decodeMessage } from '../../../../../src/adapters/kube-api/body/protobuf/decode-message.ts'
import { WireProblem } from '../../../../../src/adapters/kube-api/body/protobuf/wire.ts'
import { messageOf } from '../../../../../src/domain/kubernetes/messages.ts'
import { schema } from '../../../../../src/domain/kubernetes/schema.ts'
import { encodeMessage, normalObject, run } from '../../../../support/protobuf.ts'

const bytes = (...parts: ReadonlyArray<number | ReadonlyArray<number>>) => Uint8Array.from(parts.flat())

describe('a message of protobuf becomes the JSON that it stands for', () => {
  test.each(Object.keys(schema).toSorted())('%s', (definition) =>
    fc.assert(
      fc.property(normalObject(definition), (object) => {
        expect(decodeMessage(definition, bytes(encodeMessage(definition, object)))).toEqual(object)
      }),
      { numRuns: 20 },
    ),
  )
})

test('bytes that are no message are refused with one sentence, and nothing else is thrown', () =>
  fc.assert(
    fc.property(
      fc.constantFrom('Job', 'Pod', 'Secret', 'Lease', 'Node'),
      fc.uint8Array({ maxLength: 60 }),
      (definition, noise) => {
        try {
          expect(typeof decodeMessage(definition, noise)).toBe('object')
        } catch (problem) {
          expect(problem).toBeInstanceOf(WireProblem)
        }
      },
    ),
  ))

test('a message that is cut short anywhere is refused, or is another message', () => {
  const whole = bytes(encodeMessage('JobSpec', { parallelism: 3, template: { spec: { containers: [{ name: 'c' }] } } }))
  const problems = whole.slice(0, -1).reduce<ReadonlyArray<unknown>>((seen, _, length) => {
    try {
      decodeMessage('JobSpec', whole.slice(0, length))
      return seen
    } catch (problem) {
      return [...seen, problem]
    }
  }, [])
  expect(problems.length).toBeGreaterThan(whole.length / 2)
  expect(problems.every((problem) => problem instanceof WireProblem)).toBe(true)
})

test.each<[what: string, definition: string, message: Uint8Array, object: object]>([
  ['numbers may be packed', 'PodSecurityContext', bytes(run(4, [1, 2, 0x80, 1])), { supplementalGroups: [1, 2, 128] }],
  ['or come one by one', 'PodSecurityContext', bytes(0x20, 1, 0x20, 2), { supplementalGroups: [1, 2] }],
  [
    'a negative number has ten bytes',
    'JobSpec',
    bytes(8, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 1),
    { parallelism: -1 },
  ],
  ['the last value of a field counts', 'JobSpec', bytes(8, 1, 8, 2), { parallelism: 2 }],
  ['the last value of a field that it empties counts too', 'ObjectMeta', bytes(run(1, [0x61]), run(1, [])), {}],
  [
    'pieces of an object are one object',
    'Job',
    bytes(run(2, [8, 1]), run(2, [16, 2])),
    { spec: { parallelism: 1, completions: 2 } },
  ],
  ['a time that is not set is left out', 'ObjectMeta', bytes(run(8, [])), {}],
  [
    'the first second of 1970 is a time',
    'ObjectMeta',
    bytes(run(8, [8, 0, 16, 0])),
    { creationTimestamp: '1970-01-01T00:00:00Z' },
  ],
  [
    'nanoseconds become microseconds',
    'LeaseSpec',
    bytes(run(4, [8, 1, 16, 0xff, 0x93, 0xeb, 0xdc, 3])),
    { renewTime: '1970-01-01T00:00:01.999999Z' },
  ],
  [
    'unknown numbers are passed over, whatever their form',
    'JobSpec',
    bytes(
      0x98,
      6,
      1,
      0x99,
      6,
      [1, 2, 3, 4, 5, 6, 7, 8],
      0x9d,
      6,
      [1, 2, 3, 4],
      0x9b,
      6,
      [8, 1, 0x1b, 0x1c],
      0x9c,
      6,
      8,
      3,
    ),
    { parallelism: 3 },
  ],
  ['a map may lack a key or a value', 'ObjectMeta', bytes(run(11, [])), { labels: { '': '' } }],
  [
    'an embedded message gives its fields',
    'Volume',
    bytes(run(1, [0x76]), run(2, run(2, run(1, [0x4d])))),
    { name: 'v', emptyDir: { medium: 'M' } },
  ],
])('%s', (_, definition, message, object) => expect(decodeMessage(definition, message)).toEqual(object))

test.each<[what: string, message: Uint8Array, problem: string]>([
  ['a field of another form', bytes(run(1, [1])), 'proto: wrong wireType = 2 for field Parallelism'],
  ['a run that is longer than the message', bytes(0x32, 9, 1), 'unexpected EOF'],
  ['a number without an end', bytes(8, 0x80), 'unexpected EOF'],
  [
    'a number of more than ten bytes',
    bytes(
      8,
      Array.from({ length: 11 }, () => 0xff),
    ),
    'proto: integer overflow',
  ],
  [
    'a length below zero',
    bytes(0x32, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 1),
    'proto: negative length found during unmarshaling',
  ],
  ['the end of a group without a beginning', bytes(0x0c), 'proto: wiretype end group for non-group'],
  ['a form that there is not', bytes(0x0e), 'proto: illegal wireType 6'],
  ['number 0', bytes(0x00, 1), 'proto: illegal tag 0 (wire type 0)'],
])('what is no message is told in the words of Kubernetes: %s', (_, message, problem) =>
  expect(() => decodeMessage('JobSpec', message)).toThrow(problem),
)

test('a member that no object may have is refused', () =>
  expect(() =>
    decodeMessage('ObjectMeta', bytes(run(11, [...run(1, [...Buffer.from('__proto__')]), ...run(2, [0x78])]))),
  ).toThrow('a member may not be called'))

test('groups within groups are passed over, however deep', () => {
  const [begin, end] = [0x98 | 3, 0x98 | 4].map((tag) => Array.from({ length: 200_000 }, () => [tag, 6]).flat())
  expect(decodeMessage('JobSpec', bytes(begin!, end!, 8, 3))).toEqual({ parallelism: 3 })
})

test('no message leads back to itself, so that no body is deeper than the schema', () => {
  const leadsBack = (definition: string, above: ReadonlyArray<string>): boolean =>
    above.includes(definition) ||
    Object.values(schema[definition]?.fields ?? {})
      .map((notation) => notation.replace(/^(\[\]|map\[string\])+/, ''))
      .some((inner) => messageOf(inner) !== undefined && leadsBack(inner, [...above, definition]))
  expect(Object.keys(schema).filter((definition) => leadsBack(definition, []))).toEqual([])
})
