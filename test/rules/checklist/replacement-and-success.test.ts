import { describe, expect, test } from 'vitest'
import type { PodObject } from '../../../src/domain/kubernetes/pod-object.ts'
import { cluster, indexed, onNode, restarted } from '../cluster.ts'

test('[J-57] under Failed a deleted Pod is replaced and counted when it has ended', async () => {
  const it = await cluster()
  await it.createJob({ podReplacementPolicy: 'Failed', pod: onNode })
  await it.run(1)
  await it.deletePod((await it.active())[0]!)
  await it.pass(30)
  const { active = 0, terminating, failed = 0 } = await it.status()
  expect({ active, terminating, failed }).toEqual({ active: 0, terminating: 1, failed: 0 })
  await it.confirmDeletions()
  await it.pass(10)
  expect(await it.status()).toMatchObject({ active: 1, terminating: 0, failed: 1 })
})

test('[J-58, D-2] under TerminatingOrFailed it is counted at once, and replaced while it still terminates', async () => {
  const it = await cluster()
  await it.createJob({ pod: onNode })
  await it.run(1)
  await it.deletePod((await it.active())[0]!)
  expect(await it.status()).toMatchObject({ terminating: 1, failed: 1 })
  await it.pass(10)
  expect(await it.status()).toMatchObject({ active: 1, terminating: 1, failed: 1 })
})

describe('either policy over a restart of the controller', () => {
  test.each<[policy: string, what: 'deleted' | 'failed', terminating: number, failed: number | undefined]>([
    ['TerminatingOrFailed', 'deleted', 1, 1],
    ['TerminatingOrFailed', 'failed', 0, 1],
    ['Failed', 'deleted', 1, undefined],
    ['Failed', 'failed', 0, 1],
  ])(
    '[J-59] under %s a Pod is %s: %i terminating, %s failed',
    async (podReplacementPolicy, what, terminating, failed) => {
      let it = await cluster()
      await it.createJob({ podReplacementPolicy, parallelism: 2, completions: 2, pod: onNode })
      await it.run(2)
      const [pod] = await it.active()
      if (what === 'failed') await it.fail(pod!)
      else await it.deletePod(pod!)
      it = await restarted(it)
      const status = await it.status()
      expect({ terminating: status.terminating, failed: status.failed }).toEqual({ terminating, failed })
    },
  )
})

const success = (...rules: ReadonlyArray<object>) => ({ successPolicy: { rules } })
const finished = ['SuccessCriteriaMet: SuccessPolicy', 'Complete: SuccessPolicy']
const nothingLeft = { ready: 0, terminating: 0 }

test('[J-60] both conditions name the success policy though all indexes succeeded', async () => {
  const it = await cluster()
  await it.createJob(indexed(2, success({ succeededCount: 2 })))
  await it.succeed(2)
  expect(await it.conditions()).toEqual(finished)
  expect(await it.status()).toMatchObject({ succeeded: 2, ...nothingLeft })
  expect(await it.status()).not.toHaveProperty('active')
})

test.each([
  ['[J-61] listed indexes', { succeededIndexes: '0' }],
  ['[J-62] a number of indexes', { succeededCount: 1 }],
])('%s: %j holds when index 0 has succeeded', async (_, rule) => {
  const it = await cluster()
  await it.createJob(indexed(3, success(rule)))
  await it.run(3)
  await it.succeed(await it.at(0))
  await it.pass(1)
  expect(await it.conditions()).toEqual(finished)
  expect(await it.status()).toMatchObject({ completedIndexes: '0', ...nothingLeft })
  expect(await it.status()).not.toHaveProperty('failed')
  expect(await it.active()).toEqual([])
})

test.each([
  ['before the success rule holds', { succeededIndexes: '0,1' }, false],
  ['in the sync in which the success rule holds', { succeededCount: 1 }, true],
])('[J-63] an index that fails %s fails the Job', async (_, rule, atOnce) => {
  const it = await cluster()
  await it.createJob(indexed(2, { backoffLimitPerIndex: 0, ...success(rule) }))
  const [succeeding, failing] = [await it.at(0), await it.at(1)]
  const report = (pod: PodObject, phase: string) =>
    it.must('PATCH', `${it.podsPath}/${pod.metadata.name}/status`, { status: { phase } })
  await report(failing, 'Failed')
  if (!atOnce) await it.pass(2)
  await report(succeeding, 'Succeeded')
  await it.pass(2)
  expect(await it.conditions()).toEqual(['FailureTarget: FailedIndexes', 'Failed: FailedIndexes'])
})

test.each([
  ['the deadline', { activeDeadlineSeconds: 3 }, 'DeadlineExceeded'],
  ['the back-off limit', { backoffLimit: 0 }, 'BackoffLimitExceeded'],
])('[J-64] %s that came first stays the end, whatever succeeds afterwards', async (_, over, reason) => {
  const it = await cluster()
  await it.createJob(indexed(2, { ...over, ...success({ succeededCount: 1 }), pod: onNode }))
  const [first, second] = await it.active()
  if (reason === 'BackoffLimitExceeded') await it.fail(first!)
  else await it.pass(3)
  await it.succeed(second!)
  await it.confirmDeletions()
  expect(await it.conditions()).toEqual([`FailureTarget: ${reason}`, `Failed: ${reason}`])
})
