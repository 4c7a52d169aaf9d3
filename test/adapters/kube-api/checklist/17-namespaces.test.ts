import { describe, expect, test } from 'vitest'
import { inMemoryEventStore } from '../../../../src/adapters/eventstore/memory/in-memory-event-store.ts'
import { externalRuntime } from '../../../../src/adapters/runtimes/external/external-runtime.ts'
import { manifest } from '../../../support/manifests.ts'
import { virtualClock } from '../../../support/virtual-clock.ts'
import { user, world } from '../../../support/world.ts'
import { asking } from './asking.ts'

const pod = { restartPolicy: 'Never', containers: [{ name: 'main', image: 'busybox' }] }
const maps = '/api/v1/namespaces/ns/configmaps'
const jobs = '/apis/batch/v1/namespaces/ns/jobs'
const namespace = '/api/v1/namespaces/ns'

type World = Awaited<ReturnType<typeof asking>>

const codeOf = async ({ ask }: World, path: string) => (await ask('GET', path)).code

const contents: ReadonlyArray<readonly [path: string, object: object]> = [
  [jobs, { metadata: { name: 'it' }, spec: { template: { spec: pod } } }],
  ['/api/v1/namespaces/ns/pods', { metadata: { name: 'it' }, spec: pod }],
  [
    '/apis/batch/v1/namespaces/ns/cronjobs',
    { metadata: { name: 'it' }, spec: { schedule: '0 0 1 1 *', jobTemplate: { spec: { template: { spec: pod } } } } },
  ],
  [maps, { metadata: { name: 'it' } }],
  ['/apis/coordination.k8s.io/v1/namespaces/ns/leases', { metadata: { name: 'it' } }],
]

describe('the end of a namespace', () => {
  test.each(contents)('API-17: it takes what is in it along: %s', async (path, object) => {
    const world = await asking()
    expect((await world.ask('POST', path, object)).code).toBe(201)
    expect(await world.ask('DELETE', namespace)).toMatchObject({
      code: 200,
      body: { metadata: { deletionTimestamp: expect.any(String) }, status: { phase: 'Terminating' } },
    })
    await world.sleep(5)
    expect(await codeOf(world, namespace)).toBe(404)
    expect((await world.ask('GET', path)).body.items).toStrictEqual([])
    expect(await world.ask('POST', path, object)).toMatchObject({
      code: 404,
      body: { message: 'namespaces "ns" not found' },
    })
  })

  test('API-17: what a finalizer holds keeps it, and nothing new gets in', async () => {
    const world = await asking()
    const { ask, sleep } = world
    await ask('POST', maps, { metadata: { name: 'held', finalizers: ['example.com/stay'] } })
    await ask('DELETE', namespace)
    await sleep(5)
    expect((await ask('GET', namespace)).body.status.phase).toBe('Terminating')
    expect((await ask('GET', maps)).body.items).toMatchObject([{ metadata: { name: 'held' } }])
    expect(await ask('POST', maps, { metadata: { name: 'late' } })).toMatchObject({
      code: 403,
      body: {
        message:
          'configmaps "late" is forbidden: unable to create new content in namespace ns because it is being terminated',
        details: { causes: [{ reason: 'NamespaceTerminating', field: 'metadata.namespace' }] },
      },
    })
    expect(
      (await ask('PUT', '/apis/coordination.k8s.io/v1/namespaces/ns/leases/l', { metadata: { name: 'l' } })).code,
    ).toBe(403)
    expect((await ask('DELETE', namespace)).code).toBe(200)
    expect((await ask('POST', '/api/v1/namespaces', { metadata: { name: 'ns' } })).body.message).toBe(
      'object is being deleted: namespaces "ns" already exists',
    )
    await ask('PATCH', `${maps}/held`, { metadata: { finalizers: null } })
    await sleep(5)
    expect(await codeOf(world, namespace)).toBe(404)
  })

  test('API-17: it goes on after a restart', async () => {
    const store = inMemoryEventStore()
    const before = await asking(store)
    await before.ask('POST', maps, { metadata: { name: 'held', finalizers: ['example.com/stay'] } })
    await before.ask('DELETE', namespace)
    await before.ask('PATCH', `${maps}/held`, { metadata: { finalizers: null } })
    const after = await asking(store, { uuidsFrom: 100_000 })
    await after.sleep(5)
    expect(await codeOf(after, namespace)).toBe(404)
  })

  test('API-17: who is named in its finalizers has to let it go', async () => {
    const world = await asking()
    const { ask, sleep } = world
    const present = (await ask('GET', namespace)).body
    const held = { ...present, spec: { finalizers: ['kubernetes', 'example.com/mine'] } }
    expect((await ask('PUT', `${namespace}/finalize`, held)).body.spec).toStrictEqual(held.spec)
    await ask('DELETE', namespace)
    await sleep(5)
    const left = (await ask('GET', namespace)).body
    expect(left.spec).toStrictEqual({ finalizers: ['example.com/mine'] })
    expect((await ask('PUT', `${namespace}/finalize`, { ...left, spec: { finalizers: ['nobody'] } })).code).toBe(422)
    expect((await ask('PUT', `${namespace}/finalize`, { ...left, spec: {} })).code).toBe(200)
    expect(await codeOf(world, namespace)).toBe(404)
    expect((await ask('GET', `${namespace}/finalize`)).code).toBe(405)
  })

  test('API-17: its watchers see it go', async () => {
    const { ask, sleep, watched } = await asking()
    const before = (await ask('GET', namespace)).body.metadata.resourceVersion
    await ask('DELETE', namespace)
    await sleep(5)
    const seen = await watched(`/api/v1/namespaces?resourceVersion=${before}`)
    expect(seen.at(0)).toMatchObject({ type: 'MODIFIED', object: { status: { phase: 'Terminating' } } })
    expect(seen.at(-1)).toMatchObject({ type: 'DELETED', object: { metadata: { name: 'ns' } } })
  })
})

describe('a namespace', () => {
  test('API-17: has a service account and the certificate of the server, again when somebody deletes them', async () => {
    const { ask, sleep } = await asking()
    for (const path of [
      ...['default', 'kube-system', 'ns'].map((name) => `/api/v1/namespaces/${name}/serviceaccounts/default`),
      ...['default', 'kube-public', 'ns'].map((name) => `/api/v1/namespaces/${name}/configmaps/kube-root-ca.crt`),
    ]) {
      const first = await ask('GET', path)
      expect(first.code).toBe(200)
      await ask('DELETE', path)
      await sleep(1)
      expect((await ask('GET', path)).body.metadata.uid).not.toBe(first.body.metadata.uid)
    }
    expect((await ask('GET', `${maps}/kube-root-ca.crt`)).body.data['ca.crt']).toMatch(/BEGIN CERTIFICATE/)
  })

  test('API-17: of a cluster is there from the start, and those that belong to it cannot be deleted', async () => {
    const { ask } = await asking()
    for (const name of ['default', 'kube-public', 'kube-system'])
      expect(await ask('DELETE', `/api/v1/namespaces/${name}`)).toMatchObject({
        code: 403,
        body: { message: `namespaces "${name}" is forbidden: this namespace may not be deleted` },
      })
    expect((await ask('GET', '/api/v1/namespaces/kube-node-lease')).code).toBe(200)
  })

  test('API-17: that is there because of a Job in it stays, and is furnished', async () => {
    const store = inMemoryEventStore()
    const earlier = await world({ store, runtime: externalRuntime(), clock: virtualClock() })
    const job = manifest({}, 'j')
    const inTeam = { ...job, metadata: { ...job.metadata, namespace: 'team' } }
    expect(await earlier.service.create(inTeam, user)()).toMatchObject({ _tag: 'Right' })
    await earlier.close()
    const { ask, sleep } = await asking(store, { uuidsFrom: 100_000 })
    expect((await ask('GET', '/api/v1/namespaces/team/serviceaccounts/default')).code).toBe(200)
    await ask('DELETE', '/apis/batch/v1/namespaces/team/jobs/j?propagationPolicy=Background')
    await sleep(5)
    expect((await ask('GET', '/api/v1/namespaces/team')).code).toBe(200)
  })

  test('API-17: a start that finds everything writes nothing', async () => {
    const store = inMemoryEventStore()
    await asking(store)
    const versionOf = async (world: World) => (await world.ask('GET', '/api/v1/nodes')).body.metadata.resourceVersion
    const again = await asking(store, { uuidsFrom: 100_000 })
    const version = await versionOf(again)
    expect(await versionOf(await asking(store, { uuidsFrom: 200_000 }))).toBe(version)
  })
})

test('API-18: default/kubernetes is the service of the server itself', async () => {
  const { ask } = await asking()
  expect((await ask('GET', '/api/v1/namespaces/default/services/kubernetes')).body).toMatchObject({
    metadata: { labels: { component: 'apiserver', provider: 'kubernetes' } },
    spec: { type: 'ClusterIP', clusterIP: '10.96.0.1', clusterIPs: ['10.96.0.1'], ports: [{ port: 443 }] },
  })
})
