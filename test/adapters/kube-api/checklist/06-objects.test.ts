import { expect, test } from 'vitest'
import { asking } from './asking.ts'

const jobs = '/apis/batch/v1/namespaces/ns/jobs'
const job = {
  metadata: { name: 'j' },
  spec: { suspend: true, template: { spec: { restartPolicy: 'Never', containers: [{ name: 'a', image: 'b' }] } } },
}

test('API-6: an object is created, read, replaced and deleted, each with its code', async () => {
  const { ask } = await asking()
  const made = await ask('POST', jobs, job)
  expect(made).toMatchObject({ code: 201, body: { apiVersion: 'batch/v1', kind: 'Job', metadata: { generation: 1 } } })
  const { body } = await ask('GET', `${jobs}/j`)
  expect(body.metadata.uid).toBe(made.body.metadata.uid)
  const put = await ask('PUT', `${jobs}/j`, { ...body, metadata: { ...body.metadata, labels: { a: 'b' } } })
  expect(put).toMatchObject({ code: 200, body: { metadata: { labels: { a: 'b' }, generation: 1 } } })
  expect(await ask('DELETE', `${jobs}/j?propagationPolicy=Background`)).toMatchObject({
    code: 200,
    body: { kind: 'Status', status: 'Success', details: { name: 'j', group: 'batch', kind: 'jobs' } },
  })
  expect(await ask('GET', `${jobs}/j`)).toMatchObject({ code: 404, body: { message: 'jobs.batch "j" not found' } })
})

test('API-6: what cannot be is refused with 404, 409 or 422, in the words of Kubernetes', async () => {
  const { ask } = await asking()
  const { body } = await ask('POST', jobs, job)
  expect(await ask('POST', jobs, job)).toMatchObject({
    code: 409,
    body: { reason: 'AlreadyExists', message: 'jobs.batch "j" already exists' },
  })
  expect(await ask('PUT', `${jobs}/nope`, { ...job, metadata: { name: 'nope' } })).toMatchObject({ code: 404 })
  expect(
    await ask('PUT', `${jobs}/j`, { ...body, metadata: { ...body.metadata, resourceVersion: '1' } }),
  ).toMatchObject({
    code: 409,
    body: {
      reason: 'Conflict',
      message:
        'Operation cannot be fulfilled on jobs.batch "j": the object has been modified; please apply your changes to the latest version and try again',
    },
  })
  // A change is judged as a creation and as a change, and both find fault with it.
  const invalid = { field: 'spec.parallelism', reason: 'FieldValueInvalid' }
  expect(await ask('PATCH', `${jobs}/j`, { spec: { parallelism: -1 } })).toMatchObject({
    code: 422,
    body: { reason: 'Invalid', details: { causes: [invalid, invalid] } },
  })
})

test.each([
  [jobs, job],
  ['/apis/batch/v1/namespaces/ns/cronjobs', { ...job, spec: { schedule: '@yearly', jobTemplate: { spec: job.spec } } }],
  ['/api/v1/namespaces/ns/pods', { ...job, spec: job.spec.template.spec }],
  ['/api/v1/namespaces/ns/configmaps', { metadata: job.metadata }],
  ['/api/v1/namespaces', { metadata: job.metadata }],
])('API-6: to try only whether %s take an object tells that its name is taken', async (path, object) => {
  const { ask } = await asking()
  const tried = async () => (await ask('POST', `${path}?dryRun=All`, object)).code
  expect(await tried()).toBe(201)
  expect((await ask('POST', path, object)).code).toBe(201)
  expect(await tried()).toBe(409)
})

test('API-6: the generation rises with the spec alone, and the version with every change', async () => {
  const { ask } = await asking()
  const made = (await ask('POST', jobs, job)).body.metadata
  const labelled = (await ask('PATCH', `${jobs}/j`, { metadata: { labels: { a: 'b' } } })).body.metadata
  const changed = (await ask('PATCH', `${jobs}/j`, { spec: { parallelism: 3 } })).body.metadata
  expect([made, labelled, changed].map(({ generation }) => generation)).toStrictEqual([1, 1, 2])
  const versions = [made, labelled, changed].map(({ resourceVersion }) => Number(resourceVersion))
  expect(versions).toStrictEqual([...new Set(versions)].sort((a, b) => a - b))
})

test('API-6: a change that changes nothing leaves the version, and is told to no watch', async () => {
  const { ask, watched, sleep } = await asking()
  await ask('POST', jobs, job)
  await sleep(2)
  const { body } = await ask('GET', `${jobs}/j`)
  const { resourceVersion } = body.metadata
  expect((await ask('PUT', `${jobs}/j`, body)).body.metadata.resourceVersion).toBe(resourceVersion)
  expect((await ask('PATCH', `${jobs}/j`, { spec: { suspend: true } })).body.metadata.resourceVersion).toBe(
    resourceVersion,
  )
  expect(await watched(`${jobs}?resourceVersion=${resourceVersion}`)).toStrictEqual([])
})

test('API-6: generateName gives each object a name of its own', async () => {
  const { ask } = await asking()
  const named = { ...job, metadata: { generateName: 'many-' } }
  const names = []
  for (let count = 0; count < 3; count += 1) names.push((await ask('POST', jobs, named)).body.metadata.name)
  for (const name of names) expect(name).toMatch(/^many-[bcdfghjklmnpqrstvwxz2456789]{5}$/)
  expect(new Set(names).size).toBe(3)
})
