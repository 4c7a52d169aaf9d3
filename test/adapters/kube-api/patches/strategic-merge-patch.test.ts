import { describe, expect, test } from 'vitest'
import { strategicMergePatch } from '../../../../src/adapters/kube-api/patches/strategic-merge-patch.ts'
import type { JsonObject } from '../../../../src/adapters/kube-api/body/decode-object.ts'
import { E } from '../../../../src/prelude.ts'

const patched = (target: JsonObject, patch: JsonObject, kind = 'Pod') => {
  const before = structuredClone(target)
  const result = strategicMergePatch(kind, target, patch)
  expect(target).toStrictEqual(before)
  return E.isRight(result) ? result.right : result.left
}

/** Names of a list's elements after a patch of that list. */
const named = (...names: ReadonlyArray<string>) => names.map((name) => ({ name }))
const inSpec = (field: string, before: ReadonlyArray<unknown>, patch: JsonObject) => {
  const result = patched({ spec: { [field]: before } }, { spec: patch })
  return typeof result === 'string' ? result : (result as { spec: JsonObject }).spec[field]
}
const containers = (before: ReadonlyArray<unknown>, patch: JsonObject) => inSpec('containers', before, patch)

describe('a strategic merge patch', () => {
  test('merges objects and maps, and takes away what is null', () =>
    expect(
      patched(
        { metadata: { labels: { a: '1', b: '2' }, name: 'x' }, spec: { nodeSelector: { disk: 'ssd' } } },
        { metadata: { labels: { a: null, c: '3' } }, spec: { nodeSelector: { zone: 'b' } } },
      ),
    ).toStrictEqual({
      metadata: { labels: { b: '2', c: '3' }, name: 'x' },
      spec: { nodeSelector: { disk: 'ssd', zone: 'b' } },
    }))

  test('replaces a map that says so, and empties one that is deleted', () => {
    const target = { spec: { nodeSelector: { disk: 'ssd' } } }
    expect(patched(target, { spec: { nodeSelector: { $patch: 'replace', arch: 'arm' } } })).toStrictEqual({
      spec: { nodeSelector: { arch: 'arm' } },
    })
    expect(patched(target, { spec: { nodeSelector: { $patch: 'delete' } } })).toStrictEqual({
      spec: { nodeSelector: {} },
    })
    expect(patched(target, { spec: { nodeSelector: { $patch: 'merge', arch: 'arm' } } })).toStrictEqual({
      spec: { nodeSelector: { disk: 'ssd', arch: 'arm' } },
    })
  })

  test('a new element that takes the place of a deleted one comes where that stood, as in Kubernetes', () => {
    const patch = { containers: [{ name: 'a', $patch: 'delete' }, { name: 'b' }] }
    const order = { '$setElementOrder/containers': named('b', 'a') }
    expect(containers(named('a', 'd'), { ...patch, ...order })).toStrictEqual(named('d', 'b'))
    expect(containers(named('d'), { ...patch, ...order })).toStrictEqual(named('b', 'd'))
  })

  test('merges elements of a list that have a key', () =>
    expect(
      containers(
        [
          { name: 'main', image: 'a', args: ['1'], env: [{ name: 'X', value: '1' }] },
          { name: 'side', image: 'b' },
        ],
        {
          containers: [
            {
              name: 'main',
              args: ['2', '3'],
              env: [
                { name: 'Y', value: '2' },
                { name: 'X', value: null },
              ],
            },
          ],
        },
      ),
    ).toStrictEqual([
      { name: 'main', image: 'a', args: ['2', '3'], env: [{ name: 'Y', value: '2' }, { name: 'X' }] },
      { name: 'side', image: 'b' },
    ]))

  test('knows the keys at any depth', () => {
    const template = (ports: ReadonlyArray<unknown>) => ({
      spec: { jobTemplate: { spec: { template: { spec: { containers: [{ name: 'main', ports }] } } } } },
    })
    expect(
      patched(
        template([{ containerPort: 80, name: 'http' }]),
        template([{ containerPort: 80, name: 'web' }, { containerPort: 81 }]),
        'CronJob',
      ),
    ).toStrictEqual(template([{ containerPort: 80, name: 'web' }, { containerPort: 81 }]))
  })

  test('replaces a list without a key', () =>
    expect(inSpec('tolerations', [{ key: 'a' }], { tolerations: [{ key: 'b', value: null }] })).toStrictEqual([
      { key: 'b' },
    ]))

  test.each<[before: string, patch: string, after: string]>([
    ['one two', 'three', 'three one two'],
    ['one two', 'two three', 'one two three'],
    ['main side', 'main new', 'main new side'],
    ['main side', 'new side', 'new main side'],
    ['a b c', 'c a', 'b c a'],
    ['a b', 'a b', 'a b'],
    ['', 'a', 'a'],
  ])('puts what it names into its order: %s and %s are %s', (before, patch, after) => {
    const [present, wanted, result] = [before, patch, after].map((text) => text.split(' ').filter(Boolean))
    expect(containers(named(...present!), { containers: named(...wanted!) })).toStrictEqual(named(...result!))
    expect(patched({ metadata: { finalizers: present } }, { metadata: { finalizers: wanted } })).toStrictEqual({
      metadata: { finalizers: result },
    })
  })

  test('deletes elements, or all but its own', () => {
    const present = [{ name: 'a', image: '1' }, { name: 'b' }]
    expect(containers(present, { containers: [{ name: 'a', $patch: 'delete' }] })).toStrictEqual([{ name: 'b' }])
    expect(containers(present, { containers: [{ $patch: 'replace' }, { name: 'a' }] })).toStrictEqual([{ name: 'a' }])
    expect(containers(present, { containers: [{ name: 'c', $patch: 'delete' }] })).toStrictEqual(present)
  })

  test('removes texts from a list of them', () =>
    expect(
      patched(
        { metadata: { finalizers: ['a', 'b', 'c'] } },
        { metadata: { '$deleteFromPrimitiveList/finalizers': ['a', 'c'] } },
      ),
    ).toStrictEqual({ metadata: { finalizers: ['b'] } }))

  test('orders a list as it is told, with and without elements', () => {
    const order = { '$setElementOrder/containers': named('side', 'new', 'main') }
    expect(containers(named('main', 'side'), { ...order, containers: named('new') })).toStrictEqual(
      named('side', 'new', 'main'),
    )
    expect(containers(named('main', 'side'), order)).toStrictEqual(named('side', 'main'))
    expect(
      patched(
        { metadata: { finalizers: ['three'] } },
        { metadata: { '$setElementOrder/finalizers': ['four', 'three'], finalizers: ['four'] } },
      ),
    ).toStrictEqual({ metadata: { finalizers: ['four', 'three'] } })
    expect(patched({}, order)).toStrictEqual({})
  })

  test('retains only some keys', () =>
    expect(
      inSpec('volumes', [{ name: 'data', emptyDir: {} }], {
        volumes: [{ name: 'data', $retainKeys: ['name', 'hostPath'], hostPath: { path: '/tmp' } }],
      }),
    ).toStrictEqual([{ name: 'data', hostPath: { path: '/tmp' } }]))

  test('leaves no directive and no null in what is new', () =>
    expect(
      patched(
        {},
        {
          spec: {
            '$setElementOrder/containers': named('a'),
            containers: [{ name: 'a', image: null, env: [{ name: 'X', $patch: 'delete' }, { name: 'Y' }] }],
            nodeSelector: { $patch: 'merge', a: 'b', c: null },
          },
        },
      ),
    ).toStrictEqual({ spec: { containers: [{ name: 'a', env: [{ name: 'Y' }] }], nodeSelector: { a: 'b' } } }))

  test('gives a status its conditions by their type', () =>
    expect(
      patched(
        { status: { conditions: [{ type: 'Ready', status: 'False' }] } },
        {
          status: {
            conditions: [
              { type: 'Mine', status: 'True' },
              { type: 'Ready', status: 'True' },
            ],
          },
        },
      ),
    ).toStrictEqual({
      status: {
        conditions: [
          { type: 'Mine', status: 'True' },
          { type: 'Ready', status: 'True' },
        ],
      },
    }))

  test.each<[patch: JsonObject, problem: string]>([
    [{ metadata: { labels: { $patch: 'bogus' } } }, 'unknown patch type: bogus in map: map[$patch:bogus]'],
    [{ spec: { containers: [{ image: 'x' }] } }, 'map: map[image:x] does not contain declared merge key: name'],
    [
      { spec: { '$setElementOrder/containers': named('a', 'b'), containers: named('b', 'a') } },
      "The order in patch list:\n[map[name:b] map[name:a]]\n doesn't match $setElementOrder list:\n[map[name:a] map[name:b]]\n",
    ],
    [
      { spec: { '$setElementOrder/containers': named('side'), containers: [{ name: 'new', image: 'z' }] } },
      "The order in patch list:\n[map[image:z name:new]]\n doesn't match $setElementOrder list:\n[map[name:side]]\n",
    ],
  ])('is refused: %j', (patch, problem) => expect(patched({ spec: { containers: [] } }, patch)).toBe(problem))
})

test('a hundred thousand texts are taken out of a list in a moment', () => {
  const finalizers = Array.from({ length: 100_000 }, (_, place) => `a/${place}`)
  const began = performance.now()
  const patch = { metadata: { '$deleteFromPrimitiveList/finalizers': finalizers.slice(1) } }
  expect(patched({ metadata: { finalizers } }, patch)).toStrictEqual({ metadata: { finalizers: ['a/0'] } })
  expect(performance.now() - began).toBeLessThan(3000)
})
