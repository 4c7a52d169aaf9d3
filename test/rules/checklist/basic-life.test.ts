import { expect, test } from 'vitest'
import { cluster, isTracked, onNode, restarted } from '../cluster.ts'

const done = { terminating: 0, ready: 0 }

test('[J-1] four Pods, two at a time, run to completion', async () => {
  const it = await cluster()
  await it.createJob({ parallelism: 2, completions: 4 })
  await it.succeed(2)
  await it.succeed(2)
  expect(await it.conditions()).toEqual(['SuccessCriteriaMet: CompletionsReached', 'Complete: CompletionsReached'])
  expect(await it.status()).toMatchObject({ succeeded: 4, ...done })
  expect(await it.status()).not.toHaveProperty('active')
  expect((await it.pods()).map(({ status }) => status.phase)).toEqual(Array(4).fill('Succeeded'))
})

test('[J-2] a serial Job whose controller is restarted between the steps keeps its counters and leaves no finalizer', async () => {
  let it = await cluster()
  await it.createJob()
  it = await restarted(it)
  expect(await it.status()).toMatchObject({ active: 1 })
  expect(await it.pods()).toHaveLength(1)
  await it.run(1)
  it = await restarted(it)
  expect(await it.status()).toMatchObject({ active: 1, ready: 1 })
  await it.succeed(1)
  it = await restarted(it)
  expect(await it.status()).toMatchObject({ succeeded: 1, ...done })
  expect(await it.conditions()).toContain('Complete: CompletionsReached')
  expect((await it.pods()).filter(isTracked)).toEqual([])
})

test('[J-3] a Pod that fails is replaced by another, which completes the Job', async () => {
  const it = await cluster()
  await it.createJob()
  const [first] = await it.active()
  await it.fail(1)
  expect(await it.status()).toMatchObject({ failed: 1 })
  await it.pass(10)
  const [second] = await it.active()
  expect(second?.metadata.uid).not.toBe(first?.metadata.uid)
  await it.succeed(1)
  expect(await it.status()).toMatchObject({ succeeded: 1, failed: 1 })
  expect(await it.conditions()).toContain('Complete: CompletionsReached')
})

test('[J-4] a task that fails once in place under OnFailure completes with the same Pods', async () => {
  const it = await cluster()
  await it.createJob({ parallelism: 2, completions: 2, pod: { restartPolicy: 'OnFailure' } })
  const before = (await it.active()).map(({ metadata }) => metadata.uid)
  await it.run(2, { restarts: 1 })
  await it.succeed(2, { restarts: 1 })
  expect((await it.pods()).map(({ metadata }) => metadata.uid)).toEqual(before)
  expect(await it.status()).toMatchObject({ succeeded: 2 })
  expect(await it.status()).not.toHaveProperty('failed')
})

test('[J-5] Pods that fail once each are replaced, and the interim condition is there before the terminal one', async () => {
  const it = await cluster()
  await it.createJob({ parallelism: 2, completions: 2, pod: onNode })
  await it.fail(2)
  await it.pass(20)
  await it.patch({ spec: { parallelism: 3 } })
  expect(await it.active()).toHaveLength(2)
  await it.succeed(1)
  const [last] = await it.active()
  await it.deletePod(last!)
  await it.pass(10)
  await it.succeed(1)
  expect(await it.conditions()).toEqual(['SuccessCriteriaMet: CompletionsReached'])
  await it.confirmDeletions()
  expect(await it.conditions()).toEqual(['SuccessCriteriaMet: CompletionsReached', 'Complete: CompletionsReached'])
  expect(await it.status()).toMatchObject({ succeeded: 2, failed: 3 })
})

test('[J-6] a work queue of five creates nothing after its first success and completes when the last has ended', async () => {
  const it = await cluster()
  await it.createJob({ parallelism: 5 })
  await it.fail(2)
  await it.pass(20)
  expect(await it.active()).toHaveLength(5)
  await it.succeed(1)
  await it.fail(2)
  await it.pass(60)
  expect(await it.active()).toHaveLength(2)
  await it.succeed(2)
  expect(await it.pods()).toHaveLength(7)
  expect(await it.status()).toMatchObject({ succeeded: 3, failed: 4 })
  expect(await it.conditions()).toContain('Complete: CompletionsReached')
})

test('[J-7] parallelism from 5 to 2, 4 and 0 is followed by the Pods, and none of them has failed', async () => {
  const it = await cluster()
  await it.createJob({ parallelism: 5, completions: 9 })
  for (const parallelism of [2, 4, 0]) {
    await it.patch({ spec: { parallelism } })
    expect(await it.active()).toHaveLength(parallelism)
    const { active = 0, failed = 0 } = await it.status()
    expect({ active, failed }).toEqual({ active: parallelism, failed: 0 })
  }
})

test('[J-8] more Pods than one sync creates exist in the end, and all of them are counted', async () => {
  const it = await cluster()
  await it.createJob({ parallelism: 540, completions: 560 })
  await it.pass(3)
  expect(await it.status()).toMatchObject({ active: 540 })
  const path = `${it.podsPath}`
  for (const { metadata } of await it.active())
    await it.must('PATCH', `${path}/${metadata.name}/status`, { status: { phase: 'Succeeded' } })
  await it.pass(5)
  expect(await it.status()).toMatchObject({ active: 20, succeeded: 540 })
})

test('[J-9] a limit of one is exceeded by exactly two Pods, both failed', async () => {
  const it = await cluster()
  await it.createJob({ backoffLimit: 1 })
  await it.fail(1)
  await it.pass(10)
  await it.fail(1)
  await it.pass(60)
  expect((await it.pods()).map(({ status }) => status.phase)).toEqual(['Failed', 'Failed'])
  expect(await it.conditions()).toEqual(['FailureTarget: BackoffLimitExceeded', 'Failed: BackoffLimitExceeded'])
  expect(await it.status()).toMatchObject({ failed: 2 })
})

test('[J-10] a limit that is exceeded while a hundred Pods run releases and counts them all', async () => {
  const it = await cluster()
  await it.createJob({ backoffLimit: 2, parallelism: 100, completions: 100 })
  await it.fail(3)
  await it.pass(3)
  expect(await it.status()).toMatchObject({ failed: 100, ...done })
  expect(await it.conditions()).toContain('Failed: BackoffLimitExceeded')
  expect((await it.pods()).filter(isTracked)).toEqual([])
})

test('[J-11] the gaps between the Pods of a Job that keeps failing are 10, 20 and 40 seconds', async () => {
  const it = await cluster()
  await it.createJob({ backoffLimit: 99 })
  const gaps: number[] = []
  for (let failures = 0; failures < 3; failures += 1) {
    const failedAt = it.now()
    await it.fail(1)
    while ((await it.active()).length === 0) await it.pass(0.5)
    gaps.push(Math.round((it.now() - failedAt) / 1000))
  }
  expect(gaps).toEqual([10, 20, 40])
})

test('[J-12] a Job that is made anew under the name of a failing one starts its Pod at once', async () => {
  const it = await cluster()
  await it.createJob()
  await it.fail(1)
  expect(await it.active()).toEqual([])
  await it.deleteJob('Background')
  await it.createJob()
  expect(await it.active()).toHaveLength(1)
})

test('[J-13] a Job whose Pods never end fails by its deadline, first as a target', async () => {
  const it = await cluster()
  await it.createJob({ activeDeadlineSeconds: 3, pod: onNode })
  await it.run(1)
  await it.pass(1)
  expect(await it.conditions()).toEqual(['FailureTarget: DeadlineExceeded'])
  await it.confirmDeletions()
  expect(await it.conditions()).toEqual(['FailureTarget: DeadlineExceeded', 'Failed: DeadlineExceeded'])
})

test('[J-14] Failed waits for the Pod that still terminates, which is counted already; Complete waits as well', async () => {
  const it = await cluster()
  await it.createJob({ backoffLimit: 0, parallelism: 2, completions: 2, pod: onNode }, 'fails')
  await it.run(2)
  await it.fail(1)
  expect(await it.status('fails')).toMatchObject({ failed: 2, terminating: 1 })
  expect(await it.conditions('fails')).toEqual(['FailureTarget: BackoffLimitExceeded'])
  await it.confirmDeletions()
  expect(await it.conditions('fails')).toContain('Failed: BackoffLimitExceeded')

  const successPolicy = { rules: [{ succeededCount: 1 }] }
  await it.createJob({ completionMode: 'Indexed', parallelism: 2, completions: 2, successPolicy, pod: onNode }, 'ends')
  await it.run(2)
  await it.succeed(1)
  expect(await it.status('ends')).toMatchObject({ succeeded: 1, terminating: 1 })
  expect(await it.conditions('ends')).toEqual(['SuccessCriteriaMet: SuccessPolicy'])
  await it.confirmDeletions()
  expect(await it.conditions('ends')).toContain('Complete: SuccessPolicy')
})

test('[J-15] ninety Pods that ask for more than there is all complete', async () => {
  const it = await cluster()
  const container = { name: 'main', image: 'busybox', resources: { requests: { cpu: '4' } } }
  await it.createJob({ parallelism: 90, completions: 90, pod: { containers: [container] } })
  for (let batch = 0; batch < 3; batch += 1) await it.succeed(30)
  expect(await it.status()).toMatchObject({ succeeded: 90 })
  expect(await it.conditions()).toContain('Complete: CompletionsReached')
})

test('[J-16] ready follows what the Pods say, and is 0 when the Job is suspended', async () => {
  const it = await cluster()
  await it.createJob({ parallelism: 3, completions: 3, pod: onNode })
  await it.run(2)
  expect(await it.status()).toMatchObject({ active: 3, ready: 2 })
  await it.run(1, { ready: false })
  expect(await it.status()).toMatchObject({ active: 3, ready: 1 })
  await it.patch({ spec: { suspend: true } })
  expect(await it.status()).toMatchObject({ ready: 0, terminating: 3 })
  await it.confirmDeletions()
  await it.patch({ spec: { suspend: false } })
  await it.run(3)
  expect(await it.status()).toMatchObject({ active: 3, ready: 3 })
})

test('[J-17] what is told late or twice makes no second Pod and no second end', async () => {
  const it = await cluster()
  await it.createJob()
  const [pod] = await it.active()
  for (let times = 0; times < 3; times += 1) await it.patch({ metadata: { annotations: { times: `${times}` } } })
  expect(await it.pods()).toHaveLength(1)
  await it.succeed(pod!)
  await it.succeed(pod!)
  await it.run(pod!)
  await it.pass(5)
  expect(await it.status()).toMatchObject({ succeeded: 1, ...done })
  expect((await it.reasons()).filter((reason) => reason === 'Completed')).toHaveLength(1)
  expect(await it.pods()).toHaveLength(1)
})

test('[J-18] a controller that is stopped between failures counts each of them once and leaves no finalizer', async () => {
  let it = await cluster()
  await it.createJob({ parallelism: 4, completions: 4, backoffLimit: 3 })
  for (let failures = 1; failures <= 3; failures += 1) {
    await it.fail(1)
    it = await restarted(it)
    expect(await it.status()).toMatchObject({ failed: failures })
  }
  await it.fail(1)
  it = await restarted(it)
  await it.pass(3)
  expect(await it.status()).toMatchObject({ failed: 4, ...done })
  expect((await it.pods()).filter(isTracked)).toEqual([])
})

test('[J-20] a Job is created, got, listed by its labels, changed by patch and put, and deleted with others', async () => {
  const it = await cluster()
  const created = await it.createJob({ suspend: true }, 'job', { labels: { app: 'a' } })
  await it.createJob({ suspend: true }, 'other', { labels: { app: 'b' } })
  const namesOf = async (query: string) =>
    (
      await it.must<{ items: ReadonlyArray<{ metadata: { name: string } }> }>('GET', `${it.jobsPath}${query}`)
    ).items.map(({ metadata }) => metadata.name)
  expect((await it.job()).metadata.uid).toBe(created.metadata.uid)
  expect(await namesOf('?labelSelector=app%3Da')).toEqual(['job'])
  await it.patch({ spec: { parallelism: 3 } })
  const now = await it.job()
  expect(now.spec.parallelism).toBe(3)
  await it.must('PUT', `${it.jobsPath}/job`, { ...now, spec: { ...now.spec, parallelism: 4 } })
  expect((await it.job()).spec.parallelism).toBe(4)
  const stale = await it.request('PUT', `${it.jobsPath}/job`, now)
  expect(stale.code).toBe(409)
  await it.deleteJob('Background')
  expect(await namesOf('')).toEqual(['other'])
  await it.must('DELETE', `${it.jobsPath}?propagationPolicy=Background`)
  expect(await namesOf('')).toEqual([])
})

test('[J-21] a condition of somebody that is written to the status is stored, and the spec is not touched', async () => {
  const it = await cluster()
  await it.createJob({})
  const { spec } = await it.job()
  const condition = { type: 'example.com/Seen', status: 'True', reason: 'Looked' }
  await it.must('PATCH', `${it.jobsPath}/job/status`, { spec: { parallelism: 9 }, status: { conditions: [condition] } })
  expect((await it.status()).conditions).toMatchObject([condition])
  const now = await it.job()
  await it.must('PUT', `${it.jobsPath}/job/status`, { ...now, spec: { ...now.spec, suspend: true } })
  expect((await it.job()).spec).toEqual(spec)
  expect(await it.status()).toMatchObject({ active: 1 })
})
