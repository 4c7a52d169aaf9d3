import { expect, test } from 'vitest'
import { protobufToJson } from '../../../../../src/adapters/kube-api/body/protobuf/protobuf-to-json.ts'
import { E } from '../../../../../src/prelude.ts'
import { protobufBody, run } from '../../../../support/protobuf.ts'

const job = { group: 'batch', version: 'v1', kind: 'Job' }
const hex = (digits: string) => Uint8Array.from(Buffer.from(digits, 'hex'))
const read = (bytes: Uint8Array, expected = job) => {
  const json = protobufToJson(expected, bytes)
  return E.isLeft(json) ? json.left : (JSON.parse(json.right) as unknown)
}

test('a Job as Go writes it is read with what was set, and without what was not', () =>
  expect(
    read(
      hex(
        '6b3873000a0f0a0862617463682f763112034a6f621282010a110a017812001a0022002a0032003800420012630800325d0a100a0012001a0022002a00320038004200124912260a0163120762757379626f781a04747275652a0042006a007200800100880100900100a201001a054e65766572320042004a0052005800600068008201008a01009a0100c2010050001a082000280030003a001a002200',
      ),
    ),
  ).toEqual({
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: { name: 'x' },
    spec: {
      parallelism: 0,
      suspend: false,
      template: {
        metadata: {},
        spec: {
          restartPolicy: 'Never',
          containers: [{ name: 'c', image: 'busybox', command: ['true'], resources: {} }],
          securityContext: undefined,
        },
      },
    },
    status: {},
  }))

test('a question whether something is allowed', () =>
  expect(
    read(
      hex(
        '6b3873000a320a17617574686f72697a6174696f6e2e6b38732e696f2f7631121753656c665375626a656374416363657373526576696577123c0a100a0012001a0022002a00320038004200121e0a1c0a0764656661756c7412036765741a0022002a04706f647332003a001a08080012001a0020001a002200',
      ),
      { group: 'authorization.k8s.io', version: 'v1', kind: 'SelfSubjectAccessReview' },
    ),
  ).toEqual({
    apiVersion: 'authorization.k8s.io/v1',
    kind: 'SelfSubjectAccessReview',
    metadata: {},
    spec: { resourceAttributes: { namespace: 'default', verb: 'get', resource: 'pods' } },
    status: { allowed: false },
  }))

test('the options of a deletion name the group of what they are for', () =>
  expect(
    read(
      hex('6b3873000a190a0862617463682f7631120d44656c6574654f7074696f6e73120e0800220a4261636b67726f756e641a002200'),
      { group: 'meta.k8s.io', version: 'v1', kind: 'DeleteOptions' },
    ),
  ).toEqual({
    apiVersion: 'batch/v1',
    kind: 'DeleteOptions',
    gracePeriodSeconds: 0,
    propagationPolicy: 'Background',
  }))

test('an Event of the newer group has other fields than one of the core', () => {
  const event = { apiVersion: 'events.k8s.io/v1', kind: 'Event', note: 'seen', regarding: { name: 'x' } }
  const expected = { group: 'events.k8s.io', version: 'v1', kind: 'Event' }
  expect(read(protobufBody(event), expected)).toEqual(event)
})

test('of a kind that is not known only version and kind are told', () =>
  expect(read(protobufBody({ apiVersion: 'apps/v1', kind: 'Deployment' }))).toEqual({
    apiVersion: 'apps/v1',
    kind: 'Deployment',
  }))

test('version and kind may be left out', () =>
  expect(read(Uint8Array.from([...hex('6b387300'), ...run(2, run(2, [8, 3]))]))).toEqual({
    apiVersion: '',
    kind: '',
    spec: { parallelism: 3 },
  }))

const unrecognized = (why: string, summary: string) =>
  `the object provided is unrecognized (must be of type Job): ${why} (${summary})`
const prefix = 'provided data does not appear to be a protobuf message, expected prefix [107 56 115 0]'

test.each<[what: string, digits: string, message: string]>([
  ['no bytes', '', unrecognized('empty data', '<empty>')],
  ['JSON', Buffer.from('{"kind":"Job"}').toString('hex'), unrecognized(prefix, '{"kind":"Job"}')],
  ['two of the four bytes', '6b38', unrecognized(prefix, '6b38')],
  ['nothing behind the four bytes', '6b387300', unrecognized('empty body', '6b387300')],
  ['an envelope that is cut short', '6b3873000a0f0a08', unrecognized('unexpected EOF', '6b3873000a0f0a08')],
  [
    'an object that is cut short',
    '6b3873001203120200',
    'Job in version "v1" cannot be handled as a Job: unexpected EOF',
  ],
  [
    'a field of another form',
    '6b38730012050a03080111',
    'Job in version "v1" cannot be handled as a Job: proto: wrong wireType = 0 for field Name',
  ],
])('what cannot be read is refused: %s', (_, digits, message) => expect(read(hex(digits))).toBe(message))
