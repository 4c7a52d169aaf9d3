import { describe, expect, test } from 'vitest'
import { serving } from '../../../support/serving.ts'
import { test as onServer } from '../../../support/jobledger.ts'
import { asking } from './asking.ts'
import { watching } from './watching.ts'

const jobs = '/apis/batch/v1/namespaces/ns/jobs'
const job = (name: string, labels: Readonly<Record<string, string>> = {}) => ({
  apiVersion: 'batch/v1',
  kind: 'Job',
  metadata: { name, labels },
  spec: { suspend: true, template: { spec: { restartPolicy: 'Never', containers: [{ name: 'main', image: 'a' }] } } },
})

describe('a watch', () => {
  test('API-9: without a version, or from 0, tells first what is there', async () => {
    const world = await asking()
    await world.ask('POST', jobs, job('a'))
    await world.sleep(1)
    for (const query of ['watch=1', 'watch=true&resourceVersion=0']) {
      const watch = await watching(world, `${jobs}?${query}`)
      expect(watch.told()).toStrictEqual(['ADDED a'])
      await world.ask('PATCH', `${jobs}/a`, { metadata: { annotations: { query } } })
      expect(watch.told()).toStrictEqual(['ADDED a', 'MODIFIED a'])
    }
  })

  test('API-9: from a version tells everything behind it in order, each event a line of JSON', async () => {
    const world = await asking()
    const { body: a } = await world.ask('POST', jobs, job('a'))
    await world.sleep(1)
    await world.ask('POST', jobs, job('b'))
    await world.sleep(1)
    const watch = await watching(world, `${jobs}?watch=1&resourceVersion=${a.metadata.resourceVersion}`)
    expect(watch.told()).toStrictEqual(['MODIFIED a', 'ADDED b', 'MODIFIED b'])
    expect(watch.text().endsWith('}\n')).toBe(true)
    const versions = watch.lines().map(({ object }) => Number(object.metadata.resourceVersion))
    expect(versions).toStrictEqual(versions.toSorted((x, y) => x - y))
  })

  test('API-9: tells what a selector no longer finds as deleted, as it was before, at the version of the change', async () => {
    const world = await asking()
    await world.ask('POST', jobs, job('a', { team: 'red' }))
    await world.sleep(1)
    const watch = await watching(world, `${jobs}?watch=1&labelSelector=team%3Dred`)
    const { body } = await world.ask('PATCH', `${jobs}/a`, { metadata: { labels: { team: 'blue' } } })
    await world.ask('PATCH', `${jobs}/a`, { metadata: { labels: { other: 'change' } } })
    await world.ask('PATCH', `${jobs}/a`, { metadata: { labels: { team: 'red' } } })
    expect(watch.told()).toStrictEqual(['ADDED a', 'DELETED a', 'ADDED a'])
    const { object } = watch.lines()[1]!
    expect(object.metadata).toMatchObject({
      labels: { team: 'red' },
      resourceVersion: body.metadata.resourceVersion,
    })
  })

  test('API-9: ends after its time, and says no version that is none', async () => {
    const world = await asking()
    const watch = await watching(world, `${jobs}?watch=1&timeoutSeconds=3`)
    await world.sleep(2)
    expect(watch.state.ended).toBe(false)
    await world.sleep(1)
    expect(watch.state.ended).toBe(true)
    const refused = await watching(world, `${jobs}?watch=1&resourceVersion=x`)
    expect([refused.answer.status, refused.body().message]).toStrictEqual([
      500,
      'resourceVersion: Invalid value: "x": strconv.ParseUint: parsing "x": invalid syntax',
    ])
  })

  test('API-9: one object is got, not watched', async () => {
    const world = await asking()
    await world.ask('POST', jobs, job('a'))
    expect((await world.ask('GET', `${jobs}/a?watch=1`)).body.kind).toBe('Job')
  })

  onServer(
    'API-9: has its headers at once, and each event when it comes',
    { timeout: 30_000 },
    async ({ jobledger, expect: expects }) => {
      const { ask, server } = await serving(jobledger, '--runtime', 'external')
      const path = '/apis/batch/v1/namespaces/default/jobs'
      const response = await ask(`${path}?watch=1`)
      expects([
        response.status,
        response.headers.get('content-type'),
        response.headers.get('transfer-encoding'),
      ]).toStrictEqual([200, 'application/json', 'chunked'])
      const body = Buffer.from(JSON.stringify(job('a')))
      await ask(path, { method: 'POST', headers: { 'content-type': 'application/json' }, body })
      const { value } = await response.body!.getReader().read()
      expects(JSON.parse(Buffer.from(value!).toString().split('\n')[0]!)).toMatchObject({ type: 'ADDED' })
      server.signal('SIGINT')
      await server.ended
    },
  )
})
