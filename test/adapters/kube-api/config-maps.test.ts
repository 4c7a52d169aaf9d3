import { describe, expect, test } from 'vitest'
import { inMemoryEventStore } from '../../../src/adapters/eventstore/memory/in-memory-event-store.ts'
import { asking, asTable } from './checklist/asking.ts'

const maps = '/api/v1/namespaces/ns/configmaps'
/** Not what every namespace has. */
const own = 'fieldSelector=metadata.name!=kube-root-ca.crt'
const map = (metadata: object, rest: object = {}) => ({ apiVersion: 'v1', kind: 'ConfigMap', metadata, ...rest })

describe('ConfigMaps', () => {
  test('one that is created can be read, listed, watched and printed', async () => {
    const { ask, watched } = await asking()
    const made = await ask(
      'POST',
      maps,
      map({ name: 'a', labels: { l: '1' } }, { data: { k: 'v' }, binaryData: { b: 'AAE=' } }),
    )
    expect(made).toMatchObject({ code: 201, body: { kind: 'ConfigMap', data: { k: 'v' }, binaryData: { b: 'AAE=' } } })
    expect(Object.keys(made.body.metadata)).toStrictEqual([
      ...['name', 'namespace', 'uid', 'resourceVersion', 'creationTimestamp', 'labels', 'managedFields'],
    ])
    expect((await ask('GET', `${maps}/a`)).body).toStrictEqual(made.body)
    const list = await ask('GET', `${maps}?labelSelector=l=1`)
    expect(list.body).toMatchObject({ kind: 'ConfigMapList', items: [{ metadata: { name: 'a' } }] })
    const table = await ask('GET', `${maps}?${own}`, undefined, { accept: asTable })
    expect(table.body.rows.map(({ cells }: { cells: unknown }) => cells)).toStrictEqual([['a', 2, '0s']])
    expect((await watched(`${maps}?${own}`)).map(({ type, object }) => [type, object.metadata['name']])).toStrictEqual([
      ['ADDED', 'a'],
    ])
  })

  test('changes come as versions, and one that changes nothing makes none', async () => {
    const { ask, watched } = await asking()
    const made = (await ask('POST', maps, map({ name: 'a' }, { data: { k: 'v' } }))).body
    const same = await ask('PATCH', `${maps}/a`, { data: { k: 'v' } })
    expect(same.body.metadata.resourceVersion).toBe(made.metadata.resourceVersion)
    const changed = (await ask('PATCH', `${maps}/a`, { data: { k: null, l: 'w' } })).body
    expect(changed.data).toStrictEqual({ l: 'w' })
    await ask('DELETE', `${maps}/a`)
    const seen = await watched(`${maps}?${own}&resourceVersion=${made.metadata.resourceVersion}`)
    expect(seen.map(({ type, object }) => [type, object['data']])).toStrictEqual([
      ['MODIFIED', { l: 'w' }],
      ['DELETED', { l: 'w' }],
    ])
    expect(Number(seen[1]!.object.metadata['resourceVersion'])).toBeGreaterThan(
      Number(changed.metadata.resourceVersion),
    )
  })

  test('a version that is no longer the present one is refused, and none at all is taken', async () => {
    const { ask } = await asking()
    const made = (await ask('POST', maps, map({ name: 'a' }))).body
    expect((await ask('PUT', `${maps}/a`, { ...made, data: { k: '1' } })).code).toBe(200)
    expect(await ask('PUT', `${maps}/a`, { ...made, data: { k: '2' } })).toMatchObject({
      code: 409,
      body: {
        message:
          'Operation cannot be fulfilled on configmaps "a": the object has been modified; please apply your changes to the latest version and try again',
      },
    })
    expect((await ask('PUT', `${maps}/a`, map({ name: 'a' }, { data: { k: '3' } }))).body.data).toStrictEqual({
      k: '3',
    })
  })

  test('of two who change the same version at once one is refused', async () => {
    const { ask } = await asking()
    const made = (await ask('POST', maps, map({ name: 'a' }))).body
    const answers = await Promise.all(['1', '2'].map((k) => ask('PUT', `${maps}/a`, { ...made, data: { k } })))
    expect(answers.map(({ code }) => code).toSorted((a, b) => a - b)).toStrictEqual([200, 409])
  })

  test('patches of two at once are both done', async () => {
    const { ask } = await asking()
    await ask('POST', maps, map({ name: 'a' }))
    await Promise.all(['x', 'y'].map((key) => ask('PATCH', `${maps}/a`, { data: { [key]: '1' } })))
    expect((await ask('GET', `${maps}/a`)).body.data).toStrictEqual({ x: '1', y: '1' })
  })

  test('a finalizer holds one that is deleted until it is taken off', async () => {
    const { ask } = await asking()
    await ask('POST', maps, map({ name: 'a', finalizers: ['example.com/stay'] }))
    const held = await ask('DELETE', `${maps}/a`)
    expect(held.body).toMatchObject({
      kind: 'ConfigMap',
      metadata: { deletionTimestamp: '2026-01-01T00:00:00Z', deletionGracePeriodSeconds: 0 },
    })
    expect((await ask('DELETE', `${maps}/a`)).body).toStrictEqual(held.body)
    expect((await ask('PATCH', `${maps}/a`, { metadata: { finalizers: ['example.com/b'] } })).body.message).toContain(
      'no new finalizers can be added if the object is being deleted',
    )
    const last = await ask('PATCH', `${maps}/a`, { metadata: { finalizers: null } })
    expect(last).toMatchObject({
      code: 200,
      body: { metadata: { resourceVersion: held.body.metadata.resourceVersion } },
    })
    expect((await ask('GET', `${maps}/a`)).code).toBe(404)
  })

  test('what is wrong is told as Kubernetes tells it', async () => {
    const { ask } = await asking()
    const refused = async (object: object) => (await ask('POST', maps, object)).body.message
    expect(await refused(map({ name: 'a' }, { data: { 'a b': '1' } }))).toMatch(
      /^ConfigMap "a" is invalid: data\[a b\]: Invalid value: "a b": a valid config key must consist of/,
    )
    expect(await refused(map({ name: 'a' }, { data: { k: '1' }, binaryData: { k: 'AA==' } }))).toContain(
      'data[k]: Invalid value: "k": duplicate of key present in binaryData',
    )
    expect(await refused(map({ name: 'a' }, { binaryData: { k: '!' } }))).toBe(
      'ConfigMap in version "v1" cannot be handled as a ConfigMap: illegal base64 data at input byte 0',
    )
    expect(await refused(map({ name: 'a' }, { data: { k: 1 } }))).toBe(
      'ConfigMap in version "v1" cannot be handled as a ConfigMap: json: cannot unmarshal number into Go struct field ConfigMap.data of type string',
    )
    expect(await refused(map({ name: 'a' }, { data: { k: 'x'.repeat((1 << 20) + 1) } }))).toBe(
      'ConfigMap "a" is invalid: : Too long: may not be more than 1048576 bytes',
    )
    expect((await ask('POST', maps, map({ name: 'a' }, { data: {} }))).code).toBe(201)
    expect(await refused(map({ name: 'a' }))).toBe('configmaps "a" already exists')
  })

  test('one that is immutable keeps what it holds', async () => {
    const { ask } = await asking()
    await ask('POST', maps, map({ name: 'a' }, { data: { k: 'v' }, immutable: true }))
    expect((await ask('PATCH', `${maps}/a`, { data: { k: 'w' } })).body.message).toBe(
      'ConfigMap "a" is invalid: data: Forbidden: field is immutable when `immutable` is set',
    )
    expect((await ask('PATCH', `${maps}/a`, { immutable: null })).code).toBe(422)
    expect((await ask('PATCH', `${maps}/a`, { metadata: { labels: { a: 'b' } } })).code).toBe(200)
  })

  test('a dry run shows the object and keeps nothing', async () => {
    const { ask } = await asking()
    const tried = await ask('POST', `${maps}?dryRun=All`, map({ name: 'a' }))
    expect(tried.code).toBe(201)
    expect(tried.body.metadata.resourceVersion).toBeUndefined()
    await ask('POST', maps, map({ name: 'b' }, { data: { k: 'v' } }))
    expect((await ask('PATCH', `${maps}/b?dryRun=All`, { data: { k: 'w' } })).body.data).toStrictEqual({ k: 'w' })
    await ask('DELETE', `${maps}/b?dryRun=All`)
    expect((await ask('GET', `${maps}?${own}`)).body.items).toMatchObject([
      { metadata: { name: 'b' }, data: { k: 'v' } },
    ])
  })

  test('they are there again for who reads the log anew', async () => {
    const store = inMemoryEventStore()
    const before = await asking(store)
    const made = (await before.ask('POST', maps, map({ name: 'a' }, { data: { k: 'v' } }))).body
    await before.ask('PATCH', `${maps}/a`, { data: { l: 'w' } })
    const after = await asking(store, { uuidsFrom: 100_000 })
    expect((await after.ask('GET', `${maps}/a`)).body).toMatchObject({
      metadata: { uid: made.metadata.uid },
      data: { k: 'v', l: 'w' },
    })
    expect((await after.ask('POST', maps, map({ name: 'a' }))).code).toBe(409)
  })
})
