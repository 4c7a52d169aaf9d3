import { describe, expect, test } from 'vitest'
import { inMemoryEventStore } from '../../../src/adapters/eventstore/memory/in-memory-event-store.ts'
import { localNodeReports } from '../../../src/adapters/runtimes/local-node-reports.ts'
import { asking } from '../../adapters/kube-api/checklist/asking.ts'
import { scriptedRuntime } from '../../support/scripted-runtime.ts'

const jobs = '/apis/batch/v1/namespaces/ns/jobs'
const pods = '/api/v1/namespaces/ns/pods'
const nodes = '/api/v1/nodes'

/** A server that runs Pods itself, on so many nodes; whatever it starts runs until it is told otherwise. */
const serverOf = async (count: number, store = inMemoryEventStore()) => {
  const { runtime, told, started, sees } = scriptedRuntime()
  const world = await asking(store, { runtime: () => runtime, localNodes: localNodeReports(count, 'v1', 0) })
  const aMoment = async (seconds = 2) => {
    for (let passed = 0; passed < seconds; passed += 1) await world.sleep(1)
  }
  const create = async (name: string, parallelism: number, over: object = {}, jobOver: object = {}) => {
    const container = { name: 'main', image: 'x', command: ['true'] }
    const template = { spec: { restartPolicy: 'Never', containers: [container], ...over } }
    const { body } = await world.ask('POST', jobs, {
      metadata: { name },
      spec: { parallelism, completions: parallelism, template, ...jobOver },
    })
    await aMoment()
    return body.metadata.uid as string
  }
  /** What a runtime says when it has started a Pod. */
  const runs = async (job: string, ...ordinals: ReadonlyArray<number>) => {
    for (const pod of ordinals) {
      const process = { container: 0, restart: 0, bootId: 'b', pid: 7, startTicks: 1, at: world.now() }
      sees(job, pod, { type: 'ProcessStarted', ...process }, { type: 'PodStarted', ready: true, at: world.now() })
    }
    await aMoment()
  }
  const placed = async () =>
    (await world.ask('GET', pods)).body.items.map(
      ({ spec }: { readonly spec: { readonly nodeName?: string } }) => spec.nodeName ?? null,
    )
  const cordon = async (node: string, unschedulable: boolean | null = true) => {
    await world.ask('PATCH', `${nodes}/${node}`, { spec: { unschedulable } })
    await aMoment()
  }
  return { ...world, told, started, sees, aMoment, create, runs, placed, cordon }
}

const startedOn = (started: ReadonlyArray<{ readonly node: string }>) => started.map(({ node }) => node)

describe('the nodes on which Pods run here', () => {
  test('are Nodes as clients of Kubernetes expect them: ready, named, without taints', async () => {
    const { ask } = await serverOf(2)
    const { items } = (await ask('GET', `${nodes}?fieldSelector=spec.unschedulable=false`)).body
    expect(items).toMatchObject(
      ['local', 'local-2'].map((name) => ({
        metadata: { name, labels: { 'kubernetes.io/hostname': name } },
        status: { conditions: [{ type: 'Ready', status: 'True' }], allocatable: { pods: '110' } },
      })),
    )
    for (const { spec } of items) expect(spec.taints).toBeUndefined()
  })

  test('get as many Pods each, whether of one Job or of several', async () => {
    const { create, runs, started, placed } = await serverOf(3)
    const job = await create('many', 4)
    expect(startedOn(started)).toStrictEqual(['local', 'local-2', 'local-3', 'local'])
    await runs(job, 0, 1, 2, 3)
    expect((await placed()).toSorted()).toStrictEqual(['local', 'local', 'local-2', 'local-3'])
    await create('single', 1)
    await create('another', 1)
    expect(startedOn(started).slice(4)).toStrictEqual(['local-2', 'local-3'])
  })

  test('are no news of a Pod when there is one', async () => {
    const store = inMemoryEventStore()
    const { create, started } = await serverOf(1, store)
    await create('job', 2)
    expect(startedOn(started)).toStrictEqual(['local', 'local'])
    const log = await store.readAll(-1n, 1000)()
    expect('right' in log && log.right.some(({ type }) => type === 'PodBound')).toBe(false)
  })

  test('get no new Pods while they are cordoned; those that have them keep them', async () => {
    const { create, cordon, started, told } = await serverOf(2)
    await create('before', 2)
    await cordon('local')
    await create('after', 2)
    expect(startedOn(started)).toStrictEqual(['local', 'local-2', 'local-2', 'local-2'])
    expect(told.some((word) => word.startsWith('stop'))).toBe(false)
  })

  test('may all be cordoned: Pods wait, and say why, until one is not', async () => {
    const { ask, create, cordon, started, placed } = await serverOf(2)
    await cordon('local')
    await cordon('local-2')
    await create('job', 2)
    const { items } = (await ask('GET', pods)).body
    expect(items).toHaveLength(2)
    for (const { spec, status } of items) {
      expect(spec.nodeName).toBeUndefined()
      expect(status).toMatchObject({
        phase: 'Pending',
        conditions: [
          {
            type: 'PodScheduled',
            status: 'False',
            reason: 'Unschedulable',
            message: '0/2 nodes are available: 2 node(s) were unschedulable.',
          },
        ],
      })
    }
    expect(started).toStrictEqual([])
    await cordon('local-2', null)
    expect(startedOn(started)).toStrictEqual(['local-2', 'local-2'])
    expect(await placed()).toStrictEqual([null, null])
  })

  test('a Pod that waits for one goes at once when it is deleted, and is replaced', async () => {
    const { ask, create, cordon, aMoment } = await serverOf(1)
    await cordon('local')
    await create('job', 1)
    const [pod] = (await ask('GET', pods)).body.items
    expect((await ask('DELETE', `${pods}/${pod.metadata.name}`)).code).toBe(200)
    await aMoment()
    expect((await ask('GET', `${pods}/${pod.metadata.name}`)).code).toBe(404)
    await aMoment(20)
    const { items } = (await ask('GET', pods)).body
    expect(items).toHaveLength(1)
    expect(items[0].metadata.uid).not.toBe(pod.metadata.uid)
  })

  test('a Job goes with its waiting Pods', async () => {
    const { ask, create, cordon, aMoment } = await serverOf(1)
    await cordon('local')
    await create('job', 2)
    await ask('DELETE', `${jobs}/job`, { propagationPolicy: 'Foreground' })
    await aMoment()
    expect((await ask('GET', `${jobs}/job`)).code).toBe(404)
    expect((await ask('GET', pods)).body.items).toStrictEqual([])
  })

  test('wait on for Pods that waited when the server ended', async () => {
    const store = inMemoryEventStore()
    const first = await serverOf(1, store)
    await first.cordon('local')
    await first.create('job', 1)
    const { runtime, started } = scriptedRuntime()
    const options = {
      runtime: () => runtime,
      localNodes: localNodeReports(1, 'v1', 0),
      epoch: first.now(),
      uuidsFrom: 1000,
    }
    const second = await asking(store, options)
    await second.sleep(1)
    expect(started).toStrictEqual([])
    await second.ask('PATCH', `${nodes}/local`, { spec: { unschedulable: null } })
    await second.sleep(1)
    expect(startedOn(started)).toStrictEqual(['local'])
  })

  test.each<[what: string, over: object, node: string | null]>([
    ['a selector', { nodeSelector: { 'kubernetes.io/hostname': 'local-2' } }, 'local-2'],
    ['a selector that fits none', { nodeSelector: { disk: 'ssd' } }, null],
    ['a name', { nodeName: 'local-2' }, 'local-2'],
    ['the name of none of them', { nodeName: 'elsewhere' }, null],
  ])('are chosen as the Pod wants: %s', async (_, over, node) => {
    const { create, started } = await serverOf(2)
    await create('job', 1, over)
    expect(startedOn(started)).toStrictEqual(node === null ? [] : [node])
  })

  test('that are tainted get only Pods that tolerate it', async () => {
    const { ask, create, started } = await serverOf(1)
    await ask('PATCH', `${nodes}/local`, { spec: { taints: [{ key: 'a', value: 'b', effect: 'NoSchedule' }] } })
    await create('averse', 1)
    expect(started).toStrictEqual([])
    await create('tolerant', 1, { tolerations: [{ key: 'a', operator: 'Exists' }] })
    expect(started).toHaveLength(1)
  })

  test('that are deleted take their Pods along, which were disrupted', async () => {
    const { ask, create, runs, told, started, aMoment } = await serverOf(2)
    const rules = [{ action: 'Ignore', onPodConditions: [{ type: 'DisruptionTarget' }] }]
    const job = await create('job', 2, {}, { backoffLimit: 0, podFailurePolicy: { rules } })
    await runs(job, 0, 1)
    await ask('DELETE', `${nodes}/local-2`)
    await aMoment(20)
    expect(told).toContain('stop 1 in 0s')
    expect(told).not.toContain('stop 0 in 0s')
    expect(startedOn(started)).toStrictEqual(['local', 'local-2', 'local'])
    const { status } = (await ask('GET', `${jobs}/job`)).body
    expect(status).toMatchObject({ active: 2 })
    expect(status.failed).toBeUndefined()
  })

  test('a Pod that is lost with its node says so', async () => {
    const { ask, create, runs, aMoment, watched } = await serverOf(1)
    const job = await create('job', 1, {}, { podReplacementPolicy: 'Failed' })
    await runs(job, 0)
    const seen = (await ask('GET', pods)).body.metadata.resourceVersion
    await ask('DELETE', `${nodes}/local`)
    await aMoment(3)
    const told = await watched(`${pods}?resourceVersion=${seen}`)
    const condition = {
      type: 'DisruptionTarget',
      status: 'True',
      reason: 'DeletionByPodGC',
      message: 'PodGC: node no longer exists',
    }
    expect(told[0]?.object['status']).toMatchObject({
      phase: 'Failed',
      reason: 'NodeLost',
      conditions: expect.arrayContaining([expect.objectContaining(condition)]),
    })
    expect(told.at(-1)?.type).toBe('DELETED')
  })
})
