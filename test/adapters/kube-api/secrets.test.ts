import { describe, expect, test } from 'vitest'
import { inMemoryEventStore } from '../../../src/adapters/eventstore/memory/in-memory-event-store.ts'
import { inMemoryVault } from '../../../src/adapters/secret-vault/in-memory-vault.ts'
import { exportedLog } from '../../../src/application/log/log-transfer.ts'
import { asking, asTable } from './checklist/asking.ts'

const secrets = '/api/v1/namespaces/ns/secrets'
const secret = (metadata: object, rest: object = {}) => ({ apiVersion: 'v1', kind: 'Secret', metadata, ...rest })
const applied = 'kubectl.kubernetes.io/last-applied-configuration'

const logOf = async (store: ReturnType<typeof inMemoryEventStore>) => {
  let log = ''
  for await (const line of exportedLog(store))
    log += `${line}
`
  return log
}

describe('Secrets', () => {
  test('what is written as text is read as base64, and clients see all that a Secret has', async () => {
    const { ask, watched } = await asking()
    const made = await ask(
      'POST',
      secrets,
      secret({ name: 'a' }, { stringData: { p: 'hünter2' }, data: { q: 'AAE=' } }),
    )
    expect(made).toMatchObject({ code: 201, body: { type: 'Opaque', data: { p: 'aMO8bnRlcjI=', q: 'AAE=' } } })
    expect(made.body.stringData).toBeUndefined()
    expect((await ask('GET', `${secrets}/a`)).body).toStrictEqual(made.body)
    expect((await ask('PATCH', `${secrets}/a`, { stringData: { p: 'x' } })).body.data).toStrictEqual({
      p: 'eA==',
      q: 'AAE=',
    })
    expect((await watched(secrets))[0]?.object['data']).toStrictEqual({ p: 'eA==', q: 'AAE=' })
    expect((await ask('GET', secrets, undefined, { accept: asTable })).body.rows[0].cells).toStrictEqual([
      ...['a', 'Opaque', 2, '1s'],
    ])
    expect((await ask('GET', `${secrets}?fieldSelector=type=Opaque`)).body.items).toHaveLength(1)
  })

  test('their values are nowhere in the log, nor what kubectl apply notes of them', async () => {
    const store = inMemoryEventStore()
    const { ask } = await asking(store)
    const annotations = { [applied]: '{"stringData":{"p":"first-value"}}', team: 'a' }
    await ask('POST', secrets, secret({ name: 'a', annotations }, { stringData: { p: 'first-value' } }))
    expect((await ask('GET', `${secrets}/a`)).body.metadata.annotations).toStrictEqual(annotations)
    await ask('PATCH', `${secrets}/a`, { stringData: { p: 'second-value' } })
    await ask('DELETE', `${secrets}/a`)
    const log = await logOf(store)
    expect(log).toContain('sealed')
    for (const value of ['first-value', 'second-value'])
      for (const text of [value, btoa(value), btoa(value).slice(0, 12)]) expect(log).not.toContain(text)
  })

  test('a change that changes nothing makes no version, and one of a label keeps the values', async () => {
    const { ask } = await asking()
    const made = (await ask('POST', secrets, secret({ name: 'a' }, { stringData: { p: 'x' } }))).body
    const same = (await ask('PATCH', `${secrets}/a`, { stringData: { p: 'x' } })).body
    expect(same.metadata.resourceVersion).toBe(made.metadata.resourceVersion)
    expect((await ask('PATCH', `${secrets}/a`, { metadata: { labels: { a: 'b' } } })).body).toMatchObject({
      data: { p: 'eA==' },
      metadata: { labels: { a: 'b' } },
    })
  })

  test('the type stays, an immutable one stays whole, and each type has what it needs', async () => {
    const { ask } = await asking()
    await ask('POST', secrets, secret({ name: 'a' }, { stringData: { p: 'x' }, immutable: true }))
    expect((await ask('PATCH', `${secrets}/a`, { type: 'other' })).body.message).toBe(
      'Secret "a" is invalid: type: Invalid value: "other": field is immutable',
    )
    expect((await ask('PATCH', `${secrets}/a`, { stringData: { p: 'y' } })).body.message).toBe(
      'Secret "a" is invalid: data: Forbidden: field is immutable when `immutable` is set',
    )
    const refused = async (type: string) => (await ask('POST', secrets, secret({ name: 'b' }, { type }))).body.message
    expect(await refused('kubernetes.io/ssh-auth')).toContain('data[ssh-privatekey]: Required value')
    expect(await refused('kubernetes.io/tls')).toContain('data[tls.crt]: Required value, data[tls.key]: Required value')
    expect(await refused('kubernetes.io/dockerconfigjson')).toContain('data[.dockerconfigjson]: Required value')
  })

  test('where the vault is another one they are shown without values, can be deleted, and say why they cannot be changed', async () => {
    const store = inMemoryEventStore()
    await (await asking(store)).ask('POST', secrets, secret({ name: 'a' }, { stringData: { p: 'x' } }))
    const { ask } = await asking(store, { uuidsFrom: 100_000, vault: inMemoryVault() })
    const seen = (await ask('GET', `${secrets}/a`)).body
    expect(seen.data).toBeUndefined()
    expect(seen.metadata.annotations).toHaveProperty('jobledger/values-missing')
    expect(await ask('PATCH', `${secrets}/a`, { metadata: { labels: { a: 'b' } } })).toMatchObject({
      code: 503,
      body: { message: expect.stringContaining('in the data folder of the machine that wrote it') },
    })
    expect((await ask('DELETE', `${secrets}/a`)).code).toBe(200)
  })

  test('watchers see a deleted one as it was', async () => {
    const { fetch, ask } = await asking()
    await ask('POST', secrets, secret({ name: 'a' }, { stringData: { p: 'x' } }))
    const watch = fetch(`http://here${secrets}?watch=1&timeoutSeconds=2`)
    const body = (await watch).text()
    await ask('DELETE', `${secrets}/a`)
    const told = (await body)
      .split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line))
    expect(told).toMatchObject([
      { type: 'ADDED', object: { data: { p: 'eA==' } } },
      { type: 'DELETED', object: { data: { p: 'eA==' } } },
    ])
  })
})
