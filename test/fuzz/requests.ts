import type { Dice } from './dice.ts'
import { wrongTypes } from './wrong-types.ts'

/** A request as bytes, with what made it; `mayBeCut`: it may have no end. */
export type FuzzRequest = {
  readonly from: string
  readonly bytes: Buffer
  readonly mayBeCut: boolean
  /** It must not be done. */
  readonly isRefused?: boolean
}

/**
 * Makes the request of a place: first every field of every kind that is served with values of other types, which must be refused, then what the
 * dice say. `corpus`: requests in the form of the files, with `{{token}}` where the token belongs.
 */
export const requestMaker = (token: string, corpus: ReadonlyMap<string, Buffer>) => {
  const wrong = Object.entries(places).flatMap(([path, { kind, base }]) =>
    wrongTypes(kind, base).map((body): Written => ({ method: 'POST', path, body })),
  )
  const files = [...corpus]

  const fromFile = (dice: Dice): FuzzRequest => {
    const [name, bytes] = dice.oneOf(files)
    const spoilt = spoil(dice, bytes)
    return { from: name, bytes: withToken(spoilt, token), mayBeCut: true }
  }

  return (place: number, dice: Dice): FuzzRequest => {
    const written = (from: string, request: Written): FuzzRequest => ({ from, ...bytesOf(request, token) })
    const systematic = wrong[place]
    if (systematic !== undefined) return { ...written('a wrong type', systematic), isRefused: true }
    return dice.pick<FuzzRequest>([
      [2, () => written('a wrong type patched', { ...anyWrite(dice), body: dice.oneOf(wrong).body ?? '' })],
      [4, () => written('odd JSON', { ...anyWrite(dice), body: oddJson(dice) })],
      [2, () => written('a spoilt object', { ...anyWrite(dice), body: spoil(dice, Buffer.from(goodBody(dice))) })],
      [2, () => written('protobuf', { ...anyWrite(dice), type: protobufType, body: oddProtobuf(dice) })],
      [3, () => written('an odd address', oddAddress(dice))],
      [2, () => written('odd headers', oddHeaders(dice))],
      [1, () => written('what is right', goodWrite(dice))],
      [2, () => fromFile(dice)],
      [1, () => ({ from: 'bytes', bytes: dice.bytes(1 + dice.below(200)), mayBeCut: true })],
    ])
  }
}

/** With the token that the server wants, at the placeholder. */
export const withToken = (bytes: Buffer, token: string): Buffer =>
  Buffer.from(bytes.toString('latin1').replaceAll('{{token}}', token), 'latin1')

type Written = {
  readonly method: string
  readonly path: string
  readonly type?: string
  readonly headers?: ReadonlyArray<string>
  readonly body?: string | Buffer
}

const bytesOf = ({ method, path, type = 'application/json', headers = [], body = '' }: Written, token: string) => {
  const content = Buffer.from(body)
  const head = [
    `${method} ${path} HTTP/1.1`,
    'Host: localhost',
    `Authorization: Bearer ${token}`,
    'Connection: close',
    ...(type === '' ? [] : [`Content-Type: ${type}`]),
    `Content-Length: ${content.length}`,
    ...headers,
  ]
  return { bytes: Buffer.concat([Buffer.from(`${head.join('\r\n')}\r\n\r\n`, 'latin1'), content]), mayBeCut: false }
}

const template = {
  spec: { restartPolicy: 'Never', containers: [{ name: 'main', image: 'busybox', command: ['true'] }] },
}
const at = (group: string, plural: string): string =>
  `/${group === 'v1' ? 'api' : 'apis'}/${group}/namespaces/default/${plural}`

/** Where objects are made, with one that would be taken there. */
const places: Readonly<
  Record<string, { readonly kind: string; readonly base: { readonly metadata: { readonly name: string } } }>
> = {
  [at('batch/v1', 'jobs')]: {
    kind: 'Job',
    base: { metadata: { name: 'job' }, ...{ spec: { suspend: true, template } } },
  },
  [at('batch/v1', 'cronjobs')]: {
    kind: 'CronJob',
    base: { metadata: { name: 'cron' }, ...{ spec: { schedule: '0 0 1 1 *', jobTemplate: { spec: { template } } } } },
  },
  [at('v1', 'pods')]: { kind: 'Pod', base: { metadata: { name: 'pod' }, ...template } },
  [at('v1', 'configmaps')]: { kind: 'ConfigMap', base: { metadata: { name: 'config' } } },
  [at('v1', 'events')]: {
    kind: 'Event',
    base: { metadata: { name: 'event' }, ...{ involvedObject: { namespace: 'default' } } },
  },
  [at('v1', 'serviceaccounts')]: { kind: 'ServiceAccount', base: { metadata: { name: 'account' } } },
  [at('coordination.k8s.io/v1', 'leases')]: { kind: 'Lease', base: { metadata: { name: 'lease' } } },
  [at('v1', 'secrets')]: { kind: 'Secret', base: { metadata: { name: 'secret' }, ...{ data: { a: 'Yg==' } } } },
  [at('v1', 'services')]: {
    kind: 'Service',
    base: { metadata: { name: 'service' }, ...{ spec: { ports: [{ port: 80 }] } } },
  },
  [at('events.k8s.io/v1', 'events')]: {
    kind: 'EventsEvent',
    base: { metadata: { name: 'other' }, ...{ regarding: { namespace: 'default' } } },
  },
  '/api/v1/namespaces': { kind: 'Namespace', base: { metadata: { name: 'space' } } },
  '/api/v1/nodes': { kind: 'Node', base: { metadata: { name: 'node' } } },
  '/apis/authorization.k8s.io/v1/subjectaccessreviews': {
    kind: 'SubjectAccessReview',
    base: { metadata: { name: 'review' } },
  },
}

const paths = Object.keys(places)

const protobufType = 'application/vnd.kubernetes.protobuf'

const patchTypes = [
  'application/json-patch+json',
  'application/merge-patch+json',
  'application/strategic-merge-patch+json',
  'application/apply-patch+yaml',
]

/** A change of something that may be there, by any verb, with a body to come. */
const anyWrite = (dice: Dice): Written => {
  const path = dice.oneOf(paths)
  const one = `${path}/${places[path]?.base.metadata.name}${dice.oneOf(['', '', '', '/status', '/scale', '/eviction', '/binding', '/finalize', '/token', '/log'])}`
  return dice.pick<Written>([
    [4, () => ({ method: 'POST', path })],
    [2, () => ({ method: 'PUT', path: one })],
    [4, () => ({ method: 'PATCH', path: `${one}?fieldManager=f`, type: dice.oneOf(patchTypes) })],
    [1, () => ({ method: 'DELETE', path: one })],
    [1, () => ({ method: 'POST', path: one })],
    [1, () => ({ method: 'POST', path, type: dice.oneOf(['application/yaml', '', 'text/plain', 'x', 'a/b;c="']) })],
  ])
}

/** Something that would be taken, so that there is always something to change. */
const goodWrite = (dice: Dice): Written => {
  const path = dice.oneOf(paths)
  return { method: 'POST', path, body: JSON.stringify(places[path]?.base) }
}

const goodBody = (dice: Dice): string => JSON.stringify(places[dice.oneOf(paths)]?.base)

const oddJson = (dice: Dice): string => {
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
const spoil = (dice: Dice, bytes: Buffer): Buffer => {
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
const oddProtobuf = (dice: Dice): Buffer => {
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

const segments = [
  ...['api', 'apis', 'v1', 'batch', 'namespaces', 'default', 'jobs', 'pods', 'job', 'status', 'scale', 'log', 'exec'],
  ...['', '.', '..', '%2e%2e', '%2f', '%00', '%ff', '%', '%zz', '%E0%A4%A', '__proto__', 'constructor', 'toString'],
  ...[
    'a'.repeat(300),
    'ä',
    '\\',
    '*',
    '~',
    ';a=b',
    '{}',
    '%25',
    '%0d%0aX:y',
    'readyz',
    'metrics',
    'openapi',
    'v2',
    'v3',
  ],
]
const names = [
  ...['labelSelector', 'fieldSelector', 'limit', 'continue', 'resourceVersion', 'resourceVersionMatch', 'watch'],
  ...['timeoutSeconds', 'sendInitialEvents', 'allowWatchBookmarks', 'dryRun', 'fieldManager', 'fieldValidation'],
  ...[
    'propagationPolicy',
    'gracePeriodSeconds',
    'orphanDependents',
    'includeObject',
    'force',
    'tailLines',
    'sinceTime',
  ],
  ...['verbose', 'exclude', 'pretty', '__proto__', ''],
]
const values = [
  ...[
    '',
    '0',
    '1',
    '-1',
    'true',
    'false',
    'x',
    '1e9',
    '99999999999999999999',
    'All',
    'Exact',
    'NotOlderThan',
    'Strict',
  ],
  ...[
    'a=b',
    'a in (b',
    'a in (b,c),!d',
    '!!a',
    '((((',
    'a==b=c',
    'a>1',
    'metadata.name=x',
    'spec.nodeName!=',
    'a=b\\,c',
  ],
  ...[
    'status.phase=Running,',
    '%00',
    '%',
    '%ff%fe',
    'ä',
    'eyJ2IjoxfQ',
    'Table',
    'Foreground',
    'a'.repeat(2000),
    '(',
    ',',
  ],
]

const oddAddress = (dice: Dice): Written => {
  const base = dice.chance(2)
    ? dice.oneOf(['/api/v1/pods', '/api/v1/events', at('batch/v1', 'jobs'), `${at('batch/v1', 'jobs')}/job`, '/readyz'])
    : `/${Array.from({ length: dice.below(8) }, () => dice.oneOf(segments)).join('/')}`
  const query = Array.from({ length: dice.below(4) }, () => `${dice.oneOf(names)}=${dice.oneOf(values)}`).join('&')
  return {
    method: dice.oneOf(['GET', 'GET', 'GET', 'GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD', 'OPTIONS', 'TRACE']),
    path: `${base}${query === '' ? '' : `?timeoutSeconds=1&${query}`}`,
    headers: dice.chance(3) ? [`Accept: ${dice.oneOf(accepts)}`] : [],
  }
}

const accepts = [
  ...[
    '*/*',
    'text/html',
    'application/json;as=Table;v=v1;g=meta.k8s.io',
    'application/json;as=Table;v=v9;g=x',
    ';;;',
    ',',
  ],
  ...['application/json;q=0', 'application/json;as=PartialObjectMetadataList;v=v1;g=meta.k8s.io', 'a/b;c="d,e"', ''],
]

const oddHeaders = (dice: Dice): Written => ({
  ...(dice.chance(2) ? anyWrite(dice) : { method: 'GET', path: '/api/v1/pods' }),
  body: '{}',
  headers: dice.pick<ReadonlyArray<string>>([
    [1, () => [`X-Long: ${'x'.repeat(dice.oneOf([1000, 60_000, 70_000, 200_000]))}`]],
    [1, () => Array.from({ length: dice.oneOf([50, 3000]) }, (_, place) => `X-${place}: y`)],
    [1, () => ['Authorization: Bearer other']],
    [1, () => ['Host: evil.example']],
    [1, () => ['Origin: https://evil.example']],
    [1, () => ['Content-Length: 9']],
    [1, () => ['Transfer-Encoding: chunked']],
    [1, () => ['Transfer-Encoding: gzip, chunked']],
    [1, () => ['Upgrade: websocket', 'Connection: Upgrade', 'Sec-WebSocket-Key: x', 'Sec-WebSocket-Version: 13']],
    [1, () => ['Upgrade: h2c', 'HTTP2-Settings: AAMAAABk']],
    [1, () => ['Content-Encoding: gzip']],
    [1, () => ['Expect: 100-continue']],
    [1, () => ['Expect: x']],
    [1, () => ['If-None-Match: "a"', 'Range: bytes=0-1']],
    [1, () => ['User-Agent: \x80\xff\x01', 'Cookie: a=b']],
    [1, () => ['X-\x00: y']],
    [1, () => [': y']],
    [1, () => ['X : y']],
    [1, () => ['X-HTTP-Method-Override: DELETE', 'X-Forwarded-Host: evil.example']],
  ]),
})
