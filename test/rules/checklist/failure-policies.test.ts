import { expect, test } from 'vitest'
import { cluster, indexed, indexOf, isTracked, onNode, restarted } from '../cluster.ts'

const onExit = (action: string, values: ReadonlyArray<number>, operator = 'In') => ({
  action,
  onExitCodes: { containerName: 'main', operator, values },
})
const onCondition = (action: string, type: string) => ({ action, onPodConditions: [{ type, status: 'True' }] })
const policy = (...rules: ReadonlyArray<object>) => ({ podFailurePolicy: { rules } })

test('[J-42] an exit code with FailJob fails the Job at once, and the message names container, Pod, code and rule', async () => {
  const it = await cluster()
  await it.createJob({ ...policy(onExit('Count', [7]), onExit('FailJob', [1])), backoffLimit: 99 })
  const [pod] = await it.active()
  await it.fail(1, { exitCode: 1 })
  expect(await it.conditions()).toEqual(['FailureTarget: PodFailurePolicy', 'Failed: PodFailurePolicy'])
  expect((await it.status()).conditions?.[1]?.message).toBe(
    `Container main for pod default/${pod?.metadata.name} failed with exit code 1 matching FailJob rule at index 1`,
  )
})

test('[J-43] an exit code with Ignore is retried in spite of a limit of 0, and is no failure', async () => {
  const it = await cluster()
  await it.createJob({ ...policy(onExit('Ignore', [42])), backoffLimit: 0 })
  await it.fail(1, { exitCode: 42 })
  await it.pass(10)
  await it.succeed(1)
  expect(await it.conditions()).toContain('Complete: CompletionsReached')
  expect(await it.status()).not.toHaveProperty('failed')
})

test('[J-44] a disruption with Ignore is retried in spite of a limit of 0', async () => {
  const it = await cluster()
  await it.createJob({ ...policy(onCondition('Ignore', 'DisruptionTarget')), backoffLimit: 0 })
  await it.run(1)
  await it.fail(1, { exitCode: 137, conditions: [{ type: 'DisruptionTarget', status: 'True' }] })
  await it.pass(10)
  await it.succeed(1)
  expect(await it.conditions()).toContain('Complete: CompletionsReached')
  expect(await it.status()).not.toHaveProperty('failed')
})

test.each<[what: string, rule: object, exitCode: number, failed: number | undefined]>([
  ['Count', onExit('Count', [3]), 3, 1],
  ['no match', onExit('Ignore', [3]), 4, 1],
  ['a negative code', onExit('Ignore', [-1073741510]), -1073741510, undefined],
  ['NotIn', onExit('Ignore', [3], 'NotIn'), 4, undefined],
])('[J-45] %s: %j exit code %i', async (_, rule, exitCode, failed) => {
  const it = await cluster()
  await it.createJob(policy(rule))
  await it.fail(1, { exitCode })
  await it.pass(10)
  expect(await it.active()).toHaveLength(1)
  expect((await it.status()).failed).toBe(failed)
})

test('[J-46] the verdict of FailJob and its message outlive a restart and the Pod', async () => {
  let it = await cluster()
  await it.createJob({ ...policy(onExit('FailJob', [5])), parallelism: 2, completions: 2, pod: onNode })
  await it.run(2)
  const [pod] = await it.active()
  await it.fail(pod!, { exitCode: 5 })
  const [target] = (await it.status()).conditions ?? []
  await it.deletePod(pod!)
  it = await restarted(it)
  await it.confirmDeletions()
  const [, failed] = (await it.status()).conditions ?? []
  expect(failed).toMatchObject({ type: 'Failed', reason: 'PodFailurePolicy', message: target?.message })
  expect(target?.message).toContain('failed with exit code 5')
})

test('[J-47] a container that is restarted in place triggers no policy', async () => {
  const it = await cluster()
  await it.createJob(policy(onExit('FailJob', [42])))
  const [pod] = await it.active()
  const ended = { exitCode: 42, startedAt: '2026-01-01T00:00:00Z', finishedAt: '2026-01-01T00:00:01Z' }
  await it.must('PATCH', `${it.podsPath}/${pod?.metadata.name}/status`, {
    status: {
      phase: 'Running',
      containerStatuses: [
        {
          name: 'main',
          image: 'busybox',
          imageID: '',
          ready: true,
          restartCount: 1,
          state: { running: {} },
          lastState: { terminated: ended },
        },
      ],
    },
  })
  await it.pass(2)
  expect(await it.status()).toMatchObject({ active: 1 })
  await it.succeed(1)
  expect(await it.conditions()).toContain('Complete: CompletionsReached')
})

test('[J-48] a change of the failure policy is refused', async () => {
  const it = await cluster()
  await it.createJob(policy(onExit('FailJob', [1])))
  expect(await it.request('PATCH', `${it.jobsPath}/job`, { spec: policy(onExit('FailJob', [2])) })).toMatchObject({
    code: 422,
    body: { details: { causes: [{ field: 'spec.podFailurePolicy', message: /field is immutable$/ }] } },
  })
})

/** Each index may be retried once. */
const once = { backoffLimitPerIndex: 1 }

test('[J-49] all four indexes run, though the odd ones fail until they may not any more', async () => {
  const it = await cluster()
  await it.createJob(indexed(4, once))
  for (const index of [0, 2]) await it.succeed(await it.at(index))
  for (const index of [1, 3]) await it.fail(await it.at(index))
  await it.pass(10)
  for (const index of [1, 3]) await it.fail(await it.at(index))
  expect(await it.conditions()).toEqual(['FailureTarget: FailedIndexes', 'Failed: FailedIndexes'])
  expect(await it.status()).toMatchObject({ failedIndexes: '1,3', completedIndexes: '0,2', failed: 4, succeeded: 2 })
})

test('[J-50] with maxFailedIndexes 0 the first failed index fails the Job', async () => {
  const it = await cluster()
  await it.createJob(indexed(2, { backoffLimitPerIndex: 0, maxFailedIndexes: 0, parallelism: 1 }))
  await it.fail(await it.at(0))
  expect(await it.conditions()).toContain('Failed: MaxFailedIndexesExceeded')
  expect(await it.status()).toMatchObject({ failedIndexes: '0', failed: 1 })
})

test('[J-51] the Pods of two failing indexes are annotated with 0 and then 1 failures', async () => {
  const it = await cluster()
  await it.createJob(indexed(2, once))
  await it.fail(2)
  await it.pass(10)
  const counts = (await it.pods()).map((pod) => [
    indexOf(pod),
    pod.metadata.annotations?.['batch.kubernetes.io/job-index-failure-count'],
  ])
  expect(counts).toEqual([
    [0, '0'],
    [1, '0'],
    [0, '1'],
    [1, '1'],
  ])
})

test('[J-52] FailIndex fails its index at its first failure, and the others complete', async () => {
  const it = await cluster()
  await it.createJob(indexed(3, { backoffLimitPerIndex: 5, ...policy(onExit('FailIndex', [9])) }))
  await it.fail(await it.at(1), { exitCode: 9 })
  await it.succeed(2)
  expect(await it.status()).toMatchObject({ failedIndexes: '1', failed: 1, completedIndexes: '0,2' })
  expect(await it.conditions()).toContain('Failed: FailedIndexes')
})

test('[J-53] a failed Pod keeps its finalizer, uncounted, until its replacement exists', async () => {
  const it = await cluster()
  await it.createJob(indexed(2, once))
  await it.fail(await it.at(0))
  await it.pass(5)
  const held = async () => (await it.pods()).filter((pod) => pod.status.phase === 'Failed').map(isTracked)
  expect(await held()).toEqual([true])
  expect(await it.status()).not.toHaveProperty('failed')
  await it.pass(7)
  expect(await held()).toEqual([false])
  expect(await it.status()).toMatchObject({ failed: 1, active: 2 })
})

test('[J-54] two indexes that fail apart wait for themselves, the second failure twice as long', async () => {
  const it = await cluster()
  const isBack = async (index: number) => (await it.active()).some((pod) => indexOf(pod) === index)
  await it.createJob(indexed(2, { backoffLimitPerIndex: 9 }))
  await it.fail(await it.at(0))
  await it.pass(10)
  await it.fail(await it.at(0))
  await it.fail(await it.at(1))
  await it.pass(9)
  expect([await isBack(0), await isBack(1)]).toEqual([false, true])
  await it.pass(9)
  expect([await isBack(0), await isBack(1)]).toEqual([true, true])
})

test('[J-55] the limit of the Job fails it though no index is at its own limit', async () => {
  const it = await cluster()
  await it.createJob(indexed(5, { backoffLimitPerIndex: 2, backoffLimit: 4 }))
  await it.fail(5)
  expect(await it.conditions()).toContain('Failed: BackoffLimitExceeded')
  expect(await it.status()).toMatchObject({ failed: 5, failedIndexes: '' })
})

test('[J-56] when too many indexes have failed the running Pods are deleted and counted', async () => {
  const it = await cluster()
  await it.createJob(indexed(3, { backoffLimitPerIndex: 0, maxFailedIndexes: 1 }))
  await it.fail(await it.at(0))
  await it.fail(await it.at(1))
  await it.pass(1)
  expect(await it.conditions()).toEqual(['FailureTarget: MaxFailedIndexesExceeded', 'Failed: MaxFailedIndexesExceeded'])
  expect(await it.status()).toMatchObject({ failed: 3, failedIndexes: '0,1' })
  expect(await it.active()).toEqual([])
})
