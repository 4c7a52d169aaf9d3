import { describe, expect, test } from 'vitest'
import { protobufJson } from '../../../support/openapi-document.ts'
import { asking } from './asking.ts'

const old = 'application/com.github.proto-openapi.spec.v2@v1.0+protobuf'

const world = async () => {
  const { fetch } = await asking()
  const get = (path: string, headers: Record<string, string> = {}) => fetch(`http://here${path}`, { headers })
  const index = async (): Promise<Readonly<Record<string, string>>> =>
    Object.fromEntries(
      Object.entries(JSON.parse(await (await get('/openapi/v3')).text()).paths).map(([place, link]) => [
        place,
        (link as { readonly serverRelativeURL: string }).serverRelativeURL,
      ]),
    )
  return { get, index }
}

describe('API-3: the documents of OpenAPI tell how objects can be written', () => {
  test('API-3: there is one of version 3 for each group and version, which the index names with its hash', async () => {
    const { get, index } = await world()
    const links = await index()
    expect(Object.keys(links)).toEqual(
      expect.arrayContaining(['api/v1', 'apis/batch/v1', 'apis/batch/v1beta1', 'apis/authorization.k8s.io/v1']),
    )
    for (const [place, link] of Object.entries(links)) {
      expect(link).toMatch(new RegExp(`^/openapi/v3/${place}\\?hash=[0-9A-F]{64}$`))
      const answer = await get(link)
      expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'application/json'])
      expect(JSON.parse(await answer.text()).openapi).toBe('3.0.0')
    }
  })

  test('API-3: each patch of an object, its status and its scale has the parameter fieldValidation', async () => {
    const { get, index } = await world()
    const kinds = new Set<string>()
    for (const link of Object.values(await index())) {
      const { paths } = JSON.parse(await (await get(link)).text())
      for (const path of Object.keys(paths)) {
        const { patch } = paths[path]
        kinds.add(patch['x-kubernetes-group-version-kind'].kind)
        expect(patch.parameters).toContainEqual({ name: 'fieldValidation', in: 'query' })
        expect(patch.parameters).toContainEqual({ name: 'dryRun', in: 'query' })
      }
    }
    expect([...kinds]).toEqual(expect.arrayContaining(['Job', 'CronJob', 'Pod', 'ConfigMap', 'Namespace', 'Scale']))
  })

  test('API-3: version 2 is read by old clients in protobuf, and says the same as in JSON', async () => {
    const { get } = await world()
    const answer = await get('/openapi/v2', { accept: old })
    expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'application/octet-stream'])
    const json = JSON.parse(await (await get('/openapi/v2')).text())
    expect(json.swagger).toBe('2.0')
    expect(protobufJson(new Uint8Array(await answer.arrayBuffer()))).toEqual(json)
  })

  test('API-3: other groups have none', async () => {
    const { get } = await world()
    expect((await get('/openapi/v3/apis/example.com/v1')).status).toBe(404)
  })
})
