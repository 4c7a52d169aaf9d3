import { describe, expect, test } from 'vitest'
import { administrator } from '../../../src/adapters/kube-api/access/user.ts'
import { apiHandler } from '../../../src/adapters/kube-api/handler.ts'
import { countingEntropy } from '../../support/world.ts'
import { resourceDouble } from '../../support/resource-double.ts'
import { api, job, jobs, jobsOf, json, merge, status, withJob } from './asked-api.ts'

describe('a path', () => {
  test.each(['/nowhere', '/apis/example.com/v1/things', '/apis/example.com', '/%zz', '/api/v1/%E0%A4%A'])(
    '%s outside of the groups is no page',
    async (path) => {
      const { code, body, headers } = await (await api())('GET', path)
      expect([code, body, headers.get('Content-Type')]).toStrictEqual([
        404,
        '404 page not found\n',
        'text/plain; charset=utf-8',
      ])
    },
  )

  test.each([
    '/apis/batch/v3/namespaces/ns/jobs',
    '/apis/batch/v1/namespaces/ns/gadgets',
    '/api/v1/namespaces/ns/gadgets',
    '/api/v1/namespaces/ns/jobs',
    '/apis/batch/v1/namespaces/ns/jobs/job/shadow',
    '/apis/batch/v1/namespaces/ns/jobs/job/status/more',
    '/apis/batch/v1/namespaces//jobs',
    '/apis/batch/v1/jobs/job',
    '/apis/batch/v1/namespaces/ns/cronjobs',
    '/api/v1/namespaces/ns/toString',
  ])('%s within a group is no resource', async (path) =>
    expect((await (await api())('GET', path)).body).toStrictEqual(
      status(404, 'NotFound', 'the server could not find the requested resource', {}),
    ),
  )

  test.each([
    ['PUT', jobs],
    ['PATCH', jobs],
    ['POST', `${jobs}/job`],
    ['DELETE', `${jobs}/job/status`],
    ['POST', `${jobs}/job/status`],
    ['POST', '/apis/batch/v1/jobs'],
    ['DELETE', '/apis/batch/v1/jobs'],
    ['DELETE', '/api/v1/namespaces'],
    ['HEAD', jobs],
  ])('cannot be asked for what it has not: %s %s', async (method, path) =>
    expect((await (await api())(method, path, { body: job('job') })).body).toStrictEqual(
      status(405, 'MethodNotAllowed', 'the server does not allow this method on the requested resource', {}),
    ),
  )

  test('may be percent-encoded and end with a slash', async () => {
    const call = await api()
    await call('POST', jobs, { body: job('job') })
    expect((await call('GET', '/apis/batch/v1/namespaces/n%73/jobs/j%6fb/')).code).toBe(200)
  })
})

describe('an answer', () => {
  test.each([
    '*/*',
    'application/json',
    'text/html, application/json',
    'application/json;q=0.5, */*;q=0.1',
    'application/vnd.kubernetes.protobuf, application/json',
    'application/json;as=Table;v=v1;g=meta.k8s.io,application/json',
  ])('is JSON for those who take %s', async (accept) =>
    expect((await (await api())('GET', jobs, { accept })).code).toBe(200),
  )

  const notAcceptable = (message: string, details?: object) => status(406, 'NotAcceptable', message, details)
  const types = 'application/json, application/yaml, application/vnd.kubernetes.protobuf'

  test.each(['text/html', 'application/*', 'application/cbor', 'application/xml;q=0.5, application/json;q=0'])(
    'is none for those who take %s',
    async (accept) => {
      const call = await withJob()
      expect((await call('GET', `${jobs}/job`, { accept })).body).toStrictEqual(
        notAcceptable(`406: Not Acceptable\n\nAvailable representations: ${types}`, {}),
      )
      expect((await call('GET', jobs, { accept })).body).toStrictEqual(
        notAcceptable(
          `406: Not Acceptable\n\nAvailable representations: ${types}, application/json;stream=watch, application/vnd.kubernetes.protobuf;stream=watch`,
          {},
        ),
      )
    },
  )

  test.each(['application/json;as=Bogus;v=v1;g=meta.k8s.io', 'application/vnd.kubernetes.protobuf'])(
    'is none for those who take only %s',
    async (accept) =>
      expect((await (await api())('GET', jobs, { accept })).body).toStrictEqual(
        notAcceptable(`only the following media types are accepted: ${types}`),
      ),
  )
})

describe('reading', () => {
  test('what is missing is told with its resource', async () => {
    const call = await api()
    expect((await call('GET', `${jobs}/missing`)).body).toStrictEqual(
      status(404, 'NotFound', 'jobs.batch "missing" not found', { name: 'missing', group: 'batch', kind: 'jobs' }),
    )
    expect((await call('GET', '/api/v1/namespaces/ns/pods/missing')).body).toStrictEqual(
      status(404, 'NotFound', 'pods "missing" not found', { name: 'missing', kind: 'pods' }),
    )
  })

  test('a list is of one namespace or of all, and its items do not repeat their kind', async () => {
    const call = await api()
    await call('POST', '/api/v1/namespaces', { body: { metadata: { name: 'other' } } })
    await call('POST', jobs, { body: { ...job('b'), metadata: { name: 'b', labels: { a: 'x' } } } })
    await call('POST', jobs, { body: job('a') })
    await call('POST', jobsOf('other'), { body: job('c') })
    const { body } = await call('GET', jobs)
    expect(Object.keys(body)).toStrictEqual(['kind', 'apiVersion', 'metadata', 'items'])
    expect(body).toMatchObject({ kind: 'JobList', apiVersion: 'batch/v1', metadata: { resourceVersion: '3' } })
    expect(body.items.map((item: object) => Object.keys(item))).toStrictEqual([
      ['metadata', 'spec'],
      ['metadata', 'spec'],
    ])
    const names = async (path: string) =>
      (await call('GET', path)).body.items.map(({ metadata }: { metadata: { name: string } }) => metadata.name)
    expect(await names(jobs)).toStrictEqual(['a', 'b'])
    expect(await names('/apis/batch/v1/jobs')).toStrictEqual(['a', 'b', 'c'])
    expect(await names('/apis/batch/v1/jobs?labelSelector=a%3Dx&fieldSelector=metadata.name!=a')).toStrictEqual(['b'])
    expect(await names(jobsOf('nowhere'))).toStrictEqual([])
    expect((await call('GET', `${jobs}?labelSelector=,`)).body).toStrictEqual(
      status(400, 'BadRequest', "found ',', expected: !, identifier, or 'end of string'"),
    )
  })
})

describe('creating', () => {
  test('answers 201 with what is stored', async () => {
    const { code, body } = await (await api())('POST', jobs, { body: { metadata: { name: 'job' }, spec: {} } })
    expect([code, body]).toStrictEqual([
      201,
      {
        metadata: { name: 'job', namespace: 'ns', uid: 'uid-of-job', resourceVersion: '1' },
        spec: {},
        apiVersion: 'batch/v1',
        kind: 'Job',
      },
    ])
  })

  test('a taken name is refused', async () => {
    const call = await api()
    await call('POST', jobs, { body: job('job') })
    expect((await call('POST', jobs, { body: job('job') })).body).toStrictEqual(
      status(409, 'AlreadyExists', 'jobs.batch "job" already exists', { name: 'job', group: 'batch', kind: 'jobs' }),
    )
  })

  test('a name is taken as long as its object has not gone', async () => {
    const call = await api()
    await call('POST', jobs, { body: { metadata: { name: 'job', deletionTimestamp: '2026-01-01T00:00:00Z' } } })
    expect((await call('POST', jobs, { body: job('job') })).body.message).toBe(
      'object is being deleted: jobs.batch "job" already exists',
    )
  })

  test('a name is generated where one is asked for', async () => {
    const { body } = await (await api())('POST', jobs, { body: { metadata: { generateName: 'made-' } } })
    expect(body.metadata.name).toMatch(/^made-[bcdfghjklmnpqrstvwxz2456789]{5}$/)
    expect(body.metadata.generateName).toBe('made-')
  })

  test('eight generated names that are all taken are enough', async () => {
    let tries = 0
    const double = resourceDouble()
    const handle = apiHandler({
      resources: {
        jobs: {
          ...double,
          create: (...asked) => {
            tries += 1
            void asked
            return async () => ({ _tag: 'Left', left: { _tag: 'AlreadyExists' } })
          },
        },
      },
      entropy: { ...countingEntropy(), digest: () => '0000000000' },
      position: double.position,
      now: () => 0,
    })
    const answer = await handle({
      method: 'POST',
      path: jobs,
      query: new URLSearchParams(),
      headers: {},
      body: new TextEncoder().encode('{"metadata":{"generateName":"a-"}}'),
      user: administrator('ada'),
    })
    expect(tries).toBe(8)
    expect(JSON.parse(answer.body)).toStrictEqual(
      status(
        409,
        'AlreadyExists',
        'jobs.batch "a-bbbbb" already exists, the server was not able to generate a unique name for the object',
        { name: 'a-bbbbb', group: 'batch', kind: 'jobs', retryAfterSeconds: 1 },
      ),
    )
    expect(new Map(answer.headers).get('Retry-After')).toBe('1')
  })

  test('in a namespace that is not there, or is none of the object, is refused', async () => {
    const call = await api()
    expect((await call('POST', jobsOf('nowhere'), { body: job('job') })).body).toStrictEqual(
      status(404, 'NotFound', 'namespaces "nowhere" not found', { name: 'nowhere', kind: 'namespaces' }),
    )
    const elsewhere = { ...job(), metadata: { name: 'job', namespace: 'default' } }
    expect((await call('POST', jobs, { body: elsewhere })).body).toStrictEqual(
      status(
        400,
        'BadRequest',
        'the namespace of the provided object does not match the namespace sent on the request',
      ),
    )
  })

  test('of what has a version is an error without a reason', async () => {
    const { body } = await (await api())('POST', jobs, {
      body: { ...job(), metadata: { name: 'job', resourceVersion: '5' } },
    })
    expect(body).toStrictEqual({
      kind: 'Status',
      apiVersion: 'v1',
      metadata: {},
      status: 'Failure',
      message: 'resourceVersion should not be set on objects to be created',
      code: 500,
    })
  })

  test('what the resource finds invalid has its causes', async () => {
    const { body } = await (await api())('POST', jobs, { body: job('job', { refused: 1 }), type: '' })
    expect(body).toStrictEqual(
      status(422, 'Invalid', 'Job.batch "job" is invalid: spec.refused: Forbidden: not like this', {
        name: 'job',
        group: 'batch',
        kind: 'Job',
        causes: [{ reason: 'FieldValueForbidden', message: 'Forbidden: not like this', field: 'spec.refused' }],
      }),
    )
  })

  test('a dry run stores nothing, and its answer has no version', async () => {
    const call = await api()
    const { code, body } = await call('POST', `${jobs}?dryRun=All`, { body: job('job') })
    expect([code, body.metadata]).toStrictEqual([201, { name: 'job', namespace: 'ns', uid: 'uid-of-job' }])
    expect((await call('GET', `${jobs}/job`)).code).toBe(404)
  })

  test.each<[query: string, message: string, field: string, reason: string]>([
    ['dryRun=Some', 'Unsupported value: ["Some"]: supported values: "All"', 'dryRun', 'FieldValueNotSupported'],
    [
      'fieldValidation=Sometimes',
      'Unsupported value: "Sometimes": supported values: "", "Ignore", "Strict", "Warn"',
      'fieldValidation',
      'FieldValueNotSupported',
    ],
    [
      `fieldManager=${'x'.repeat(129)}`,
      'Too long: may not be more than 128 bytes',
      'fieldManager',
      'FieldValueTooLong',
    ],
    [
      'fieldManager=a%07b',
      'Invalid value: "a\\ab": invalid character U+0007 (at position 1)',
      'fieldManager',
      'FieldValueInvalid',
    ],
  ])('options that are none are refused before the body is read: %.30s', async (query, message, field, reason) =>
    expect((await (await api())('POST', `${jobs}?${query}`, { body: '{' })).body).toStrictEqual(
      status(422, 'Invalid', `CreateOptions.meta.k8s.io "" is invalid: ${field}: ${message}`, {
        group: 'meta.k8s.io',
        kind: 'CreateOptions',
        causes: [{ reason, message, field }],
      }),
    ),
  )
})

const unrecognized =
  "the object provided is unrecognized (must be of type Job): couldn't get version/kind; json parse error: "
const goKind = 'struct { APIVersion string "json:\\"apiVersion,omitempty\\""; Kind string "json:\\"kind,omitempty\\"" }'

describe('a body', () => {
  test.each<[what: string, body: string, message: string]>([
    ['is empty', '', `${unrecognized}unexpected end of JSON input (<empty>)`],
    ['is broken', '{"kind":', `${unrecognized}unexpected end of JSON input ({"kind":)`],
    [
      'is a text',
      '"text"',
      `${unrecognized}json: cannot unmarshal string into Go value of type ${goKind} (227465787422)`,
    ],
    ['is a list', '[]', `${unrecognized}json: cannot unmarshal array into Go value of type ${goKind} (5b5d)`],
    [
      'has a number for its kind',
      '{"kind":1}',
      `${unrecognized}json: cannot unmarshal number into Go struct field .kind of type string ({"kind":1})`,
    ],
    [
      'is too deep',
      `{"spec":${'['.repeat(600)}`,
      `${unrecognized}exceeded max depth ({"spec":[[[[[[[[[[[[[[[[[[[[[[ ...)`,
    ],
    [
      'would change what all objects are',
      '{"__proto__":{"metadata":1}}',
      `${unrecognized}json: a member may not be called "__proto__" ({"__proto__":{"metadata":1}})`,
    ],
    [
      'is another kind',
      '{"apiVersion":"v1","kind":"Pod","metadata":{"name":"x"}}',
      'Pod in version "v1" cannot be handled as a Job: converting (v1.Pod) to (batch.Job): unknown conversion',
    ],
    [
      'is of another version',
      '{"apiVersion":"batch/v9","kind":"Job"}',
      'Job in version "v9" cannot be handled as a Job: no kind "Job" is registered for version "batch/v9" in scheme "pkg/api/legacyscheme/scheme.go:30"',
    ],
    [
      'has a text for a number',
      '{"spec":{"parallelism":"two"}}',
      'Job in version "v1" cannot be handled as a Job: json: cannot unmarshal string into Go struct field JobSpec.spec.parallelism of type int32',
    ],
  ])('that %s is refused', async (_, body, message) =>
    expect((await (await api())('POST', jobs, { body })).body).toStrictEqual(status(400, 'BadRequest', message)),
  )

  test('of another media type is refused', async () => {
    const call = await api()
    const message =
      'the body of the request was in an unknown format - accepted media types include: application/json, application/yaml, application/vnd.kubernetes.protobuf'
    expect((await call('POST', jobs, { body: job('a'), type: 'text/plain' })).body).toStrictEqual(
      status(415, 'UnsupportedMediaType', message),
    )
    expect((await call('POST', jobs, { body: job('a'), type: 'application/json; charset=utf-8' })).code).toBe(201)
  })

  test('may be YAML', async () => {
    const call = await api()
    const { code, body } = await call('POST', jobs, { body: 'job\n', type: 'application/yaml' })
    expect([code, body.metadata.name]).toStrictEqual([201, 'job'])
    expect((await call('POST', jobs, { body: 'broken', type: 'application/yaml' })).body).toStrictEqual(
      status(400, 'BadRequest', 'error converting YAML to JSON: yaml: it is broken'),
    )
  })

  test('of more than 3 MiB is refused', async () =>
    expect((await (await api())('POST', jobs, { body: ' '.repeat((3 << 20) + 1) })).body).toStrictEqual(
      status(413, 'RequestEntityTooLarge', 'Request entity too large: limit is 3145728'),
    ))

  const odd = JSON.stringify({
    ...job('job', { bogus: true, template: { spec: { containers: [{ name: 'main', imagine: 'x' }] } } }),
    extra: 1,
  }).replace('"bogus":true', '"suspend":true,"bogus":true,"suspend":false')
  const findings = [
    'unknown field "spec.bogus"',
    'duplicate field "spec.suspend"',
    'unknown field "spec.template.spec.containers[0].imagine"',
    'unknown field "extra"',
  ]

  test.each(['', '?fieldValidation=', '?fieldValidation=Warn'])(
    'with unknown and repeated fields is taken with warnings: %s',
    async (query) => {
      const { code, warnings } = await (await api())('POST', jobs + query, { body: odd })
      expect(code).toBe(201)
      expect(warnings).toStrictEqual(findings.map((text) => `299 - "${text.replaceAll('"', '\\"')}"`))
    },
  )

  test('with unknown and repeated fields is refused by the strict', async () =>
    expect((await (await api())('POST', `${jobs}?fieldValidation=Strict`, { body: odd })).body).toStrictEqual(
      status(
        400,
        'BadRequest',
        `Job in version "v1" cannot be handled as a Job: strict decoding error: ${findings.join(', ')}`,
      ),
    ))

  test('with unknown and repeated fields is taken in silence when asked to', async () => {
    const { code, warnings } = await (await api())('POST', `${jobs}?fieldValidation=Ignore`, { body: odd })
    expect([code, warnings]).toStrictEqual([201, []])
  })
})

const modified = status(
  409,
  'Conflict',
  'Operation cannot be fulfilled on jobs.batch "job": the object has been modified; please apply your changes to the latest version and try again',
  { name: 'job', group: 'batch', kind: 'jobs' },
)

describe('replacing', () => {
  const put = async (metadata: object, path = `${jobs}/job`) =>
    (await (await withJob())('PUT', path, { body: { ...job(), metadata } })).body

  test('takes the present version, or none', async () => {
    expect(await put({ name: 'job', resourceVersion: '1' })).toMatchObject({ metadata: { resourceVersion: '2' } })
    expect(await put({ name: 'job' })).toMatchObject({ metadata: { resourceVersion: '2' } })
  })

  test('refuses an older version', async () =>
    expect(await put({ name: 'job', resourceVersion: '0123' })).toStrictEqual(modified))

  test('refuses another object of the name', async () =>
    expect(await put({ name: 'job', uid: 'other' })).toMatchObject({
      code: 409,
      message: expect.stringContaining(
        'Precondition failed: UID in precondition: other, UID in object meta: uid-of-job',
      ),
    }))

  test.each<[metadata: object, message: string]>([
    [{ name: 'other' }, 'the name of the object (other) does not match the name on the URL (job)'],
    [{}, 'the name of the object (job based on URL) was undeterminable: name must be provided'],
    [
      { name: 'job', namespace: 'default' },
      'the namespace of the provided object does not match the namespace sent on the request',
    ],
  ])('refuses metadata of another object: %j', async (metadata, message) =>
    expect(await put(metadata)).toStrictEqual(status(400, 'BadRequest', message)),
  )

  test('of what is not there is refused', async () =>
    expect(await put({ name: 'missing' }, `${jobs}/missing`)).toMatchObject({ code: 404, reason: 'NotFound' }))

  test('tells the part that may change, and the warnings of the resource', async () => {
    const call = await withJob({}, { parallelism: 1 })
    const body = { ...job('job', { odd: true, parallelism: 2 }), status: { ready: 1 } }
    const main = await call('PUT', `${jobs}/job?fieldValidation=Ignore`, { body })
    expect([main.body.spec.parallelism, main.body.status, main.warnings]).toStrictEqual([
      2,
      undefined,
      ['299 - "that is \\"odd\\""'],
    ])
    const through = await call('PUT', `${jobs}/job/status`, { body: { ...body, spec: { parallelism: 3 } } })
    expect([through.body.spec.parallelism, through.body.status]).toStrictEqual([2, { ready: 1 }])
  })
})

describe('patching', () => {
  const patch = async (type: string, body: unknown, query = '') =>
    (await withJob({ labels: { a: '1' } }, { parallelism: 1 }))('PATCH', `${jobs}/job${query}`, { body, type })

  test('merges', async () => {
    const { code, body } = await patch(merge, { metadata: { labels: { a: null, b: '2' } }, spec: { parallelism: 3 } })
    expect([code, body.metadata.labels, body.spec]).toStrictEqual([200, { b: '2' }, { parallelism: 3 }])
  })

  test('applies operations', async () => {
    const operations = [
      { op: 'test', path: '/spec/parallelism', value: 1 },
      { op: 'add', path: '/metadata/labels/x.y~1z', value: '2' },
    ]
    expect((await patch(json, operations)).body.metadata.labels).toStrictEqual({ a: '1', 'x.y/z': '2' })
  })

  test.each([
    [[{ op: 'test', path: '/spec/parallelism', value: 7 }]],
    [[{ op: 'remove', path: '/metadata/labels/none' }]],
    [[{ op: 'double', path: '/spec' }]],
  ])('with operations that do not fit is refused: %j', async (operations) =>
    expect((await patch(json, operations)).body).toStrictEqual(
      status(422, 'Invalid', 'the server rejected our request due to an error in our request', {}),
    ),
  )

  test.each<[type: string, body: string, message: string]>([
    [json, '{}', 'json: cannot unmarshal object into Go value of type []handlers.jsonPatchOp'],
    [json, '[1]', 'json: cannot unmarshal array into Go value of type []handlers.jsonPatchOp'],
    [json, '[{', 'unexpected end of JSON input'],
    [merge, '"text"', 'json: cannot unmarshal string into Go value of type map[string]interface {}'],
    [merge, '{"__proto__":{}}', 'json: a member may not be called "__proto__"'],
  ])('with what is no patch is refused: %s %s', async (type, body, message) =>
    expect((await patch(type, body)).body).toStrictEqual(status(400, 'BadRequest', `error decoding patch: ${message}`)),
  )

  test.each(['application/json', 'text/plain', 'constructor', 'application/apply-patch+cbor'])(
    'with a %s is not supported',
    async (type) =>
      expect((await patch(type, {})).body).toStrictEqual(
        status(415, 'UnsupportedMediaType', '415: Unsupported Media Type', {}),
      ),
  )

  test('may not lead to another object', async () => {
    expect((await patch(merge, { metadata: { resourceVersion: '0123' } })).body).toStrictEqual(modified)
    expect((await patch(merge, { metadata: { name: 'other' } })).body).toStrictEqual(
      status(400, 'BadRequest', 'the name of the object (other) does not match the name on the URL (job)'),
    )
    expect((await patch(merge, { metadata: { uid: 'zz' } })).body.message).toBe(
      'Job.batch "job" is invalid: metadata.uid: Invalid value: "zz": field is immutable',
    )
  })

  test('to what cannot be read as an object is refused', async () => {
    const { body } = await patch(merge, { spec: { parallelism: 'many' } })
    expect(body).toMatchObject({ code: 422, reason: 'Invalid', details: { causes: [{ field: 'patch' }] } })
    expect(body.message).toMatch(/^ "" is invalid: patch: Invalid value: "\{.*\}": json: cannot unmarshal string /)
    expect(body.details).not.toHaveProperty('kind')
  })

  test('tells duplicates of the patch, then unknown fields in the order of their names', async () => {
    const text = '{"spec":{"bogus":1},"metadata":{"nonsense":2,"labels":{"a":"1","a":"2"}}}'
    const findings = [
      'duplicate field "metadata.labels.a"',
      'unknown field "metadata.nonsense"',
      'unknown field "spec.bogus"',
    ]
    expect((await patch(merge, text)).warnings).toStrictEqual(
      findings.map((finding) => `299 - "${finding.replaceAll('"', '\\"')}"`),
    )
    expect((await patch(merge, text, '?fieldValidation=Strict')).body.message).toContain(
      `: strict decoding error: ${findings.join(', ')}`,
    )
    const twice = '[{"op":"test","path":"/kind","value":"x","value":"Job"}]'
    expect((await patch(json, twice)).warnings).toStrictEqual(['299 - "json patch duplicate field \\"[0].value\\""'])
  })

  test('by force is for those who apply', async () =>
    expect((await patch(merge, {}, '?force=true')).body.message).toBe(
      'PatchOptions.meta.k8s.io "" is invalid: force: Forbidden: may not be specified for non-apply patch',
    ))

  test('may not make another kind of it', async () =>
    expect((await patch(merge, { kind: 'CronJob' })).body).toStrictEqual(
      status(
        400,
        'BadRequest',
        'CronJob in version "v1" cannot be handled as a Job: converting (v1.CronJob) to (batch.Job): unknown conversion',
      ),
    ))

  test('of what is not there is refused', async () =>
    expect((await (await api())('PATCH', `${jobs}/job`, { body: '{', type: merge })).code).toBe(404))
})

describe('the scale of a job', () => {
  const scaled = () => withJob({}, { parallelism: 2, selector: { matchLabels: { b: '1', a: '2' } } })

  test('is its parallelism', async () =>
    expect((await (await scaled())('GET', `${jobs}/job/scale`)).body).toStrictEqual({
      kind: 'Scale',
      apiVersion: 'autoscaling/v1',
      metadata: { name: 'job', namespace: 'ns', uid: 'uid-of-job', resourceVersion: '1' },
      spec: { replicas: 2 },
      status: { replicas: 0, selector: 'a=2,b=1' },
    }))

  test('can be put and patched', async () => {
    const call = await scaled()
    const { body } = await call('PATCH', `${jobs}/job/scale`, { body: { spec: { replicas: 3 } }, type: merge })
    expect([body.kind, body.spec]).toStrictEqual(['Scale', { replicas: 3 }])
    const put = { metadata: { name: 'job', resourceVersion: '2' }, spec: { replicas: 5 } }
    expect((await call('PUT', `${jobs}/job/scale`, { body: put, type: '' })).body.spec).toStrictEqual({ replicas: 5 })
    expect((await call('PUT', `${jobs}/job/scale`, { body: put })).body).toStrictEqual(modified)
    expect((await call('GET', `${jobs}/job`)).body.spec.parallelism).toBe(5)
  })

  test('is not negative', async () =>
    expect(
      (await (await scaled())('PATCH', `${jobs}/job/scale`, { body: { spec: { replicas: -1 } }, type: merge })).body
        .message,
    ).toBe('Scale.autoscaling "job" is invalid: spec.replicas: Invalid value: -1: must be greater than or equal to 0'))
})

describe('deleting', () => {
  const warning =
    '299 - "child pods are preserved by default when jobs are deleted; set propagationPolicy=Background to remove them or set propagationPolicy=Orphan to suppress this warning"'

  test('answers that it is done', async () => {
    const { code, body, warnings } = await (await withJob())('DELETE', `${jobs}/job?propagationPolicy=Background`)
    expect([code, body, warnings]).toStrictEqual([
      200,
      {
        kind: 'Status',
        apiVersion: 'v1',
        metadata: {},
        status: 'Success',
        details: { name: 'job', group: 'batch', kind: 'jobs', uid: 'uid-of-job' },
      },
      [],
    ])
  })

  test('answers with what is still there', async () =>
    expect((await (await withJob({ finalizers: ['a/b'] }))('DELETE', `${jobs}/job`, { body: {} })).body).toMatchObject({
      kind: 'Job',
      metadata: { finalizers: ['a/b'] },
    }))

  test('answers with a pod', async () => {
    const call = await api()
    await call('POST', '/api/v1/namespaces/ns/pods', { body: { metadata: { name: 'p' } } })
    expect((await call('DELETE', '/api/v1/namespaces/ns/pods/p')).body).toMatchObject({ kind: 'Pod' })
  })

  test('of jobs warns those who do not say what becomes of the pods', async () => {
    const call = await withJob()
    expect((await call('DELETE', `${jobs}/missing`)).warnings).toStrictEqual([warning])
    expect((await call('DELETE', `${jobs}/job?orphanDependents=false`)).warnings).toStrictEqual([])
    expect((await call('DELETE', `${jobs}?labelSelector=x`)).warnings).toStrictEqual([warning])
  })

  test.each([
    [
      { uid: 'other' },
      'the UID in the precondition (other) does not match the UID in record (uid-of-job). The object might have been deleted and then recreated',
    ],
    [
      { uid: 'uid-of-job', resourceVersion: '7' },
      'the ResourceVersion in the precondition (7) does not match the ResourceVersion in record (1). The object might have been modified',
    ],
  ])('under a condition that does not hold names the kind: %j', async (preconditions, why) => {
    const call = await withJob()
    const body = { propagationPolicy: 'Orphan', preconditions }
    expect((await call('DELETE', `${jobs}/job`, { body })).body).toStrictEqual(
      status(409, 'Conflict', `Operation cannot be fulfilled on Job.batch "job": ${why}`, {
        name: 'job',
        group: 'batch',
        kind: 'Job',
      }),
    )
    expect((await call('DELETE', `${jobs}/missing`, { body })).code).toBe(404)
    expect((await call('DELETE', `${jobs}/job`, { body: { preconditions: { uid: 'uid-of-job' } } })).code).toBe(200)
  })

  test.each<[query: string, body: unknown, message: string]>([
    [
      '?propagationPolicy=Sideways',
      undefined,
      'propagationPolicy: Unsupported value: "Sideways": supported values: "Foreground", "Background", "Orphan", "nil"',
    ],
    [
      '?propagationPolicy=Background',
      { orphanDependents: true, propagationPolicy: 'Background' },
      'propagationPolicy: Invalid value: "Background": orphanDependents and deletionPropagation cannot be both set',
    ],
    ['', { dryRun: ['Some'] }, 'dryRun: Unsupported value: ["Some"]: supported values: "All"'],
  ])('with options that are none is refused: %s %j', async (query, body, message) =>
    expect((await (await withJob())('DELETE', `${jobs}/job${query}`, { body })).body).toMatchObject({
      code: 422,
      message: `DeleteOptions.meta.k8s.io "" is invalid: ${message}`,
    }),
  )

  test.each([{ kind: 'Pod', apiVersion: 'v1' }, '{', '[]', { gracePeriodSeconds: 'x' }])(
    'with another body is refused: %j',
    async (body) =>
      expect((await (await withJob())('DELETE', `${jobs}/job`, { body })).body).toMatchObject({
        code: 400,
        reason: 'BadRequest',
      }),
  )

  test('as a dry run leaves it', async () => {
    const call = await withJob()
    expect((await call('DELETE', `${jobs}/job`, { body: { dryRun: ['All'] } })).code).toBe(200)
    expect((await call('GET', `${jobs}/job`)).code).toBe(200)
  })

  test('a collection leaves what is not selected', async () => {
    const call = await withJob({ labels: { team: 'x' } })
    await call('POST', jobs, { body: job('other') })
    const { body } = await call('DELETE', `${jobs}?labelSelector=team=x&propagationPolicy=Background`)
    expect([body.kind, body.items.length]).toStrictEqual(['JobList', 1])
    expect((await call('GET', jobs)).body.items).toHaveLength(1)
  })
})

test.each(['attach', 'exec', 'portforward'])('a command in a Pod is told not to be served: %s', async (part) => {
  const call = await api()
  const { body } = await call('POST', `/api/v1/namespaces/ns/pods/p/${part}?command=ls`)
  expect(body).toStrictEqual(
    status(404, 'NotFound', `the server could not find the requested resource: pods/${part} is not served here`, {}),
  )
})
