import { expect, test } from 'vitest'
import type { PodObject } from '../../../src/domain/kubernetes/pod-object.ts'
import { cluster, isTracked, onNode, restarted } from '../cluster.ts'

const ownersOf = ({ metadata }: PodObject) => (metadata.ownerReferences ?? []).map(({ name }) => name)

test('[J-22] a deleted Job is gone, and so are its Pods', async () => {
  const it = await cluster()
  await it.createJob({ parallelism: 2, completions: 2 })
  await it.deleteJob('Background')
  await it.pass(2)
  expect(await it.exists()).toBe(false)
  expect(await it.pods()).toEqual([])
})

test('[J-23] a Pod whose owner is taken away is taken back, and let go when its labels are taken away', async () => {
  const it = await cluster()
  await it.createJob({ labels: { app: 'a' } })
  const [pod] = await it.active()
  const same = async () => (await it.pods()).find(({ metadata }) => metadata.uid === pod!.metadata.uid)!
  await it.patchPod(pod!, { metadata: { ownerReferences: null } })
  expect(ownersOf(await same())).toEqual([])
  await it.pass(3)
  expect(ownersOf(await same())).toEqual(['job'])
  await it.patchPod(pod!, { metadata: { labels: null } })
  await it.pass(3)
  expect(ownersOf(await same())).toEqual([])
  expect(await it.status()).toMatchObject({ active: 1 })
})

test.each([
  ['Orphan', 2],
  ['Background', 0],
  ['Foreground', 0],
])('[J-24] deleted as %s no Pod keeps the tracking finalizer, and %i Pods are left', async (propagation, left) => {
  const it = await cluster()
  await it.createJob({ parallelism: 2, completions: 2, pod: onNode })
  await it.run(1)
  await it.deleteJob(propagation)
  await it.pass(3)
  expect((await it.pods()).filter(isTracked)).toEqual([])
  await it.confirmDeletions()
  expect(await it.pods()).toHaveLength(left)
  expect(await it.exists()).toBe(false)
})

test('[J-25] what a Job left that was deleted while the controller was away is cleaned up when it is back', async () => {
  const it = await cluster()
  await it.createJob({ parallelism: 3, completions: 3 })
  await it.succeed(1)
  await it.deleteJob('Background')
  const back = await restarted(it)
  await back.pass(2)
  expect(await back.exists()).toBe(false)
  expect(await back.pods()).toEqual([])
})

test('[J-26] running Pods of a deleted Job are removed as soon as their node says so', async () => {
  const it = await cluster()
  await it.createJob({ parallelism: 2, completions: 2, pod: onNode })
  await it.run(2)
  await it.deleteJob('Background')
  await it.pass(2)
  const pods = await it.pods()
  expect(pods.map(({ metadata }) => metadata.deletionTimestamp !== undefined)).toEqual([true, true])
  await it.confirmDeletions()
  expect(await it.pods()).toEqual([])
})

test('[J-27, M-1] a Job of another manager has no Pods, an empty status and no Events', async () => {
  const it = await cluster()
  await it.createJob({ managedBy: 'example.com/x', activeDeadlineSeconds: 1 })
  await it.patch({ spec: { parallelism: 2 } })
  await it.pass(30)
  expect(await it.pods()).toEqual([])
  expect(await it.status()).toEqual({})
  expect(await it.events()).toEqual([])
})

test('[J-28] of two Jobs of one name, one after the other, only the one without another manager is worked for', async () => {
  const it = await cluster()
  await it.createJob({})
  expect(await it.pods()).toHaveLength(1)
  await it.deleteJob('Background')
  await it.pass(2)
  await it.createJob({ managedBy: 'example.com/x' })
  await it.pass(3)
  expect(await it.pods()).toEqual([])
  expect(await it.status()).toEqual({})
  await it.deleteJob('Background')
  await it.createJob({ managedBy: 'kubernetes.io/job-controller' })
  expect(await it.active()).toHaveLength(1)
  await it.succeed(1)
  expect((await it.pods()).filter(isTracked)).toEqual([])
})
