import { describe, expect, test } from 'vitest'
import { inMemoryEventStore } from '../../../../src/adapters/eventstore/memory/in-memory-event-store.ts'
import { applying, job, jobs, map, maps, wholeJob } from './applying.ts'

const pods = '/api/v1/namespaces/ns/pods'
const pod = {
  metadata: { name: 'pod', labels: { a: '1' } },
  spec: { containers: [{ name: 'main', image: 'busybox', ports: [{ containerPort: 80 }] }] },
}

const neverPod = { ...pod, spec: { ...pod.spec, restartPolicy: 'Never' } }

describe('managed fields', () => {
  test('API-20: who creates an object manages what they said and its defaults, but not what the server adds', async () => {
    const { ask } = await applying()
    const { body } = await ask('POST', `${jobs}?fieldManager=ada`, job({ template: neverPod, suspend: true }))
    const [entry] = body.metadata.managedFields
    expect(entry).toMatchObject({ manager: 'ada', operation: 'Update', apiVersion: 'batch/v1', fieldsType: 'FieldsV1' })
    expect(Object.keys(entry.fieldsV1)).toStrictEqual(['f:spec'])
    expect(entry.fieldsV1['f:spec']).not.toHaveProperty('f:selector')
    expect(entry.fieldsV1['f:spec']).toMatchObject({ 'f:backoffLimit': {}, 'f:suspend': {} })
    const container = entry.fieldsV1['f:spec']['f:template']['f:spec']['f:containers']['k:{"name":"main"}']
    expect(container['f:ports']).toStrictEqual({
      '.': {},
      'k:{"containerPort":80,"protocol":"TCP"}': { '.': {}, 'f:containerPort': {}, 'f:protocol': {} },
    })
  })

  test('API-20: who changes a field has it, and whoever had it has it no more', async () => {
    const { ask, managersOf } = await applying()
    await ask('POST', `${maps}?fieldManager=ada`, map({ a: '1', b: '1' }))
    await ask('PATCH', `${maps}/map?fieldManager=bob`, { data: { a: '2' } })
    const whole = (await ask('GET', `${maps}/map`)).body
    await ask('PUT', `${maps}/map?fieldManager=carol`, { ...whole, data: { a: '2', c: '1' } })
    expect((await managersOf(`${maps}/map`)).map(({ manager, fieldsV1 }) => [manager, fieldsV1])).toStrictEqual([
      ['ada', { 'f:data': {} }],
      ['bob', { 'f:data': { 'f:a': {} } }],
      ['carol', { 'f:data': { 'f:c': {} } }],
    ])
  })

  test('API-20: a write that changes nothing changes no time', async () => {
    const { ask, managersOf, sleep } = await applying()
    await ask('POST', `${maps}?fieldManager=ada`, map({ a: '1' }))
    const before = await managersOf(`${maps}/map`)
    await sleep(5)
    await ask('PATCH', `${maps}/map?fieldManager=ada`, { data: { a: '1' } })
    expect(await managersOf(`${maps}/map`)).toStrictEqual(before)
    await ask('PATCH', `${maps}/map?fieldManager=ada`, { data: { a: '2' } })
    const after = await managersOf(`${maps}/map`)
    expect(after.map(({ fieldsV1 }) => fieldsV1)).toStrictEqual(before.map(({ fieldsV1 }) => fieldsV1))
    expect(after[0]?.time).not.toBe(before[0]?.time)
  })

  test('API-20: without a name the manager is the first word of the user agent', async () => {
    const { handle, managersOf } = await applying()
    const post = (name: string, agent: string | undefined) =>
      handle({
        ...{ method: 'POST', path: maps, query: new URLSearchParams(), user: { name: 'ada', uid: '', groups: [] } },
        headers: agent === undefined ? {} : { 'user-agent': agent },
        body: new TextEncoder().encode(JSON.stringify(map({ a: '1' }, { name }))),
      })
    await post('a', 'kubectl-ish\u0007/v1.36 (linux/amd64)')
    await post('b', undefined)
    await post('c', `${'x'.repeat(200)}/1`)
    const named = await Promise.all(
      ['a', 'b', 'c'].map(async (name) => (await managersOf(`${maps}/${name}`)).map(({ manager }) => manager)),
    )
    expect(named).toStrictEqual([['kubectl-ish'], ['unknown'], ['x'.repeat(128)]])
  })

  test.each([
    ['x'.repeat(129), 'Too long: may not be more than 128 bytes'],
    ['a\u0007b', 'Invalid value: "a\\ab": invalid character U+0007 (at position 1)'],
  ])('API-20: a manager cannot be called %j', async (manager, problem) => {
    const { ask } = await applying()
    expect(await ask('POST', `${maps}?fieldManager=${encodeURIComponent(manager)}`, map({}))).toMatchObject({
      code: 422,
      body: { message: `CreateOptions.meta.k8s.io "" is invalid: fieldManager: ${problem}` },
    })
  })

  test('API-20: one empty entry forgets every manager, no entry at all forgets none', async () => {
    const { ask, managersOf } = await applying()
    const { managedFields } = (await ask('POST', maps, map({ a: '1' }))).body.metadata
    await ask('PATCH', `${maps}/map`, { metadata: { managedFields: [] } })
    expect(await managersOf(`${maps}/map`)).toStrictEqual(managedFields)
    await ask('PATCH', `${maps}/map`, { metadata: { managedFields: [{}] } })
    expect(await managersOf(`${maps}/map`)).toStrictEqual([])
    await ask('PATCH', `${maps}/map`, { data: { a: '2' } })
    expect(await managersOf(`${maps}/map`)).toStrictEqual([])
  })

  test('API-20: who sends other managers sets them, but none that nobody could be', async () => {
    const { ask, managersOf } = await applying()
    const [entry] = (await ask('POST', `${maps}?fieldManager=ada`, map({ a: '1' }))).body.metadata.managedFields
    const send = (managedFields: unknown) => ask('PATCH', `${maps}/map`, { metadata: { managedFields } })
    await send([{ ...entry, manager: 'bob', operation: 'Apply' }])
    expect(await managersOf(`${maps}/map`)).toStrictEqual([{ ...entry, manager: 'bob', operation: 'Apply' }])
    await send([{ ...entry, manager: 'eve', fieldsV1: { data: 'all of it' } }])
    expect((await managersOf(`${maps}/map`)).map(({ manager }) => manager)).toStrictEqual(['bob'])
  })

  test('API-20: each kind tells who manages it, also through its status', async () => {
    const { ask, managersOf } = await applying()
    const cronJob = {
      metadata: { name: 'cron' },
      spec: { schedule: '@hourly', jobTemplate: { spec: { template: neverPod } } },
    }
    const cronJobs = '/apis/batch/v1/namespaces/ns/cronjobs'
    const spaces = '/api/v1/namespaces'
    const leases = '/apis/coordination.k8s.io/v1/namespaces/ns/leases'
    await ask('POST', `${pods}?fieldManager=ada`, pod)
    await ask('POST', `${cronJobs}?fieldManager=ada`, cronJob)
    await ask('POST', `${spaces}?fieldManager=ada`, { metadata: { name: 'space' } })
    await ask('POST', `${leases}?fieldManager=ada`, { metadata: { name: 'lease' }, spec: { holderIdentity: 'me' } })
    for (const [path, status] of [
      [`${pods}/pod`, { phase: 'Running' }],
      [`${cronJobs}/cron`, { lastScheduleTime: '2026-01-01T00:00:00Z' }],
    ] as const) {
      await ask('PATCH', `${path}?fieldManager=bob`, { metadata: { labels: { b: '1' } } })
      await ask('PATCH', `${path}/status?fieldManager=kubelet`, { status, metadata: { annotations: { c: '1' } } })
      const entries = await managersOf(path)
      expect(entries.map(({ manager, subresource }) => [manager, subresource])).toStrictEqual([
        ['ada', undefined],
        ['bob', undefined],
        ['kubelet', 'status'],
      ])
      expect(Object.keys(entries[2]?.fieldsV1 ?? {})).toStrictEqual(['f:metadata', 'f:status'])
    }
    expect((await managersOf(`${spaces}/space`)).map(({ fieldsV1 }) => fieldsV1)).toStrictEqual([
      { 'f:metadata': { 'f:labels': { '.': {}, 'f:kubernetes.io/metadata.name': {} } } },
    ])
    expect((await managersOf(`${leases}/lease`)).map(({ fieldsV1 }) => fieldsV1)).toStrictEqual([
      { 'f:spec': { 'f:holderIdentity': {} } },
    ])
  })

  test('API-20: Pods that a Job makes are managed by nobody, until somebody applies to them', async () => {
    const { ask, apply, managersOf, sleep } = await applying()
    await ask('POST', jobs, job({ template: { spec: { restartPolicy: 'Never', containers: pod.spec.containers } } }))
    await sleep(2)
    const [made] = (await ask('GET', pods)).body.items
    const path = `${pods}/${made.metadata.name}`
    await ask('PATCH', path, { metadata: { labels: { mine: '1' } } })
    await ask('PATCH', `${path}/status`, { status: { phase: 'Running' } })
    expect(await managersOf(path)).toStrictEqual([])
    const config = { apiVersion: 'v1', kind: 'Pod', metadata: { labels: { mine: '2' } } }
    expect((await apply('ada', path, config)).body.message).toBe(
      'Apply failed with 1 conflict: conflict with "before-first-apply" using v1: .metadata.labels.mine',
    )
    expect((await apply('ada', path, config, '&force=true')).body.metadata.labels.mine).toBe('2')
    expect((await managersOf(path)).map(({ manager }) => manager)).toStrictEqual(['ada', 'before-first-apply'])
  })

  test('API-20: the managers outlive the process, and are those of each version', async () => {
    const store = inMemoryEventStore()
    const first = await applying(store)
    await first.apply('ada', `${jobs}/job`, wholeJob({}, { labels: { a: '1' } }))
    const { resourceVersion } = (await first.ask('GET', `${jobs}/job`)).body.metadata
    await first.apply('bob', `${jobs}/job`, job({}, { labels: { b: '1' } }))
    const before = await first.managersOf(`${jobs}/job`)
    const second = await applying(store, { epoch: first.now(), uuidsFrom: 1000 })
    expect(await second.managersOf(`${jobs}/job`)).toStrictEqual(before)
    const told = await second.watched(`${jobs}?resourceVersion=${resourceVersion}`)
    expect(told.map(({ object }) => object.metadata['managedFields'])).toStrictEqual([before])
    expect(before.map(({ manager }) => manager)).toStrictEqual(['ada', 'bob'])
  })
})
