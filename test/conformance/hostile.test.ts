import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { conformanceWorld } from './world.ts'

/** A Job as text, in which one value or the name of one member was replaced by anything. */
const spoiltJob = fc
  .tuple(fc.nat(), fc.boolean(), fc.oneof(fc.jsonValue(), fc.constantFrom(...oddValues())))
  .map(([place, isName, value]) => {
    const places: Array<(replacement: unknown) => void> = []
    const job = structuredClone(goodJob)
    const visit = (container: Record<string, unknown>): void => {
      for (const [key, inner] of Object.entries(container)) {
        places.push((replacement) => {
          if (isName) {
            delete container[key]
            Object.defineProperty(
              container,
              typeof replacement === 'string' ? replacement : JSON.stringify(replacement),
              {
                value: inner,
                enumerable: true,
                configurable: true,
              },
            )
          } else container[key] = replacement
        })
        if (typeof inner === 'object' && inner !== null) visit(inner as Record<string, unknown>)
      }
    }
    visit(job)
    places[place % places.length]?.(value)
    return JSON.stringify(job)
  })

function oddValues(): ReadonlyArray<unknown> {
  return [
    null,
    '',
    '__proto__',
    'constructor',
    '$patch',
    '$retainKeys',
    '$setElementOrder/containers',
    { $patch: 'delete' },
    [{ $patch: 'replace' }],
    -1,
    0,
    1.5,
    1e300,
    2 ** 53,
    [],
    {},
    [null],
    '\ud800',
    'x'.repeat(70_000),
    '\r\n',
    { toString: 1 },
  ]
}

const goodJob = {
  apiVersion: 'batch/v1',
  kind: 'Job',
  metadata: { name: 'job', labels: { a: 'b' }, annotations: { c: 'd' }, finalizers: ['example.com/e'] },
  spec: {
    parallelism: 2,
    completions: 3,
    completionMode: 'Indexed',
    backoffLimitPerIndex: 1,
    podFailurePolicy: {
      rules: [{ action: 'FailJob', onExitCodes: { containerName: 'main', operator: 'In', values: [42] } }],
    },
    successPolicy: { rules: [{ succeededIndexes: '0-1', succeededCount: 1 }] },
    template: {
      metadata: { labels: { f: 'g' } },
      spec: {
        restartPolicy: 'Never',
        containers: [
          {
            name: 'main',
            image: 'busybox',
            command: ['true'],
            env: [{ name: 'A', value: 'b' }],
            ports: [{ containerPort: 80 }],
            resources: { limits: { cpu: '1', memory: '1Gi' } },
            volumeMounts: [{ name: 'data', mountPath: '/data' }],
          },
        ],
        volumes: [{ name: 'data', emptyDir: { sizeLimit: '1Gi' } }],
        tolerations: [{ key: 'a', operator: 'Exists' }],
      },
    },
  },
}

const status = {
  phase: 'Running',
  conditions: [{ type: 'Ready', status: 'True', lastTransitionTime: '2026-01-01T00:00:00Z' }],
  containerStatuses: [{ name: 'main', ready: true, restartCount: 1, state: { terminated: { exitCode: 1 } } }],
}

const spoiltStatus = fc
  .tuple(fc.constantFrom(...Object.keys(status)), fc.oneof(fc.jsonValue(), fc.constantFrom(...oddValues())))
  .map(([field, value]) => JSON.stringify({ status: { ...status, [field]: value } }))

const path = fc
  .array(
    fc.oneof(
      fc.constantFrom(
        'api',
        'apis',
        'v1',
        'batch',
        'namespaces',
        'default',
        'jobs',
        'pods',
        'events',
        'job',
        'status',
        'scale',
        '',
        '..',
        '%2e',
        '%ff',
        '__proto__',
        'constructor',
      ),
      fc.string({ maxLength: 5 }).map(encodeURIComponent_),
    ),
    { maxLength: 8 },
  )
  .map((segments) => `/${segments.join('/')}`)

function encodeURIComponent_(text: string): string {
  return encodeURIComponent(text.toWellFormed())
}

const jobs = '/apis/batch/v1/namespaces/default/jobs'
const query = fc
  .array(
    fc.tuple(
      fc.constantFrom(
        'labelSelector',
        'fieldSelector',
        'dryRun',
        'fieldValidation',
        'fieldManager',
        'limit',
        'propagationPolicy',
        'gracePeriodSeconds',
        'watch',
      ),
      fc.oneof(
        fc.string({ maxLength: 8 }),
        fc.constantFrom('All', 'Strict', 'a in (b', 'metadata.name=job', '!', '(', 'a=\\'),
      ),
    ),
    { maxLength: 2 },
  )
  .map(
    (pairs) =>
      `${new URLSearchParams(pairs.map(([name, value]): [string, string] => [name, value.toWellFormed()])).toString()}`,
  )

const request = fc.oneof(
  fc.record({
    method: fc.constant('POST'),
    path: fc.constant(jobs),
    query,
    body: spoiltJob,
    type: fc.constant('application/json'),
  }),
  fc.record({
    method: fc.constant('PUT'),
    path: fc.constantFrom(`${jobs}/job`, `${jobs}/job/status`, `${jobs}/job/scale`),
    query,
    body: spoiltJob,
    type: fc.constant('application/json'),
  }),
  fc.record({
    method: fc.constant('PATCH'),
    path: fc.constantFrom(`${jobs}/job`, `${jobs}/job/status`, `${jobs}/job/scale`),
    query,
    body: spoiltJob,
    type: fc.constantFrom('application/merge-patch+json', 'application/strategic-merge-patch+json'),
  }),
  fc.record({
    method: fc.constant('PATCH'),
    path: fc.constant('pod'),
    query: fc.constant(''),
    body: spoiltStatus,
    type: fc.constantFrom('application/merge-patch+json', 'application/strategic-merge-patch+json'),
  }),
  fc.record({
    method: fc.constantFrom('GET', 'POST', 'PUT', 'PATCH', 'DELETE'),
    path,
    query,
    body: fc.oneof(fc.json(), fc.string()),
    type: fc.constantFrom(
      'application/json',
      'application/merge-patch+json',
      'application/json-patch+json',
      'application/strategic-merge-patch+json',
      'x',
    ),
  }),
)

describe('whatever is asked', () => {
  test('is answered with JSON or no page, and all goes on', () =>
    fc.assert(
      fc.asyncProperty(fc.array(request, { minLength: 1, maxLength: 12 }), async (requests) => {
        const { fetch, sleep } = await conformanceWorld()
        const ask = async (method: string, address: string, body: string, type: string) => {
          const answer = await fetch(`http://here${address}`, { method, body, headers: { 'content-type': type } })
          return { code: answer.status, text: await answer.text() }
        }
        expect((await ask('POST', jobs, JSON.stringify(goodJob), '')).code).toBe(201)
        await sleep(2)
        for (const { method, path, query, body, type } of requests) {
          const list: { readonly items: ReadonlyArray<{ readonly metadata: { readonly name: string } }> } = JSON.parse(
            (await ask('GET', '/api/v1/namespaces/default/pods', '', '')).text,
          )
          const pod = `/api/v1/namespaces/default/pods/${list.items[0]?.metadata.name}/status`
          const { code, text } = await ask(method, path === 'pod' ? pod : `${path}?${query}`, body, type)
          expect(code).not.toBe(503)
          if (text !== '404 page not found\n') expect(JSON.parse(text)).toBeTypeOf('object')
          await sleep(2)
        }
        expect((await ask('GET', jobs, '', '')).code).toBe(200)
        expect((await ask('GET', '/api/v1/pods', '', '')).code).toBe(200)
        const asTable = { headers: { accept: 'application/json;as=Table;v=v1;g=meta.k8s.io' } }
        for (const place of [jobs, '/api/v1/pods', '/api/v1/events', '/api/v1/namespaces'])
          expect((await fetch(`http://here${place}`, asTable)).status).toBe(200)
        expect(Object.hasOwn(Object.prototype, 'polluted')).toBe(false)
      }),
      { numRuns: Number(process.env['RUNS'] ?? 60) },
    ))
})
