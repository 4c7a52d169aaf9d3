import { expect, test } from 'vitest'
import { asking, asTable } from './asking.ts'

const inNamespace = '/api/v1/namespaces/ns'

test.each<[path: string, object: object, columns: ReadonlyArray<string>, cells: ReadonlyArray<unknown>]>([
  [
    `${inNamespace}/configmaps`,
    { metadata: { name: 'a' }, data: { k: '1' }, binaryData: { b: 'AA==' } },
    ['Name', 'Data', 'Age'],
    ['a', 2, '0s'],
  ],
  [
    `${inNamespace}/secrets`,
    { metadata: { name: 'a' }, stringData: { k: '1' } },
    ['Name', 'Type', 'Data', 'Age'],
    ['a', 'Opaque', 1, '0s'],
  ],
  [
    `${inNamespace}/serviceaccounts`,
    { metadata: { name: 'a' }, secrets: [{ name: 's' }] },
    ['Name', 'Secrets', 'Age'],
    ['a', 1, '0s'],
  ],
  [
    '/apis/coordination.k8s.io/v1/namespaces/ns/leases',
    { metadata: { name: 'a' }, spec: { holderIdentity: 'me' } },
    ['Name', 'Holder', 'Age'],
    ['a', 'me', '0s'],
  ],
])('API-5: %s has its columns, in a list, alone and in a watch', async (path, object, columns, cells) => {
  const { ask, fetch } = await asking()
  await ask('POST', path, object)
  const one = `${path}?fieldSelector=metadata.name=a`
  const list = (await ask('GET', one, undefined, { accept: asTable })).body
  expect(list.columnDefinitions.map(({ name }: { readonly name: string }) => name)).toStrictEqual(columns)
  expect(list.rows[0].cells).toStrictEqual(cells)
  expect((await ask('GET', `${path}/a`, undefined, { accept: asTable })).body.rows[0].cells).toStrictEqual(cells)
  const watch = await fetch(`http://here${one}&watch=1&timeoutSeconds=1`, { headers: { accept: asTable } })
  const [first = ''] = (await watch.text()).split('\n')
  expect(JSON.parse(first)).toMatchObject({ type: 'ADDED', object: { kind: 'Table', rows: [{ cells }] } })
})
