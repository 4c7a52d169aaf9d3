import { describe, expect, test } from 'vitest'
import { asking, asTable } from './asking.ts'

const beta = '/apis/batch/v1beta1/namespaces/ns/cronjobs'
const newEvents = '/apis/events.k8s.io/v1/namespaces/ns/events'
const cronJob = {
  apiVersion: 'batch/v1beta1',
  kind: 'CronJob',
  metadata: { name: 'c' },
  spec: {
    schedule: '0 0 1 1 *',
    jobTemplate: { spec: { template: { spec: { restartPolicy: 'Never', containers: [{ name: 'a', image: 'b' }] } } } },
  },
}

describe('one storage under two addresses', () => {
  test('API-19: a CronJob of batch/v1beta1 is the CronJob of batch/v1', async () => {
    const { ask, watched } = await asking()
    const made = await ask('POST', beta, cronJob)
    expect(made).toMatchObject({ code: 201, body: { apiVersion: 'batch/v1beta1', spec: { suspend: false } } })
    const seen = (await ask('GET', '/apis/batch/v1/namespaces/ns/cronjobs/c')).body
    expect(seen).toStrictEqual({ ...made.body, apiVersion: 'batch/v1' })
    expect((await ask('PATCH', `${beta}/c`, { spec: { suspend: true } })).body).toMatchObject({
      apiVersion: 'batch/v1beta1',
      spec: { suspend: true },
    })
    expect((await ask('GET', beta)).body).toMatchObject({ kind: 'CronJobList', apiVersion: 'batch/v1beta1' })
    expect((await ask('GET', beta, undefined, { accept: asTable })).body.columnDefinitions).toHaveLength(10)
    expect(await watched(beta)).toMatchObject([{ type: 'ADDED', object: { apiVersion: 'batch/v1beta1' } }])
    const before = (await ask('GET', beta)).body.metadata.resourceVersion
    expect((await ask('DELETE', `${beta}/c`)).body).toMatchObject({ status: 'Success', details: { group: 'batch' } })
    expect(await watched(`${beta}?resourceVersion=${before}`)).toMatchObject([
      { type: 'DELETED', object: { apiVersion: 'batch/v1beta1' } },
    ])
  })

  test('API-19: batch/v1beta1 is there for those who ask for it, and not advertised', async () => {
    const { ask } = await asking()
    expect((await ask('GET', '/apis/batch/v1beta1')).body).toMatchObject({
      groupVersion: 'batch/v1beta1',
      resources: [{ name: 'cronjobs', kind: 'CronJob' }, { name: 'cronjobs/status' }],
    })
    expect((await ask('GET', '/apis/batch')).body.versions).toStrictEqual([{ groupVersion: 'batch/v1', version: 'v1' }])
  })

  test('API-19: Events are served in events.k8s.io in the words of that group', async () => {
    const { ask, watched, sleep } = await asking()
    const job = { ...cronJob.spec.jobTemplate, apiVersion: 'batch/v1', kind: 'Job', metadata: { name: 'j' } }
    const made = await ask('POST', '/apis/batch/v1/namespaces/ns/jobs', job)
    expect(made.code).toBe(201)
    await sleep(1)
    const { items } = (await ask('GET', `${newEvents}?fieldSelector=regarding.name=j`)).body
    expect(items).toMatchObject([
      { reason: 'SuccessfulCreate', regarding: { kind: 'Job', name: 'j' }, reportingController: 'job-controller' },
    ])
    expect(Object.keys(items[0])).not.toContain('involvedObject')
    const { rows } = (await ask('GET', newEvents, undefined, { accept: asTable })).body
    expect(rows[0].cells.slice(0, 4)).toStrictEqual(['1s', 'Normal', 'SuccessfulCreate', 'job/j'])
    expect(await watched(newEvents)).toMatchObject([{ type: 'ADDED', object: { apiVersion: 'events.k8s.io/v1' } }])
    expect((await ask('GET', `${newEvents}?fieldSelector=involvedObject.name=j`)).code).toBe(400)
  })
})
