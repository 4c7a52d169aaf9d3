import type { EventObject } from '../../../../src/domain/kubernetes/event-object.ts'
import type { JobObject, JobSpec, JobStatus, ObjectMeta } from '../../../../src/domain/kubernetes/job-object.ts'
import type { ContainerStatus, PodObject, PodStatus } from '../../../../src/domain/kubernetes/pod-object.ts'
import type { PodSpec } from '../../../../src/domain/kubernetes/pod-spec.ts'

/** Ten minutes after the objects below were created. */
export const now = Date.parse('2026-07-21T08:10:00Z')

type Over<Part> = Partial<Part> & Readonly<Record<string, unknown>>

/** A Job with one container; a test names only what it is about. */
export const job = (over: {
  readonly metadata?: Over<ObjectMeta>
  readonly spec?: Over<JobSpec>
  readonly status?: JobStatus
}): JobObject => ({
  apiVersion: 'batch/v1',
  kind: 'Job',
  metadata: { name: 'pi', namespace: 'default', creationTimestamp: '2026-07-21T08:00:00Z', ...over.metadata },
  spec: {
    parallelism: 1,
    backoffLimit: 6,
    completionMode: 'NonIndexed',
    suspend: false,
    podReplacementPolicy: 'TerminatingOrFailed',
    template: { spec: { containers: [{ name: 'pi', image: 'perl:5.34.0' }] } },
    ...over.spec,
  },
  status: over.status ?? {},
})

/** A condition that holds. */
export const condition = (type: NonNullable<JobStatus['conditions']>[number]['type']) => ({
  type,
  status: 'True' as const,
  lastProbeTime: '2026-07-21T08:00:00Z',
  lastTransitionTime: '2026-07-21T08:00:00Z',
  reason: '',
  message: '',
})

/** A Pod with one container, pending. */
export const pod = (over: {
  readonly metadata?: Over<ObjectMeta>
  readonly spec?: Over<PodSpec>
  readonly status?: Over<PodStatus>
}): PodObject => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'pi-0', namespace: 'default', creationTimestamp: '2026-07-21T08:00:00Z', ...over.metadata },
  spec: { containers: [{ name: 'main', image: 'busybox' }], ...over.spec },
  status: { phase: 'Pending', qosClass: 'BestEffort', ...over.status },
})

export const containerStatus = (over: Partial<ContainerStatus> = {}): ContainerStatus => ({
  name: 'main',
  image: 'busybox',
  imageID: '',
  state: {},
  lastState: {},
  ready: false,
  started: false,
  restartCount: 0,
  ...over,
})

export const running = { running: { startedAt: '2026-07-21T08:00:01Z' } }

/** The state of a container that ended; without a reason, as some writers leave it, when that is empty. */
export const ended = (exitCode: number, reason: string, signal?: number) => ({
  terminated: {
    exitCode,
    reason,
    startedAt: '2026-07-21T08:00:01Z',
    finishedAt: '2026-07-21T08:05:00Z',
    containerID: '',
    ...(signal === undefined ? {} : { signal }),
  },
})

export const waiting = (reason: string) => ({ waiting: { reason } })

export const podCondition = (type: string, status: 'True' | 'False', reason?: string) => ({
  type,
  status,
  lastProbeTime: null,
  lastTransitionTime: '2026-07-21T08:00:00Z',
  ...(reason === undefined ? {} : { reason }),
})

export const event = (over: Over<EventObject>): EventObject => ({
  apiVersion: 'v1',
  kind: 'Event',
  metadata: { name: 'pi.1', namespace: 'default' },
  involvedObject: { apiVersion: 'batch/v1', kind: 'Job', namespace: 'default', name: 'pi', uid: '1' },
  type: 'Normal',
  reason: 'SuccessfulCreate',
  message: 'Created pod: pi-0',
  source: { component: 'job-controller' },
  firstTimestamp: '2026-07-21T08:00:00Z',
  lastTimestamp: '2026-07-21T08:00:00Z',
  count: 1,
  reportingComponent: 'job-controller',
  reportingInstance: '',
  ...over,
})

/** Text written with a margin in a test: the first line end and the common indent are dropped; `$` guards spaces at line ends. */
export const text = ([written]: TemplateStringsArray): string => {
  const lines = (written ?? '').split('\n').slice(1, -1)
  const margin = Math.min(...lines.filter((line) => line.trim() !== '').map((line) => line.search(/\S/)))
  return lines.map((line) => `${line.slice(margin).replace(/\$$/, '')}\n`).join('')
}
