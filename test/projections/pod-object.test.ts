import { describe, expect, test } from 'vitest'
import type { JobCommand } from '../../src/domain/job/commands.ts'
import type { PodObservation } from '../../src/domain/job/observations.ts'
import type { ContainerStatus } from '../../src/domain/kubernetes/pod-object.ts'
import type { Container } from '../../src/domain/kubernetes/pod-spec.ts'
import { emptyJobView } from '../../src/projections/job-view.ts'
import { findPodByName, podObject } from '../../src/projections/pod-object.ts'
import { change, deletePod, failed, launched, saw, started, succeeded } from '../support/given.ts'
import { manifest } from '../support/manifests.ts'
import { atSecond, type Told, timeAt, told, toldOf } from '../support/told.ts'

const objectOf = ({ view }: Told, pod = 0) => {
  const object = podObject(view, pod)
  if (object === null) throw new Error('there is no such Pod')
  return object
}
const statusOf = (job: Told, pod = 0) => objectOf(job, pod).status

const lost: JobCommand = { type: 'RecordLostPods' }
const timedOut = (second: number) =>
  saw(0, { type: 'PodFailed', reason: 'DeadlineExceeded', exitCode: null, at: atSecond(second) })

describe('the phase of a Pod, its conditions and times', () => {
  const conditions = ({ status }: ReturnType<typeof objectOf>) =>
    status.conditions?.map((one) => [one.type, one.status, one.lastTransitionTime, one.reason])

  test('created: nothing but its phase and class', () => {
    const pod = objectOf(told().sync(1))
    expect(pod.status).toStrictEqual({ phase: 'Pending', qosClass: 'BestEffort' })
    expect(pod.spec).not.toHaveProperty('nodeName')
  })

  test.each<[what: string, job: Told, status: object, conditions: unknown]>([
    [
      'with a process it has a node, and is not yet initialized',
      told()
        .sync(1)
        .and(launched(0, atSecond(2))),
      { phase: 'Pending', startTime: timeAt(1), podIP: '127.0.0.1', hostIP: '127.0.0.1' },
      [
        ['Initialized', 'False', timeAt(1), 'ContainersNotInitialized'],
        ['Ready', 'False', timeAt(1), 'ContainersNotReady'],
        ['ContainersReady', 'False', timeAt(1), 'ContainersNotReady'],
        ['PodScheduled', 'True', timeAt(1), undefined],
      ],
    ],
    [
      'running and ready',
      told()
        .sync(1)
        .and(launched(0, atSecond(2)))
        .and(started(0, atSecond(3))),
      { phase: 'Running', startTime: timeAt(1) },
      [
        ['Initialized', 'True', timeAt(3), undefined],
        ['Ready', 'True', timeAt(3), undefined],
        ['ContainersReady', 'True', timeAt(3), undefined],
        ['PodScheduled', 'True', timeAt(1), undefined],
      ],
    ],
    [
      'running and not ready',
      told()
        .sync(1)
        .and(started(0, atSecond(3), false)),
      { phase: 'Running' },
      [
        ['Initialized', 'True', timeAt(3), undefined],
        ['Ready', 'False', timeAt(3), 'ContainersNotReady'],
        ['ContainersReady', 'False', timeAt(3), 'ContainersNotReady'],
        ['PodScheduled', 'True', timeAt(1), undefined],
      ],
    ],
    [
      'succeeded: ready turned false at its end',
      told()
        .sync(1)
        .and(started(0, atSecond(3)))
        .and(succeeded(0, atSecond(9))),
      { phase: 'Succeeded' },
      [
        ['Initialized', 'True', timeAt(3), 'PodCompleted'],
        ['Ready', 'False', timeAt(9), 'PodCompleted'],
        ['ContainersReady', 'False', timeAt(9), 'PodCompleted'],
        ['PodScheduled', 'True', timeAt(1), undefined],
      ],
    ],
    [
      'failed',
      told()
        .sync(1)
        .and(started(0, atSecond(3)))
        .and(failed(0, atSecond(9))),
      { phase: 'Failed' },
      [
        ['Initialized', 'True', timeAt(3), undefined],
        ['Ready', 'False', timeAt(9), 'PodFailed'],
        ['ContainersReady', 'False', timeAt(9), 'PodFailed'],
        ['PodScheduled', 'True', timeAt(1), undefined],
      ],
    ],
  ])('%s', (_, job, status, wanted) => {
    const pod = objectOf(job)
    expect(pod.status).toMatchObject(status)
    expect(conditions(pod)).toStrictEqual(wanted)
    expect(pod.spec.nodeName).toBe('local')
  })

  test.each<[what: string, job: Told, reason: string | undefined, message: string | undefined]>([
    ['an ordinary failure has none', told().sync().and(failed(0)), undefined, undefined],
    [
      'its own deadline',
      told().sync().and(timedOut(5)),
      'DeadlineExceeded',
      'Pod was active on the node longer than the specified deadline',
    ],
    [
      'a crash',
      told().sync().and(launched(0)).and(lost),
      'NodeLost',
      'the process that ran the Pod ended before the Pod did',
    ],
    [
      'another reason speaks for itself',
      told()
        .sync()
        .and(saw(0, { type: 'PodFailed', reason: 'Evicted', exitCode: null, at: atSecond(1) })),
      'Evicted',
      'Evicted',
    ],
  ])('the reason why it failed: %s', (_, job, reason, message) => {
    expect([statusOf(job).reason, statusOf(job).message]).toStrictEqual([reason, message])
  })
})

describe('the metadata of a Pod', () => {
  test('belongs to its Job, is tracked, and has the labels of the template', () => {
    const { metadata } = objectOf(told().sync(1))
    expect(metadata).toMatchObject({
      generateName: 'pi-',
      namespace: 'default',
      creationTimestamp: timeAt(1),
      labels: { 'job-name': 'pi', 'batch.kubernetes.io/controller-uid': 'uid-1' },
      finalizers: ['batch.kubernetes.io/job-tracking'],
      ownerReferences: [
        { apiVersion: 'batch/v1', kind: 'Job', name: 'pi', uid: 'uid-1', controller: true, blockOwnerDeletion: true },
      ],
    })
    expect(metadata.name).toMatch(/^pi-[bcdfghjklmnpqrstvwxz2456789]{5}$/)
    expect(metadata).not.toHaveProperty('annotations')
    expect(metadata).not.toHaveProperty('deletionTimestamp')
  })

  test('users change it: annotations that were all taken away do not come back with a new one', () => {
    const template = { metadata: { annotations: { team: 'red' } }, ...manifest().spec.template }
    const change = { type: 'ChangePod', pod: 0, isSelected: true, isTracked: true, isOwned: true } as const
    const changed = (job: Told, annotations: object | null) =>
      job.and({ ...change, patch: { metadata: { annotations } }, hasNode: false, hasFinalizers: false })
    const job = told(manifest({ template })).sync()
    const without = changed(job, null)
    const again = changed(without, { team: 'blue' })
    const annotationsOf = ({ view }: Told) => podObject(view, 0)?.metadata.annotations
    expect(
      [job, without, changed(without, { cost: '7' }), again, changed(again, { cost: '7' })].map(annotationsOf),
    ).toEqual([{ team: 'red' }, undefined, { cost: '7' }, { team: 'blue' }, { team: 'blue', cost: '7' }])
  })

  test('[C-2] loses its finalizer when its end is counted', () => {
    expect(objectOf(told().sync().and(failed(0)).sync(1)).metadata).not.toHaveProperty('finalizers')
  })

  test('[10.4] being deleted: the time is when the grace ends', () => {
    const going = told(manifest({ parallelism: 2, completions: 2 }))
      .sync()
      .and(deletePod(1, 7), 20)
    expect(objectOf(going, 1).metadata).toMatchObject({
      deletionTimestamp: timeAt(27),
      deletionGracePeriodSeconds: 7,
    })
  })

  test('[4.1] of an Indexed Job: index in name, labels, annotations, host name and environment', () => {
    const pod = objectOf(told(manifest({ completionMode: 'Indexed', completions: 3, parallelism: 3 })).sync(), 2)
    const index = { 'batch.kubernetes.io/job-completion-index': '2' }
    expect(pod.metadata).toMatchObject({ generateName: 'pi-2-', labels: index, annotations: index })
    expect(pod.metadata.name).toMatch(/^pi-2-.{5}$/)
    expect(pod.spec.hostname).toBe('pi-2')
    expect(pod.spec.containers[0]?.env).toStrictEqual([
      {
        name: 'JOB_COMPLETION_INDEX',
        valueFrom: {
          fieldRef: {
            apiVersion: 'v1',
            fieldPath: "metadata.labels['batch.kubernetes.io/job-completion-index']",
          },
        },
      },
    ])
  })

  test('[D-10] a variable of that name is left alone, and init containers have it too', () => {
    const own = { name: 'JOB_COMPLETION_INDEX', value: 'mine' }
    const job = toldOf(
      {
        initContainers: [{ name: 'before', image: 'busybox' }],
        containers: [{ name: 'main', image: 'busybox', env: [own] }],
      },
      { completionMode: 'Indexed' },
    ).sync()
    const { spec } = objectOf(job)
    expect(spec.containers[0]?.env).toStrictEqual([own])
    expect(spec.initContainers?.[0]?.env?.map(({ name }) => name)).toStrictEqual(['JOB_COMPLETION_INDEX'])
  })

  test('a Pod has a new resource version with each event about it', () => {
    const job = told(manifest({ parallelism: 2, completions: 2 })).sync()
    const version = (one: Told, pod: number) => Number(objectOf(one, pod).metadata.resourceVersion)
    const later = job.and(started(1))
    expect(version(later, 0)).toBe(version(job, 0))
    expect(version(later, 1)).toBe(later.history.length)
  })
})

describe('a Pod that is not there', () => {
  const job = told().sync()

  test.each<[what: string, it: Told['view'], pod: number]>([
    ['no Job', emptyJobView, 0],
    ['never created', job.view, 1],
    ['before the first', job.view, -1],
    [
      'removed',
      job
        .and(change({ suspend: true }))
        .sync()
        .and(failed(0)).view,
      0,
    ],
  ])('%s', (_, view, pod) => expect(podObject(view, pod)).toBeNull())

  test('is not found by its name, and one that is there is', () => {
    const { name } = objectOf(job).metadata
    expect(findPodByName(job.view, name)).toBe(0)
    expect(findPodByName(job.view, 'pi-xxxxx')).toBeNull()
    expect(findPodByName(job.view, 'other')).toBeNull()
    expect(findPodByName(emptyJobView, name)).toBeNull()
    const gone = job
      .and(change({ suspend: true }))
      .sync()
      .and(failed(0))
    expect(findPodByName(gone.view, name)).toBeNull()
    const indexed = told(manifest({ completionMode: 'Indexed', completions: 3, parallelism: 3 })).sync()
    expect(findPodByName(indexed.view, objectOf(indexed, 2).metadata.name)).toBe(2)
  })
})

describe('the quality of service class', () => {
  const withResources = (...resources: ReadonlyArray<Container['resources']>) =>
    toldOf({
      containers: resources.map((one, place) => ({
        name: `c${place}`,
        image: 'busybox',
        ...(one === undefined ? {} : { resources: one }),
      })),
    }).sync()
  const full = { cpu: '1', memory: '1Gi' }

  test.each<[qosClass: string, what: string, resources: ReadonlyArray<Container['resources']>]>([
    ['BestEffort', 'no resources', [undefined]],
    ['BestEffort', 'empty resources', [{ limits: {}, requests: {} }]],
    ['Guaranteed', 'limits that are the requests too', [{ limits: full }]],
    ['Guaranteed', 'the same requests and limits', [{ limits: full, requests: full }]],
    ['Burstable', 'requests alone', [{ requests: full }]],
    ['Burstable', 'a limit of memory alone', [{ limits: { memory: '1Gi' } }]],
    ['Burstable', 'lower requests', [{ limits: full, requests: { ...full, cpu: '500m' } }]],
    ['Burstable', 'one container without', [{ limits: full }, undefined]],
  ])('%s: %s', (qosClass, _, resources) => expect(statusOf(withResources(...resources)).qosClass).toBe(qosClass))
})

describe('the status of a container', () => {
  const process = (second: number, restart = 0, container = 0): PodObservation => ({
    type: 'ProcessStarted',
    container,
    restart,
    bootId: 'boot',
    pid: 7,
    startTicks: 9,
    at: atSecond(second),
  })
  const exit = (second: number, over: Partial<Extract<PodObservation, { type: 'ContainerExited' }>> = {}) =>
    ({
      type: 'ContainerExited',
      container: 0,
      restart: 0,
      exitCode: 0,
      signal: 0,
      reason: 'Completed',
      startedAt: atSecond(2),
      logBytes: 0,
      logSha256: '',
      at: atSecond(second),
      ...over,
    }) satisfies PodObservation
  const waits = (reason: 'CrashLoopBackOff' | 'CreateContainerConfigError', restart: number): PodObservation => ({
    type: 'ContainerWaiting',
    container: 0,
    restart,
    reason,
    until: null,
    backoffMs: reason === 'CrashLoopBackOff' ? 20_000 : 0,
    at: atSecond(5),
  })
  const says = (message: string): PodObservation => ({
    type: 'MessageRecorded',
    container: 0,
    restart: 0,
    message,
    at: atSecond(4),
  })
  const run: PodObservation = { type: 'PodStarted', ready: true, at: atSecond(3) }
  const ended = (exitCode: number, over: object = {}) => ({
    exitCode,
    reason: exitCode === 0 ? 'Completed' : 'Error',
    startedAt: timeAt(2),
    finishedAt: timeAt(4),
    containerID: '',
    ...over,
  })

  const first = (...facts: ReadonlyArray<PodObservation>): ContainerStatus | undefined =>
    statusOf(facts.reduce((job, fact) => job.and(saw(0, fact)), told().sync())).containerStatuses?.[0]

  test.each<[what: string, facts: ReadonlyArray<PodObservation>, status: object]>([
    [
      'runs',
      [process(2), run],
      {
        name: 'main',
        image: 'busybox',
        imageID: '',
        containerID: 'jobledger://0-main-0',
        state: { running: { startedAt: timeAt(2) } },
        lastState: {},
        ready: true,
        started: true,
        restartCount: 0,
      },
    ],
    [
      'runs in a Pod of which no more is known',
      [run],
      { state: { running: { startedAt: timeAt(3) } }, ready: true, started: true, restartCount: 0 },
    ],
    [
      'ended well',
      [process(2), run, exit(4)],
      { state: { terminated: ended(0) }, ready: false, started: false, lastState: {} },
    ],
    [
      'ended by a signal, with last words',
      [process(2), run, says('bye'), exit(4, { exitCode: 137, signal: 9, reason: 'OOMKilled' })],
      { state: { terminated: ended(137, { signal: 9, reason: 'OOMKilled', message: 'bye' }) } },
    ],
    [
      'waits before its next try',
      [process(2), run, exit(4, { exitCode: 1, reason: 'Error' }), waits('CrashLoopBackOff', 1)],
      {
        state: {
          waiting: {
            reason: 'CrashLoopBackOff',
            message:
              'back-off 20s restarting failed container=main pod=pi-jdfj9_default(f84eee51-9c1b-8b78-a22f-5094333dfded)',
          },
        },
        lastState: { terminated: ended(1) },
        containerID: 'jobledger://0-main-0',
        ready: false,
        restartCount: 0,
      },
    ],
    [
      'runs again',
      [
        process(2),
        run,
        says('bye'),
        exit(4, { exitCode: 1, reason: 'Error' }),
        waits('CrashLoopBackOff', 1),
        process(9, 1),
      ],
      {
        state: { running: { startedAt: timeAt(9) } },
        lastState: { terminated: ended(1, { message: 'bye' }) },
        containerID: 'jobledger://0-main-1',
        ready: true,
        restartCount: 1,
      },
    ],
    [
      'cannot be made',
      [run, says('secret "x" not found'), waits('CreateContainerConfigError', 0)],
      {
        state: { waiting: { reason: 'CreateContainerConfigError', message: 'secret "x" not found' } },
        ready: false,
        started: false,
        restartCount: 0,
      },
    ],
    [
      'ended with its Pod, without a word',
      [run, { type: 'PodFailed', reason: null, exitCode: 3, at: atSecond(4) }],
      { state: { terminated: ended(3, { startedAt: timeAt(3) }) } },
    ],
    [
      'succeeded with its Pod, without a word',
      [run, { type: 'PodSucceeded', at: atSecond(4) }],
      { state: { terminated: ended(0, { startedAt: timeAt(3) }) } },
    ],
    [
      'was lost with its Pod',
      [process(2), run, { type: 'PodFailed', reason: 'NodeLost', exitCode: null, at: atSecond(4) }],
      { state: { terminated: ended(137, { reason: 'ContainerStatusUnknown' }) } },
    ],
    [
      'had never started when its Pod ended',
      [{ type: 'PodFailed', reason: 'DeadlineExceeded', exitCode: null, at: atSecond(4) }],
      { state: { terminated: ended(137, { reason: 'ContainerStatusUnknown', startedAt: timeAt(0) }) } },
    ],
  ])('%s', (_, facts, status) => expect(first(...facts)).toMatchObject(status))

  describe('with init containers', () => {
    const job = toldOf({
      initContainers: [
        { name: 'sidecar', image: 'busybox', restartPolicy: 'Always' },
        { name: 'before', image: 'busybox' },
      ],
      containers: [{ name: 'main', image: 'busybox' }],
    }).sync()
    const statuses = (...facts: ReadonlyArray<PodObservation>) => {
      const status = statusOf(facts.reduce((one, fact) => one.and(saw(0, fact)), job))
      return [...(status.initContainerStatuses ?? []), ...(status.containerStatuses ?? [])].map(
        ({ name, state, ready }) => [
          name,
          state.waiting?.reason ?? state.terminated?.reason ?? (state.running ? 'runs' : ''),
          ready,
        ],
      )
    }

    test('the app waits as long as one has not ended', () =>
      expect(statuses(process(1, 0, 0), process(2, 0, 1))).toStrictEqual([
        ['sidecar', 'runs', true],
        ['before', 'runs', false],
        ['main', 'PodInitializing', false],
      ]))

    test('one that ended well is ready for ever, and the app is made', () =>
      expect(statuses(process(1, 0, 0), process(2, 0, 1), exit(3, { container: 1 }))).toStrictEqual([
        ['sidecar', 'runs', true],
        ['before', 'Completed', true],
        ['main', 'ContainerCreating', false],
      ]))

    test('a sidecar does not keep the app back, nor is it ready without running', () =>
      expect(
        statuses(process(1, 0, 0), exit(2, { container: 0, exitCode: 1, reason: 'Error' }), process(2, 0, 1)),
      ).toStrictEqual([
        ['sidecar', 'Error', false],
        ['before', 'runs', false],
        ['main', 'PodInitializing', false],
      ]))

    test('the app of a Pod whose start failed never started', () =>
      expect(
        statuses(process(1, 0, 0), process(2, 0, 1), exit(3, { container: 1, exitCode: 1, reason: 'Error' }), {
          type: 'PodFailed',
          reason: null,
          exitCode: 1,
          at: atSecond(3),
        }),
      ).toStrictEqual([
        ['sidecar', 'Error', false],
        ['before', 'Error', false],
        ['main', 'PodInitializing', false],
      ]))
  })
})

test('every Pod of many has a phase of its own', () => {
  const all = Array.from({ length: 40 }, (_, pod) => pod)
  const job = all.reduce(
    (one, pod) => one.and(pod % 3 === 0 ? succeeded(pod) : started(pod)),
    told(manifest({ parallelism: 40, completions: 40 })).sync(),
  )
  expect(all.map((pod) => statusOf(job, pod).phase)).toStrictEqual(
    all.map((pod) => (pod % 3 === 0 ? 'Succeeded' : 'Running')),
  )
})
