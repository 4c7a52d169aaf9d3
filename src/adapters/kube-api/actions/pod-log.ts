import type { Resource } from '../../../application/api/resource.ts'
import type { ContainerLogs } from '../../../application/ports/container-logs.ts'
import type { ContainerStatus, PodObject } from '../../../domain/kubernetes/pod-object.ts'
import { goQuote } from '../../../domain/kubernetes/go-quote.ts'
import { E } from '../../../prelude.ts'
import { type ApiStream, statusAnswer } from '../answer.ts'
import type { AnswerAction } from '../call.ts'
import { logOptions } from '../options/log-options.ts'
import { badRequest, objectNotFound } from '../status.ts'

export type PodLogPorts = {
  readonly pods: Pick<Resource<PodObject>, 'get'>
  /** Null: nobody here runs Pods, so nobody here has their logs. */
  readonly logs: ContainerLogs | null
}

/** GET of `pods/<name>/log`: what one container has written, and with `follow` what it writes until it ends. */
export const podLog =
  ({ pods, logs }: PodLogPorts): AnswerAction =>
  ({ kind, request, now }, { namespace, name }) => {
    const options = logOptions(name, request.query, now())
    if (E.isLeft(options)) return statusAnswer(options.left)
    const pod = pods.get(namespace, name)
    if (pod === null) return statusAnswer(objectNotFound(kind, name))
    const container = containerOf(pod, options.right.container)
    if (E.isLeft(container)) return statusAnswer(badRequest(container.left))
    const { nodeName = '' } = pod.spec
    if (nodeName === '') return { status: 204, headers: [], body: '' }
    if (logs === null) return statusAnswer(objectNotFound({ group: '', plural: 'nodes' }, nodeName))
    const restart = restartOf(pod, container.right, options.right.previous)
    if (E.isLeft(restart)) return statusAnswer(badRequest(restart.left))

    const isOver = (): boolean => {
      const present = pods.get(namespace, name)
      if (present === null || present.metadata.uid !== pod.metadata.uid) return true
      const { state, restartCount = 0 } = statusOf(present, container.right) ?? {}
      return restartCount !== restart.right || state?.running === undefined
    }
    const run = { podUid: pod.metadata.uid ?? '', container: container.right, restart: restart.right }
    return {
      status: 200,
      headers: [
        ['Content-Type', 'text/plain'],
        ['Cache-Control', 'no-cache, private'],
      ],
      body: '',
      stream: told((signal) => logs(run, { ...options.right.lines, isOver, signal })),
    }
  }

/** Reads on only when the reader has taken what was read before. */
const told =
  (read: (signal: AbortSignal) => AsyncIterable<Uint8Array>): ApiStream =>
  (reader) => {
    const gone = new AbortController()
    const tell = async (): Promise<void> => {
      for await (const piece of read(gone.signal)) {
        if (gone.signal.aborted) return
        reader.write(piece)
        await reader.drained()
      }
      reader.end()
    }
    void tell().catch(() => reader.drop())
    return () => gone.abort()
  }

/** The name of the container whose log is meant. Left: why none is, as an API server says it. */
const containerOf = ({ metadata, spec }: PodObject, wanted: string): E.Either<string, string> => {
  const { containers, initContainers = [] } = spec
  if (wanted !== '')
    return [...initContainers, ...containers].some(({ name }) => name === wanted)
      ? E.right(wanted)
      : E.left(`container ${wanted} is not valid for pod ${metadata.name}`)
  const [only] = containers
  if (only !== undefined && containers.length === 1) return E.right(only.name)
  const names = (some: typeof containers): string => `[${some.map(({ name }) => name).join(' ')}]`
  const others = initContainers.length === 0 ? '' : ` or one of the init containers: ${names(initContainers)}`
  return E.left(
    `a container name must be specified for pod ${metadata.name}, choose one of: ${names(containers)}${others}`,
  )
}

const statusOf = ({ status }: PodObject, container: string): ContainerStatus | undefined =>
  [...(status.initContainerStatuses ?? []), ...(status.containerStatuses ?? [])].find(({ name }) => name === container)

/** Which run of the container is meant: one that waits to be started again has ended before. Left: there is none, as a kubelet says it. */
const restartOf = (pod: PodObject, container: string, isPrevious: boolean): E.Either<string, number> => {
  const it = `container ${goQuote(container)} in pod ${goQuote(pod.metadata.name)}`
  const status = statusOf(pod, container)
  if (status === undefined) return E.left(`${it} is not available`)
  const { state, lastState, restartCount } = status
  const hasPrevious = lastState.terminated !== undefined
  if (state.waiting !== undefined && hasPrevious) return E.right(restartCount)
  if (isPrevious)
    return hasPrevious && restartCount > 0 ? E.right(restartCount - 1) : E.left(`previous terminated ${it} not found`)
  return state.waiting === undefined
    ? E.right(restartCount)
    : E.left(`${it} is waiting to start: ${state.waiting.reason}`)
}
