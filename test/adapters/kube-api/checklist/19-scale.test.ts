import { expect, test } from 'vitest'
import { asking } from './asking.ts'

const jobs = '/apis/batch/v1/namespaces/ns/jobs'
const scale = `${jobs}/j/scale`
const job = {
  metadata: { name: 'j' },
  spec: {
    suspend: true,
    parallelism: 2,
    completions: 9,
    template: { spec: { restartPolicy: 'Never', containers: [{ name: 'a', image: 'b' }] } },
  },
}

test('API-19: the scale of a Job is its parallelism, and is read and written by itself', async () => {
  const { ask } = await asking()
  const { uid } = (await ask('POST', jobs, job)).body.metadata
  const { body } = await ask('GET', scale)
  expect(body).toMatchObject({
    kind: 'Scale',
    apiVersion: 'autoscaling/v1',
    metadata: { name: 'j', namespace: 'ns', uid },
    spec: { replicas: 2 },
  })
  expect(await ask('PUT', scale, { ...body, spec: { replicas: 4 } })).toMatchObject({
    code: 200,
    body: { kind: 'Scale', spec: { replicas: 4 } },
  })
  expect(await ask('PATCH', scale, { spec: { replicas: 0 } })).toMatchObject({ code: 200 })
  expect((await ask('GET', `${jobs}/j`)).body).toMatchObject({ spec: { parallelism: 0 }, metadata: { generation: 3 } })
})

test('API-19: a scale that is old or cannot be is refused, and one of no Job is not found', async () => {
  const { ask } = await asking()
  await ask('POST', jobs, job)
  const { body } = await ask('GET', scale)
  await ask('PUT', scale, { ...body, spec: { replicas: 4 } })
  expect(await ask('PUT', scale, { ...body, spec: { replicas: 5 } })).toMatchObject({
    code: 409,
    body: { reason: 'Conflict' },
  })
  expect((await ask('PATCH', scale, { spec: { replicas: -1 } })).code).toBe(422)
  expect((await ask('GET', `${jobs}/nope/scale`)).code).toBe(404)
})
