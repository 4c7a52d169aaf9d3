import type { ContainerStatus, PodObject } from '../../domain/kubernetes/pod-object.ts'

export type PodDisplayStatus = {
  /** The word under STATUS: `Running`, `CrashLoopBackOff`, `Init:0/1`, ... */
  readonly reason: string
  readonly readyContainers: number
  readonly totalContainers: number
  readonly restarts: number
  /** When a container of this Pod last ended and was started again, in milliseconds; null if unknown. */
  readonly lastRestartAt: number | null
}

/** What `kubectl get pods` says about a Pod, from its phase, its containers in their order, and its deletion. */
export const podDisplayStatus = (pod: PodObject): PodDisplayStatus => {
  const init = initProgress(pod)
  const apps = init.stoppedAt === null || isTrue(pod, 'Initialized') ? appProgress(pod) : null
  const reason = apps === null ? init.stoppedAt : appReason(pod, apps, init.stoppedAt ?? podReason(pod))
  return {
    reason: deletionReason(pod) ?? reason ?? podReason(pod),
    readyContainers: init.ready + (apps?.ready ?? 0),
    totalContainers: pod.spec.containers.length + sidecarNames(pod).size,
    restarts: apps === null ? init.restarts : init.sidecarRestarts + apps.restarts,
    lastRestartAt: apps === null ? init.lastRestartAt : latest(init.sidecarRestartAt, apps.lastRestartAt),
  }
}

const podReason = ({ status }: PodObject): string => {
  const gated = status.conditions?.some((it) => it.type === 'PodScheduled' && it.reason === 'SchedulingGated')
  return gated ? 'SchedulingGated' : status.reason || status.phase
}

type InitProgress = {
  /** What the first unfinished init container waits for; null when none holds the Pod up. */
  readonly stoppedAt: string | null
  readonly ready: number
  readonly restarts: number
  readonly lastRestartAt: number | null
  readonly sidecarRestarts: number
  readonly sidecarRestartAt: number | null
}

const initProgress = (pod: PodObject): InitProgress => {
  const sidecars = sidecarNames(pod)
  let progress: InitProgress = {
    stoppedAt: null,
    ready: 0,
    restarts: 0,
    lastRestartAt: null,
    sidecarRestarts: 0,
    sidecarRestartAt: null,
  }
  for (const [index, container] of (pod.status.initContainerStatuses ?? []).entries()) {
    const isSidecar = sidecars.has(container.name)
    progress = countRestarts(progress, container, isSidecar)
    if (stateOf(container).terminated?.exitCode === 0) continue
    if (!(isSidecar && container.started))
      return { ...progress, stoppedAt: initReason(container, index, pod.spec.initContainers?.length ?? 0) }
    if (container.ready) progress = { ...progress, ready: progress.ready + 1 }
  }
  return progress
}

const countRestarts = (progress: InitProgress, container: ContainerStatus, isSidecar: boolean): InitProgress => ({
  ...progress,
  restarts: progress.restarts + restartsOf(container),
  lastRestartAt: latest(progress.lastRestartAt, lastEnd(container)),
  sidecarRestarts: progress.sidecarRestarts + (isSidecar ? restartsOf(container) : 0),
  sidecarRestartAt: isSidecar ? latest(progress.sidecarRestartAt, lastEnd(container)) : progress.sidecarRestartAt,
})

const initReason = (container: ContainerStatus, index: number, total: number): string => {
  const { terminated, waiting } = stateOf(container)
  if (terminated) return `Init:${terminated.reason || endWithoutReason(terminated)}`
  if (waiting?.reason && waiting.reason !== 'PodInitializing') return `Init:${waiting.reason}`
  return `Init:${index}/${total}`
}

type AppProgress = {
  readonly reason: string | null
  readonly errorReason: string | null
  readonly hasRunning: boolean
  readonly ready: number
  readonly restarts: number
  readonly lastRestartAt: number | null
}

/** From the last container to the first, so that the first one has the last word. */
const appProgress = (pod: PodObject): AppProgress =>
  (pod.status.containerStatuses ?? []).reduceRight<AppProgress>(
    (progress, container) => {
      const { waiting, running, terminated } = stateOf(container)
      const counted = {
        ...progress,
        restarts: progress.restarts + restartsOf(container),
        lastRestartAt: latest(progress.lastRestartAt, lastEnd(container)),
      }
      if (waiting?.reason) return { ...counted, reason: waiting.reason }
      if (terminated?.reason) {
        const { reason } = terminated
        return { ...counted, reason, errorReason: terminated.exitCode === 0 ? counted.errorReason : reason }
      }
      if (terminated) return { ...counted, reason: endWithoutReason(terminated) }
      return container.ready && running ? { ...counted, hasRunning: true, ready: counted.ready + 1 } : counted
    },
    { reason: null, errorReason: null, hasRunning: false, ready: 0, restarts: 0, lastRestartAt: null },
  )

const appReason = (pod: PodObject, { reason, errorReason, hasRunning }: AppProgress, otherwise: string): string => {
  const said = reason ?? otherwise
  if (said !== 'Completed') return said
  if (hasRunning && isTrue(pod, 'Ready')) return 'Running'
  return errorReason ?? (hasRunning ? 'NotReady' : said)
}

const deletionReason = ({ metadata, status }: PodObject): string | null => {
  if (metadata.deletionTimestamp === undefined) return null
  if (status.reason === 'NodeLost') return 'Unknown'
  return status.phase === 'Succeeded' || status.phase === 'Failed' ? null : 'Terminating'
}

const endWithoutReason = ({ signal, exitCode }: { readonly signal?: number; readonly exitCode: number }): string =>
  signal ? `Signal:${signal}` : `ExitCode:${exitCode}`

const sidecarNames = ({ spec }: PodObject): ReadonlySet<string> =>
  new Set(spec.initContainers?.filter((it) => it.restartPolicy === 'Always').map((it) => it.name))

const isTrue = ({ status }: PodObject, type: string): boolean =>
  status.conditions?.some((it) => it.type === type && it.status === 'True') ?? false

/** A client that runs Pods may leave out what it likes, whatever our type says. */
const stateOf = ({ state }: { readonly state?: ContainerStatus['state'] }): ContainerStatus['state'] => state ?? {}

const restartsOf = ({ restartCount }: { readonly restartCount?: number }): number => restartCount ?? 0

/** `lastState` is absent in objects of other writers, whatever our type says. */
const lastEnd = ({ lastState }: { readonly lastState?: ContainerStatus['lastState'] }): number | null => {
  const finishedAt = lastState?.terminated?.finishedAt
  return finishedAt ? Date.parse(finishedAt) : null
}

const latest = (a: number | null, b: number | null): number | null => (a === null ? b : b === null ? a : Math.max(a, b))
