import { expect, test } from 'vitest'
import { cluster, indexed, indexOf, onNode, restarted } from '../cluster.ts'

test('[J-29] every Pod of four knows its index by hostname, annotation, label and environment', async () => {
  const it = await cluster()
  await it.createJob(indexed(4))
  const pods = await it.active()
  expect(pods.map(indexOf)).toEqual([0, 1, 2, 3])
  const key = 'batch.kubernetes.io/job-completion-index'
  for (const [index, { metadata, spec }] of pods.entries()) {
    expect(metadata.name).toMatch(new RegExp(`^job-${index}-[a-z0-9]{5}$`))
    expect(spec).toMatchObject({ hostname: `job-${index}` })
    expect(metadata.labels?.[key]).toBe(`${index}`)
    expect(spec.containers[0]?.env).toEqual([
      {
        name: 'JOB_COMPLETION_INDEX',
        valueFrom: { fieldRef: { apiVersion: 'v1', fieldPath: `metadata.labels['${key}']` } },
      },
    ])
  }
})

test('[J-30] indexes that end out of order are told in order, and the one that failed is retried', async () => {
  const it = await cluster()
  await it.createJob(indexed(4))
  const seen: Array<string | undefined> = []
  for (const index of [0, 2]) {
    await it.succeed(await it.at(index))
    seen.push((await it.status()).completedIndexes)
  }
  await it.fail(await it.at(1))
  await it.succeed(await it.at(3))
  seen.push((await it.status()).completedIndexes)
  await it.pass(10)
  await it.succeed(await it.at(1))
  seen.push((await it.status()).completedIndexes)
  expect(seen).toEqual(['0', '0,2', '0,2,3', '0-3'])
  expect(await it.status()).toMatchObject({ succeeded: 4, failed: 1 })
})

test('[J-31] an elastic Job goes up, down, up again and to 0, and its counters follow', async () => {
  const it = await cluster()
  const scale = (to: number) => it.patch({ spec: { parallelism: to, completions: to } })
  await it.createJob(indexed(3))
  await it.fail(await it.at(0))
  await it.succeed(await it.at(2))
  await it.pass(10)
  await scale(4)
  expect(await it.indexes()).toEqual([0, 1, 3])
  await scale(2)
  expect(await it.status()).toMatchObject({ active: 2, failed: 1 })
  expect(await it.status()).not.toHaveProperty('completedIndexes')
  await scale(3)
  expect(await it.indexes()).toEqual([0, 1, 2])
  await scale(0)
  await it.pass(1)
  expect(await it.conditions()).toContain('Complete: CompletionsReached')
  expect(await it.status()).toMatchObject({ failed: 1 })
})

test('[J-32] a change of completions alone is refused', async () => {
  const it = await cluster()
  await it.createJob(indexed(3))
  const answer = await it.request('PATCH', `${it.jobsPath}/job`, { spec: { completions: 2 } })
  expect(answer).toMatchObject({
    code: 422,
    body: {
      details: {
        causes: [
          {
            reason: 'FieldValueInvalid',
            field: 'spec.completions',
            message: 'Invalid value: 2: can only be modified in tandem with spec.parallelism',
          },
        ],
      },
    },
  })
  expect((await it.job()).spec.completions).toBe(3)
})

test('[J-33] a Job that is created suspended has no Pods, and completes once it is resumed', async () => {
  const it = await cluster()
  await it.createJob({ suspend: true })
  await it.pass(5)
  expect(await it.pods()).toEqual([])
  expect(await it.conditions()).toEqual(['Suspended: JobSuspended'])
  await it.patch({ spec: { suspend: false } })
  await it.succeed(1)
  expect(await it.conditions()).toEqual([
    'not Suspended: JobResumed',
    'SuccessCriteriaMet: CompletionsReached',
    'Complete: CompletionsReached',
  ])
})

test('[J-34] a running Job that is suspended loses its Pods, none of which has failed', async () => {
  const it = await cluster()
  await it.createJob({ parallelism: 2, completions: 2, pod: onNode })
  await it.run(2)
  await it.patch({ spec: { suspend: true } })
  expect(await it.status()).toMatchObject({ terminating: 2, ready: 0 })
  await it.confirmDeletions()
  const { active = 0, failed = 0, terminating } = await it.status()
  expect({ active, failed, terminating }).toEqual({ active: 0, failed: 0, terminating: 0 })
  expect(await it.conditions()).toEqual(['Suspended: JobSuspended'])
})

test.each<
  [created: boolean | undefined, changed: boolean, condition: ReadonlyArray<string>, events: ReadonlyArray<string>]
>([
  [undefined, true, ['Suspended: JobSuspended'], ['Suspended']],
  [false, true, ['Suspended: JobSuspended'], ['Suspended']],
  [true, false, ['not Suspended: JobResumed'], ['Suspended', 'Resumed']],
  [false, false, [], []],
  [true, true, ['Suspended: JobSuspended'], ['Suspended']],
])('[J-35] suspend from %s to %s: %j', async (created, changed, condition, events) => {
  const it = await cluster()
  await it.createJob(created === undefined ? {} : { suspend: created })
  await it.patch({ spec: { suspend: changed } })
  expect(await it.conditions()).toEqual(condition)
  expect((await it.reasons()).filter((reason) => /Suspended|Resumed/.test(reason))).toEqual(events)
})

test('[J-36] the start time goes with the suspension, and a later one comes with the resumption', async () => {
  const it = await cluster()
  await it.createJob({})
  const { startTime } = await it.status()
  await it.pass(3)
  await it.patch({ spec: { suspend: true } })
  expect(await it.status()).not.toHaveProperty('startTime')
  await it.pass(3)
  await it.patch({ spec: { suspend: false } })
  expect(Date.parse((await it.status()).startTime!)).toBeGreaterThan(Date.parse(startTime!) + 5000)
})

test('[J-37] a suspended Job with nothing to do is complete, never suspended', async () => {
  const it = await cluster()
  await it.createJob({ suspend: true, completions: 0 })
  expect(await it.conditions()).toEqual(['SuccessCriteriaMet: CompletionsReached', 'Complete: CompletionsReached'])
  expect(await it.pods()).toEqual([])
})

test('[J-38] a suspended Job stays without Pods over a restart, and is resumed after it', async () => {
  let it = await cluster()
  await it.createJob({ suspend: true })
  it = await restarted(it)
  await it.pass(5)
  expect(await it.pods()).toEqual([])
  expect(await it.conditions()).toEqual(['Suspended: JobSuspended'])
  await it.patch({ spec: { suspend: false } })
  expect(await it.active()).toHaveLength(1)
})

const nodeSelector = { disk: 'ssd' }
const templateOf = (spec: object) => ({ template: { spec } })

test.each([
  ['in the same update', true],
  ['in the next', false],
])('[J-39] a node selector that a suspended Job gets is that of its Pods, resumed %s', async (_, once) => {
  const it = await cluster()
  await it.createJob({ suspend: true })
  await it.patch({ spec: { ...templateOf({ nodeSelector }), ...(once ? { suspend: false } : {}) } })
  if (!once) await it.patch({ spec: { suspend: false } })
  expect((await it.active()).map(({ spec }) => spec)).toMatchObject([{ nodeSelector }])
  const refused = await it.request('PATCH', `${it.jobsPath}/job`, {
    spec: templateOf({ nodeSelector: { disk: 'hdd' } }),
  })
  expect(refused).toMatchObject({ code: 422, body: { details: { causes: [{ field: 'spec.template' }] } } })
})

test('[J-40] a Job that ran takes other scheduling once it is suspended and nothing is active', async () => {
  const it = await cluster()
  await it.createJob({ pod: onNode })
  await it.run(1)
  await it.patch({ spec: { suspend: true } })
  await it.confirmDeletions()
  const tolerations = [{ key: 'gpu', operator: 'Exists', effect: 'NoSchedule' }]
  await it.patch({ spec: templateOf({ tolerations }) })
  await it.patch({ spec: { suspend: false } })
  expect((await it.active())[0]?.spec).toMatchObject({ tolerations: expect.arrayContaining(tolerations) })
})

test('[J-41] resources of a suspended Job may change, also after it ran; nothing else may, and nothing of a running one', async () => {
  const it = await cluster()
  const containers = (cpu: string, image = 'busybox') => [
    { name: 'main', image, command: ['true'], resources: { requests: { cpu } } },
  ]
  const attempt = (spec: object) => it.request('PATCH', `${it.jobsPath}/job`, { spec })
  await it.createJob({ suspend: true })
  await it.patch({ spec: { ...templateOf({ containers: containers('100m') }), suspend: false } })
  expect((await it.active())[0]?.spec.containers[0]).toMatchObject({ resources: { requests: { cpu: '100m' } } })
  expect(await attempt(templateOf({ containers: containers('200m') }))).toMatchObject({ code: 422 })
  await it.patch({ spec: { suspend: true } })
  expect(await attempt(templateOf({ containers: containers('200m', 'alpine') }))).toMatchObject({
    code: 422,
    body: { details: { causes: [{ field: 'spec.template.spec' }] } },
  })
  await it.patch({ spec: { ...templateOf({ containers: containers('200m') }), suspend: false } })
  expect((await it.active())[0]?.spec.containers[0]).toMatchObject({ resources: { requests: { cpu: '200m' } } })
})
