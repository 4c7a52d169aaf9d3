import { describe, expect, test } from 'vitest'
import { administrator } from '../../../src/adapters/kube-api/access/user.ts'
import { apiHandler } from '../../../src/adapters/kube-api/handler.ts'
import { readToken, renderToken } from '../../../src/adapters/kube-api/lists/continue-token.ts'
import { newSnapshots } from '../../../src/adapters/kube-api/lists/snapshots.ts'
import type { ApiObject, Resource } from '../../../src/application/api/resource.ts'
import { E } from '../../../src/prelude.ts'
import { resourceDouble } from '../../support/resource-double.ts'
import { countingEntropy } from '../../support/world.ts'
import { api, job, jobs, jobsOf, status } from './asked-api.ts'

type List = {
  readonly metadata: {
    readonly resourceVersion: string
    readonly continue?: string
    readonly remainingItemCount?: number
  }
  readonly items: ReadonlyArray<{ readonly metadata: { readonly name: string } }>
}

/** An API with the Jobs a to e. */
const listed = async () => {
  const call = await api()
  for (const name of ['c', 'a', 'e', 'b', 'd']) await call('POST', jobs, { body: job(name) })
  const page = async (query: string, path = jobs) => {
    const { metadata, items }: List = (await call('GET', `${path}?${query}`)).body
    return { ...metadata, names: items.map((item) => item.metadata.name).join('') }
  }
  const refusal = async (query: string) => (await call('GET', `${jobs}?${query}`)).body
  return { call, page, refusal }
}

describe('a list page by page', () => {
  test('shows things as they were at its first page', async () => {
    const { call, page } = await listed()
    const first = await page('limit=2')
    await call('POST', jobs, { body: job('bb') })
    await call('DELETE', `${jobs}/d`)
    const second = await page(`limit=2&continue=${first.continue}`)
    const third = await page(`limit=2&continue=${second.continue}`)
    expect([first, second, third].map(({ names, remainingItemCount }) => [names, remainingItemCount])).toStrictEqual([
      ['ab', 3],
      ['cd', 1],
      ['e', undefined],
    ])
    expect(third).not.toHaveProperty('continue')
    expect(new Set([first, second, third].map(({ resourceVersion }) => resourceVersion))).toStrictEqual(new Set(['5']))
    expect((await page('')).names).toBe('abbbce')
  })

  test('does not count what is left of a selection', async () => {
    const { page } = await listed()
    const first = await page('limit=2&fieldSelector=metadata.name!=a')
    expect([first.names, first.remainingItemCount]).toStrictEqual(['bc', undefined])
    expect((await page(`fieldSelector=metadata.name!=a&continue=${first.continue}`)).names).toBe('de')
  })

  test('goes over namespaces in their order', async () => {
    const { call, page } = await listed()
    await call('POST', '/api/v1/namespaces', { body: { metadata: { name: 'another' } } })
    await call('POST', jobsOf('another'), { body: job('z') })
    const everywhere = '/apis/batch/v1/jobs'
    const first = await page('limit=2', everywhere)
    expect(first.names).toBe('za')
    expect((await page(`continue=${first.continue}`, everywhere)).names).toBe('bcde')
  })

  test('of which nothing is known any more can go on as things are now', async () => {
    const { refusal, page } = await listed()
    const lost = await refusal(`limit=2&continue=${renderToken({ version: 3n, start: 'ns/b' })}`)
    expect(lost).toMatchObject({ code: 410, reason: 'Expired', metadata: { continue: expect.any(String) } })
    expect((await page(`limit=2&continue=${lost.metadata.continue}`)).names).toBe('cd')
  })

  test.each(['limit=0', 'limit=-1', 'limit=5', 'limit=', 'resourceVersion=0', 'resourceVersion=4'])(
    '%s is all of it',
    async (query) => expect((await (await listed()).page(query)).names).toBe('abcde'),
  )

  test('at exactly a version is what its pages showed', async () => {
    const { call, page, refusal } = await listed()
    await page('limit=1')
    await call('DELETE', `${jobs}/a`)
    await call('POST', jobs, { body: job('f') })
    expect((await page('resourceVersion=5&resourceVersionMatch=Exact')).names).toBe('abcde')
    expect((await page('resourceVersion=5&resourceVersionMatch=NotOlderThan')).names).toBe('bcdef')
    expect((await page('resourceVersion=6&resourceVersionMatch=Exact')).names).toBe('bcdef')
    expect(await refusal('resourceVersion=4&resourceVersionMatch=Exact')).toStrictEqual(
      status(410, 'Expired', 'The resourceVersion for the provided list is too old.'),
    )
  })
})

describe('a list that cannot be', () => {
  test.each([
    ['limit=many', 'strconv.ParseInt: parsing "many": invalid syntax'],
    ['continue=nonsense', /^invalid continue token: /],
    [
      `continue=${renderToken({ version: 1n, start: '' })}&resourceVersion=1`,
      'specifying resource version is not allowed when using continue',
    ],
    [
      'resourceVersion=abc',
      'invalid resource version: resourceVersion: Invalid value: "abc": strconv.ParseUint: parsing "abc": invalid syntax',
    ],
    ['watch=1', 'watches are not served'],
  ])('%s', async (query, message) => {
    const refusal = await (await listed()).refusal(query)
    expect(refusal).toMatchObject({ code: 400, reason: 'BadRequest' })
    expect(refusal.message).toMatch(message)
  })

  test.each([
    [
      'resourceVersion=0&resourceVersionMatch=Exact',
      ['resourceVersionMatch "exact" is forbidden for resourceVersion "0"'],
    ],
    ['resourceVersionMatch=NotOlderThan', ['resourceVersionMatch is forbidden unless resourceVersion is provided']],
    [
      'continue=x&resourceVersionMatch=Newest',
      [
        'resourceVersionMatch is forbidden unless resourceVersion is provided',
        'resourceVersionMatch is forbidden when continue is provided',
        '"Newest": supported values: "Exact", "NotOlderThan", ""',
      ],
    ],
    ['sendInitialEvents=true', ['sendInitialEvents is forbidden for list']],
  ])('%s', async (query, messages) => {
    const { code, details } = await (await listed()).refusal(query)
    const told = details.causes.map(({ message }: { readonly message: string }) => message.replace(/^\w+( \w+)?: /, ''))
    expect([code, details.kind, told]).toStrictEqual([422, 'ListOptions', messages])
  })

  test('is of the future', async () => {
    const { call, refusal } = await listed()
    expect(await refusal('resourceVersion=99')).toStrictEqual(
      status(504, 'Timeout', 'Timeout: Too large resource version: 99, current: 5', {
        causes: [{ reason: 'ResourceVersionTooLarge', message: 'Too large resource version' }],
        retryAfterSeconds: 1,
      }),
    )
    expect((await call('GET', `${jobs}?resourceVersion=99`)).headers.get('Retry-After')).toBe('1')
  })
})

describe('what is kept of lists', () => {
  const object = { apiVersion: 'v1', kind: 'Thing', metadata: { name: 'a' } }
  const snapshot = (version: bigint, size: number) => ({ version, objects: Array.from({ length: size }, () => object) })

  test('is the newest that fits', () => {
    const snapshots = newSnapshots(10)
    for (const version of [1n, 2n, 3n]) snapshots.keep('jobs', snapshot(version, 4))
    snapshots.keep('jobs', snapshot(4n, 11))
    expect([1n, 2n, 3n, 4n].map((version) => snapshots.find('jobs', version)?.version)).toStrictEqual([
      undefined,
      2n,
      3n,
      undefined,
    ])
    expect(snapshots.find('pods', 3n)).toBeNull()
  })

  test('is not counted twice', () => {
    const snapshots = newSnapshots(10)
    for (let times = 0; times < 5; times += 1) snapshots.keep('jobs', snapshot(1n, 4))
    snapshots.keep('jobs', snapshot(2n, 4))
    expect(snapshots.find('jobs', 1n)).not.toBeNull()
  })
})

test.each([
  '',
  'e30',
  'bnVsbA',
  'eyJ2IjoxfQ',
  Buffer.from('{"v":"meta.k8s.io/v1","rv":1.5,"start":""}').toString('base64url'),
])('"%s" is no place to go on', (text) => expect(E.isLeft(readToken(text))).toBe(true))

describe('a list of whatever has one name', () => {
  /** Which lists were made of a collection with the Pod `a` in each of two namespaces, until this was answered. */
  const asked = async (query: string, path = '/api/v1/namespaces/ns/pods') => {
    const objects = ['ns', 'other'].map((namespace) => ({ metadata: { namespace, name: 'a' } }) as ApiObject)
    const listed: Array<string | null> = []
    const pods: Resource = {
      get: (namespace, name) =>
        objects.find(({ metadata }) => metadata.namespace === namespace && metadata.name === name) ?? null,
      list: (namespace) => {
        listed.push(namespace)
        return objects.filter(({ metadata }) => namespace === null || metadata.namespace === namespace)
      },
    }
    const handle = apiHandler({ resources: { pods }, entropy: countingEntropy(), position: () => 1n, now: () => 0 })
    const { body } = await handle({
      method: 'GET',
      path,
      query: new URLSearchParams(query),
      headers: {},
      body: new Uint8Array(),
      user: administrator('ada'),
    })
    const { items }: { readonly items: ReadonlyArray<ApiObject> } = JSON.parse(body)
    return { listed, found: items.map(({ metadata }) => metadata.namespace) }
  }

  test('does not go through the whole collection', async () => {
    expect(await asked('fieldSelector=metadata.name=a')).toStrictEqual({ listed: [], found: ['ns'] })
    expect(await asked('fieldSelector=metadata.name==b')).toStrictEqual({ listed: [], found: [] })
    expect(await asked('fieldSelector=metadata.name=a,metadata.namespace!=ns')).toStrictEqual({ listed: [], found: [] })
  })

  test('goes over all namespaces if it is to, and through all objects without a name', async () => {
    const everywhere = await asked('fieldSelector=metadata.name=a', '/api/v1/pods')
    expect(everywhere).toStrictEqual({ listed: [null], found: ['ns', 'other'] })
    expect(await asked('fieldSelector=metadata.name!=b')).toStrictEqual({ listed: ['ns'], found: ['ns'] })
  })
})

test('a collection is gone through once for all its pages, also when nothing happens meanwhile', async () => {
  const jobDouble = resourceDouble()
  let listings = 0
  const counted = {
    ...jobDouble,
    list: (namespace: string | null) => {
      listings += 1
      return jobDouble.list(namespace)
    },
  }
  for (const name of ['a', 'b', 'c', 'd', 'e'])
    await jobDouble.create?.(
      'ns',
      { metadata: { name, namespace: 'ns' } },
      { actor: { kind: 'user', name: 'ada' }, warn: () => {} },
    )()
  const handle = apiHandler({
    resources: { jobs: counted },
    entropy: countingEntropy(),
    position: jobDouble.position,
    now: () => 0,
  })
  let start = ''
  const pages: string[] = []
  do {
    const { body } = await handle({
      method: 'GET',
      path: jobs,
      query: new URLSearchParams(`limit=2&continue=${start}`),
      headers: {},
      body: new Uint8Array(),
      user: administrator('ada'),
    })
    const { metadata, items }: List = JSON.parse(body)
    pages.push(items.map((item) => item.metadata.name).join(''))
    start = metadata.continue ?? ''
  } while (start !== '')
  expect({ pages, listings }).toStrictEqual({ pages: ['ab', 'cd', 'e'], listings: 1 })
})
