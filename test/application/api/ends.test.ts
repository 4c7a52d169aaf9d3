import { describe, expect, test } from 'vitest'
import { cluster, indexed, isTracked, onNode, trackingFinalizer } from '../../rules/cluster.ts'
import { cronCluster, minute } from '../../rules/cron-cluster.ts'
import { cronManifest } from '../../domain/cronjob/given-cron-job.ts'

describe('the conditions of an end', () => {
  test('[F-13] bear the time at which each was first there, and keep it', async () => {
    const it = await cluster()
    await it.createJob({ backoffLimit: 0, parallelism: 2, completions: 2, pod: onNode })
    await it.run(2)
    await it.fail(1)
    const [target] = (await it.status()).conditions ?? []
    await it.pass(20)
    await it.confirmDeletions()
    const [first, second] = (await it.status()).conditions ?? []
    expect(first).toEqual(target)
    expect(first?.lastProbeTime).toBe(first?.lastTransitionTime)
    expect(Date.parse(second!.lastTransitionTime)).toBeGreaterThanOrEqual(
      Date.parse(first!.lastTransitionTime) + 20_000,
    )
  })

  test('[F-15] a complete Job has the completion time of its condition, a failed one has none', async () => {
    const it = await cluster()
    await it.createJob({})
    await it.succeed(1)
    const { completionTime, conditions } = await it.status()
    expect(completionTime).toBe(conditions?.find(({ type }) => type === 'Complete')?.lastTransitionTime)
    await it.createJob({ backoffLimit: 0 }, 'fails')
    await it.fail(1)
    expect(await it.conditions('fails')).toContain('Failed: BackoffLimitExceeded')
    expect(await it.status('fails')).not.toHaveProperty('completionTime')
  })

  test('[F-16] leave the interim one in place, with nothing active, ready or terminating', async () => {
    const it = await cluster()
    await it.createJob({ backoffLimit: 0, parallelism: 3, completions: 3 })
    await it.run(3)
    await it.fail(1)
    await it.pass(2)
    expect(await it.conditions()).toEqual(['FailureTarget: BackoffLimitExceeded', 'Failed: BackoffLimitExceeded'])
    expect(await it.status()).toMatchObject({ ready: 0, terminating: 0 })
    expect(await it.status()).not.toHaveProperty('active')
  })

  test('[F-17, T-12] are told as an Event only once the terminal one is there', async () => {
    const it = await cluster()
    await it.createJob({ backoffLimit: 0, parallelism: 2, completions: 2, pod: onNode })
    await it.run(2)
    await it.fail(1)
    expect(await it.conditions()).toEqual(['FailureTarget: BackoffLimitExceeded'])
    expect(await it.reasons()).not.toContain('BackoffLimitExceeded')
    await it.confirmDeletions()
    const last = (await it.events()).at(-1)
    expect(last).toMatchObject({
      type: 'Warning',
      reason: 'BackoffLimitExceeded',
      message: 'Job has reached the specified backoff limit',
    })
  })
})

test('[ST-2] what is zero or empty is absent, except failedIndexes, ready and terminating', async () => {
  const it = await cluster()
  await it.createJob(indexed(2, { backoffLimitPerIndex: 1 }))
  expect(Object.keys(await it.status()).toSorted((a, b) => a.localeCompare(b))).toEqual([
    'active',
    'failedIndexes',
    'ready',
    'startTime',
    'terminating',
    'uncountedTerminatedPods',
  ])
  expect(await it.status()).toMatchObject({ failedIndexes: '', ready: 0, terminating: 0, uncountedTerminatedPods: {} })
  await it.createJob({}, 'plain')
  expect(await it.status('plain')).not.toHaveProperty('failedIndexes')
})

describe('restarts and replacements', () => {
  test('[O-1] under Never a failed Pod is counted, and another one is made', async () => {
    const it = await cluster()
    await it.createJob({})
    await it.fail(1)
    await it.pass(10)
    const phases = (await it.pods()).map(({ status }) => status.phase)
    expect(phases).toEqual(['Failed', 'Pending'])
    expect(await it.status()).toMatchObject({ active: 1, failed: 1 })
  })

  test('[O-9] under OnFailure the restarts of a sidecar count like any other', async () => {
    const it = await cluster()
    const sidecar = { name: 'proxy', image: 'busybox', restartPolicy: 'Always' }
    await it.createJob({ backoffLimit: 2, pod: { restartPolicy: 'OnFailure', initContainers: [sidecar] } })
    const [pod] = await it.active()
    const restartOf = (name: string, restartCount: number) => ({
      name,
      image: 'busybox',
      imageID: '',
      ready: true,
      restartCount,
    })
    const report = (restarts: number) =>
      it.must('PATCH', `${it.podsPath}/${pod?.metadata.name}/status`, {
        status: {
          phase: 'Running',
          containerStatuses: [restartOf('main', 0)],
          initContainerStatuses: [restartOf('proxy', restarts)],
        },
      })
    await report(1)
    await it.pass(2)
    expect(await it.conditions()).toEqual([])
    await report(2)
    await it.pass(3)
    expect(await it.conditions()).toContain('Failed: BackoffLimitExceeded')
  })
})

test('[G-5] a Job of a CronJob expires like any other', async () => {
  const it = await cronCluster()
  const spec = { ...cronManifest().spec.jobTemplate.spec, ttlSecondsAfterFinished: 5 }
  await it.create({ jobTemplate: { metadata: {}, spec } })
  await it.pass(minute - 25_000)
  expect(it.jobs().map(({ status }) => status.succeeded)).toEqual([1])
  await it.pass(6000)
  expect(it.jobs()).toEqual([])
})

test('[M-3, G-5] a Job of another manager expires after the end that this one writes', async () => {
  const it = await cluster()
  await it.createJob({ managedBy: 'example.com/x', ttlSecondsAfterFinished: 5 })
  const at = (await it.job()).metadata.creationTimestamp
  const condition = (type: string) => ({ type, status: 'True', lastProbeTime: at, lastTransitionTime: at })
  await it.must('PATCH', `${it.jobsPath}/job/status`, {
    status: {
      startTime: at,
      completionTime: at,
      conditions: [condition('SuccessCriteriaMet'), condition('Complete')],
    },
  })
  await it.pass(3)
  expect(await it.exists()).toBe(true)
  await it.pass(3)
  expect(await it.exists()).toBe(false)
})

describe('Pods that Jobs share', () => {
  const blue = { batch: 'blue' }
  const manual = { manualSelector: true, selector: { matchLabels: blue }, labels: blue }
  const foundling = (over: object = {}) => ({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'foundling', labels: blue, ...over },
    spec: { containers: [{ name: 'main', image: 'busybox' }] },
  })
  const ownersOf = async (it: Awaited<ReturnType<typeof cluster>>) =>
    (await it.pods()).map(({ metadata }) => metadata.ownerReferences?.[0]?.name ?? 'nobody')

  test('[W-3] Jobs with the same selector keep to their own, and do not steal', async () => {
    const it = await cluster()
    await it.createJob({ ...manual, parallelism: 2, completions: 2 }, 'one')
    await it.createJob({ ...manual, parallelism: 1 }, 'two')
    await it.pass(3)
    expect((await ownersOf(it)).toSorted((a, b) => a.localeCompare(b))).toEqual(['one', 'one', 'two'])
    expect(await it.status('one')).toMatchObject({ active: 2 })
    expect(await it.status('two')).toMatchObject({ active: 1 })
  })

  test('[E-7] a Pod of nobody is seen, after a second, by a Job whose selector finds it', async () => {
    const it = await cluster()
    await it.createJob({ ...manual, parallelism: 1 }, 'one')
    const [own] = await it.active()
    await it.deletePod(own!)
    await it.must('POST', it.podsPath, foundling())
    expect(await ownersOf(it)).toEqual(['nobody'])
    await it.pass(1.5)
    expect(await ownersOf(it)).toEqual(['one'])
    await it.pass(1.5)
    expect(await it.status('one')).toMatchObject({ active: 1 })
  })

  test('[E-6] a Pod that changes hands is missed by its old owner and counted by the new one', async () => {
    const it = await cluster()
    await it.createJob({ labels: blue }, 'one')
    const [pod] = await it.active()
    await it.createJob({ ...manual, parallelism: 1, completions: 1 }, 'two')
    await it.fail((await it.pods('two'))[0]!)
    expect(await it.active('two')).toEqual([])
    await it.patchPod(pod!, {
      metadata: { ownerReferences: null, labels: { 'batch.kubernetes.io/controller-uid': null } },
    })
    await it.pass(3)
    expect((await it.active('two')).map(({ metadata }) => metadata.uid)).toEqual([pod?.metadata.uid])
    expect(await it.active('one')).toHaveLength(1)
    expect(await it.status('one')).toMatchObject({ active: 1 })
    expect(await it.status('two')).toMatchObject({ active: 1, failed: 1 })
  })

  test('[E-8] a Pod of nobody that bears the tracking finalizer loses it', async () => {
    const it = await cluster()
    await it.must('POST', it.podsPath, foundling({ finalizers: [trackingFinalizer, 'example.com/keep'] }))
    await it.pass(2)
    expect((await it.pods()).map(({ metadata }) => metadata.finalizers)).toEqual([['example.com/keep']])
  })

  test('[E-8] one whose controller is of another kind keeps it', async () => {
    const it = await cluster()
    const owner = { apiVersion: 'apps/v1', kind: 'ReplicaSet', name: 'a', uid: 'uid-a', controller: true }
    await it.must('POST', it.podsPath, foundling({ finalizers: [trackingFinalizer], ownerReferences: [owner] }))
    await it.pass(2)
    expect((await it.pods()).map(({ metadata }) => metadata.finalizers)).toEqual([[trackingFinalizer]])
  })

  test('[E-4, E-8] a Pod of a finished Job does not keep it either', async () => {
    const it = await cluster()
    await it.createJob({})
    await it.succeed(1)
    const [pod] = await it.pods()
    await it.patchPod(pod!, { metadata: { finalizers: [trackingFinalizer] } })
    await it.pass(2)
    expect((await it.pods()).filter(isTracked)).toEqual([])
  })
})
