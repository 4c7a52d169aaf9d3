import { describe, expect, test } from 'vitest'
import { inMemoryEventStore } from '../../../../src/adapters/eventstore/memory/in-memory-event-store.ts'
import { beginning, type EventStore, type StoredEvent } from '../../../../src/application/ports/event-store.ts'
import { pipe, TE } from '../../../../src/prelude.ts'
import { copyLog } from '../../../history/copy-log.ts'
import { right } from '../../../support/event-stores.ts'
import { asking } from './asking.ts'

const batch = '/apis/batch/v1/namespaces/ns'
const core = '/api/v1/namespaces/ns'
const maps = `${core}/configmaps`
const hold = ['example.com/hold']

const pod = { restartPolicy: 'Never', containers: [{ name: 'main', image: 'x' }] }
const jobSpec = { suspend: true, template: { spec: pod } }
const cronSpec = { schedule: '0 0 1 1 *', jobTemplate: { spec: jobSpec } }

/** Every kind that can be owned, with what an object of it needs besides a name. */
const kinds: ReadonlyArray<readonly [collection: string, object: object]> = [
  [maps, {}],
  [`${core}/secrets`, { stringData: { a: 'b' } }],
  [`${core}/serviceaccounts`, {}],
  [`${core}/services`, { spec: { ports: [{ port: 80 }] } }],
  ['/apis/coordination.k8s.io/v1/namespaces/ns/leases', {}],
  [`${batch}/jobs`, { spec: jobSpec }],
  [`${batch}/cronjobs`, { spec: cronSpec }],
]

type Told = {
  readonly apiVersion: string
  readonly kind: string
  readonly metadata: { readonly name: string; readonly uid: string }
}

const ownedBy = ({ apiVersion, kind, metadata: { name, uid } }: Told, more: object = {}) => ({
  apiVersion,
  kind,
  name,
  uid,
  ...more,
})

const world = async (...parts: Parameters<typeof asking>) => {
  const asked = await asking(...parts)
  const { ask } = asked
  const make = async (collection: string, name: string, metadata: object = {}, rest: object = {}): Promise<Told> => {
    const { code, body } = await ask('POST', collection, { metadata: { name, ...metadata }, ...rest })
    expect(code).toBe(201)
    return body
  }
  const remove = (path: string, propagationPolicy?: string) =>
    ask('DELETE', path, propagationPolicy === undefined ? {} : { propagationPolicy })
  const metadataOf = async (path: string) => (await ask('GET', path)).body.metadata
  const isThere = async (path: string): Promise<boolean> => (await ask('GET', path)).code === 200
  const wait = async (): Promise<void> => {
    for (let count = 0; count < 3; count += 1) await asked.sleep(1)
  }
  return { ...asked, make, remove, metadataOf, isThere, wait }
}

describe('API-8: what names owners goes with them', () => {
  test.each(kinds)('API-8: after the last of them, whatever it is: %s', async (collection, rest) => {
    const { make, remove, metadataOf, isThere, wait } = await world()
    const [first, second] = [await make(maps, 'first'), await make(maps, 'second')]
    await make(collection, 'it', { ownerReferences: [ownedBy(first), ownedBy(second)] }, rest)
    await remove(`${maps}/first`)
    await wait()
    expect((await metadataOf(`${collection}/it`)).ownerReferences).toStrictEqual([ownedBy(second)])
    await remove(`${maps}/second`)
    await wait()
    expect(await isThere(`${collection}/it`)).toBe(false)
  })

  test.each(kinds)('API-8: whatever owns it: %s', async (collection, rest) => {
    const { make, remove, isThere, wait } = await world()
    const owner = await make(collection, 'owner', {}, rest)
    await make(maps, 'it', { ownerReferences: [ownedBy(owner)] })
    await wait()
    expect(await isThere(`${maps}/it`)).toBe(true)
    await remove(`${collection}/owner`, 'Background')
    await wait()
    expect(await isThere(`${maps}/it`)).toBe(false)
  })

  test('API-8: and so does what names those that went', async () => {
    const { make, remove, ask, wait } = await world()
    const first = await make(maps, 'first')
    const second = await make(maps, 'second', { ownerReferences: [ownedBy(first)] })
    await make(`${batch}/jobs`, 'third', { ownerReferences: [ownedBy(second)] }, { spec: jobSpec })
    await remove(`${maps}/first`)
    await wait()
    expect((await ask('GET', `${batch}/jobs`)).body.items).toStrictEqual([])
  })

  test.each<[what: string, over: object]>([
    ['is not there', { uid: 'never' }],
    ['has another name', { name: 'other' }],
    ['is of another kind', { kind: 'Secret' }],
  ])('API-8: an owner that %s is none', async (_, over) => {
    const { make, isThere, wait } = await world()
    const owner = await make(maps, 'owner')
    await make(maps, 'it', { ownerReferences: [{ ...ownedBy(owner), ...over }] })
    await wait()
    expect(await isThere(`${maps}/it`)).toBe(false)
  })

  test('API-8: nor is one in another namespace; one in no namespace is, and what is in none is left alone', async () => {
    const { make, remove, isThere, wait } = await world()
    const [here, node] = [await make(maps, 'here'), await make('/api/v1/nodes', 'node')]
    const elsewhere = '/api/v1/namespaces/default/configmaps'
    await make(elsewhere, 'strange', { ownerReferences: [ownedBy(here)] })
    await make(elsewhere, 'on-node', { ownerReferences: [ownedBy(node)] })
    await make('/api/v1/nodes', 'wide', { ownerReferences: [ownedBy(here)] })
    await wait()
    expect(await isThere(`${elsewhere}/strange`)).toBe(false)
    expect(await isThere(`${elsewhere}/on-node`)).toBe(true)
    await remove('/api/v1/nodes/node')
    await remove(`${maps}/here`)
    await wait()
    expect(await isThere(`${elsewhere}/on-node`)).toBe(false)
    expect(await isThere('/api/v1/nodes/wide')).toBe(true)
  })

  test('API-8: what a crash has kept from going goes at the next start', async () => {
    const store = inMemoryEventStore()
    const first = await world(store)
    const owner = await first.make(maps, 'owner')
    await first.make(maps, 'it', { ownerReferences: [ownedBy(owner)] })
    await first.remove(`${maps}/owner`)
    await first.close()
    const crashed = inMemoryEventStore()
    await copyLog(untilFirst(store, 'ObjectDeleted', await right(store.readAll(beginning, 1000))), crashed)
    const second = await world(crashed, { epoch: first.now(), uuidsFrom: 1000 })
    await second.wait()
    expect(await second.isThere(`${maps}/it`)).toBe(false)
  })
})

/** The log as it was just behind the first event of this type. */
const untilFirst = (store: EventStore, type: string, events: ReadonlyArray<StoredEvent>): EventStore => {
  const last = events.find((event) => event.type === type)?.position ?? 0n
  const until = (page: ReadonlyArray<StoredEvent>) => page.filter(({ position }) => position <= last)
  return { ...store, readAll: (after, limit) => pipe(store.readAll(after, limit), TE.map(until)) }
}

describe('API-8: deletion of what is only kept', () => {
  test.each(['Foreground', 'Orphan'])(
    'API-8: %s is answered with the object, which goes when nobody keeps it',
    async (policy) => {
      const { make, remove, isThere, wait } = await world()
      await make(maps, 'owner')
      const { code, body } = await remove(`${maps}/owner`, policy)
      expect(code).toBe(200)
      expect(body).toMatchObject({
        kind: 'ConfigMap',
        metadata: {
          deletionTimestamp: expect.any(String),
          deletionGracePeriodSeconds: 0,
          finalizers: [policy === 'Orphan' ? 'orphan' : 'foregroundDeletion'],
        },
      })
      await wait()
      expect(await isThere(`${maps}/owner`)).toBe(false)
    },
  )

  test('API-8: in the foreground it waits for dependents that block it, and for no others', async () => {
    const { make, remove, metadataOf, isThere, ask, wait } = await world()
    for (const [name, blockOwnerDeletion] of [
      ['blocked', true],
      ['free', false],
    ] as const) {
      const owner = await make(maps, name)
      const ownerReferences = [ownedBy(owner, { blockOwnerDeletion })]
      await make(`${core}/secrets`, name, { ownerReferences, finalizers: hold })
      await remove(`${maps}/${name}`, 'Foreground')
    }
    await wait()
    expect((await metadataOf(`${core}/secrets/blocked`)).deletionTimestamp).toBeDefined()
    expect((await metadataOf(`${core}/secrets/free`)).deletionTimestamp).toBeDefined()
    expect(await isThere(`${maps}/blocked`)).toBe(true)
    expect(await isThere(`${maps}/free`)).toBe(false)
    await ask('PATCH', `${core}/secrets/blocked`, { metadata: { finalizers: null } })
    await wait()
    expect(await isThere(`${maps}/blocked`)).toBe(false)
  })

  test.each([
    [`${batch}/jobs`, jobSpec],
    [`${batch}/cronjobs`, cronSpec],
  ])('API-8: so do those of %s', async (collection, spec) => {
    const { make, remove, isThere, ask, wait } = await world()
    const owner = await make(collection, 'owner', {}, { spec })
    await make(maps, 'it', { ownerReferences: [ownedBy(owner, { blockOwnerDeletion: true })], finalizers: hold })
    await remove(`${collection}/owner`, 'Foreground')
    await wait()
    expect(await isThere(`${collection}/owner`)).toBe(true)
    await ask('PATCH', `${maps}/it`, { metadata: { finalizers: null } })
    await wait()
    expect(await isThere(`${maps}/it`)).toBe(false)
    expect(await isThere(`${collection}/owner`)).toBe(false)
  })

  test('API-8: the foreground reaches the dependents of dependents', async () => {
    const { make, remove, metadataOf, wait } = await world()
    const first = await make(maps, 'first')
    const second = await make(maps, 'second', { ownerReferences: [ownedBy(first, { blockOwnerDeletion: true })] })
    await make(maps, 'third', { ownerReferences: [ownedBy(second, { blockOwnerDeletion: true })], finalizers: hold })
    await remove(`${maps}/first`, 'Foreground')
    await wait()
    for (const name of ['first', 'second'])
      expect((await metadataOf(`${maps}/${name}`)).finalizers).toStrictEqual(['foregroundDeletion'])
    expect((await metadataOf(`${maps}/third`)).finalizers).toStrictEqual(hold)
  })

  test('API-8: nobody waits in a circle', async () => {
    const { make, remove, isThere, ask, wait } = await world()
    const first = await make(maps, 'first')
    const second = await make(maps, 'second', { ownerReferences: [ownedBy(first, { blockOwnerDeletion: true })] })
    await ask('PATCH', `${maps}/first`, {
      metadata: { ownerReferences: [ownedBy(second, { blockOwnerDeletion: true })] },
    })
    await remove(`${maps}/first`, 'Foreground')
    await wait()
    expect([await isThere(`${maps}/first`), await isThere(`${maps}/second`)]).toStrictEqual([false, false])
  })

  test.each(kinds)('API-8: dependents that are left behind name it no longer: %s', async (collection, rest) => {
    const { make, remove, metadataOf, isThere, wait } = await world()
    const owner = await make(collection, 'owner', {}, rest)
    await make(maps, 'it', { ownerReferences: [ownedBy(owner)] })
    await make(`${batch}/jobs`, 'job', { ownerReferences: [ownedBy(owner)] }, { spec: jobSpec })
    await remove(`${collection}/owner`, 'Orphan')
    await wait()
    expect(await isThere(`${collection}/owner`)).toBe(false)
    for (const path of [`${maps}/it`, `${batch}/jobs/job`]) {
      const { ownerReferences, deletionTimestamp } = await metadataOf(path)
      expect([ownerReferences, deletionTimestamp]).toStrictEqual([undefined, undefined])
    }
  })

  test('API-8: the Jobs that a CronJob leaves behind name it no longer', async () => {
    const { make, remove, metadataOf, sleep, ask } = await world()
    await make(`${batch}/cronjobs`, 'cron', {}, { spec: { ...cronSpec, schedule: '* * * * *' } })
    for (let count = 0; count < 70; count += 1) await sleep(1)
    const [job] = (await ask('GET', `${batch}/jobs`)).body.items
    expect(job.metadata.ownerReferences).toHaveLength(1)
    await remove(`${batch}/cronjobs/cron`, 'Orphan')
    await sleep(1)
    expect((await metadataOf(`${batch}/jobs/${job.metadata.name}`)).ownerReferences).toBeUndefined()
  })

  test.each<[first: string, then: string, left: ReadonlyArray<string>]>([
    ['Orphan', 'Background', hold],
    ['Foreground', 'Background', hold],
    ['Background', 'Foreground', [...hold, 'foregroundDeletion']],
    ['Foreground', 'Orphan', [...hold, 'orphan']],
  ])('API-8: %s, and then %s: the later word counts', async (first, then, left) => {
    const { make, remove, isThere, ask, wait } = await world()
    await make(maps, 'it', { finalizers: hold })
    const before = await remove(`${maps}/it`, first)
    await wait()
    const after = await remove(`${maps}/it`, then)
    expect(after.body.metadata).toMatchObject({
      finalizers: left,
      deletionTimestamp: before.body.metadata.deletionTimestamp,
    })
    await wait()
    await ask('PATCH', `${maps}/it`, { metadata: { finalizers: null } })
    expect(await isThere(`${maps}/it`)).toBe(false)
  })

  test('API-8: a finalizer that it has had counts as the choice, and a trial shows it and does nothing', async () => {
    const { make, remove, ask } = await world()
    await make(maps, 'it', { finalizers: ['orphan', ...hold] })
    const before = await ask('GET', `${maps}/it`)
    const { body } = await ask('DELETE', `${maps}/it`, { propagationPolicy: 'Foreground', dryRun: ['All'] })
    expect(body.metadata).toMatchObject({
      finalizers: [...hold, 'foregroundDeletion'],
      deletionTimestamp: expect.any(String),
    })
    expect(await ask('GET', `${maps}/it`)).toStrictEqual(before)
    expect((await remove(`${maps}/it`)).body.metadata.finalizers).toStrictEqual(['orphan', ...hold])
  })

  test('API-8: watchers hear once that it waits, and once that it has waited', async () => {
    const { make, remove, watched, metadataOf, wait } = await world()
    await make(maps, 'it', { finalizers: hold })
    const { resourceVersion } = await metadataOf(`${maps}/it`)
    await remove(`${maps}/it`, 'Foreground')
    await wait()
    const told = await watched(`${maps}?fieldSelector=metadata.name=it&resourceVersion=${resourceVersion}`)
    const deletionTimestamp = expect.any(String)
    expect(told).toMatchObject([
      { type: 'MODIFIED', object: { metadata: { deletionTimestamp, finalizers: [...hold, 'foregroundDeletion'] } } },
      { type: 'MODIFIED', object: { metadata: { deletionTimestamp, finalizers: hold } } },
    ])
  })
})
