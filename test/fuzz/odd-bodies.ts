import type { Dice } from './dice.ts'

/** JSON that is none, or says what nobody expects. */
export const oddJson = (dice: Dice): string => {
  const depth = dice.oneOf([100, 499, 501, 10_000, 100_000])
  return dice.pick<string>([
    [1, () => '['.repeat(depth)],
    [1, () => `${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}`],
    [1, () => `{"spec":{"template":${'['.repeat(depth)}${']'.repeat(depth)}}}`],
    [
      1,
      () => `{"metadata":{"name":"job","labels":{${Array.from({ length: 3000 }, (_, at) => `"a${at}":"b"`).join()}}}}`,
    ],
    [1, () => `{"metadata":{"name":${JSON.stringify('x'.repeat(100_000))}}}`],
    [2, () => `{"__proto__":{"polluted":1},"metadata":{"name":"job"}}`],
    [2, () => `{"metadata":{"name":"job","labels":{"__proto__":"x","constructor":"y"}}}`],
    [2, () => `{"constructor":{"prototype":{"polluted":1}},"metadata":{"name":"job"}}`],
    [1, () => '{"metadata":{"name":"a","name":"b"},"metadata":{"name":"c"}}'],
    [
      4,
      () =>
        dice.oneOf(['null', 'true', '1', '""', '"\\ud800"', '[]', '{}', '[{}]', '{"a":1}x', "{'a':1}", '{,}', '﻿{}']),
    ],
    [
      2,
      () =>
        `{"spec":{"parallelism":${dice.oneOf(['1e400', '-0', '1e9', '01', '0x1', '1.', '.5', 'NaN', '2147483648'])}}}`,
    ],
    [
      3,
      () => JSON.stringify([{ op: dice.oneOf(ops), path: dice.oneOf(pointers), from: dice.oneOf(pointers), value: 1 }]),
    ],
    [3, () => JSON.stringify({ spec: { template: { spec: { containers: [dice.oneOf(directives)] } } } })],
    [2, () => JSON.stringify({ metadata: { [dice.oneOf(['finalizers', 'ownerReferences'])]: dice.oneOf(odd) } })],
    [
      2,
      () => JSON.stringify({ [dice.oneOf(['$patch', '$retainKeys', '$setElementOrder/a', 'kind'])]: dice.oneOf(odd) }),
    ],
    [
      2,
      () =>
        JSON.stringify({ target: dice.oneOf(odd), deleteOptions: dice.oneOf(odd), apiVersion: 'v1', kind: 'Binding' }),
    ],
    [1, () => JSON.stringify({ metadata: { name: 'new', resourceVersion: '7' } })],
  ])
}

const odd: ReadonlyArray<unknown> = [
  null,
  '',
  'a',
  0,
  -1,
  1.5,
  true,
  [],
  {},
  [null],
  [[]],
  [{}],
  ['a', 'a'],
  { $patch: 'x' },
]
const ops = ['add', 'remove', 'replace', 'move', 'copy', 'test', 'x', '']
const pointers = [
  '',
  '/',
  '/spec',
  '/spec/',
  '/metadata/name',
  '/spec/template/spec/containers/-',
  '/a/b/c',
  '~',
  '/~2',
  '/__proto__/x',
  '/spec/template/spec/containers/99999999999',
]
const directives: ReadonlyArray<unknown> = [
  { $patch: 'delete', name: 'main' },
  { $patch: 'replace' },
  { $patch: 'x', name: 'main' },
  { $patch: 1 },
  { image: 'x' },
  { name: null },
  { name: {} },
  'main',
  null,
]

/** Some bytes of something changed, doubled, taken away, or the end cut off. */
export const spoil = (dice: Dice, bytes: Buffer): Buffer => {
  let spoilt = bytes
  for (let times = 1 + dice.below(3); times > 0; times -= 1) {
    const place = dice.below(spoilt.length + 1)
    const [before, behind] = [spoilt.subarray(0, place), spoilt.subarray(place)]
    spoilt = dice.pick<Buffer>([
      [3, () => Buffer.concat([before, dice.bytes(1), behind.subarray(1)])],
      [1, () => Buffer.concat([before, dice.bytes(1 + dice.below(8)), behind])],
      [1, () => Buffer.concat([before, behind.subarray(dice.below(20))])],
      [1, () => Buffer.concat([before, behind.subarray(0, 10), behind])],
      [1, () => (before.length === 0 ? spoilt : before)],
    ])
  }
  return spoilt.length === 0 ? bytes : spoilt
}

/** Kubernetes' envelope around nonsense, or not even that. */
export const oddProtobuf = (dice: Dice): Buffer => {
  const field = (number: number, content: Buffer): Buffer =>
    Buffer.concat([Buffer.from([(number << 3) | 2]), varint(content.length), content])
  const raw = dice.pick<Buffer>([
    [2, () => dice.bytes(dice.below(60))],
    [2, () => field(1, field(1, Buffer.from('job')))],
    [1, () => field(2, field(6, dice.bytes(20)))],
    [1, () => Buffer.concat(Array.from({ length: 500 }, () => Buffer.from([0x0a, 0x02])))],
    [1, () => nested(dice.oneOf([50, 2000]), field)],
    [1, () => Buffer.from([0x0a, 0xff, 0xff, 0xff, 0xff, 0x0f])],
    [1, () => Buffer.from([0x0a, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x01])],
  ])
  const type = Buffer.concat([
    field(1, Buffer.from(dice.oneOf(['v1', 'batch/v1', '', '\xff']))),
    field(2, Buffer.from(dice.oneOf(['Job', 'Pod', 'DeleteOptions', 'SubjectAccessReview', '__proto__', 'toString']))),
  ])
  const whole = Buffer.concat([Buffer.from('k8s\0'), field(1, type), field(2, raw)])
  return dice.chance(3) ? spoil(dice, whole) : whole
}

const nested = (depth: number, field: (number: number, content: Buffer) => Buffer): Buffer => {
  let content = Buffer.from([])
  for (let level = 0; level < depth; level += 1) content = Buffer.from(field(1 + (level % 3), content))
  return content
}

const varint = (value: number): Buffer => {
  const bytes: number[] = []
  for (let left = value; ; left >>>= 7) {
    if (left < 0x80) return Buffer.from([...bytes, left])
    bytes.push((left & 0x7f) | 0x80)
  }
}
