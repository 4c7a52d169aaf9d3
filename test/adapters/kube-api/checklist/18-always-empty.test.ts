import { expect, test } from 'vitest'
import { asking, asTable } from './asking.ts'

const paths = [
  '/apis/policy/v1/poddisruptionbudgets',
  '/apis/networking.k8s.io/v1/ingresses',
  ...['endpoints', 'persistentvolumeclaims', 'replicationcontrollers'].map((plural) => `/api/v1/${plural}`),
  ...['daemonsets', 'deployments', 'replicasets', 'statefulsets'].map((plural) => `/apis/apps/v1/${plural}`),
]

test.each(paths)('API-18: %s can be listed, watched and printed, and there is none', async (path) => {
  const { ask, watched } = await asking()
  expect((await ask('GET', path)).body.items).toStrictEqual([])
  expect(await watched(path)).toStrictEqual([])
  expect((await ask('GET', path, undefined, { accept: asTable })).body.rows).toStrictEqual([])
  const inNamespace = path.replace(/\/(?=[a-z]+$)/, '/namespaces/ns/')
  expect((await ask('GET', `${inNamespace}/x`)).code).toBe(404)
  expect((await ask('POST', inNamespace, { metadata: { name: 'x' } })).code).toBe(405)
})

test('API-18: what is always empty is advertised with what can be done: to read it', async () => {
  const { ask } = await asking()
  expect((await ask('GET', '/apis/apps/v1')).body.resources).toMatchObject(
    ['DaemonSet', 'Deployment', 'ReplicaSet', 'StatefulSet'].map((kind) => ({
      kind,
      verbs: ['get', 'list', 'watch'],
      categories: ['all'],
    })),
  )
})
