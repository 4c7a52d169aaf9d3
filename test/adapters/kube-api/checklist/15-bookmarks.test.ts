import { describe, expect, test } from 'vitest'
import { asking } from './asking.ts'
import { watching } from './watching.ts'

const jobs = '/apis/batch/v1/namespaces/ns/jobs'
const partial = 'application/json;as=PartialObjectMetadata;v=v1;g=meta.k8s.io'
const partialList = 'application/json;as=PartialObjectMetadataList;v=v1;g=meta.k8s.io'
const job = (name: string) => ({
  apiVersion: 'batch/v1',
  kind: 'Job',
  metadata: { name },
  spec: { suspend: true, template: { spec: { restartPolicy: 'Never', containers: [{ name: 'main', image: 'a' }] } } },
})

describe('bookmarks', () => {
  test('API-15: come every minute, and shortly before the end, with the version up to which all is told', async () => {
    const world = await asking()
    const watch = await watching(world, `${jobs}?watch=1&allowWatchBookmarks=true&timeoutSeconds=150`)
    await world.sleep(59)
    expect(watch.types()).toStrictEqual([])
    await world.sleep(2)
    expect(watch.types()).toStrictEqual(['BOOKMARK'])
    await world.ask('POST', '/api/v1/namespaces/ns/configmaps', { metadata: { name: 'other' } })
    await world.sleep(60)
    expect(watch.lines()[1]?.object).toStrictEqual({
      kind: 'Job',
      apiVersion: 'batch/v1',
      metadata: { resourceVersion: `${world.position()}` },
    })
    await world.sleep(28)
    expect(watch.types()).toStrictEqual(['BOOKMARK', 'BOOKMARK', 'BOOKMARK'])
    expect(watch.state.ended).toBe(false)
    await world.sleep(1)
    expect(watch.state.ended).toBe(true)
  })

  test('API-15: do not come to those who did not ask', async () => {
    const world = await asking()
    const watch = await watching(world, `${jobs}?watch=1&timeoutSeconds=150`)
    await world.sleep(149)
    expect(watch.types()).toStrictEqual([])
  })
})

describe('objects as their metadata alone', () => {
  test('API-15: are got, listed, listed as they were, and watched', async () => {
    const world = await asking()
    const watch = await watching(world, `${jobs}?watch=1`, partial)
    await world.ask('POST', jobs, job('a'))
    await world.sleep(1)
    const got = await world.ask('GET', `${jobs}/a`, undefined, { accept: partial })
    expect(Object.keys(got.body)).toStrictEqual(['kind', 'apiVersion', 'metadata'])
    expect(got.body.kind).toBe('PartialObjectMetadata')
    const listed = await world.ask('GET', jobs, undefined, { accept: partialList })
    expect(listed.body.items).toStrictEqual([got.body])
    expect(watch.lines().at(-1)).toStrictEqual({ type: 'MODIFIED', object: got.body })
    const version = listed.body.metadata.resourceVersion
    await world.ask('DELETE', `${jobs}/a`, { propagationPolicy: 'Background' })
    const exact = `${jobs}?resourceVersion=${version}&resourceVersionMatch=Exact`
    expect((await world.ask('GET', exact, undefined, { accept: partialList })).body).toStrictEqual(listed.body)
  })
})
