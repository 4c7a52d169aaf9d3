import { describe, expect, test } from 'vitest'
import { asking } from './asking.ts'
import { watching } from './watching.ts'

const pods = '/api/v1/pods'
const streaming = 'watch=1&sendInitialEvents=true&resourceVersionMatch=NotOlderThan'
const pod = (name: string) => ({ metadata: { name }, spec: { containers: [{ name: 'main', image: 'a' }] } })

const worldOfPods = async () => {
  const world = await asking()
  await world.ask('POST', '/api/v1/namespaces', { metadata: { name: 'aa' } })
  for (const [namespace, name] of [
    ['ns', 'b'],
    ['ns', 'a'],
    ['aa', 'z'],
  ])
    await world.ask('POST', `/api/v1/namespaces/${namespace}/pods`, pod(name ?? ''))
  return world
}

describe('a list that is told as a watch', () => {
  test('API-10, API-15: comes in the order of lists, and its end is marked with the version it shows', async () => {
    const world = await worldOfPods()
    const { body: list } = await world.ask('GET', pods)
    const watch = await watching(world, `${pods}?${streaming}&allowWatchBookmarks=true`)
    expect(watch.told()).toStrictEqual(['ADDED z', 'ADDED a', 'ADDED b', 'BOOKMARK undefined'])
    expect(watch.lines().at(-1)?.object).toStrictEqual({
      kind: 'Pod',
      apiVersion: 'v1',
      metadata: {
        resourceVersion: list.metadata.resourceVersion,
        annotations: { 'k8s.io/initial-events-end': 'true' },
      },
    })
    await world.ask('PATCH', '/api/v1/namespaces/ns/pods/a', { metadata: { labels: { a: 'b' } } })
    expect(watch.told().at(-1)).toBe('MODIFIED a')
  })

  test('API-10: without bookmarks its end is not marked; sendInitialEvents=false tells nothing of what is there', async () => {
    const world = await worldOfPods()
    expect((await watching(world, `${pods}?${streaming}`)).types()).toStrictEqual(['ADDED', 'ADDED', 'ADDED'])
    const version = world.position()
    const none = `${pods}?watch=1&sendInitialEvents=false&resourceVersionMatch=NotOlderThan&resourceVersion=${version}`
    expect((await watching(world, none)).types()).toStrictEqual([])
  })

  test('API-10: is refused where what is asked for contradicts itself, or lies in the future', async () => {
    const world = await worldOfPods()
    const causes = async (query: string) => {
      const { answer, body } = await watching(world, `${pods}?watch=1&${query}`)
      return [
        answer.status,
        ...(body().details?.causes ?? []).map(({ message }: { readonly message: string }) => message),
      ]
    }
    expect(await causes('sendInitialEvents=true')).toStrictEqual([
      422,
      'Forbidden: sendInitialEvents requires setting resourceVersionMatch to NotOlderThan',
    ])
    expect(await causes('resourceVersionMatch=Exact&resourceVersion=1')).toStrictEqual([
      422,
      'Forbidden: resourceVersionMatch is forbidden for watch unless sendInitialEvents is provided',
      'Unsupported value: "Exact": supported values: "NotOlderThan"',
    ])
    const [code] = await causes('sendInitialEvents=true&resourceVersionMatch=NotOlderThan&resourceVersion=99999')
    expect(code).toBe(504)
  })
})
