import type { JobNews } from '../../application/log/ledger.ts'
import type { JobEvent } from '../../domain/job/events.ts'
import { podRow } from '../../domain/job/pod-columns.ts'
import { podIdentityOf } from '../../domain/job/pod-identity.ts'
import type { Container } from '../../domain/kubernetes/pod-spec.ts'
import type { Termination } from '../../projections/container-record.ts'
import { type JobView, podContainers } from '../../projections/job-view.ts'
import { safeCell } from './print/safe-text.ts'

/**
 * A line for each Pod that failed in this news, and for each container that failed and is run again in its Pod, with the reason. Pods
 * that are stopped on purpose are passed over: the Job says why.
 */
export const podFailures = ({ view, recorded }: JobNews): ReadonlyArray<string> =>
  recorded.flatMap(({ event }) => {
    const told = clauseOf(view, event)
    return told === null ? [] : [`pod/${podName(view, told.pod)}  ${told.clause}`]
  })

type Told = { readonly pod: number; readonly clause: string } | null

const clauseOf = (view: JobView, event: JobEvent): Told => {
  const { state } = view
  if (state._tag === 'NoJob' || !('pod' in event) || podRow(state.pods, event.pod).deleting) return null
  switch (event.type) {
    case 'PodFailed':
      return { pod: event.pod, clause: `failed: ${event.reason ?? failureOf(view, event.pod, event.exitCode)}` }
    case 'ContainerExited': {
      const container = containersOf(view)[event.container]
      if (event.exitCode === 0 || !isRunAgain(view, container)) return null
      const { terminated } = podContainers(view, event.pod)[event.container] ?? {}
      return {
        pod: event.pod,
        clause: `${nameOf(view, container)}failed: ${endOf(terminated ?? { ...event, message: '' })}`,
      }
    }
    default:
      return null
  }
}

/** Of the container that failed, the first when there are several. */
const failureOf = (view: JobView, pod: number, exitCode: number | null): string => {
  const records = podContainers(view, pod)
  const place = containersOf(view).findIndex(
    (container, at) => container.restartPolicy !== 'Always' && (records[at]?.terminated?.exitCode ?? 0) !== 0,
  )
  const terminated = records[place]?.terminated
  if (!terminated) return exitCode === null ? 'for an unknown reason' : `exit code ${exitCode}`
  return `${nameOf(view, containersOf(view)[place])}${endOf(terminated)}`
}

const endOf = ({ reason, exitCode, message }: Pick<Termination, 'reason' | 'exitCode' | 'message'>): string =>
  [
    ...(reason === 'Error' ? [] : [reason]),
    `exit code ${exitCode}`,
    ...(message === '' ? [] : [safeCell(message.trim()).slice(0, messageMax)]),
  ].join(', ')

/** A clause, not the story: that is in the log of the container. */
const messageMax = 120

/** A sidecar that ends with an error is none of the Pod's failures. */
const isRunAgain = ({ manifest }: JobView, container: Container | undefined): boolean =>
  manifest?.spec.template.spec.restartPolicy === 'OnFailure' && container?.restartPolicy !== 'Always'

const containersOf = ({ manifest }: JobView): ReadonlyArray<Container> => {
  const { initContainers = [], containers = [] } = manifest?.spec.template.spec ?? {}
  return [...initContainers, ...containers]
}

/** Only where there are several. */
const nameOf = (view: JobView, container: Container | undefined): string =>
  containersOf(view).length > 1 && container !== undefined ? `container ${container.name} ` : ''

const podName = ({ state }: JobView, pod: number): string =>
  state._tag === 'NoJob' ? '' : podIdentityOf(state, pod, podRow(state.pods, pod).index).name
