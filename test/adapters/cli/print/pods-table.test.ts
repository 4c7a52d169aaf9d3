import { expect, test } from 'vitest'
import { podDisplayStatus } from '../../../../src/projections/tables/pod-display-status.ts'
import { podRows } from '../../../../src/projections/tables/pods-table.ts'
import { containerStatus, ended, now, pod, podCondition, running, text, waiting } from './objects.ts'
import { tableText } from '../../../../src/adapters/cli/print/table.ts'

const podsTable = (...[pods, options]: Parameters<typeof podRows>): string => tableText(podRows(pods, options), options)

type PodOver = Parameters<typeof pod>[0]

const two = { containers: [{ name: 'main' }, { name: 'second' }] }
const main = (over: Parameters<typeof containerStatus>[0]) => containerStatus(over)
const second = (over: Parameters<typeof containerStatus>[0]) => containerStatus({ name: 'second', ...over })
const deleted = { deletionTimestamp: '2026-07-21T08:09:00Z' }
const withInit = { initContainers: [{ name: 'first' }, { name: 'next' }] }
const withSidecar = { initContainers: [{ name: 'side', restartPolicy: 'Always' }, { name: 'next' }] }
const first = (over: Parameters<typeof containerStatus>[0]) => containerStatus({ name: 'first', ...over })
const side = (over: Parameters<typeof containerStatus>[0]) => containerStatus({ name: 'side', ...over })
const next = (over: Parameters<typeof containerStatus>[0]) => containerStatus({ name: 'next', ...over })

test.each<[what: string, status: string, ready: string, over: PodOver]>([
  ['nothing known but the phase', 'Pending', '0/1', {}],
  ['the reason of the Pod outranks the phase', 'Evicted', '0/1', { status: { phase: 'Failed', reason: 'Evicted' } }],
  [
    'a scheduling gate',
    'SchedulingGated',
    '0/1',
    { status: { conditions: [podCondition('PodScheduled', 'False', 'SchedulingGated')] } },
  ],
  [
    'a waiting container',
    'ContainerCreating',
    '0/1',
    { status: { containerStatuses: [main({ state: waiting('ContainerCreating') })] } },
  ],
  [
    'a running container',
    'Running',
    '1/1',
    { status: { phase: 'Running', containerStatuses: [main({ state: running, ready: true })] } },
  ],
  [
    'a container in a crash loop',
    'CrashLoopBackOff',
    '0/1',
    {
      status: { phase: 'Running', containerStatuses: [main({ state: waiting('CrashLoopBackOff'), restartCount: 4 })] },
    },
  ],
  [
    'a container that completed',
    'Completed',
    '0/1',
    { status: { phase: 'Succeeded', containerStatuses: [main({ state: ended(0, 'Completed') })] } },
  ],
  [
    'a container that failed outranks the reason of the Pod',
    'Error',
    '0/1',
    {
      status: { phase: 'Failed', reason: 'DeadlineExceeded', containerStatuses: [main({ state: ended(1, 'Error') })] },
    },
  ],
  [
    'an end without reason by its exit code',
    'ExitCode:3',
    '0/1',
    { status: { phase: 'Failed', containerStatuses: [main({ state: ended(3, '') })] } },
  ],
  [
    'an end without reason by its signal',
    'Signal:9',
    '0/1',
    { status: { phase: 'Failed', containerStatuses: [main({ state: ended(137, '', 9) })] } },
  ],
  [
    'the first container has the last word',
    'ErrImagePull',
    '0/2',
    {
      spec: two,
      status: { containerStatuses: [main({ state: waiting('ErrImagePull') }), second({ state: ended(1, 'Error') })] },
    },
  ],
  [
    'a completed first container hides no failed second one',
    'OOMKilled',
    '0/2',
    {
      spec: two,
      status: {
        phase: 'Failed',
        containerStatuses: [main({ state: ended(0, 'Completed') }), second({ state: ended(137, 'OOMKilled') })],
      },
    },
  ],
  [
    'a completed container beside a running one, Pod ready',
    'Running',
    '1/2',
    {
      spec: two,
      status: {
        phase: 'Running',
        conditions: [podCondition('Ready', 'True')],
        containerStatuses: [main({ state: ended(0, 'Completed') }), second({ state: running, ready: true })],
      },
    },
  ],
  [
    'a completed container beside a running one, Pod not ready',
    'NotReady',
    '1/2',
    {
      spec: two,
      status: {
        phase: 'Running',
        conditions: [podCondition('Ready', 'False')],
        containerStatuses: [main({ state: ended(0, 'Completed') }), second({ state: running, ready: true })],
      },
    },
  ],
  [
    'init containers by number',
    'Init:1/2',
    '0/1',
    {
      spec: withInit,
      status: {
        initContainerStatuses: [first({ state: ended(0, 'Completed'), ready: true }), next({ state: running })],
        containerStatuses: [main({ state: waiting('PodInitializing') })],
      },
    },
  ],
  [
    'an init container that failed',
    'Init:Error',
    '0/1',
    { spec: withInit, status: { initContainerStatuses: [first({ state: ended(1, 'Error') })] } },
  ],
  [
    'an init container that failed without reason',
    'Init:ExitCode:2',
    '0/1',
    { spec: withInit, status: { initContainerStatuses: [first({ state: ended(2, '') })] } },
  ],
  [
    'an init container that was killed without reason',
    'Init:Signal:15',
    '0/1',
    { spec: withInit, status: { initContainerStatuses: [first({ state: ended(143, '', 15) })] } },
  ],
  [
    'an init container in a crash loop',
    'Init:CrashLoopBackOff',
    '0/1',
    { spec: withInit, status: { initContainerStatuses: [first({ state: waiting('CrashLoopBackOff') })] } },
  ],
  [
    'an init container that merely waits for its turn',
    'Init:0/2',
    '0/1',
    { spec: withInit, status: { initContainerStatuses: [first({ state: waiting('PodInitializing') })] } },
  ],
  [
    'a started sidecar counts and lets the next one go on',
    'Init:1/2',
    '1/2',
    {
      spec: withSidecar,
      status: {
        initContainerStatuses: [side({ state: running, started: true, ready: true }), next({ state: running })],
      },
    },
  ],
  [
    'with the condition Initialized the apps count, though an init container seems unfinished',
    'Init:0/1',
    '1/1',
    {
      spec: { initContainers: [{ name: 'first' }] },
      status: {
        phase: 'Running',
        conditions: [podCondition('Initialized', 'True'), podCondition('Ready', 'True')],
        initContainerStatuses: [first({ state: running })],
        containerStatuses: [main({ state: running, ready: true })],
      },
    },
  ],
  ['a deleted Pod that has not ended', 'Terminating', '0/1', { metadata: deleted, status: { phase: 'Running' } }],
  [
    'a deleted Pod that has failed',
    'Error',
    '0/1',
    { metadata: deleted, status: { phase: 'Failed', containerStatuses: [main({ state: ended(143, 'Error') })] } },
  ],
  [
    'a deleted Pod of a lost node',
    'Unknown',
    '0/1',
    { metadata: deleted, status: { phase: 'Running', reason: 'NodeLost' } },
  ],
])('[12.4] %s: %s', (_, status, ready, over) => {
  const shown = podDisplayStatus(pod(over))
  expect([shown.reason, `${shown.readyContainers}/${shown.totalContainers}`]).toStrictEqual([status, ready])
})

test('[12.4] restarts are those of the sidecars and the apps, told with the time of the last end', () => {
  const status = {
    phase: 'Running' as const,
    initContainerStatuses: [
      side({ state: running, started: true, ready: true, restartCount: 1, lastState: ended(1, 'Error') }),
      next({ state: ended(0, 'Completed'), restartCount: 7 }),
    ],
    containerStatuses: [main({ state: running, ready: true, restartCount: 2 })],
  }
  expect(podDisplayStatus(pod({ spec: withSidecar, status }))).toStrictEqual({
    reason: 'Running',
    readyContainers: 2,
    totalContainers: 2,
    restarts: 3,
    lastRestartAt: Date.parse('2026-07-21T08:05:00Z'),
  })
})

test('[12.4] while init containers run their restarts are the restarts', () => {
  const initContainerStatuses = [
    first({ state: waiting('CrashLoopBackOff'), restartCount: 3, lastState: ended(1, 'Error') }),
  ]
  expect(podDisplayStatus(pod({ spec: withInit, status: { initContainerStatuses } }))).toMatchObject({
    restarts: 3,
    lastRestartAt: Date.parse('2026-07-21T08:05:00Z'),
  })
})

const restarted = pod({
  metadata: { name: 'pi-restarted' },
  spec: { nodeName: 'here', readinessGates: [{ conditionType: 'gate' }, { conditionType: 'other' }] },
  status: {
    phase: 'Running',
    podIP: '10.0.0.7',
    podIPs: [{ ip: '10.0.0.7' }],
    nominatedNodeName: 'there',
    conditions: [podCondition('gate', 'True')],
    containerStatuses: [main({ state: running, ready: true, restartCount: 2, lastState: ended(1, 'Error') })],
  },
})

test('[12.4] Pods are printed as kubectl prints them', () => {
  expect(podsTable([pod({}), restarted], { now })).toBe(text`
    NAME           READY   STATUS    RESTARTS     AGE
    pi-0           0/1     Pending   0            10m
    pi-restarted   1/1     Running   2 (5m ago)   10m
  `)
})

test('[12.4] wide adds address, nodes and readiness gates', () => {
  expect(podsTable([pod({}), restarted], { now, wide: true, allNamespaces: true })).toBe(text`
    NAMESPACE   NAME           READY   STATUS    RESTARTS     AGE   IP         NODE     NOMINATED NODE   READINESS GATES
    default     pi-0           0/1     Pending   0            10m   <none>     <none>   <none>           <none>
    default     pi-restarted   1/1     Running   2 (5m ago)   10m   10.0.0.7   here     there            1/2
  `)
})

test('a status of which a client told only the name of a container', () => {
  const status = { phase: 'Running' as const, qosClass: '' }
  const containerStatuses = [{ name: 'main' }] as unknown as ReadonlyArray<ReturnType<typeof containerStatus>>
  const told = { ...pod({}), status: { ...status, containerStatuses, initContainerStatuses: containerStatuses } }
  expect(podDisplayStatus(told)).toMatchObject({ restarts: 0, readyContainers: 0 })
})
