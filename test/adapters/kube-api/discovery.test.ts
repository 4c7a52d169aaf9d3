import { describe, expect, test } from 'vitest'
import { administrator } from '../../../src/adapters/kube-api/access/user.ts'
import { discovery } from '../../../src/adapters/kube-api/discovery.ts'
import { resourceDouble } from '../../support/resource-double.ts'
import { countingEntropy } from '../../support/world.ts'
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

  test('kubectl up to 1.20 finds CronJobs in the only version it has them in', () => {
    const pageOf = discovery({ resources: { cronjobs: resourceDouble() }, entropy: countingEntropy() })
    const versionsFor = (agent: string) => {
      const answer = pageOf({
        method: 'GET',
        path: '/apis/batch',
        query: new URLSearchParams(),
        headers: { 'user-agent': agent },
        body: new Uint8Array(),
        user: administrator('ada'),
      })
      const { versions } = JSON.parse(answer?.body ?? '') as {
        readonly versions: ReadonlyArray<{ readonly version: string }>
      }
      return versions.map(({ version }) => version)
    }
    expect(versionsFor('kubectl/v1.20.2 (linux/amd64) kubernetes/faecb19')).toStrictEqual(['v1', 'v1beta1'])
    expect(versionsFor('kubectl/v1.21.0 (linux/amd64) kubernetes/cb303e6')).toStrictEqual(['v1'])
    expect(versionsFor('k9s/v0.32')).toStrictEqual(['v1'])
  })

  test('the version is one that clients can compare', async () =>
    expect((await (await api())('GET', '/version')).body).toMatchObject({
      major: '1',
      minor: '36',
      gitVersion: expect.stringMatching(/^v1\.36\.\d+\+/),
    }))
})
