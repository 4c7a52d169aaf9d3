import { describe, expect, test } from 'vitest'
import { columnsOf } from '../../../src/adapters/kube-api/tables/columns.ts'
import { job as jobObject, pod } from '../cli/print/objects.ts'
import { api } from './asked-api.ts'

const asTable = 'application/json;as=Table;v=v1;g=meta.k8s.io'
const asMetadata = 'application/json;as=PartialObjectMetadata;v=v1;g=meta.k8s.io'
const asMetadataList = 'application/json;as=PartialObjectMetadataList;v=v1;g=meta.k8s.io'
const namespaces = '/api/v1/namespaces'

/** Namespaces need no more than a status to be shown. */
const withNamespaces = async () => {
  const call = await api()
  for (const name of ['b', 'a'])
    await call('POST', namespaces, {
      body: { metadata: { name, creationTimestamp: '2026-01-01T00:00:00Z' }, status: { phase: 'Active' } },
    })
  return call
}

describe('a table', () => {
  test('has a row for each object of a list', async () => {
    const call = await withNamespaces()
    const { body } = await call('GET', `${namespaces}?limit=2`, { accept: `${asTable},application/json` })
    expect(body).toStrictEqual({
      kind: 'Table',
      apiVersion: 'meta.k8s.io/v1',
      metadata: { resourceVersion: '0', continue: expect.any(String), remainingItemCount: 1 },
      columnDefinitions: [
        { name: 'Name', type: 'string', format: 'name', description: 'Name', priority: 0 },
        { name: 'Status', type: 'string', format: '', description: 'Status', priority: 0 },
        { name: 'Age', type: 'string', format: '', description: 'Age', priority: 0 },
      ],
      rows: [
        {
          cells: ['a', 'Active', '60m'],
          object: {
            kind: 'PartialObjectMetadata',
            apiVersion: 'meta.k8s.io/v1',
            metadata: expect.objectContaining({ name: 'a', uid: 'uid-of-a' }),
          },
        },
        { cells: ['b', 'Active', '60m'], object: expect.anything() },
      ],
    })
  })

  test('can show one object, and what is created', async () => {
    const call = await withNamespaces()
    const { body } = await call('GET', `${namespaces}/a`, { accept: asTable })
    expect([body.metadata, body.rows.length]).toStrictEqual([{ resourceVersion: '3' }, 1])
    const created = await call('POST', namespaces, { accept: asTable, body: { metadata: { name: 'c' } } })
    expect([created.code, created.body.rows[0].cells]).toStrictEqual([201, ['c', '', '<unknown>']])
  })

  test.each([
    ['None', null],
    ['Object', { kind: 'Namespace', status: { phase: 'Active' } }],
    ['', { kind: 'PartialObjectMetadata' }],
  ])('has beside its rows what is asked for: %s', async (include, object) => {
    const call = await withNamespaces()
    const { body } = await call('GET', `${namespaces}/a?includeObject=${include}`, { accept: asTable })
    if (object === null) expect(body.rows[0].object).toBeNull()
    else expect(body.rows[0].object).toMatchObject(object)
  })

  test('cannot have anything else beside them', async () => {
    const call = await withNamespaces()
    const address = `${namespaces}/a?includeObject=All`
    expect((await call('GET', address, { accept: asTable })).body).toMatchObject({
      code: 400,
      message:
        "Unable to convert to Table as requested: includeObject: Invalid value: \"All\": must be 'Metadata', 'Object', 'None', or empty",
    })
    expect((await call('GET', address)).code).toBe(200)
  })

  test('is no form for an error', async () =>
    expect((await (await api())('GET', `${namespaces}/missing`, { accept: asTable })).body.kind).toBe('Status'))

  test.each(['jobs', 'pods', 'namespaces'] as const)('has a cell for each column: %s', (name) => {
    const objects = { jobs: jobObject({}), pods: pod({}), namespaces: jobObject({}) }
    const { columns, cells } = columnsOf(name)
    expect(cells(objects[name], 0)).toHaveLength(columns.length)
  })

  test('of Events tells when, what and how often', () => {
    const event = {
      apiVersion: 'v1',
      kind: 'Event',
      metadata: { name: 'e' },
      involvedObject: { kind: 'Job', name: 'j' },
      type: 'Normal',
      reason: 'Tested',
      message: ' well ',
      source: { component: 'tester', host: 'here' },
      firstTimestamp: '1970-01-01T00:00:00Z',
      lastTimestamp: '1970-01-01T00:01:00Z',
      count: 3,
    }
    expect(columnsOf('events').cells(event, 65_000)).toStrictEqual([
      '5s',
      'Normal',
      'Tested',
      'job/j',
      '',
      'tester, here',
      'well',
      '65s',
      3,
      'e',
    ])
  })
})

describe('metadata alone', () => {
  test('can be had of one object and of a list', async () => {
    const call = await withNamespaces()
    const one = (await call('GET', `${namespaces}/a`, { accept: asMetadata })).body
    expect(Object.keys(one)).toStrictEqual(['kind', 'apiVersion', 'metadata'])
    const { kind, metadata, items } = (await call('GET', namespaces, { accept: asMetadataList })).body
    expect([kind, metadata, items[0]]).toStrictEqual(['PartialObjectMetadataList', { resourceVersion: '0' }, one])
  })

  test.each([
    [
      asMetadata,
      namespaces,
      'you requested PartialObjectMetadata, but the requested object is a list (*core.NamespaceList)',
    ],
    [
      asMetadataList,
      '/apis/batch/v1/namespaces/ns/jobs/job',
      'you requested PartialObjectMetadataList, but the requested object is not a list (*batch.Job)',
    ],
  ])('in the wrong form is refused: %s', async (accept, path, message) =>
    expect((await (await api())('GET', path, { accept: `${accept},application/json` })).body).toMatchObject({
      code: 406,
      reason: 'NotAcceptable',
      message,
    }),
  )
})
