import { describe, expect, test } from 'vitest'
import { administrator } from '../../../src/adapters/kube-api/access/user.ts'
import { textAnswer } from '../../../src/adapters/kube-api/answer.ts'
import { apiHandler } from '../../../src/adapters/kube-api/handler.ts'
import { resourceDouble } from '../../support/resource-double.ts'
import { countingEntropy } from '../../support/world.ts'

const ask = async (method: string, path: string) => {
  const pods = resourceDouble()
  const handle = apiHandler({
    resources: { pods },
    actions: { 'pods/log': (_, { namespace, name }) => textAnswer(200, `of ${namespace}/${name}`) },
    entropy: countingEntropy(),
    position: pods.position,
    now: () => 0,
  })
  const { status, body } = await handle({
    method,
    path,
    query: new URLSearchParams(),
    headers: {},
    body: new Uint8Array(),
    user: administrator('ada'),
  })
  return { status, body }
}

const log = '/api/v1/namespaces/ns/pods/p/log'

describe('what else can be done under the address of an object', () => {
  test('is answered by whoever does it', async () => {
    expect(await ask('GET', log)).toStrictEqual({ status: 200, body: 'of ns/p' })
  })

  test.each(['POST', 'PUT', 'PATCH', 'DELETE'])('has one verb, which is not %s', async (method) => {
    expect((await ask(method, log)).status).toBe(405)
  })

  test('is not there when nobody does it', async () => {
    expect((await ask('POST', '/api/v1/namespaces/ns/pods/p/eviction')).status).toBe(404)
    expect((await ask('GET', '/api/v1/namespaces/ns/pods/p/unheard')).status).toBe(404)
  })

  test('is told to those who discover, with the kind of its body', async () => {
    const { resources } = JSON.parse((await ask('GET', '/api/v1')).body)
    expect(resources.map(({ name }: { readonly name: string }) => name)).toStrictEqual([
      'pods',
      'pods/status',
      'pods/log',
    ])
    expect(resources[2]).toStrictEqual({
      name: 'pods/log',
      singularName: '',
      namespaced: true,
      kind: 'Pod',
      verbs: ['get'],
    })
  })
})
