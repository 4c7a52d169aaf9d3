import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { protobufBody } from '../../../support/protobuf.ts'
import { asking } from './asking.ts'

/** Two empty fields behind the object. */
const tailLength = 4
const protobuf = 'application/vnd.kubernetes.protobuf'

const world = async () => {
  const { ask, fetch } = await asking()
  const send = async (method: string, path: string, body: Uint8Array, type: string | null = protobuf) => {
    const headers = type === null ? {} : { 'content-type': type }
    const answer = await fetch(`http://here${path}`, { method, headers, body })
    const text = await answer.text()
    return { code: answer.status, type: answer.headers.get('content-type'), body: JSON.parse(text) }
  }
  return { ask, send }
}

const template = {
  spec: { restartPolicy: 'Never', containers: [{ name: 'c', image: 'busybox', command: ['true'] }] },
}
const job = (name: string, spec: object = {}) => ({
  apiVersion: 'batch/v1',
  kind: 'Job',
  metadata: { name, labels: { app: 'x' } },
  spec: { suspend: true, template, ...spec },
})
const jobs = '/apis/batch/v1/namespaces/ns/jobs'

/** What differs between any two objects is made alike. */
const withoutIdentity = (object: unknown): unknown =>
  JSON.parse(
    JSON.stringify(object)
      .replaceAll(/[0-9a-f]{8}-[0-9a-f-]{27}/g, 'uid')
      .replaceAll(/in-\w+/g, 'name')
      .replaceAll(/"resourceVersion":"\d+"/g, '"resourceVersion":""'),
  )

describe('API-4: a body in protobuf', () => {
  test.each<[what: string, path: string, object: (name: string) => Readonly<Record<string, unknown>>]>([
    [
      'a Job',
      jobs,
      (name) => job(name, { parallelism: 0, backoffLimit: 0, completionMode: 'Indexed', completions: 2 }),
    ],
    [
      'a CronJob',
      '/apis/batch/v1/namespaces/ns/cronjobs',
      (name) => ({
        apiVersion: 'batch/v1',
        kind: 'CronJob',
        metadata: { name },
        spec: { schedule: '@daily', timeZone: 'Etc/UTC', suspend: true, jobTemplate: { spec: { template } } },
      }),
    ],
    [
      'a namespace',
      '/api/v1/namespaces',
      (name) => ({ apiVersion: 'v1', kind: 'Namespace', metadata: { name }, spec: {}, status: {} }),
    ],
    [
      'a ConfigMap',
      '/api/v1/namespaces/ns/configmaps',
      (name) => ({
        apiVersion: 'v1',
        kind: 'ConfigMap',
        metadata: { name, annotations: { note: 'ä' } },
        data: { k: 'v' },
        binaryData: { b: 'AAE=' },
        immutable: false,
      }),
    ],
    [
      'a Pod',
      '/api/v1/namespaces/ns/pods',
      (name) => ({
        apiVersion: 'v1',
        kind: 'Pod',
        metadata: { name },
        spec: {
          ...template.spec,
          volumes: [{ name: 'v', emptyDir: { sizeLimit: '1Mi' } }],
          tolerations: [{ operator: 'Exists' }],
          securityContext: { runAsUser: 0, runAsNonRoot: false, supplementalGroups: [1, 2] },
        },
      }),
    ],
    [
      'a lease',
      '/apis/coordination.k8s.io/v1/namespaces/ns/leases',
      (name) => ({
        apiVersion: 'coordination.k8s.io/v1',
        kind: 'Lease',
        metadata: { name },
        spec: {
          holderIdentity: 'me',
          leaseDurationSeconds: 15,
          leaseTransitions: 0,
          renewTime: '2026-01-01T00:00:00.000001Z',
        },
      }),
    ],
    [
      'a service account',
      '/api/v1/namespaces/ns/serviceaccounts',
      (name) => ({
        apiVersion: 'v1',
        kind: 'ServiceAccount',
        metadata: { name },
        secrets: [{ name: 's' }],
        automountServiceAccountToken: false,
      }),
    ],
    [
      'a Node',
      '/api/v1/nodes',
      (name) => ({
        apiVersion: 'v1',
        kind: 'Node',
        metadata: { name },
        spec: { taints: [{ key: 'k', effect: 'NoSchedule' }] },
        status: {
          capacity: { cpu: '8' },
          nodeInfo: Object.fromEntries(
            [
              ...['machineID', 'systemUUID', 'bootID', 'kernelVersion', 'osImage', 'containerRuntimeVersion'],
              ...['kubeletVersion', 'kubeProxyVersion', 'operatingSystem', 'architecture'],
            ].map((field) => [field, 'x']),
          ),
        },
      }),
    ],
    [
      'an Event',
      '/api/v1/namespaces/ns/events',
      (name) => ({
        apiVersion: 'v1',
        kind: 'Event',
        metadata: { name, namespace: 'ns' },
        involvedObject: { kind: 'Pod', namespace: 'ns', name: 'p', apiVersion: 'v1' },
        reason: 'Seen',
        message: 'it was seen',
        source: { component: 'watcher' },
        firstTimestamp: '2026-01-01T00:00:00Z',
        lastTimestamp: '2026-01-01T00:00:01Z',
        count: 2,
        type: 'Normal',
        reportingComponent: '',
        reportingInstance: '',
      }),
    ],
    [
      'an Event of the newer group',
      '/apis/events.k8s.io/v1/namespaces/ns/events',
      (name) => ({
        apiVersion: 'events.k8s.io/v1',
        kind: 'Event',
        metadata: { name, namespace: 'ns' },
        eventTime: '2026-01-01T00:00:00.000001Z',
        series: { count: 3, lastObservedTime: '2026-01-01T00:00:02.500000Z' },
        reportingController: 'example.com/watcher',
        reportingInstance: 'watcher-1',
        action: 'Look',
        reason: 'Seen',
        regarding: { kind: 'Pod', namespace: 'ns', name: 'p', apiVersion: 'v1' },
        note: 'it was seen',
        type: 'Normal',
      }),
    ],
    [
      'a question what may be done',
      '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews',
      () => ({
        apiVersion: 'authorization.k8s.io/v1',
        kind: 'SelfSubjectAccessReview',
        metadata: {},
        spec: { resourceAttributes: { verb: 'create', group: 'batch', resource: 'jobs', namespace: 'ns' } },
      }),
    ],
    [
      'a question who asks',
      '/apis/authentication.k8s.io/v1/selfsubjectreviews',
      () => ({ apiVersion: 'authentication.k8s.io/v1', kind: 'SelfSubjectReview', metadata: {} }),
    ],
  ])('creates %s as its JSON does', async (_, path, object) => {
    const { ask, send } = await world()
    const fromJson = await ask('POST', path, object('in-json'))
    const fromProtobuf = await send('POST', path, protobufBody(object('in-protobuf')))
    expect([fromProtobuf.code, fromProtobuf.type]).toEqual([201, 'application/json'])
    expect(withoutIdentity(fromProtobuf.body)).toEqual(withoutIdentity(fromJson.body))
  })

  test('replaces an object, its status and its scale', async () => {
    const { ask, send } = await world()
    await ask('POST', jobs, job('a'))
    const stored = (await ask('GET', `${jobs}/a`)).body
    const changed = await send(
      'PUT',
      `${jobs}/a`,
      protobufBody({ ...stored, spec: { ...stored.spec, parallelism: 3 } }),
    )
    expect(changed).toMatchObject({ code: 200, body: { spec: { parallelism: 3 } } })
    const scale = { apiVersion: 'autoscaling/v1', kind: 'Scale', metadata: { name: 'a' }, spec: { replicas: 5 } }
    expect(await send('PUT', `${jobs}/a/scale`, protobufBody(scale))).toMatchObject({
      code: 200,
      body: { spec: { replicas: 5 } },
    })
    expect((await ask('GET', `${jobs}/a`)).body.spec.parallelism).toBe(5)
  })

  test('deletes as it says', async () => {
    const { ask, send } = await world()
    await ask('POST', jobs, job('a'))
    const options = (uid: string) =>
      protobufBody({
        apiVersion: 'batch/v1',
        kind: 'DeleteOptions',
        gracePeriodSeconds: 0,
        propagationPolicy: 'Background',
        preconditions: { uid },
      })
    expect((await send('DELETE', `${jobs}/a`, options('another'))).code).toBe(409)
    const { uid } = (await ask('GET', `${jobs}/a`)).body.metadata
    expect((await send('DELETE', `${jobs}/a`, options(uid))).code).toBe(200)
    expect((await ask('GET', `${jobs}/a`)).code).toBe(404)
  })

  test('is taken even strictly, since it can have no unknown fields', async () => {
    const { send } = await world()
    expect((await send('POST', `${jobs}?fieldValidation=Strict`, protobufBody(job('a')))).code).toBe(201)
  })

  test('is refused for the same reasons as JSON', async () => {
    const { ask, send } = await world()
    const bad = job('a', { parallelism: -1 })
    const told = await send('POST', jobs, protobufBody(bad))
    expect(told.code).toBe(422)
    expect(told.body).toEqual((await ask('POST', jobs, bad)).body)
    const pod = { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'p' }, spec: template.spec }
    const stranger = await send('POST', jobs, protobufBody(pod))
    expect(stranger.code).toBe(400)
    expect(stranger.body).toEqual((await ask('POST', jobs, pod)).body)
  })

  test('is a BadRequest wherever it is cut short', async () => {
    const { send } = await world()
    const whole = protobufBody(job('a'))
    const codes = new Map<number, number>()
    for (let length = 0; length < whole.length - tailLength; length += 1) {
      const { code } = await send('POST', `${jobs}?dryRun=All`, whole.slice(0, length))
      codes.set(code, (codes.get(code) ?? 0) + 1)
    }
    /** Right behind version and kind it is a Job of which nothing was said. */
    expect([...codes]).toEqual([
      [400, whole.length - tailLength - 1],
      [422, 1],
    ])
  })

  test('is never an error of the server, whatever has become of it on the way', async () => {
    const { send } = await world()
    const whole = protobufBody(job('a', { completionMode: 'Indexed', completions: 2, parallelism: 2 }))
    const codes = new Set<number>()
    await fc.assert(
      fc.asyncProperty(fc.nat(whole.length - 1), fc.integer({ min: 0, max: 255 }), async (at, byte) => {
        const { code, body } = await send('POST', `${jobs}?dryRun=All`, whole.with(at, byte))
        codes.add(code)
        /** A byte can make a version of another field, for which even Kubernetes has no better answer. */
        if (body.message !== 'resourceVersion should not be set on objects to be created')
          expect(code).toBeLessThan(500)
      }),
      { numRuns: 300 },
    )
    expect([...codes]).toEqual(expect.arrayContaining([201, 400]))
  })

  test('evicts a Pod, and binds one to a Node', async () => {
    const { ask, send } = await world()
    const pods = '/api/v1/namespaces/ns/pods'
    for (const name of ['a', 'b']) await ask('POST', pods, { metadata: { name }, spec: template.spec })
    const target = { kind: 'Node', name: 'chosen' }
    const binding = { apiVersion: 'v1', kind: 'Binding', metadata: { name: 'a' }, target }
    expect((await send('POST', `${pods}/a/binding`, protobufBody(binding))).code).toBe(201)
    expect((await ask('GET', `${pods}/a`)).body.spec.nodeName).toBe('chosen')
    const eviction = {
      apiVersion: 'policy/v1',
      kind: 'Eviction',
      metadata: { name: 'b' },
      deleteOptions: { gracePeriodSeconds: 0 },
    }
    expect((await send('POST', `${pods}/b/eviction`, protobufBody(eviction))).code).toBe(201)
    expect((await ask('GET', `${pods}/b`)).code).toBe(404)
  })

  test('without a type is taken for JSON', async () => {
    const { send } = await world()
    const json = new TextEncoder().encode(JSON.stringify(job('a')))
    expect((await send('POST', jobs, json, null)).code).toBe(201)
    expect((await send('POST', jobs, protobufBody(job('b')), null)).code).toBe(400)
  })

  test('in CBOR is a type that is not read', async () => {
    const { send } = await world()
    expect((await send('POST', jobs, Uint8Array.of(0xa0), 'application/cbor')).code).toBe(415)
  })
})
