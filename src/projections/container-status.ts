import type { PodRow } from '../domain/job/pod-columns.ts'
import type { ObjectMeta } from '../domain/kubernetes/job-object.ts'
import type { ContainerState, ContainerStatus } from '../domain/kubernetes/pod-object.ts'
import type { Container, PodSpec } from '../domain/kubernetes/pod-spec.ts'
import type { ContainerRecord, Termination } from './container-record.ts'
import { kubernetesTime } from './time.ts'

/** How far a Pod that runs here has come. */
export type PodLife = Pick<
  PodRow,
  | 'pod'
  | 'phase'
  | 'ready'
  | 'reason'
  | 'exitCode'
  | 'createdAt'
  | 'startedAt'
  | 'readyTurnedAt'
  | 'finishedAt'
  | 'unschedulable'
>

/** [10.2] The statuses of a Pod's containers in spec order, from what is known of each. */
export const containerStatuses = (
  { name, namespace, uid }: Pick<ObjectMeta, 'name' | 'namespace' | 'uid'>,
  spec: PodSpec,
  records: ReadonlyArray<ContainerRecord>,
  row: PodLife,
) => {
  const pod = `${name}_${namespace}(${uid})`
  const init = spec.initContainers ?? []
  const initDone = init.every(
    (container, place) => container.restartPolicy === 'Always' || records[place]?.terminated?.exitCode === 0,
  )
  const statusOf =
    (offset: number, isInit: boolean) =>
    (container: Container, place: number): ContainerStatus =>
      containerStatus(pod, container, records[offset + place], row, isInit, initDone)
  return {
    ...(init.length === 0 ? {} : { initContainerStatuses: init.map(statusOf(0, true)) }),
    containerStatuses: spec.containers.map(statusOf(init.length, false)),
  }
}

const containerStatus = (
  pod: string,
  container: Container,
  record: ContainerRecord | undefined,
  row: PodLife,
  isInit: boolean,
  initDone: boolean,
): ContainerStatus => {
  const state = stateOf(`container=${container.name} pod=${pod}`, record, row, isInit || initDone)
  const running = state.running !== undefined
  const run = record === undefined ? null : latestRun(record)
  return {
    name: container.name,
    image: container.image ?? '',
    imageID: '',
    ...(run === null ? {} : { containerID: `jobledger://${row.pod}-${container.name}-${run}` }),
    state,
    lastState: record?.previous ? { terminated: terminatedOf(record.previous) } : {},
    ready: isInit && container.restartPolicy !== 'Always' ? state.terminated?.exitCode === 0 : running,
    started: running,
    restartCount: run ?? 0,
  }
}

/** A run that is waited for does not count yet; null: there was none. */
const latestRun = ({ state, restart, previous }: ContainerRecord): number | null =>
  state === 'waiting' ? (previous?.restart ?? null) : restart

const stateOf = (
  what: string,
  record: ContainerRecord | undefined,
  row: PodLife,
  mayStart: boolean,
): ContainerState => {
  if (record?.terminated) return { terminated: terminatedOf(record.terminated) }
  if (record === undefined && !mayStart && row.phase === 'Failed' && row.startedAt === null)
    return { waiting: { reason: 'PodInitializing' } }
  if (row.finishedAt !== null) return { terminated: impliedEnd(record, row, row.finishedAt) }
  if (record === undefined)
    return row.startedAt === null
      ? { waiting: { reason: mayStart ? 'ContainerCreating' : 'PodInitializing' } }
      : { running: { startedAt: kubernetesTime(row.startedAt) } }
  if (record.state === 'running') return { running: { startedAt: kubernetesTime(record.startedAt) } }
  return {
    waiting: {
      reason: record.waitingReason,
      ...(record.message === '' ? {} : { message: record.message }),
      ...(record.backoffMs === 0
        ? {}
        : { message: `back-off ${goDuration(record.backoffMs)} restarting failed ${what}` }),
    },
  }
}

/** As Go writes a duration of less than an hour: `1m20s`. */
const goDuration = (ms: number): string => {
  const minutes = Math.floor(ms / 60_000)
  return `${minutes === 0 ? '' : `${minutes}m`}${(ms % 60_000) / 1000}s`
}

/** A Pod that ended without a word about this container: simulated, or lost. */
const impliedEnd = (record: ContainerRecord | undefined, row: PodLife, finishedAt: number) =>
  terminatedOf({
    restart: record?.restart ?? 0,
    exitCode: row.phase === 'Succeeded' ? 0 : (row.exitCode ?? 137),
    signal: 0,
    reason: row.phase === 'Succeeded' ? 'Completed' : row.exitCode === null ? 'ContainerStatusUnknown' : 'Error',
    startedAt: record?.startedAt ?? row.startedAt ?? row.createdAt,
    finishedAt,
    message: '',
  })

const terminatedOf = ({ exitCode, signal, reason, message, startedAt, finishedAt }: Termination) => ({
  exitCode,
  ...(signal === 0 ? {} : { signal }),
  reason,
  ...(message === '' ? {} : { message }),
  startedAt: kubernetesTime(startedAt),
  finishedAt: kubernetesTime(finishedAt),
  containerID: '',
})
