import { describe, expect, test } from 'vitest'
import { administrator, type User, type Users } from '../../../../src/adapters/kube-api/access/user.ts'
import { apiHandler } from '../../../../src/adapters/kube-api/handler.ts'
import { countingEntropy } from '../../../support/world.ts'

const ada = administrator('ada')
const grace: User = { name: 'grace', uid: '7', groups: ['read-only', 'system:authenticated'] }
const users: Users = {
  byToken: (token) => (token === 'of-grace' ? grace : null),
  byName: (name) => [ada, grace].find((user) => user.name === name) ?? null,
}
const handle = apiHandler({ resources: {}, entropy: countingEntropy(), position: () => 0n, now: () => 0, users })

/** The code and body of the answer to a review of this kind. */
const review = async (kind: string, body: unknown, { user = ada, path = '', method = 'POST' } = {}) => {
  const group = kind === 'SelfSubjectReview' || kind === 'TokenReview' ? 'authentication' : 'authorization'
  const { status, body: text } = await handle({
    method,
    path: path || `/apis/${group}.k8s.io/v1/${kind.toLowerCase()}s`,
    query: new URLSearchParams(),
    headers: {},
    body: new TextEncoder().encode(typeof body === 'string' ? body : JSON.stringify(body)),
    user,
  })
  return { code: status, body: text.startsWith('{') ? JSON.parse(text) : text }
}

const maySelf = async (user: User, spec: Readonly<Record<string, unknown>>) =>
  (await review('SelfSubjectAccessReview', { spec }, { user })).body.status

describe('API-13: who asks, and what that user may do', () => {
  test('API-13: a review is answered with what was asked and its status', async () => {
    const spec = { resourceAttributes: { namespace: 'ns', verb: 'create', group: 'batch', resource: 'jobs' } }
    expect(await review('SelfSubjectAccessReview', { spec })).toStrictEqual({
      code: 201,
      body: {
        kind: 'SelfSubjectAccessReview',
        apiVersion: 'authorization.k8s.io/v1',
        metadata: { creationTimestamp: null },
        spec,
        status: { allowed: true },
      },
    })
  })

  test.each<[spec: Readonly<Record<string, unknown>>, allowed: boolean]>([
    [{ resourceAttributes: { verb: 'list', group: 'batch', resource: 'jobs' } }, true],
    [{ resourceAttributes: { verb: 'get', resource: 'pods', subresource: 'log', namespace: 'ns', name: 'a' } }, true],
    [{ resourceAttributes: { verb: 'watch', resource: 'events' } }, true],
    [{ resourceAttributes: { verb: 'create', group: 'batch', resource: 'jobs' } }, false],
    [{ resourceAttributes: { verb: 'delete', resource: 'pods', name: 'a' } }, false],
    [{ resourceAttributes: { verb: '*', resource: '*' } }, false],
    [{ resourceAttributes: { verb: 'get', resource: '*' } }, false],
    [{ resourceAttributes: { verb: 'get', resource: 'secrets' } }, false],
    [
      {
        resourceAttributes: { verb: 'create', group: 'authorization.k8s.io', resource: 'selfsubjectaccessreviews' },
      },
      true,
    ],
    [{ resourceAttributes: { verb: 'create', group: 'authentication.k8s.io', resource: 'tokenreviews' } }, false],
    [{ nonResourceAttributes: { verb: 'get', path: '/metrics' } }, true],
    [{ nonResourceAttributes: { verb: 'post', path: '/metrics' } }, false],
  ])('API-13: those who may only read may do %j: %s; the owner of the folder everything', async (spec, allowed) => {
    expect(await maySelf(grace, spec)).toStrictEqual({ allowed })
    expect(await maySelf(ada, spec)).toStrictEqual({ allowed: true })
  })

  test('API-13: all that somebody may do is told as rules', async () => {
    const rules = async (user: User) =>
      (await review('SelfSubjectRulesReview', { spec: { namespace: 'ns' } }, { user })).body.status
    expect(await rules(ada)).toStrictEqual({
      resourceRules: [{ verbs: ['*'], apiGroups: ['*'], resources: ['*'] }],
      nonResourceRules: [{ verbs: ['*'], nonResourceURLs: ['*'] }],
      incomplete: false,
    })
    const { resourceRules } = await rules(grace)
    expect(resourceRules).toContainEqual({
      verbs: ['get', 'list', 'watch'],
      apiGroups: ['batch'],
      resources: ['jobs', 'jobs/*', 'cronjobs', 'cronjobs/*'],
    })
    expect(JSON.stringify(resourceRules)).not.toMatch(/secrets|"\*"/)
    expect((await review('SelfSubjectRulesReview', {})).body).toMatchObject({
      code: 400,
      message: 'no namespace on request',
    })
  })

  test('API-13: somebody can ask who that is', async () => {
    expect((await review('SelfSubjectReview', {}, { user: grace })).body).toStrictEqual({
      kind: 'SelfSubjectReview',
      apiVersion: 'authentication.k8s.io/v1',
      metadata: { creationTimestamp: null },
      status: { userInfo: { username: 'grace', uid: '7', groups: ['read-only', 'system:authenticated'] } },
    })
  })

  test('API-13: kubectl 1.27 asks for an earlier version of that', async () => {
    const path = '/apis/authentication.k8s.io/v1beta1/selfsubjectreviews'
    const body = { apiVersion: 'authentication.k8s.io/v1beta1', kind: 'SelfSubjectReview' }
    expect(await review('SelfSubjectReview', body, { path })).toMatchObject({ code: 201, body })
  })

  test('API-24: what others may do, and whose a token is, can be asked too', async () => {
    const may = async (spec: Readonly<Record<string, unknown>>) =>
      (
        await review('SubjectAccessReview', {
          spec: { resourceAttributes: { verb: 'delete', resource: 'pods' }, ...spec },
        })
      ).body.status.allowed
    expect(await may({ user: 'ada' })).toBe(true)
    expect(await may({ user: 'grace' })).toBe(false)
    expect(await may({ user: 'grace', groups: ['system:masters'] })).toBe(false)
    expect(await may({ user: 'nobody' })).toBe(false)
    expect(await may({ groups: ['system:masters'] })).toBe(true)
    const of = async (token: string) => (await review('TokenReview', { spec: { token } })).body.status
    expect(await of('of-grace')).toMatchObject({ authenticated: true, user: { username: 'grace', uid: '7' } })
    expect(await of('of-nobody')).toStrictEqual({ user: {}, error: 'invalid bearer token' })
    expect((await review('TokenReview', {})).body.message).toBe('token is required for TokenReview in authentication')
  })

  test.each<[kind: string, body: unknown, code: number, message: string]>([
    [
      'SelfSubjectAccessReview',
      {},
      422,
      'SelfSubjectAccessReview.authorization.k8s.io "" is invalid: spec.resourceAttributes: Required value: at least one of nonResourceAttributes or resourceAttributes must be specified',
    ],
    [
      'SubjectAccessReview',
      { spec: { resourceAttributes: {} } },
      422,
      'SubjectAccessReview.authorization.k8s.io "" is invalid: spec.user: Required value: at least one of user or group must be specified',
    ],
    [
      'SelfSubjectAccessReview',
      { spec: { resourceAttributes: { verb: 1 } } },
      400,
      'SelfSubjectAccessReview in version "v1" cannot be handled as a SelfSubjectAccessReview: json: cannot unmarshal number into Go struct field ResourceAttributes.spec.resourceAttributes.verb of type string',
    ],
    [
      'SelfSubjectAccessReview',
      { kind: 'Pod', apiVersion: 'v1' },
      400,
      'Pod in version "v1" cannot be handled as a SelfSubjectAccessReview: converting (v1.Pod) to (authorization.k8s.io.SelfSubjectAccessReview): unknown conversion',
    ],
  ])('API-13: a %s of %j is refused with %i', async (kind, body, code, message) => {
    expect((await review(kind, body)).body).toMatchObject({ code, message })
  })

  test('API-13: reviews can only be made, and there are no others', async () => {
    const path = '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews'
    for (const method of ['GET', 'PUT', 'PATCH', 'DELETE'])
      expect((await review('SelfSubjectAccessReview', {}, { method, path })).code).toBe(405)
    for (const path of [
      '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews/a',
      '/apis/authorization.k8s.io/v1/selfsubjectreviews',
      '/apis/authorization.k8s.io/v2/selfsubjectaccessreviews',
    ])
      expect((await review('SelfSubjectAccessReview', {}, { path })).code).toBe(404)
  })
})
