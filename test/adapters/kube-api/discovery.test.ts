import { describe, expect, test } from 'vitest'
import { api } from './asked-api.ts'

const aggregated =
  'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList,application/json;g=apidiscovery.k8s.io;v=v2beta1;as=APIGroupDiscoveryList,application/json'

const all = ['create', 'delete', 'deletecollection', 'get', 'list', 'patch', 'update']
const part = ['get', 'patch', 'update']

describe('discovery', () => {
  test('goes from versions to groups to resources', async () => {
    const call = await api()
    const get = async (path: string) => (await call('GET', path)).body
    expect(await get('/api')).toMatchObject({ kind: 'APIVersions', versions: ['v1'] })
    const batch = {
      name: 'batch',
      versions: [{ groupVersion: 'batch/v1', version: 'v1' }],
      preferredVersion: { groupVersion: 'batch/v1', version: 'v1' },
    }
    expect(await get('/apis')).toMatchObject({
      kind: 'APIGroupList',
      apiVersion: 'v1',
      groups: [batch, { name: 'authentication.k8s.io' }, { name: 'authorization.k8s.io' }],
    })
    expect(await get('/apis/batch/')).toStrictEqual({ kind: 'APIGroup', apiVersion: 'v1', ...batch })
    expect(await get('/apis/batch/v1')).toStrictEqual({
      kind: 'APIResourceList',
      apiVersion: 'v1',
      groupVersion: 'batch/v1',
      resources: [
        { name: 'jobs', singularName: 'job', namespaced: true, kind: 'Job', verbs: all, categories: ['all'] },
        { name: 'jobs/status', singularName: '', namespaced: true, kind: 'Job', verbs: part },
        {
          name: 'jobs/scale',
          singularName: '',
          namespaced: true,
          group: 'autoscaling',
          version: 'v1',
          kind: 'Scale',
          verbs: part,
        },
      ],
    })
    expect((await get('/api/v1')).resources.map(({ name }: { readonly name: string }) => name)).toStrictEqual([
      'pods',
      'pods/status',
      'namespaces',
      'namespaces/status',
    ])
    expect((await get('/')).paths).toContain('/apis/batch/v1')
  })

  test('comes at once to those who ask for it', async () => {
    const call = await api()
    const { body, headers, code } = await call('GET', '/apis', { accept: aggregated })
    expect([code, headers.get('Content-Type'), headers.get('Cache-Control')]).toStrictEqual([
      200,
      'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList',
      'public',
    ])
    expect(body.items.map(({ metadata }: { readonly metadata: unknown }) => metadata)).toStrictEqual([
      { name: 'batch' },
      { name: 'authentication.k8s.io' },
      { name: 'authorization.k8s.io' },
    ])
    expect(body.items[0].versions[0].resources).toStrictEqual([
      {
        resource: 'jobs',
        responseKind: { group: '', version: '', kind: 'Job' },
        scope: 'Namespaced',
        singularResource: 'job',
        verbs: all,
        categories: ['all'],
        subresources: [
          { subresource: 'status', responseKind: { group: '', version: '', kind: 'Job' }, verbs: part },
          { subresource: 'scale', responseKind: { group: 'autoscaling', version: 'v1', kind: 'Scale' }, verbs: part },
        ],
      },
    ])
    const core = (await call('GET', '/api', { accept: aggregated })).body.items[0]
    expect(core.metadata).toStrictEqual({})
    expect(core.versions[0].resources[1]).toMatchObject({
      resource: 'namespaces',
      scope: 'Cluster',
      shortNames: ['ns'],
    })
  })

  test('is not sent again to those who have it', async () => {
    const call = await api()
    const tag = (await call('GET', '/apis', { accept: aggregated })).headers.get('ETag') ?? ''
    expect(tag).toMatch(/^"[0-9A-F]{64}"$/)
    expect((await call('GET', '/apis', { accept: aggregated, tag })).code).toBe(304)
    expect((await call('GET', '/apis', { accept: aggregated, tag: '"other"' })).code).toBe(200)
  })

  test.each(['application/json', 'application/json;g=apidiscovery.k8s.io;v=v9;as=APIGroupDiscoveryList', ''])(
    'is the plain one for those who take %s',
    async (accept) => expect((await (await api())('GET', '/apis', { accept })).body.kind).toBe('APIGroupList'),
  )

  test.each(['healthz', 'livez', 'readyz'])('%s is ok', async (name) => {
    const call = await api()
    expect((await call('GET', `/${name}`)).body).toBe('ok')
    expect((await call('GET', `/${name}?verbose`)).body).toBe(`[+]ping ok\n${name} check passed\n`)
  })

  test('the version is one that clients can compare', async () =>
    expect((await (await api())('GET', '/version')).body).toMatchObject({
      major: '1',
      minor: '36',
      gitVersion: expect.stringMatching(/^v1\.36\.\d+\+/),
    }))
})

describe('the documents of OpenAPI', () => {
  const index = async () => {
    const call = await api()
    const { paths } = (await call('GET', '/openapi/v3')).body
    const get = async (place: string) => (await call('GET', paths[place].serverRelativeURL)).body
    return { call, paths, get }
  }

  test('are one for each group', async () => {
    const { paths } = await index()
    expect(Object.keys(paths)).toStrictEqual(['apis/batch/v1', 'api/v1'])
    expect(paths['api/v1'].serverRelativeURL).toMatch(/^\/openapi\/v3\/api\/v1\?hash=[0-9A-F]{64}$/)
  })

  test('tell with which options a kind can be written', async () => {
    const { paths } = await (await index()).get('apis/batch/v1')
    for (const place of ['', '/status']) {
      const { patch } = paths[`/apis/batch/v1/namespaces/{namespace}/jobs/{name}${place}`]
      expect(patch['x-kubernetes-group-version-kind']).toStrictEqual({ group: 'batch', version: 'v1', kind: 'Job' })
      expect(patch.parameters).toContainEqual({ name: 'fieldValidation', in: 'query' })
    }
  })

  test('name nothing that they do not define', async () => {
    const { call, get } = await index()
    const { body } = await call('GET', '/openapi/v2', { accept: 'application/json' })
    const documents = [
      [await get('apis/batch/v1'), 'components.schemas'],
      [await get('api/v1'), 'components.schemas'],
      [body, 'definitions'],
    ] as const
    for (const [document, place] of documents) {
      const [outer, inner] = place.split('.')
      const schemas = inner === undefined ? document[outer!] : document[outer!][inner]
      const known = new Set(Object.keys(schemas).map((name) => `#/${place.replace('.', '/')}/${name}`))
      const text = JSON.stringify(document)
      const named = [...text.matchAll(/"\$ref":"([^"]+)"/g)].map(([, name]) => name ?? '')
      expect(named.length).toBeGreaterThan(50)
      expect(named.filter((name) => !known.has(name))).toStrictEqual([])
    }
  })

  test('tell how lists are merged', async () => {
    const { components } = await (await index()).get('api/v1')
    const { containers, volumes } = components.schemas['io.k8s.api.core.v1.PodSpec'].properties
    expect(containers).toStrictEqual({
      type: 'array',
      items: { $ref: '#/components/schemas/io.k8s.api.core.v1.Container' },
      'x-kubernetes-patch-strategy': 'merge',
      'x-kubernetes-patch-merge-key': 'name',
    })
    expect(volumes['x-kubernetes-patch-strategy']).toBe('merge,retainKeys')
  })

  test('are empty in protobuf, for which clients have only one media type', async () => {
    const accept = 'application/com.github.proto-openapi.spec.v2@v1.0+protobuf'
    const { code, body, headers } = await (await api())('GET', '/openapi/v2', { accept })
    expect([code, body, headers.get('Content-Type')]).toStrictEqual([200, '', 'application/octet-stream'])
  })

  test('are none of other groups', async () =>
    expect((await (await api())('GET', '/openapi/v3/apis/example.com/v1')).code).toBe(404))
})
