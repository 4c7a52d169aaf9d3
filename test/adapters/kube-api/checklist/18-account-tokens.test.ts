import { describe, expect, test } from 'vitest'
import { inMemoryEventStore } from '../../../../src/adapters/eventstore/memory/in-memory-event-store.ts'
import { beginning } from '../../../../src/application/ports/event-store.ts'
import { readMetadata } from '../../../../src/application/log/read-event.ts'
import { right } from '../../../support/event-stores.ts'
import { asking } from './asking.ts'

const accounts = '/api/v1/namespaces/ns/serviceaccounts'
const issuer = 'https://kubernetes.default.svc.cluster.local'

type Asking = Awaited<ReturnType<typeof asking>>

const world = async () => {
  const store = inMemoryEventStore()
  const asked = await asking(store)
  await asked.ask('POST', accounts, { metadata: { name: 'robot' } })
  const request = (spec: object = {}, metadata: object = {}, name = 'robot') =>
    asked.ask('POST', `${accounts}/${name}/token`, { metadata, spec })
  const tokenOf = async (spec: object = {}): Promise<string> => (await request(spec)).body.status.token
  const review = async (token: string, audiences: ReadonlyArray<string> = []) =>
    (await asked.ask('POST', '/apis/authentication.k8s.io/v1/tokenreviews', { spec: { token, audiences } })).body.status
  /** The code of an answer to somebody who shows this token. */
  const codeFor = async (token: string, path = '/api/v1/namespaces/ns/pods'): Promise<number> =>
    (await asked.fetch(`http://here${path}`, { headers: { authorization: `Bearer ${token}` } })).status
  const actors = async (): Promise<ReadonlyArray<string | undefined>> =>
    (await right(store.readAll(beginning, 1000))).map((stored) => readMetadata(stored).actor.name)
  return { ...asked, request, tokenOf, review, codeFor, actors }
}

const uidOf = async ({ ask }: Asking, path: string): Promise<string> => (await ask('GET', path)).body.metadata.uid

const claimsIn = (token: string) => JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString())

describe('API-18: tokens of service accounts', () => {
  test('API-18: a request for one is answered with what was asked, its defaults, and the token', async () => {
    const { request } = await world()
    const { code, body } = await request()
    expect(code).toBe(201)
    expect(body).toStrictEqual({
      kind: 'TokenRequest',
      apiVersion: 'authentication.k8s.io/v1',
      metadata: { name: 'robot', namespace: 'ns', creationTimestamp: expect.stringMatching(/Z$/) },
      spec: { audiences: [issuer], expirationSeconds: 3600, boundObjectRef: null },
      status: { token: expect.stringMatching(/^[\w-]+\.[\w-]+\.[\w-]+$/), expirationTimestamp: expect.any(String) },
    })
    const life = Date.parse(body.status.expirationTimestamp) - Date.parse(body.metadata.creationTimestamp)
    expect(life).toBe(3_600_000)
  })

  test('API-18: a token says of whom, for whom and how long, as those of Kubernetes do', async () => {
    const there = await world()
    const uid = await uidOf(there, `${accounts}/robot`)
    const claims = claimsIn(await there.tokenOf({ audiences: ['a', 'b'], expirationSeconds: 600 }))
    expect(claims).toStrictEqual({
      aud: ['a', 'b'],
      exp: claims.iat + 600,
      iat: Math.floor(there.now() / 1000),
      iss: issuer,
      jti: expect.any(String),
      'kubernetes.io': { namespace: 'ns', serviceaccount: { name: 'robot', uid } },
      nbf: claims.iat,
      sub: 'system:serviceaccount:ns:robot',
    })
  })

  test('API-18: who shows one asks as the account', async () => {
    const there = await world()
    const token = await there.tokenOf()
    expect(await there.codeFor(token)).toBe(200)
    expect(await there.review(token)).toStrictEqual({
      authenticated: true,
      user: {
        username: 'system:serviceaccount:ns:robot',
        uid: await uidOf(there, `${accounts}/robot`),
        groups: ['system:serviceaccounts', 'system:serviceaccounts:ns', 'system:authenticated'],
        extra: { 'authentication.kubernetes.io/credential-id': [`JTI=${claimsIn(token).jti}`] },
      },
      audiences: [issuer],
    })
  })

  test('API-18: what an account does is in the log under its name', async () => {
    const there = await world()
    const created = await there.fetch('http://here/api/v1/namespaces/ns/configmaps', {
      method: 'POST',
      headers: { authorization: `Bearer ${await there.tokenOf()}`, 'content-type': 'application/json' },
      body: JSON.stringify({ metadata: { name: 'mine' } }),
    })
    expect(created.status).toBe(201)
    expect(await there.actors()).toContain('system:serviceaccount:ns:robot')
  })

  test('API-18: it ends when it said it would', async () => {
    const there = await world()
    const token = await there.tokenOf({ expirationSeconds: 600 })
    await there.sleep(599)
    expect(await there.codeFor(token)).toBe(200)
    await there.sleep(1)
    expect(await there.codeFor(token)).toBe(401)
    expect(await there.review(token)).toStrictEqual({ user: {}, error: 'invalid bearer token' })
  })

  test('API-18: the tokens of an account that was deleted are refused, also when there is another one of its name', async () => {
    const there = await world()
    const token = await there.tokenOf()
    await there.ask('DELETE', `${accounts}/robot`)
    expect(await there.codeFor(token)).toBe(401)
    await there.ask('POST', accounts, { metadata: { name: 'robot' } })
    expect(await there.codeFor(token)).toBe(401)
    expect(await there.codeFor(await there.tokenOf())).toBe(200)
  })

  test('API-18: so are those of an account that only waits for its finalizers', async () => {
    const there = await world()
    await there.ask('PATCH', `${accounts}/robot`, { metadata: { finalizers: ['example.com/hold'] } })
    const token = await there.tokenOf()
    await there.ask('DELETE', `${accounts}/robot`)
    expect((await there.ask('GET', `${accounts}/robot`)).code).toBe(200)
    expect(await there.codeFor(token)).toBe(401)
  })

  test('API-18: a token for somebody else opens nothing here, and is known to who asks for that one', async () => {
    const there = await world()
    const token = await there.tokenOf({ audiences: ['vault', 'registry'] })
    expect(await there.codeFor(token)).toBe(401)
    expect(await there.review(token)).toMatchObject({ error: 'invalid bearer token' })
    expect(await there.review(token, ['vault', 'elsewhere'])).toMatchObject({
      authenticated: true,
      audiences: ['vault'],
    })
  })

  test('API-18: nothing of a token can be changed', async () => {
    const there = await world()
    const token = await there.tokenOf()
    const [head = '', claims = '', signature = ''] = token.split('.')
    const later = Buffer.from(JSON.stringify({ ...claimsIn(token), exp: claimsIn(token).exp + 1 })).toString(
      'base64url',
    )
    const none = Buffer.from(JSON.stringify({ alg: 'none', typ: 'JWT' })).toString('base64url')
    const forgeries = [
      `${head}.${later}.${signature}`,
      `${none}.${claims}.`,
      `${head}.${claims}.`,
      `${head}.${claims}`,
      `${token}.more`,
      `${head}.${claims}.${signature.slice(0, -4)}`,
    ]
    for (const forged of forgeries) expect(await there.codeFor(forged)).toBe(401)
    expect(await there.codeFor(token)).toBe(200)
  })

  test.each<[kind: string, path: string, object: object]>([
    ['Pod', 'pods', { spec: { serviceAccountName: 'robot', containers: [{ name: 'main', image: 'x' }] } }],
    ['Secret', 'secrets', {}],
  ])('API-18: a token that is bound to a %s ends with it', async (kind, plural, object) => {
    const there = await world()
    const path = `/api/v1/namespaces/ns/${plural}`
    await there.ask('POST', path, { metadata: { name: 'it' }, ...object })
    const token = await there.tokenOf({ boundObjectRef: { kind, apiVersion: 'v1', name: 'it' } })
    expect(claimsIn(token)['kubernetes.io'][kind.toLowerCase()]).toStrictEqual({
      name: 'it',
      uid: await uidOf(there, `${path}/it`),
    })
    expect(await there.codeFor(token)).toBe(200)
    await there.ask('DELETE', `${path}/it`)
    expect(await there.codeFor(token)).toBe(401)
  })

  test.each<[what: string, spec: object, metadata: object, code: number, message: string]>([
    [
      'too short',
      { expirationSeconds: 599 },
      {},
      422,
      'TokenRequest.authentication.k8s.io "" is invalid: spec.expirationSeconds: Invalid value: 599: may not specify a duration less than 10 minutes',
    ],
    [
      'too long',
      { expirationSeconds: 4294967297 },
      {},
      422,
      'TokenRequest.authentication.k8s.io "" is invalid: spec.expirationSeconds: Invalid value: 4294967297: may not specify a duration larger than 2^32 seconds',
    ],
    [
      'for a part of a second',
      { expirationSeconds: 600.5 },
      {},
      400,
      'json: cannot unmarshal number 600.5 into Go struct field TokenRequestSpec.spec.expirationSeconds of type int64',
    ],
    [
      'of another name',
      {},
      { name: 'other' },
      422,
      'TokenRequest.authentication.k8s.io "robot" is invalid: metadata.name: Invalid value: "other": must match the service account name if specified',
    ],
    [
      'of another namespace',
      {},
      { namespace: 'other' },
      422,
      'TokenRequest.authentication.k8s.io "robot" is invalid: metadata.namespace: Invalid value: "other": must match the service account namespace if specified',
    ],
    [
      'of another account',
      {},
      { uid: 'other' },
      409,
      'Operation cannot be fulfilled on TokenRequest.authentication.k8s.io "robot": the UID in the token request (other) does not match the UID of the service account (',
    ],
    [
      'bound to a ConfigMap',
      { boundObjectRef: { kind: 'ConfigMap', apiVersion: 'v1', name: 'x' } },
      {},
      400,
      'cannot bind token to object of type /v1, Kind=ConfigMap',
    ],
    [
      'bound to nothing',
      { boundObjectRef: { kind: 'Pod', apiVersion: 'v1', name: 'x' } },
      {},
      404,
      'pods "x" not found',
    ],
    [
      'bound to the Pod of another account',
      { boundObjectRef: { kind: 'Pod', apiVersion: 'v1', name: 'strange' } },
      {},
      400,
      'cannot bind token for serviceaccount "robot" to pod running with different serviceaccount name.',
    ],
  ])('API-18: a request that is %s is refused', async (_, spec, metadata, code, message) => {
    const there = await world()
    const containers = [{ name: 'main', image: 'x' }]
    await there.ask('POST', '/api/v1/namespaces/ns/pods', { metadata: { name: 'strange' }, spec: { containers } })
    const answer = await there.request(spec, metadata)
    expect(answer).toMatchObject({ code, body: { message: expect.stringContaining(message) } })
  })

  test('API-18: there are tokens only of accounts that there are, and they are made, not read', async () => {
    const { request, ask } = await world()
    expect((await request({}, {}, 'nobody')).body).toMatchObject({
      code: 404,
      message: 'serviceaccounts "nobody" not found',
    })
    expect((await ask('GET', `${accounts}/robot/token`)).code).toBe(405)
    const { resources } = (await ask('GET', '/api/v1')).body
    expect(resources).toContainEqual({
      name: 'serviceaccounts/token',
      singularName: '',
      namespaced: true,
      group: 'authentication.k8s.io',
      version: 'v1',
      kind: 'TokenRequest',
      verbs: ['create'],
    })
  })
})
