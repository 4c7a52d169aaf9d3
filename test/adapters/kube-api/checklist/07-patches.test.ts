import { describe, expect, test } from 'vitest'
import { applying, jobs, maps, wholeJob } from './applying.ts'

const strategic = 'application/strategic-merge-patch+json'
const json = 'application/json-patch+json'

const withContainers = (...names: ReadonlyArray<string>) => ({
  template: { spec: { restartPolicy: 'Never', containers: names.map((name) => ({ name, image: 'busybox' })) } },
})

const containersOf = (body: {
  readonly spec: {
    readonly template: { readonly spec: { readonly containers: ReadonlyArray<{ readonly name: string }> } }
  }
}) => body.spec.template.spec.containers.map(({ name }) => name)

describe('patches', () => {
  test('API-7: a JSON patch has 10000 operations at most', async () => {
    const { ask } = await applying()
    await ask('POST', jobs, wholeJob(withContainers('main')))
    const patched = (length: number) =>
      ask(
        'PATCH',
        `${jobs}/job?dryRun=All`,
        Array.from({ length }, () => ({ op: 'test', path: '/kind', value: 'Job' })),
        {
          type: json,
        },
      )
    expect(await patched(10_000)).toMatchObject({ code: 200 })
    expect(await patched(10_001)).toMatchObject({
      code: 413,
      body: {
        reason: 'RequestEntityTooLarge',
        message: 'Request entity too large: The allowed maximum operations in a JSON patch is 10000, got 10001',
      },
    })
  })

  test('API-7: a strategic merge patch puts its own elements first, a JSON patch where it says, a merge patch in place of all', async () => {
    const { ask } = await applying()
    await ask('POST', jobs, wholeJob(withContainers('main', 'side')))
    const patched = async (type: string, body: unknown) =>
      containersOf((await ask('PATCH', `${jobs}/job?dryRun=All`, body, { type })).body)
    const cron = '/apis/batch/v1/namespaces/ns/cronjobs'
    const jobTemplate = { spec: withContainers('main', 'side') }
    await ask('POST', cron, { metadata: { name: 'cron' }, spec: { schedule: '@yearly', jobTemplate } })
    const ofCron = async (type: string, body: unknown) =>
      containersOf((await ask('PATCH', `${cron}/cron?dryRun=All`, body, { type })).body.spec.jobTemplate)
    const list = (containers: unknown) => ({ spec: { jobTemplate: { spec: { template: { spec: containers } } } } })
    const fresh = [{ name: 'new', image: 'busybox' }]
    expect(await ofCron(strategic, list({ containers: fresh }))).toStrictEqual(['new', 'main', 'side'])
    expect(await ofCron(strategic, list({ containers: [{ name: 'main' }, ...fresh] }))).toStrictEqual([
      ...['main', 'new', 'side'],
    ])
    expect(await ofCron(strategic, list({ containers: [{ name: 'main', $patch: 'delete' }] }))).toStrictEqual(['side'])
    expect(await ofCron('application/merge-patch+json', list({ containers: fresh }))).toStrictEqual(['new'])
    const path = '/spec/jobTemplate/spec/template/spec/containers/1'
    expect(await ofCron(json, [{ op: 'add', path, value: fresh[0] }])).toStrictEqual(['main', 'new', 'side'])
    expect(await patched(json, [])).toStrictEqual(['main', 'side'])
  })

  test('API-7: what does not fit changes nothing, and says so as an API server does', async () => {
    const { ask } = await applying()
    await ask('POST', maps, { metadata: { name: 'map' }, data: { a: '1' } })
    const before = (await ask('GET', `${maps}/map`)).body
    const refused: ReadonlyArray<readonly [type: string, body: unknown]> = [
      [json, [{ op: 'test', path: '/data/a', value: '2' }]],
      [json, [{ op: 'remove', path: '/data/b' }]],
      [json, { op: 'add' }],
      [strategic, { data: { $patch: 'bogus' } }],
      ['application/json', { data: { a: '2' } }],
      ['application/merge-patch+json', { metadata: { name: 'other' } }],
      ['application/merge-patch+json', { metadata: { resourceVersion: '1' } }],
    ]
    const refusals = await Promise.all(
      refused.map(async ([type, body]) => (await ask('PATCH', `${maps}/map`, body, { type })).code),
    )
    expect(refusals).toStrictEqual([422, 422, 400, 500, 415, 400, 409])
    expect((await ask('GET', `${maps}/map`)).body).toStrictEqual(before)
  })
})
