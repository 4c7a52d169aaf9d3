import { describe, expect, test } from 'vitest'
import { inMemoryEventStore } from '../../../../src/adapters/eventstore/memory/in-memory-event-store.ts'
import { asking } from './asking.ts'

const events = '/api/v1/namespaces/ns/events'
const newEvents = '/apis/events.k8s.io/v1/namespaces/ns/events'
const strategic = { type: 'application/strategic-merge-patch+json' }

const about = (name: string, more: object = {}) => ({
  apiVersion: 'v1',
  kind: 'Event',
  metadata: { name, namespace: 'ns' },
  involvedObject: { apiVersion: 'v1', kind: 'ConfigMap', name: 'a', namespace: 'ns', uid: 'u' },
  reason: 'Tested',
  message: 'it was tested',
  type: 'Normal',
  ...more,
})

/** A world in which the log tells one Event of itself: that a Job has made its Pod. */
const withJob = async () => {
  const world = await asking()
  const spec = { restartPolicy: 'Never', containers: [{ name: 'main', image: 'busybox' }] }
  const made = await world.ask('POST', '/apis/batch/v1/namespaces/ns/jobs', {
    metadata: { name: 'j' },
    spec: { template: { spec } },
  })
  await world.sleep(1)
  const told = (await world.ask('GET', `${events}?fieldSelector=involvedObject.name=j`)).body.items[0]
  return { ...world, job: made.body, told, path: `${events}/${told.metadata.name}` }
}

const names = (list: { readonly items: ReadonlyArray<{ readonly metadata: { readonly name: string } }> }) =>
  list.items.map(({ metadata }) => metadata.name)

describe('Events that clients write', () => {
  test('API-13: recorders create one and count it up with a strategic patch', async () => {
    const { ask } = await asking()
    expect((await ask('POST', events, about('e', { count: 1 }))).body).toMatchObject({
      eventTime: null,
      firstTimestamp: null,
      lastTimestamp: null,
      source: {},
      reportingComponent: '',
      reportingInstance: '',
    })
    const counted = await ask('PATCH', `${events}/e`, { count: 2, message: 'again' }, strategic)
    expect(counted.body).toMatchObject({ count: 2, message: 'again', reason: 'Tested' })
    expect((await ask('PATCH', `${events}/missing`, { count: 2 }, strategic)).code).toBe(404)
  })

  test('API-13: they stand beside those that the log tells, in one order, and are selected alike', async () => {
    const { ask, told } = await withJob()
    await ask('POST', events, about('a'))
    await ask('POST', events, about('z'))
    expect(names((await ask('GET', events)).body)).toStrictEqual(['a', told.metadata.name, 'z'])
    expect(names((await ask('GET', `${events}?fieldSelector=involvedObject.kind=ConfigMap`)).body)).toStrictEqual([
      'a',
      'z',
    ])
    expect(names((await ask('GET', `${newEvents}?fieldSelector=regarding.kind=Job`)).body)).toStrictEqual([
      told.metadata.name,
    ])
  })

  test('API-13: an Event of a Job names the Job as it is', async () => {
    const { job, told } = await withJob()
    expect(told.involvedObject).toMatchObject({
      kind: 'Job',
      apiVersion: 'batch/v1',
      namespace: 'ns',
      name: 'j',
      uid: job.metadata.uid,
    })
    expect(told.involvedObject.resourceVersion).toMatch(/^[0-9]+$/)
  })

  test('API-13: an Event that the log tells can be changed and deleted like any other', async () => {
    const { ask, told, path } = await withJob()
    expect((await ask('PATCH', `${path}?dryRun=All`, { message: 'x' })).body.message).toBe('x')
    expect((await ask('GET', path)).body.message).toBe(told.message)
    const changed = (await ask('PATCH', path, { message: 'otherwise' })).body
    expect(changed).toMatchObject({ message: 'otherwise', metadata: { uid: told.metadata.uid } })
    expect((await ask('GET', events)).body.items).toHaveLength(1)
    expect((await ask('POST', events, about(told.metadata.name))).code).toBe(409)
    expect((await ask('DELETE', path)).body).toMatchObject({ status: 'Success', details: { kind: 'events' } })
    expect((await ask('GET', events)).body.items).toStrictEqual([])
  })

  test('API-13: to watchers an Event that the log has told is changed and deleted, and not added once more', async () => {
    const { ask, watched, told, path } = await withJob()
    const { resourceVersion } = (await ask('GET', events)).body.metadata
    await ask('PATCH', path, { metadata: { labels: { seen: 'yes' } } })
    await ask('DELETE', path)
    await ask('POST', events, about('own'))
    const heard = await watched(`${events}?resourceVersion=${resourceVersion}`)
    const labelled = heard.filter(({ object }) => object.metadata['labels'] !== undefined).map(({ type }) => type)
    expect(labelled).toStrictEqual(['MODIFIED', 'DELETED'])
    const types = (name: string) =>
      heard.filter(({ object }) => object.metadata['name'] === name).map(({ type }) => type)
    expect(types(told.metadata.name)).not.toContain('ADDED')
    expect(types('own')).toStrictEqual(['ADDED'])
  })

  test('API-13: a whole collection can be deleted', async () => {
    const { ask } = await withJob()
    await ask('POST', events, about('a'))
    expect((await ask('DELETE', events)).body.items).toHaveLength(2)
    expect((await ask('GET', events)).body.items).toStrictEqual([])
  })

  test('API-13: an hour after the last time one is gone, and its watchers hear of it', async () => {
    const { ask, sleep, watched } = await asking()
    const made = await ask('POST', events, about('e'))
    await sleep(1800)
    await ask('PATCH', `${events}/e`, { count: 2 })
    await sleep(3000)
    expect((await ask('GET', `${events}/e`)).code).toBe(200)
    await sleep(720)
    expect((await ask('GET', `${events}/e`)).code).toBe(404)
    const seen = await watched(`${events}?resourceVersion=${made.body.metadata.resourceVersion}`)
    expect(seen.map(({ type }) => type)).toStrictEqual(['MODIFIED', 'DELETED'])
  })

  test('API-13: those of a namespace that is gone do not come back with its name', async () => {
    const { ask, sleep } = await withJob()
    await ask('POST', events, about('e'))
    await ask('DELETE', '/api/v1/namespaces/ns')
    await sleep(10)
    expect((await ask('GET', '/api/v1/events')).body.items).toStrictEqual([])
    await ask('POST', '/api/v1/namespaces', { metadata: { name: 'ns' } })
    expect((await ask('GET', events)).body.items).toStrictEqual([])
  })

  test('API-13: a log that is read anew tells the same Events', async () => {
    const store = inMemoryEventStore()
    const before = await asking(store)
    await before.ask('POST', events, about('e', { count: 3 }))
    const after = await asking(store, { uuidsFrom: 100_000 })
    expect((await after.ask('GET', `${events}/e`)).body).toStrictEqual((await before.ask('GET', `${events}/e`)).body)
  })

  test('API-13: one about something in another namespace is refused, also through the other group', async () => {
    const { ask } = await asking()
    const elsewhere = { involvedObject: { kind: 'ConfigMap', name: 'a', namespace: 'default' } }
    expect((await ask('POST', events, about('e', elsewhere))).body.message).toBe(
      'Event "e" is invalid: involvedObject.namespace: Invalid value: "default": does not match event.namespace',
    )
    const {
      involvedObject: regarding,
      message: note,
      ...rest
    } = about('e', { eventTime: '2026-01-01T00:00:00.000000Z' })
    const refused = await ask('POST', newEvents, { ...rest, apiVersion: 'events.k8s.io/v1', regarding, note })
    const fields = refused.body.details.causes.map(({ field }: { readonly field: string }) => field)
    expect([...new Set(fields)]).toStrictEqual(['reportingController', 'reportingInstance', 'action'])
  })
})
