import { describe, expect, test } from 'vitest'
import { asking } from './asking.ts'

const leases = '/apis/coordination.k8s.io/v1/namespaces/ns/leases'
const lease = (spec: object = {}, metadata: object = {}) => ({
  apiVersion: 'coordination.k8s.io/v1',
  kind: 'Lease',
  metadata: { name: 'leader', ...metadata },
  spec,
})

describe('leases', () => {
  test('API-19: of two who take a lease at the same version one gets it', async () => {
    const { ask } = await asking()
    const { resourceVersion } = (await ask('POST', leases, lease())).body.metadata
    const answers = await Promise.all(
      ['a', 'b'].map((holderIdentity) =>
        ask('PUT', `${leases}/leader`, lease({ holderIdentity }, { resourceVersion })),
      ),
    )
    expect(answers.map(({ code }) => code).toSorted((a, b) => a - b)).toStrictEqual([200, 409])
    const lost = answers.find(({ code }) => code === 409)
    expect(lost?.body.message).toBe(
      'Operation cannot be fulfilled on leases.coordination.k8s.io "leader": the object has been modified; please apply your changes to the latest version and try again',
    )
  })

  test('API-19: a lease is changed by nobody who does not say which version they have seen', async () => {
    const { ask } = await asking()
    await ask('POST', leases, lease())
    expect(await ask('PUT', `${leases}/leader`, lease({ holderIdentity: 'a' }))).toMatchObject({
      code: 422,
      body: {
        message:
          'Lease.coordination.k8s.io "leader" is invalid: metadata.resourceVersion: Invalid value: 0x0: must be specified for an update',
      },
    })
    expect((await ask('PATCH', `${leases}/leader`, { spec: { holderIdentity: 'a' } })).code).toBe(200)
  })

  test('API-19: a PUT of a lease that is not there creates it, and its times keep their six digits', async () => {
    const { ask } = await asking()
    const spec = { holderIdentity: 'a', leaseDurationSeconds: 15, renewTime: '2026-01-01T01:00:00.500000+01:00' }
    const made = await ask('PUT', `${leases}/leader`, lease(spec))
    expect(made).toMatchObject({ code: 201, body: { spec: { ...spec, renewTime: '2026-01-01T00:00:00.500000Z' } } })
    expect((await ask('PUT', `${leases}/other`, lease())).body.message).toBe(
      'the name of the object (leader) does not match the name on the URL (other)',
    )
    expect((await ask('PUT', '/api/v1/namespaces/ns/configmaps/x', { metadata: { name: 'x' } })).code).toBe(404)
  })

  test('API-19: what makes no sense in a lease is refused', async () => {
    const { ask } = await asking()
    const refused = await ask(
      'POST',
      leases,
      lease({ leaseDurationSeconds: 0, leaseTransitions: -1, holderIdentity: '' }),
    )
    expect(refused.body.details.causes.map(({ field }: { readonly field: string }) => field)).toStrictEqual([
      'spec.leaseDurationSeconds',
      'spec.leaseTransitions',
      'spec.holderIdentity',
    ])
  })
})
