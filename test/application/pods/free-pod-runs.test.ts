import { describe, expect, test } from 'vitest'
import { inMemoryEventStore } from '../../../src/adapters/eventstore/memory/in-memory-event-store.ts'
import { ended, jobsHere as jobs, later, podsHere as pods, servedHere as served } from '../../support/pods-here.ts'

describe('a Pod that a user creates where Pods run here', () => {
  test('runs, from its beginning to its end', async () => {
    const { create, told, sees, begins, get, started: pod } = await served()
    const uid = await create('p', {}, { labels: { a: 'b' } })
    expect(told).toStrictEqual(['start 0'])
    expect(pod[0]).toMatchObject({ uid, name: 'p', namespace: 'ns', node: 'local', labels: { a: 'b' } })
    expect(await get('p')).toMatchObject({ spec: { nodeName: 'local' }, status: { phase: 'Pending' } })
    await sees(uid, ...begins())
    expect(told.at(-1)).toBe('confirm 0/0.0')
    expect((await get('p')).status).toMatchObject({
      phase: 'Running',
      containerStatuses: [{ name: 'main', ready: true, restartCount: 0, state: { running: {} } }],
    })
    await sees(uid, ...ended(later, 3))
    const { status } = await get('p')
    expect(status).toMatchObject({ phase: 'Failed', containerStatuses: [{ state: { terminated: { exitCode: 3 } } }] })
  })

  test('ends in grace when it is deleted, and goes with its end', async () => {
    const { ask, create, told, sees, begins, get } = await served()
    const uid = await create('p')
    await sees(uid, ...begins())
    await ask('DELETE', `${pods}/p`, { gracePeriodSeconds: 4 })
    expect(told.at(-1)).toBe('stop 0 in 4s')
    expect((await get('p')).metadata.deletionGracePeriodSeconds).toBe(4)
    await sees(uid, ...ended(later, 143))
    expect((await ask('GET', `${pods}/p`)).code).toBe(404)
  })

  test('goes at once when it has ended, but not before its last finalizer', async () => {
    const { ask, create, sees, begins } = await served()
    const uid = await create('p', {}, { finalizers: ['example.com/hold'] })
    await sees(uid, ...begins(), ...ended(later))
    expect((await ask('DELETE', `${pods}/p`)).body.metadata.deletionGracePeriodSeconds).toBe(0)
    expect((await ask('GET', `${pods}/p`)).code).toBe(200)
    await ask('PATCH', `${pods}/p`, { metadata: { finalizers: null } })
    expect((await ask('GET', `${pods}/p`)).code).toBe(404)
  })

  test('waits while no node takes it, and says so; then runs', async () => {
    const { ask, create, told, get, aMoment } = await served()
    await ask('PATCH', '/api/v1/nodes/local', { spec: { unschedulable: true } })
    await create('p')
    expect(told).toStrictEqual([])
    expect((await get('p')).status.conditions).toMatchObject([
      { type: 'PodScheduled', status: 'False', reason: 'Unschedulable' },
    ])
    await ask('PATCH', '/api/v1/nodes/local', { spec: { unschedulable: null } })
    await aMoment()
    expect(told).toStrictEqual(['start 0'])
    expect((await get('p')).spec.nodeName).toBe('local')
  })

  test('is not run when it names a node of somebody else', async () => {
    const { create, told } = await served()
    await create('p', { nodeName: 'elsewhere' })
    expect(told).toStrictEqual([])
  })

  test('is lost with its node', async () => {
    const { ask, create, told, sees, begins, aMoment } = await served()
    await sees(await create('p'), ...begins())
    await ask('DELETE', '/api/v1/nodes/local')
    await aMoment()
    expect(told.at(-1)).toBe('stop 0 in 0s')
    expect((await ask('GET', `${pods}/p`)).code).toBe(404)
  })

  test('is lost when the server ends before it, and started by the next one if it never ran', async () => {
    const store = inMemoryEventStore()
    const first = await served(store)
    const uid = await first.create('ran')
    await first.sees(uid, ...first.begins())
    await first.create('never-ran')
    const second = await served(store, { epoch: first.now(), uuidsFrom: 1000 })
    await second.aMoment()
    expect(second.fenced).toStrictEqual([{ podUid: uid, bootId: 'b', pid: 7, startTicks: 1 }])
    expect((await second.get('ran')).status).toMatchObject({ phase: 'Failed', reason: 'NodeLost' })
    expect(second.started.map(({ name }) => name)).toStrictEqual(['never-ran'])
  })
})

describe('a Pod that a Job leaves behind where Pods run here', () => {
  test('runs once there is a node for it, if there was none', async () => {
    const { ask, createJob, told, sees, begins, get, aMoment, pods: listed } = await served()
    await ask('PATCH', '/api/v1/nodes/local', { spec: { unschedulable: true } })
    await createJob('job')
    await ask('DELETE', `${jobs}/job`, { propagationPolicy: 'Orphan' })
    await aMoment()
    expect(told).toStrictEqual([])
    await ask('PATCH', '/api/v1/nodes/local', { spec: { unschedulable: null } })
    await aMoment()
    expect(told).toStrictEqual(['start 0'])
    const [{ metadata }] = await listed()
    await sees(metadata.uid, ...begins())
    expect((await get(metadata.name)).status.phase).toBe('Running')
  })

  test('runs on, is told alike, and is ended by its own deletion', async () => {
    const { ask, createJob, told, sees, begins, get, aMoment } = await served()
    const job = await createJob('job')
    await sees(job, ...begins())
    const [before] = (await ask('GET', pods)).body.items
    const { name, uid } = before.metadata
    expect((await ask('DELETE', `${jobs}/job`, { propagationPolicy: 'Orphan' })).code).toBe(200)
    await aMoment()
    expect((await ask('GET', `${jobs}/job`)).code).toBe(404)
    const after = await get(name)
    expect(after.metadata.uid).toBe(uid)
    expect(after.metadata.ownerReferences).toBeUndefined()
    expect(after.metadata.finalizers).toBeUndefined()
    expect(after.status).toStrictEqual(before.status)
    expect(after.spec).toStrictEqual(before.spec)
    expect(told.filter((word) => word.startsWith('start') || word.startsWith('stop'))).toStrictEqual(['start 0'])
    await ask('DELETE', `${pods}/${name}`, { gracePeriodSeconds: 2 })
    expect(told.at(-1)).toBe('stop 0 in 2s')
    await sees(job, ...ended(later, 143))
    expect((await ask('GET', `${pods}/${name}`)).code).toBe(404)
  })

  test('may end at the very moment, and nothing of that is lost', async () => {
    const { ask, createJob, sees, begins, get, aMoment } = await served()
    const job = await createJob('job')
    await sees(job, ...begins())
    const { name } = (await ask('GET', pods)).body.items[0].metadata
    const deleted = ask('DELETE', `${jobs}/job`, { propagationPolicy: 'Orphan' })
    await sees(job, ...ended(later))
    await deleted
    await aMoment()
    expect((await get(name)).status.phase).toBe('Succeeded')
  })

  test('may end at any time later', async () => {
    const { ask, createJob, sees, begins, get, aMoment } = await served()
    const job = await createJob('job')
    await sees(job, ...begins())
    const { name } = (await ask('GET', pods)).body.items[0].metadata
    await ask('DELETE', `${jobs}/job`)
    await aMoment()
    await sees(job, ...ended(later, 5))
    expect((await get(name)).status).toMatchObject({
      phase: 'Failed',
      containerStatuses: [{ state: { terminated: { exitCode: 5, reason: 'Error' } } }],
    })
  })
})
