import { describe, expect, test } from 'vitest'
import { asking } from './asking.ts'

const protobuf = 'application/com.github.proto-openapi.spec.v2@v1.0+protobuf'

describe('API-22: who has a document already need not be sent it again', () => {
  const world = async () => {
    const { fetch } = await asking()
    return (path: string, headers: Record<string, string> = {}) => fetch(`http://here${path}`, { headers })
  }

  test.each([
    ['/openapi/v3', {}],
    ['/openapi/v3/apis/batch/v1', {}],
    ['/openapi/v2', {}],
    ['/openapi/v2', { accept: protobuf }],
    ['/apis', { accept: 'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList' }],
  ])('API-22: %s with %j is answered 304 to those who show its tag', async (path, headers) => {
    const get = await world()
    const first = await get(path, headers)
    const tag = first.headers.get('etag') ?? ''
    expect(tag).toMatch(/^"[0-9A-F]+"$/)
    expect(first.status).toBe(200)
    expect((await first.arrayBuffer()).byteLength).toBeGreaterThan(100)
    const again = await get(path, { ...headers, 'if-none-match': tag })
    expect([again.status, again.headers.get('etag'), await again.text()]).toEqual([304, tag, ''])
    expect((await get(path, { ...headers, 'if-none-match': '"other"' })).status).toBe(200)
  })

  test('API-22: what is asked for by its hash may be kept for ever, and a hash of old leads to the new one', async () => {
    const get = await world()
    const { paths } = JSON.parse(await (await get('/openapi/v3')).text())
    const link: string = paths['apis/batch/v1'].serverRelativeURL
    expect((await get(link)).headers.get('cache-control')).toBe('public, immutable')
    expect((await get(`${link}&timeout=32s`)).status).toBe(200)
    expect((await get('/openapi/v3/apis/batch/v1')).headers.get('cache-control')).toBe('no-cache, private')
    const moved = await get('/openapi/v3/apis/batch/v1?hash=0123')
    expect([moved.status, moved.headers.get('location')]).toEqual([301, link])
  })
})
