import { expect, test } from 'vitest'
import { inMemoryEventStore } from '../../../../src/adapters/eventstore/memory/in-memory-event-store.ts'
import type { AppendFailure } from '../../../../src/application/ports/event-store.ts'
import { TE } from '../../../../src/prelude.ts'
import { conformanceWorld } from '../../../conformance/world.ts'

const jobs = 'http://here/apis/batch/v1/namespaces/default/jobs'
const job = (name: string) =>
  JSON.stringify({
    metadata: { name },
    spec: { template: { spec: { restartPolicy: 'Never', containers: [{ name: 'a', image: 'b' }] } } },
  })

/** A served log to which nothing can be appended while `failing` says why. */
const world = async () => {
  const store = inMemoryEventStore()
  const failing: { now: AppendFailure | null } = { now: null }
  const flaky = {
    ...store,
    append: (...parts: Parameters<typeof store.append>) =>
      failing.now === null ? store.append(...parts) : TE.left(failing.now),
  }
  return { ...(await conformanceWorld(flaky)), failing }
}

const requests: ReadonlyArray<readonly [what: string, method: string, address: string, body: string]> = [
  ['a Job is made', 'POST', jobs, job('second')],
  ['a Job is changed', 'PATCH', `${jobs}/first`, '{"spec":{"parallelism":2}}'],
  ['a Job is deleted', 'DELETE', `${jobs}/first?propagationPolicy=Background`, ''],
  [
    'a CronJob is made',
    'POST',
    'http://here/apis/batch/v1/namespaces/default/cronjobs',
    JSON.stringify({ metadata: { name: 'c' }, spec: { schedule: '* * * * *', jobTemplate: JSON.parse(job('c')) } }),
  ],
  ['a namespace is made', 'POST', 'http://here/api/v1/namespaces', '{"metadata":{"name":"new"}}'],
]

test.each(requests)(
  'API-2: while the log is away and %s, clients are told to ask again; reading goes on',
  async (...request) => {
    const [, method, address, body] = request
    const { fetch, failing, sleep } = await world()
    expect((await fetch(jobs, { method: 'POST', body: job('first') })).status).toBe(201)
    failing.now = { _tag: 'StoreUnavailable', reason: 'the disk is full' }
    const headers = { 'content-type': method === 'PATCH' ? 'application/merge-patch+json' : 'application/json' }
    const refused = await fetch(address, { method, headers, body })
    expect([refused.status, refused.headers.get('retry-after')]).toStrictEqual([503, '1'])
    expect(await refused.json()).toMatchObject({
      kind: 'Status',
      reason: 'ServiceUnavailable',
      message: 'the disk is full',
      details: { retryAfterSeconds: 1 },
    })
    for (const read of [jobs, `${jobs}/first`, 'http://here/api/v1/namespaces'])
      expect((await fetch(read)).status).toBe(200)
    failing.now = null
    expect((await fetch(address, { method, headers, body })).ok).toBe(true)
    await sleep(1)
  },
)

test.each(requests)('API-2: when nobody knows whether %s, nobody is told to ask again', async (...request) => {
  const [, method, address, body] = request
  const { fetch, failing } = await world()
  expect((await fetch(jobs, { method: 'POST', body: job('first') })).status).toBe(201)
  failing.now = { _tag: 'UnknownOutcome', stream: 'any', reason: 'the connection broke' }
  const headers = { 'content-type': method === 'PATCH' ? 'application/merge-patch+json' : 'application/json' }
  const refused = await fetch(address, { method, headers, body })
  expect([refused.status, refused.headers.get('retry-after')]).toStrictEqual([504, null])
  expect(await refused.json()).toMatchObject({ reason: 'Timeout' })
})
