import { expect, test } from 'vitest'
import { inMemoryEventStore } from '../../../src/adapters/eventstore/memory/in-memory-event-store.ts'
import { conformanceWorld } from '../../conformance/world.ts'

type Labelled = { readonly metadata: { readonly labels?: Readonly<Record<string, string>> } }

const podSpec = { restartPolicy: 'Never', containers: [{ name: 'main', image: 'busybox' }] }
const job = { template: { spec: podSpec } }
const batch = '/apis/batch/v1/namespaces/default'
const core = '/api/v1/namespaces'

const kinds: ReadonlyArray<readonly [what: string, path: string, spec: object]> = [
  ['Pods', `${core}/default/pods`, { spec: podSpec }],
  ['Jobs', `${batch}/jobs`, { spec: job }],
  ['CronJobs', `${batch}/cronjobs`, { spec: { schedule: '0 0 1 1 *', jobTemplate: { spec: job } } }],
  ['namespaces', core, {}],
  ['ConfigMaps', `${core}/default/configmaps`, {}],
]

/** A world with an object `a` in it. */
const open = async (path: string, spec: object) => {
  const world = await conformanceWorld(inMemoryEventStore())
  const ask = async <A>(method: string, at: string, body?: object, type = 'application/json') => {
    const init = { method, headers: { 'content-type': type }, ...(body && { body: JSON.stringify(body) }) }
    const answer = await world.fetch(`http://jobledger${at}`, init)
    return { status: answer.status, body: (await answer.json()) as A }
  }
  await ask('POST', path, { metadata: { name: 'a' }, ...spec })
  await world.sleep(2)
  return { ask, path: `${path}/a`, read: async () => (await ask<Labelled>('GET', `${path}/a`)).body }
}

test.each(kinds)('of two who replace one of the %s as they have read it, one is refused', async (_, path, spec) => {
  const it = await open(path, spec)
  const { metadata, ...rest } = await it.read()
  const replaced = (by: string) =>
    it.ask('PUT', it.path, { ...rest, metadata: { ...metadata, labels: { ...metadata.labels, by } } })
  expect(await Promise.all([replaced('one'), replaced('other')])).toMatchObject([
    { status: 200 },
    { status: 409, body: { reason: 'Conflict' } },
  ])
  expect((await it.read()).metadata.labels).toMatchObject({ by: 'one' })
})

test('of two who replace the status of a Job as they have read it, one is refused', async () => {
  const it = await open(`${batch}/jobs`, { spec: { ...job, managedBy: 'example.com/other' } })
  const present = await it.read()
  const replaced = (active: number) => it.ask('PUT', `${it.path}/status`, { ...present, status: { active } })
  expect(await Promise.all([replaced(1), replaced(2)])).toMatchObject([
    { status: 200 },
    { status: 409, body: { reason: 'Conflict' } },
  ])
  expect(await it.read()).toMatchObject({ status: { active: 1 } })
})

test.each(kinds)('nothing is lost of what several change of one of the %s', async (_, path, spec) => {
  const it = await open(path, spec)
  const names = ['x', 'y', 'z']
  const patched = (name: string) =>
    it.ask('PATCH', it.path, { metadata: { labels: { [name]: '1' } } }, 'application/merge-patch+json')
  for (const { status } of await Promise.all(names.map(patched))) expect(status).toBe(200)
  expect((await it.read()).metadata.labels).toMatchObject({ x: '1', y: '1', z: '1' })
})

test('of two who give a Pod to a node, one is refused', async () => {
  const it = await open(`${core}/default/pods`, { spec: podSpec })
  const bound = (name: string) =>
    it.ask('POST', `${it.path}/binding`, {
      apiVersion: 'v1',
      kind: 'Binding',
      metadata: { name: 'a' },
      target: { name },
    })
  expect(await Promise.all([bound('one'), bound('other')])).toMatchObject([
    { status: 201 },
    { status: 409, body: { message: expect.stringContaining('is already assigned to node "one"') } },
  ])
  expect(await it.read()).toMatchObject({ spec: { nodeName: 'one' } })
})
