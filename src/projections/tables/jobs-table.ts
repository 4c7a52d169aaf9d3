import type { JobObject } from '../../domain/kubernetes/job-object.ts'
import { age, humanDuration } from './human-duration.ts'
import { selectorText } from './selector-text.ts'
import type { Table } from './table.ts'

export type TableOptions = {
  /** Milliseconds since 1970, the instant ages are told from. */
  readonly now: number
  readonly wide?: boolean
  readonly noHeaders?: boolean
  readonly allNamespaces?: boolean
}

/** Jobs as `kubectl get jobs` prints them: headers and cells. */
export const jobRows = (jobs: ReadonlyArray<JobObject>, { now, wide, allNamespaces }: TableOptions): Table => ({
  headers: [
    ...(allNamespaces ? ['NAMESPACE'] : []),
    ...['NAME', 'STATUS', 'COMPLETIONS', 'DURATION', 'AGE'],
    ...(wide ? ['CONTAINERS', 'IMAGES', 'SELECTOR'] : []),
  ],
  rows: jobs.map((job) => [
    ...(allNamespaces ? [job.metadata.namespace] : []),
    job.metadata.name,
    jobDisplayStatus(job),
    completions(job),
    duration(job, now),
    age(job.metadata.creationTimestamp, now),
    ...(wide ? wideCells(job) : []),
  ]),
})

/** The word under STATUS: the first condition that holds in kubectl's order, `Running` when none does. */
export const jobDisplayStatus = ({ metadata, status }: JobObject): string => {
  const holds = (type: string) => status.conditions?.some((it) => it.type === type && it.status === 'True') ?? false
  if (holds('Complete')) return 'Complete'
  if (holds('Failed')) return 'Failed'
  if (metadata.deletionTimestamp !== undefined) return 'Terminating'
  return ['Suspended', 'FailureTarget', 'SuccessCriteriaMet'].find(holds) ?? 'Running'
}

const completions = ({ spec, status }: JobObject): string => {
  const succeeded = status.succeeded ?? 0
  if (spec.completions !== undefined) return `${succeeded}/${spec.completions}`
  return spec.parallelism > 1 ? `${succeeded}/1 of ${spec.parallelism}` : `${succeeded}/1`
}

/** A Failed Job has no completion time, so its duration keeps growing, as in kubectl. */
const duration = ({ status: { startTime, completionTime } }: JobObject, now: number): string => {
  if (startTime === undefined) return ''
  return humanDuration((completionTime === undefined ? now : Date.parse(completionTime)) - Date.parse(startTime))
}

const wideCells = ({ spec }: JobObject): ReadonlyArray<string> => {
  const { containers } = spec.template.spec
  return [
    containers.map(({ name }) => name).join(','),
    containers.map(({ image = '' }) => image).join(','),
    selectorText(spec.selector),
  ]
}
