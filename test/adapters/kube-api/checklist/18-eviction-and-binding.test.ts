import { describe, expect, test } from 'vitest'
import { inMemoryEventStore } from '../../../../src/adapters/eventstore/memory/in-memory-event-store.ts'
import { scriptedRuntime } from '../../../support/scripted-runtime.ts'
import { asking } from './asking.ts'

const jobs = '/apis/batch/v1/namespaces/ns/jobs'
const pods = '/api/v1/namespaces/ns/pods'
const created = { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Success', code: 201 }

type Asking = Awaited<ReturnType<typeof asking>>

const podNamed = (name: string, spec: object = {}, metadata: object = {}) => ({
  metadata: { name, ...metadata },
  spec: { containers: [{ name: 'main', image: 'x' }], ...spec },
})

/** A Job of one Pod, which may not fail but by disruptions. */
const tender = (over: object = {}) => ({
  metadata: { name: 'tender' },
  spec: {
    backoffLimit: 0,
    podFailurePolicy: { rules: [{ action: 'Ignore', onPodConditions: [{ type: 'DisruptionTarget' }] }] },
    template: {
      spec: { restartPolicy: 'Never', containers: [{ name: 'main', image: 'x', command: ['true'] }], ...over },
    },
  },
})

const eviction = (name: string, over: object = {}) => ({
  apiVersion: 'policy/v1',
  kind: 'Eviction',
  metadata: { name, namespace: 'ns' },
  ...over,
})

const evict = ({ ask }: Asking, name: string, over: object = {}, query = '') =>
  ask('POST', `${pods}/${name}/eviction${query}`, eviction(name, over))

const disruption = {
  type: 'DisruptionTarget',
  status: 'True',
  reason: 'EvictionByEvictionAPI',
  message: 'Eviction API: evicting',
}

/** Longer than the back-off after a failure. */
const aWhile = async ({ sleep }: Asking) => {
  for (let seconds = 0; seconds < 20; seconds += 1) await sleep(1)
}

const only = async ({ ask }: Asking) => (await ask('GET', pods)).body.items[0]

describe('API-18: eviction', () => {
  test('API-18: is a graceful deletion that tells why', async () => {
    const world = await asking()
    await world.ask('POST', pods, podNamed('p', { nodeName: 'elsewhere' }))
    expect(await evict(world, 'p', { deleteOptions: { gracePeriodSeconds: 5 } })).toMatchObject({
      code: 201,
      body: created,
    })
    const { metadata, status } = (await world.ask('GET', `${pods}/p`)).body
    expect(metadata).toMatchObject({ deletionGracePeriodSeconds: 5, generation: 2 })
    expect(status.conditions).toMatchObject([disruption])
  })

  test('API-18: of a Pod that is being deleted already succeeds, as with the older version of its kind', async () => {
    const world = await asking()
    await world.ask('POST', pods, podNamed('p', { nodeName: 'elsewhere' }))
    await world.ask('DELETE', `${pods}/p`)
    const again = await evict(world, 'p', { apiVersion: 'policy/v1beta1' })
    expect(again).toMatchObject({ code: 201, body: created })
    expect((await world.ask('GET', `${pods}/p`)).body.metadata.deletionGracePeriodSeconds).toBe(30)
  })

  test('API-18: takes a Pod without a node away at once', async () => {
    const world = await asking()
    await world.ask('POST', pods, podNamed('p'))
    expect((await evict(world, 'p')).code).toBe(201)
    expect((await world.ask('GET', `${pods}/p`)).code).toBe(404)
  })

  test('API-18: tried only, by either of its options, leaves everything as it is', async () => {
    const world = await asking()
    await world.ask('POST', pods, podNamed('p', { nodeName: 'elsewhere' }))
    const before = await world.ask('GET', `${pods}/p`)
    expect((await evict(world, 'p', {}, '?dryRun=All')).code).toBe(201)
    expect((await evict(world, 'p', { deleteOptions: { dryRun: ['All'] } })).code).toBe(201)
    expect(await world.ask('GET', `${pods}/p`)).toStrictEqual(before)
  })

  test('API-18: is refused under another name, for a missing Pod, and for another one than is meant', async () => {
    const world = await asking()
    await world.ask('POST', pods, podNamed('p', { nodeName: 'elsewhere' }))
    expect(await world.ask('POST', `${pods}/p/eviction`, eviction('q'))).toMatchObject({
      code: 400,
      body: { message: 'name in URL does not match name in Eviction object' },
    })
    expect(await evict(world, 'missing')).toMatchObject({ code: 404, body: { message: 'pods "missing" not found' } })
    expect(await evict(world, 'p', { deleteOptions: { preconditions: { uid: 'another' } } })).toMatchObject({
      code: 409,
      body: { reason: 'Conflict', message: expect.stringContaining('the UID in the precondition (another)') },
    })
    expect(await evict(world, 'p', { kind: 'Pod' })).toMatchObject({ code: 400 })
  })

  test('API-18: of a Pod that a client runs is no failure to a Job that ignores disruptions', async () => {
    const world = await asking()
    await world.ask('POST', jobs, tender({ nodeName: 'elsewhere' }))
    await world.sleep(2)
    const { metadata } = await only(world)
    expect((await evict(world, metadata.name)).code).toBe(201)
    await world.ask('PATCH', `${pods}/${metadata.name}/status`, { status: { phase: 'Failed' } })
    await aWhile(world)
    const { status } = (await world.ask('GET', `${jobs}/tender`)).body
    expect(status).toMatchObject({ active: 1 })
    expect(status.failed).toBeUndefined()
  })

  test('API-18: of a Pod that runs here stops it, and is no failure to a Job that ignores disruptions', async () => {
    const { runtime, told, sees } = scriptedRuntime()
    const world = await asking(inMemoryEventStore(), { runtime: () => runtime })
    const { body: job } = await world.ask('POST', jobs, tender())
    await world.sleep(1)
    const { metadata } = await only(world)
    const process = { container: 0, restart: 0, bootId: 'b', pid: 7, startTicks: 1, at: world.now() }
    sees(
      job.metadata.uid,
      0,
      { type: 'ProcessStarted', ...process },
      { type: 'PodStarted', ready: true, at: world.now() },
    )
    await world.sleep(1)
    expect((await evict(world, metadata.name, { deleteOptions: { gracePeriodSeconds: 3 } })).code).toBe(201)
    expect(told.at(-1)).toBe('stop 0 in 3s')
    const evicted = await world.ask('GET', `${pods}/${metadata.name}`)
    expect(evicted.body.status.conditions).toContainEqual(expect.objectContaining(disruption))
    sees(job.metadata.uid, 0, { type: 'PodFailed', reason: null, exitCode: 143, at: world.now() })
    await aWhile(world)
    expect(told.at(-1)).toBe('start 1')
    const { status } = (await world.ask('GET', `${jobs}/tender`)).body
    expect(status).toMatchObject({ active: 1 })
    expect(status.failed).toBeUndefined()
  })

  test('API-18: is found by those who drain', async () => {
    const { ask } = await asking()
    const { resources } = (await ask('GET', '/api/v1')).body
    expect(resources).toContainEqual({
      name: 'pods/eviction',
      singularName: '',
      namespaced: true,
      group: 'policy',
      version: 'v1',
      kind: 'Eviction',
      verbs: ['create'],
    })
  })
})

describe('API-18: binding', () => {
  const bind = ({ ask }: Asking, name: string, target: object, metadata: object = {}, query = '') =>
    ask('POST', `${pods}/${name}/binding${query}`, { metadata: { name, ...metadata }, target })

  test('API-18: gives the Pod a node, and the labels and annotations of the binding, as one change', async () => {
    const world = await asking()
    const { body: pod } = await world.ask('POST', pods, podNamed('p', {}, { labels: { a: 'b' } }))
    const more = { labels: { c: 'd' }, annotations: { e: 'f' }, uid: pod.metadata.uid }
    expect(await bind(world, 'p', { kind: 'Node', name: 'n' }, more)).toMatchObject({ code: 201, body: created })
    const { metadata, spec, status } = (await world.ask('GET', `${pods}/p`)).body
    expect(metadata).toMatchObject({ generation: 1, labels: { a: 'b', c: 'd' }, annotations: { e: 'f' } })
    expect(spec.nodeName).toBe('n')
    expect(status.conditions).toMatchObject([{ type: 'PodScheduled', status: 'True', lastProbeTime: null }])
    const told = await world.watched(`${pods}?resourceVersion=${pod.metadata.resourceVersion}`)
    expect(told.map(({ type }) => type)).toStrictEqual(['MODIFIED'])
  })

  test('API-18: a Pod of a Job is bound as any other, and told that it was not before', async () => {
    const world = await asking()
    await world.ask('POST', jobs, tender())
    await world.sleep(2)
    const { metadata } = await only(world)
    await world.ask('PATCH', `${pods}/${metadata.name}/status`, {
      status: { conditions: [{ type: 'PodScheduled', status: 'False', reason: 'Unschedulable' }] },
    })
    expect((await bind(world, metadata.name, { name: 'n' })).code).toBe(201)
    const { spec, status } = await only(world)
    expect(spec.nodeName).toBe('n')
    expect(status.conditions).toMatchObject([{ type: 'PodScheduled', status: 'True' }])
    expect(status.conditions[0].reason).toBeUndefined()
  })

  test('API-18: is refused when the Pod has a node, is being deleted, waits for gates, or is another one', async () => {
    const world = await asking()
    const conflict = async (name: string, metadata: object = {}) => {
      const { code, body } = await bind(world, name, { name: 'n' }, metadata)
      return [code, body.details, body.message]
    }
    const said = (name: string, why: string) => [
      409,
      { name, kind: 'pods/binding' },
      `Operation cannot be fulfilled on pods/binding "${name}": ${why}`,
    ]
    await world.ask('POST', pods, podNamed('placed', { nodeName: 'n' }))
    expect(await conflict('placed')).toStrictEqual(said('placed', 'pod placed is already assigned to node "n"'))
    await world.ask('POST', pods, podNamed('going', {}, { finalizers: ['example.com/hold'] }))
    await world.ask('DELETE', `${pods}/going`)
    expect(await conflict('going')).toStrictEqual(
      said('going', 'pod going is being deleted, cannot be assigned to a host'),
    )
    await world.ask('POST', pods, podNamed('gated', { schedulingGates: [{ name: 'example.com/gate' }] }))
    expect(await conflict('gated')).toStrictEqual(said('gated', 'pod gated has non-empty .spec.schedulingGates'))
    await world.ask('POST', pods, podNamed('free'))
    expect((await conflict('free', { uid: 'another' }))[2]).toContain('the UID in the precondition (another)')
  })

  test('API-18: a bad target is an error without a reason, as Kubernetes has it', async () => {
    const world = await asking()
    await world.ask('POST', pods, podNamed('p'))
    const bad = async (target: object) => (await bind(world, 'p', target)).body
    expect(await bad({})).toStrictEqual({
      kind: 'Status',
      apiVersion: 'v1',
      metadata: {},
      status: 'Failure',
      message: 'target.name: Required value',
      code: 500,
    })
    expect((await bad({ kind: 'Job', name: 'n' })).message).toBe(
      'target.kind: Unsupported value: "Job": supported values: "Node", "<empty>"',
    )
    expect((await bad({ kind: 'Job' })).message).toMatch(/^\[target\.kind: .*, target\.name: Required value\]$/)
  })

  test('API-18: tried only, it leaves the Pod without a node', async () => {
    const world = await asking()
    await world.ask('POST', pods, podNamed('p'))
    expect((await bind(world, 'p', { name: 'n' }, {}, '?dryRun=All')).code).toBe(201)
    expect((await world.ask('GET', `${pods}/p`)).body.spec.nodeName).toBeUndefined()
  })
})
