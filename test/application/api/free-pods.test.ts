import { describe, expect, test } from 'vitest'
import { inMemoryEventStore } from '../../../src/adapters/eventstore/memory/in-memory-event-store.ts'
import { beginning, type EventStore, type StoredEvent } from '../../../src/application/ports/event-store.ts'
import { right } from '../../support/event-stores.ts'
import { conformanceWorld } from '../../conformance/world.ts'

type Pod = {
  readonly metadata: {
    readonly name: string
    readonly uid: string
    readonly labels: Readonly<Record<string, string>>
    readonly finalizers?: ReadonlyArray<string>
    readonly ownerReferences?: ReadonlyArray<{ readonly kind: string; readonly name: string; readonly uid: string }>
    readonly deletionTimestamp?: string
  }
  readonly status: { readonly phase: string }
}
type Job = {
  readonly metadata: { readonly uid: string }
  readonly status: { readonly active?: number; readonly failed?: number; readonly succeeded?: number }
}

/** A world with one client in the namespace `default`. */
const client = async (store: EventStore = inMemoryEventStore()) => {
  const world = await conformanceWorld(store)
  const ask = async <A>(
    method: string,
    path: string,
    body?: unknown,
    type = 'application/merge-patch+json',
  ): Promise<A> => {
    const headers = { 'content-type': method === 'PATCH' ? type : 'application/json' }
    const init = { method, headers, ...(body === undefined ? {} : { body: JSON.stringify(body) }) }
    const answer = await world.fetch(`http://jobledger${path}`, init)
    const value = (await answer.json()) as A
    if (!answer.ok) throw new Error(`${method} ${path}: ${JSON.stringify(value)}`)
    return value
  }
  const jobsPath = '/apis/batch/v1/namespaces/default/jobs'
  const podsPath = '/api/v1/namespaces/default/pods'
  return {
    ...world,
    store,
    ask,
    podsPath,
    /** In small steps, since one move of a Pod leads to the next. */
    pass: async (seconds: number) => {
      for (let tenth = 0; tenth < seconds * 10; tenth += 1) await world.sleep(0.1)
    },
    createJob: async (spec: object = {}, labels: object = {}, name = 'job') => {
      const container = { name: 'main', image: 'busybox', command: ['true'] }
      const template = { metadata: { labels }, spec: { restartPolicy: 'Never', containers: [container] } }
      const job = await ask<Job>('POST', jobsPath, {
        apiVersion: 'batch/v1',
        kind: 'Job',
        metadata: { name },
        spec: { ...spec, template },
      })
      await world.sleep(1)
      return job
    },
    job: (name = 'job') => ask<Job>('GET', `${jobsPath}/${name}`),
    pods: async () => (await ask<{ readonly items: ReadonlyArray<Pod> }>('GET', podsPath)).items,
    patchPod: ({ metadata }: Pod, patch: object) => ask<Pod>('PATCH', `${podsPath}/${metadata.name}`, patch),
    deleteJob: (propagationPolicy: string, name = 'job') =>
      ask('DELETE', `${jobsPath}/${name}`, { kind: 'DeleteOptions', apiVersion: 'v1', propagationPolicy }),
  }
}

const owners = ({ metadata }: Pod): ReadonlyArray<string> => (metadata.ownerReferences ?? []).map(({ name }) => name)
const tracking = ['batch.kubernetes.io/job-tracking']

describe('a Pod whose labels are changed', () => {
  test("[W-4, J-23] is let go uncounted and replaced, and runs on as nobody's", async () => {
    const it = await client()
    await it.createJob({}, { app: 'a' })
    const [pod] = await it.pods()
    await it.patchPod(pod!, { metadata: { labels: { 'batch.kubernetes.io/controller-uid': 'other' } } })
    await it.pass(3)
    const pods = await it.pods()
    expect(pods.map(owners)).toEqual(expect.arrayContaining([[], ['job']]))
    expect(pods.find(({ metadata }) => metadata.uid === pod!.metadata.uid)).toMatchObject({
      metadata: { labels: { app: 'a' } },
      status: { phase: 'Pending' },
    })
    expect((await it.job()).status).toMatchObject({ active: 1 })
    expect((await it.job()).status.failed).toBeUndefined()
  })

  test('[W-4] comes back when they are changed back', async () => {
    const it = await client()
    const { metadata } = await it.createJob({ parallelism: 2, completions: 2 })
    const [pod] = await it.pods()
    await it.patchPod(pod!, { metadata: { labels: { 'batch.kubernetes.io/controller-uid': 'other' } } })
    await it.pass(3)
    const free = (await it.pods()).find((one) => one.metadata.uid === pod!.metadata.uid)
    expect(owners(free!)).toEqual([])
    await it.patchPod(free!, { metadata: { labels: { 'batch.kubernetes.io/controller-uid': metadata.uid } } })
    await it.pass(5)
    const back = (await it.pods()).find((one) => one.metadata.uid === pod!.metadata.uid)
    expect(back).toBeDefined()
    expect(owners(back!)).toEqual(['job'])
  })
})

test('[W-7] a Pod without its owner reference loses the finalizer at once and gets both back', async () => {
  const it = await client()
  await it.createJob()
  const [pod] = await it.pods()
  const bare = await it.patchPod(pod!, { metadata: { ownerReferences: null } })
  expect(bare.metadata.finalizers ?? []).toEqual([])
  await it.pass(3)
  const pods = await it.pods()
  expect(pods.map(({ metadata }) => [metadata.uid, metadata.finalizers])).toEqual([[pod!.metadata.uid, tracking]])
  expect(owners(pods[0]!)).toEqual(['job'])
  expect((await it.job()).status).toMatchObject({ active: 1 })
  expect((await it.job()).status.failed).toBeUndefined()
})

test('[C-6] a Pod that loses the tracking finalizer is never counted, and replaced when it is gone', async () => {
  const it = await client()
  await it.createJob()
  const [pod] = await it.pods()
  await it.patchPod(pod!, { metadata: { finalizers: null } })
  await it.ask('DELETE', `${it.podsPath}/${pod!.metadata.name}`, { kind: 'DeleteOptions', apiVersion: 'v1' })
  await it.pass(3)
  expect((await it.pods()).map(({ metadata }) => metadata.uid)).not.toContain(pod!.metadata.uid)
  expect((await it.job()).status).toMatchObject({ active: 1 })
  expect((await it.job()).status.failed).toBeUndefined()
})

describe('a Job deleted as Orphan', () => {
  test('[W-8, J-24] leaves its Pods, without owner and finalizer, and they can be reported, changed and deleted', async () => {
    const it = await client()
    await it.createJob({ parallelism: 2, completions: 2 })
    await it.deleteJob('Orphan')
    await it.pass(3)
    const [first, second] = await it.pods()
    for (const pod of [first!, second!]) {
      expect(owners(pod)).toEqual([])
      expect(pod.metadata.finalizers).toBeUndefined()
    }
    const path = `${it.podsPath}/${first!.metadata.name}`
    expect(await it.ask('PATCH', `${path}/status`, { status: { phase: 'Succeeded' } })).toMatchObject({
      status: { phase: 'Succeeded' },
    })
    expect(await it.patchPod(first!, { metadata: { labels: { a: 'b' } } })).toMatchObject({
      metadata: { labels: { a: 'b' } },
    })
    await it.ask('DELETE', path, { kind: 'DeleteOptions', apiVersion: 'v1' })
    expect(await it.pods()).toHaveLength(1)
  })

  test('[W-2] what it left counts for the Job that takes it over', async () => {
    const it = await client()
    const labels = { batch: 'blue' }
    await it.createJob({}, labels, 'old')
    const [pod] = await it.pods()
    await it.deleteJob('Orphan', 'old')
    await it.pass(3)
    await it.createJob({ manualSelector: true, selector: { matchLabels: labels } }, labels, 'new')
    const [taken, ...others] = await it.pods()
    expect(others).toEqual([])
    expect(taken!.metadata.uid).toBe(pod!.metadata.uid)
    await it.ask('PATCH', `${it.podsPath}/${pod!.metadata.name}/status`, { status: { phase: 'Succeeded' } })
    await it.pass(3)
    expect((await it.job('new')).status).toMatchObject({ succeeded: 1 })
  })
})

describe('a Pod that a user creates', () => {
  const manifest = (labels: object) => ({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'mine', labels },
    spec: { containers: [{ name: 'main', image: 'busybox' }] },
  })

  test("is nobody's, has the defaults of a Pod, and its name is taken", async () => {
    const it = await client()
    expect(await it.ask('POST', it.podsPath, manifest({}))).toMatchObject({
      metadata: { name: 'mine', namespace: 'default' },
      spec: { restartPolicy: 'Always' },
      status: { phase: 'Pending' },
    })
    await expect(it.ask('POST', it.podsPath, manifest({}))).rejects.toThrow('pods \\"mine\\" already exists')
  })

  test('[8.1] is taken over by a Job whose selector finds it, beyond what the Job wants it is deleted', async () => {
    const it = await client()
    const { metadata } = await it.createJob({ suspend: true })
    await it.ask('POST', it.podsPath, manifest({ 'batch.kubernetes.io/controller-uid': metadata.uid }))
    await it.pass(5)
    expect(await it.pods()).toEqual([])
  })
})

describe('a move that a crash cut in two', () => {
  /** The log up to the first event of which that holds. */
  const cutBefore = async (store: EventStore, ends: (event: StoredEvent) => boolean): Promise<EventStore> => {
    const all = await right(store.readAll(beginning, 10_000))
    const cut = inMemoryEventStore()
    const revisions = new Map<string, number>()
    for (const event of all.slice(0, all.findIndex(ends))) {
      const { stream, id, type, data, metadata } = event
      const stored = await right(cut.append(stream, revisions.get(stream) ?? -1, [{ id, type, data, metadata }]))
      revisions.set(stream, stored.revision)
    }
    return cut
  }

  test('is finished at the start: a Pod that was let go gets its own stream', async () => {
    const it = await client()
    await it.createJob()
    const [pod] = await it.pods()
    await it.deleteJob('Orphan')
    await it.pass(3)
    const again = await client(await cutBefore(it.store, ({ type }) => type === 'FreePodFormRecorded'))
    expect((await again.pods()).map(({ metadata }) => metadata.uid)).toEqual([pod!.metadata.uid])
    await again.pass(1)
    expect((await again.pods()).map(owners)).toEqual([[]])
    expect(await again.patchPod(pod!, { metadata: { labels: { a: 'b' } } })).toMatchObject({
      metadata: { labels: { a: 'b' } },
    })
  })

  test('is finished at the start: a Pod that was given away is taken over', async () => {
    const it = await client()
    const labels = { batch: 'blue' }
    await it.createJob({}, labels, 'old')
    const [pod] = await it.pods()
    await it.deleteJob('Orphan', 'old')
    await it.pass(3)
    await it.createJob({ manualSelector: true, selector: { matchLabels: labels } }, labels, 'new')
    const again = await client(await cutBefore(it.store, ({ type }) => type === 'PodFormRecorded'))
    expect(await again.pods()).toHaveLength(1)
    await again.pass(3)
    expect((await again.pods()).map((one) => [one.metadata.uid, ...owners(one)])).toEqual([[pod!.metadata.uid, 'new']])
  })
})

test('of two Pods of one name that are created at once, one is there already', async () => {
  const it = await client()
  const pod = { metadata: { name: 'twin' }, spec: { containers: [{ name: 'main', image: 'busybox' }] } }
  const asked = [it.ask<Pod>('POST', it.podsPath, pod), it.ask<Pod>('POST', it.podsPath, pod)]
  const answers = (await Promise.allSettled(asked)).map(({ status }) => status)
  expect(answers.toSorted()).toStrictEqual(['fulfilled', 'rejected'])
  await expect(Promise.all(asked)).rejects.toThrow('AlreadyExists')
  expect((await it.pods()).map(({ metadata }) => metadata.name)).toStrictEqual(['twin'])
})
