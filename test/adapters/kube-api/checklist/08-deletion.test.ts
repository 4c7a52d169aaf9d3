import { describe, expect, test } from 'vitest'
import { asking } from './asking.ts'

const jobs = '/apis/batch/v1/namespaces/ns/jobs'
const pods = '/api/v1/namespaces/ns/pods'
const configMaps = '/api/v1/namespaces/ns/configmaps'
const hold = ['example.com/hold']

type Asking = Awaited<ReturnType<typeof asking>>

const podNamed = (name: string, spec: object = {}, metadata: object = {}) => ({
  metadata: { name, ...metadata },
  spec: { containers: [{ name: 'main', image: 'x' }], ...spec },
})

const jobNamed = (name: string, spec: object = {}, metadata: object = {}) => ({
  metadata: { name, ...metadata },
  spec: { template: { spec: { restartPolicy: 'Never', containers: [{ name: 'main', image: 'x' }] } }, ...spec },
})

const idle = { suspend: true }

const warning =
  '299 - "child pods are preserved by default when jobs are deleted; set propagationPolicy=Background to remove them or set propagationPolicy=Orphan to suppress this warning"'

const going = ({ body: { metadata } }: { readonly body: { readonly metadata: Record<string, unknown> } }) => ({
  isGoing: metadata['deletionTimestamp'] !== undefined,
  grace: metadata['deletionGracePeriodSeconds'],
  generation: metadata['generation'],
  finalizers: metadata['finalizers'],
})

const seconds = async ({ sleep }: Asking, count: number) => {
  for (let passed = 0; passed < count; passed += 1) await sleep(1)
}

/** A reference to an object, by its kind. */
const ownerOf = (
  {
    apiVersion,
    kind,
    metadata: { name, uid },
  }: { apiVersion: string; kind: string; metadata: { name: string; uid: string } },
  more: object = {},
) => ({
  apiVersion,
  kind,
  name,
  uid,
  ...more,
})

describe('API-8: deletion of a Job', () => {
  test('API-8: leaves the Pods behind and warns, when nobody says what becomes of them', async () => {
    const world = await asking()
    await world.ask('POST', jobs, jobNamed('job'))
    await seconds(world, 3)
    const answer = await world.ask('DELETE', `${jobs}/job`)
    expect([answer.code, answer.warning]).toStrictEqual([200, warning])
    expect(going(answer)).toStrictEqual({ isGoing: true, grace: 0, generation: 2, finalizers: ['orphan'] })
    await seconds(world, 3)
    expect((await world.ask('GET', `${jobs}/job`)).code).toBe(404)
    const [pod] = (await world.ask('GET', pods)).body.items
    expect(pod.metadata.ownerReferences).toBeUndefined()
  })

  test('API-8: in the background it is gone at once, which is a success, and its Pods follow', async () => {
    const world = await asking()
    const { body: job } = await world.ask('POST', jobs, jobNamed('job'))
    await seconds(world, 3)
    const answer = await world.ask('DELETE', `${jobs}/job`, { propagationPolicy: 'Background' })
    expect(answer).toMatchObject({
      code: 200,
      warning: null,
      body: {
        kind: 'Status',
        status: 'Success',
        details: { name: 'job', group: 'batch', kind: 'jobs', uid: job.metadata.uid },
      },
    })
    await seconds(world, 3)
    expect((await world.ask('GET', pods)).body.items).toStrictEqual([])
  })

  test.each<[first: string, then: string, left: ReadonlyArray<string>]>([
    ['Orphan', 'Background', hold],
    ['Foreground', 'Background', hold],
    ['Background', 'Foreground', [...hold, 'foregroundDeletion']],
    ['Foreground', 'Orphan', [...hold, 'orphan']],
    ['Orphan', 'Orphan', hold],
  ])('API-8: %s, and then %s: the later word counts, and nothing else changes', async (first, then, left) => {
    const world = await asking()
    await world.ask('POST', jobs, jobNamed('job', idle, { finalizers: hold }))
    const before = await world.ask('DELETE', `${jobs}/job`, { propagationPolicy: first })
    await seconds(world, 3)
    const answer = await world.ask('DELETE', `${jobs}/job`, { propagationPolicy: then })
    expect(going(answer)).toMatchObject({ generation: 2, finalizers: left })
    expect(answer.body.metadata.deletionTimestamp).toBe(before.body.metadata.deletionTimestamp)
    await seconds(world, 3)
    expect(going(await world.ask('GET', `${jobs}/job`)).finalizers).toStrictEqual(hold)
    await world.ask('PATCH', `${jobs}/job`, { metadata: { finalizers: null } })
    expect((await world.ask('GET', `${jobs}/job`)).code).toBe(404)
  })

  test('API-8: tried only, it shows what would be and leaves everything as it is', async () => {
    const world = await asking()
    await world.ask('POST', jobs, jobNamed('job', idle))
    await world.ask('POST', jobs, jobNamed('held', idle, { finalizers: hold }))
    const before = await world.ask('GET', jobs)
    const dry = (name: string, propagationPolicy: string) =>
      world.ask('DELETE', `${jobs}/${name}`, { propagationPolicy, dryRun: ['All'] })
    expect((await dry('job', 'Background')).body).toMatchObject({ kind: 'Status', status: 'Success' })
    expect(going(await dry('job', 'Foreground')).finalizers).toStrictEqual(['foregroundDeletion'])
    expect(going(await dry('held', 'Background'))).toMatchObject({ isGoing: true, generation: 2, finalizers: hold })
    expect(await world.ask('GET', jobs)).toStrictEqual(before)
  })
})

describe('API-8: deletion of a Pod', () => {
  test.each<[what: string, spec: object, asked: object, grace: number]>([
    ['its own', { nodeName: 'n', terminationGracePeriodSeconds: 7 }, {}, 7],
    ['the default', { nodeName: 'n' }, {}, 30],
    ['that of the request', { nodeName: 'n' }, { gracePeriodSeconds: 3 }, 3],
    ['one second, for less than none', { nodeName: 'n' }, { gracePeriodSeconds: -4 }, 1],
    ['none, without a node', {}, { gracePeriodSeconds: 9 }, 0],
  ])('API-8: has a grace: %s', async (_, spec, asked, grace) => {
    const { ask, now } = await asking()
    await ask('POST', pods, podNamed('p', spec))
    const tried = await ask('DELETE', `${pods}/p`, { ...asked, dryRun: ['All'] })
    expect(going(await ask('GET', `${pods}/p`)).isGoing).toBe(false)
    const answer = await ask('DELETE', `${pods}/p`, asked)
    expect(answer.code).toBe(200)
    expect(going(answer)).toMatchObject({ isGoing: true, grace, generation: 2 })
    expect(Date.parse(answer.body.metadata.deletionTimestamp)).toBe(Math.floor(now() / 1000) * 1000 + grace * 1000)
    expect(going(tried)).toStrictEqual(going(answer))
    expect((await ask('GET', `${pods}/p`)).code).toBe(grace === 0 ? 404 : 200)
  })

  test('API-8: told again, the grace may shrink, and the generation stays', async () => {
    const { ask } = await asking()
    await ask('POST', pods, podNamed('p', { nodeName: 'n' }))
    const remove = async (body: object) => going(await ask('DELETE', `${pods}/p`, body))
    expect(await remove({})).toMatchObject({ grace: 30, generation: 2 })
    expect(await remove({ gracePeriodSeconds: 5 })).toMatchObject({ grace: 5, generation: 2 })
    expect(await remove({ gracePeriodSeconds: 60 })).toMatchObject({ grace: 5, generation: 2 })
    expect(await remove({})).toMatchObject({ grace: 5, generation: 2 })
  })

  test('API-8: a phase that is reported later removes nothing; the next deletion does', async () => {
    const { ask } = await asking()
    await ask('POST', pods, podNamed('p', { nodeName: 'n' }))
    await ask('DELETE', `${pods}/p`)
    await ask('PATCH', `${pods}/p/status`, { status: { phase: 'Succeeded' } })
    expect(going(await ask('GET', `${pods}/p`)).grace).toBe(30)
    expect(going(await ask('DELETE', `${pods}/p`)).grace).toBe(0)
    expect((await ask('GET', `${pods}/p`)).code).toBe(404)
  })

  test('API-8: the last finalizer takes it away when its grace is over', async () => {
    const { ask } = await asking()
    await ask('POST', pods, podNamed('p', { nodeName: 'n' }, { finalizers: hold }))
    await ask('DELETE', `${pods}/p`)
    await ask('DELETE', `${pods}/p`, { gracePeriodSeconds: 0 })
    expect(going(await ask('GET', `${pods}/p`))).toMatchObject({ grace: 0, finalizers: hold })
    await ask('PATCH', `${pods}/p`, { metadata: { finalizers: null } })
    expect((await ask('GET', `${pods}/p`)).code).toBe(404)
  })
})

describe('API-8: Pods that somebody else made go with their owners', () => {
  test('API-8: after the owner, when it went in the background', async () => {
    const world = await asking()
    const { body: job } = await world.ask('POST', jobs, jobNamed('job', idle))
    await world.ask('POST', pods, podNamed('p', {}, { ownerReferences: [ownerOf(job)] }))
    await world.ask('DELETE', `${jobs}/job`, { propagationPolicy: 'Background' })
    await seconds(world, 2)
    expect((await world.ask('GET', `${pods}/p`)).code).toBe(404)
  })

  test('API-8: before the owner, which waits in the foreground for those that block it, and for no others', async () => {
    const world = await asking()
    for (const [name, blockOwnerDeletion] of [
      ['blocked', true],
      ['free', false],
    ] as const) {
      const { body: job } = await world.ask('POST', jobs, jobNamed(name, idle))
      const metadata = { ownerReferences: [ownerOf(job, { blockOwnerDeletion })], finalizers: hold }
      await world.ask('POST', pods, podNamed(name, {}, metadata))
      await world.ask('DELETE', `${jobs}/${name}`, { propagationPolicy: 'Foreground' })
    }
    await seconds(world, 3)
    expect(going(await world.ask('GET', `${pods}/blocked`)).isGoing).toBe(true)
    expect((await world.ask('GET', `${jobs}/blocked`)).code).toBe(200)
    expect((await world.ask('GET', `${jobs}/free`)).code).toBe(404)
    await world.ask('PATCH', `${pods}/blocked`, { metadata: { finalizers: null } })
    await seconds(world, 3)
    expect((await world.ask('GET', `${jobs}/blocked`)).code).toBe(404)
  })

  test('API-8: not at all, when the owner leaves them behind: they name it no longer', async () => {
    const world = await asking()
    const { body: job } = await world.ask('POST', jobs, jobNamed('job', idle))
    await world.ask('POST', pods, podNamed('p', {}, { ownerReferences: [ownerOf(job)] }))
    await world.ask('DELETE', `${jobs}/job`, { propagationPolicy: 'Orphan' })
    await seconds(world, 3)
    expect((await world.ask('GET', `${jobs}/job`)).code).toBe(404)
    const { metadata } = (await world.ask('GET', `${pods}/p`)).body
    expect([metadata.deletionTimestamp, metadata.ownerReferences]).toStrictEqual([undefined, undefined])
  })

  test('API-8: not as long as another owner is there; the one that is gone is forgotten', async () => {
    const world = await asking()
    const { body: map } = await world.ask('POST', configMaps, { metadata: { name: 'map' } })
    const { body: job } = await world.ask('POST', jobs, jobNamed('job', idle))
    await world.ask('POST', pods, podNamed('p', {}, { ownerReferences: [ownerOf(job), ownerOf(map)] }))
    await world.ask('DELETE', `${jobs}/job`, { propagationPolicy: 'Background' })
    await seconds(world, 2)
    const { metadata } = (await world.ask('GET', `${pods}/p`)).body
    expect(metadata.ownerReferences).toStrictEqual([ownerOf(map)])
    await world.ask('DELETE', `${configMaps}/map`)
    await seconds(world, 2)
    expect((await world.ask('GET', `${pods}/p`)).code).toBe(404)
  })

  test('API-8: at once, when the owner they name never was; owners of kinds that are not served are believed', async () => {
    const world = await asking()
    const nobody = { apiVersion: 'batch/v1', kind: 'Job', name: 'never', uid: 'never' }
    await world.ask('POST', pods, podNamed('p', {}, { ownerReferences: [nobody] }))
    const believed = [{ ...nobody, apiVersion: 'example.com/v1', kind: 'Thing' }]
    await world.ask('POST', pods, podNamed('q', {}, { ownerReferences: believed }))
    await seconds(world, 2)
    expect((await world.ask('GET', `${pods}/p`)).code).toBe(404)
    expect((await world.ask('GET', `${pods}/q`)).body.metadata.ownerReferences).toStrictEqual(believed)
  })
})
