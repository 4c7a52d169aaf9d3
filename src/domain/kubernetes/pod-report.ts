import type { PodReport } from '../job/commands.ts'

/** The parts of a Pod's status that rules read, as clients write them: every field may be missing. */
export type ReportedStatus = {
  readonly phase?: string
  readonly conditions?: ReadonlyArray<{
    readonly type: string
    readonly status: string
    readonly lastTransitionTime?: string
  }>
  readonly containerStatuses?: ReadonlyArray<ReportedContainer>
  readonly initContainerStatuses?: ReadonlyArray<ReportedContainer>
}

type ReportedContainer = {
  readonly name: string
  readonly restartCount?: number
  readonly state?: { readonly terminated?: { readonly exitCode?: number; readonly finishedAt?: string } }
}

/**
 * What the rules read of a status that a client reports. `containers`: names in the order of their numbers (init containers first);
 * a status of another name has a number of nobody. An unknown phase is one of a Pod that still runs.
 */
export const podReport = (status: ReportedStatus, containers: ReadonlyArray<string>): PodReport => {
  const { conditions = [], containerStatuses = [], initContainerStatuses = [] } = status
  const ready = conditions.find(({ type }) => type === 'Ready')
  const all = [...containerStatuses, ...initContainerStatuses]
  const exits = all.flatMap(({ name, state }) => {
    const exitCode = state?.terminated?.exitCode ?? 0
    return exitCode === 0 ? [] : { container: containers.indexOf(name), exitCode }
  })
  return {
    phase: phaseOf(status.phase),
    ready: ready?.status === 'True',
    readySince: ready?.status === 'True' ? timeOf(ready.lastTransitionTime) : null,
    restarts: all.reduce((sum, { restartCount = 0 }) => sum + restartCount, 0),
    exits,
    conditions,
    finishedAt:
      endOfContainers(containerStatuses) ?? (ready?.status === 'False' ? timeOf(ready.lastTransitionTime) : null),
  }
}

const phaseOf = (phase: string | undefined): PodReport['phase'] =>
  phase === 'Succeeded' || phase === 'Failed' || phase === 'Pending'
    ? phase
    : phase === undefined
      ? 'Pending'
      : 'Running'

/** [B-1] The latest end, if every app container has one. */
const endOfContainers = (statuses: ReadonlyArray<ReportedContainer>): number | null => {
  const ends = statuses.map(({ state }) => timeOf(state?.terminated?.finishedAt))
  return ends.length > 0 && ends.every((end) => end !== null) ? Math.max(...ends) : null
}

const timeOf = (text: string | undefined): number | null => {
  const time = text === undefined ? Number.NaN : Date.parse(text)
  return Number.isNaN(time) ? null : time
}
