import type { EventObject } from '../../../domain/kubernetes/event-object.ts'
import type { JobObject, JobStatus } from '../../../domain/kubernetes/job-object.ts'
import { alignedText } from './aligned-text.ts'
import { annotationLines, controllerLines, type Lines, mapLines } from './describe-metadata.ts'
import { podTemplateLines } from './describe-pod-template.ts'
import { eventLines } from './events-table.ts'
import { humanDuration } from '../../../projections/tables/human-duration.ts'
import { rfc1123z } from './rfc1123z.ts'
import { safeText } from './safe-text.ts'
import { selectorText } from '../../../projections/tables/selector-text.ts'

export type DescribeOptions = {
  /** Milliseconds since 1970, the instant ages are told from. */
  readonly now: number
  /** IANA name of the zone dates are written in. */
  readonly timeZone: string
  /** Events about the object; the Events block is left out when absent. */
  readonly events?: ReadonlyArray<EventObject>
}

/** A Job as `kubectl describe job` prints it. */
export const describeJob = (job: JobObject, { now, timeZone, events }: DescribeOptions): string => {
  const { metadata, spec, status } = job
  const lines = [
    `Name:\t${metadata.name}`,
    `Namespace:\t${metadata.namespace}`,
    `Selector:\t${spec.selector ? selectorText(spec.selector) : ''}`,
    ...mapLines('Labels', metadata.labels),
    ...annotationLines('Annotations', metadata.annotations),
    ...controllerLines(metadata),
    `Parallelism:\t${spec.parallelism}`,
    `Completions:\t${spec.completions ?? '<unset>'}`,
    `Completion Mode:\t${spec.completionMode}`,
    `Suspend:\t${spec.suspend}`,
    `Backoff Limit:\t${spec.backoffLimit}`,
    ...whenSet(spec.ttlSecondsAfterFinished, (seconds) => `TTL Seconds After Finished:\t${seconds}`),
    ...whenSet(status.startTime, (at) => `Start Time:\t${rfc1123z(at, timeZone)}`),
    ...whenSet(status.completionTime, (at) => `Completed At:\t${rfc1123z(at, timeZone)}`),
    ...durationLines(status),
    ...whenSet(spec.activeDeadlineSeconds, (seconds) => `Active Deadline Seconds:\t${seconds}s`),
    `Pods Statuses:\t${podsStatuses(status)}`,
    ...(spec.completionMode === 'Indexed' ? [`Completed Indexes:\t${shortened(status.completedIndexes)}`] : []),
    ...podTemplateLines(spec.template),
    ...(events === undefined ? [] : eventLines(events, now)),
  ]
  return describedText(lines)
}

/** The finished text of a description: made safe for a terminal, aligned, ended by a line feed. */
export const describedText = (lines: Lines): string => `${alignedText(safeText(lines.join('\n')))}\n`

const whenSet = <Value>(value: Value | undefined, line: (value: Value) => string): Lines =>
  value === undefined ? [] : [line(value)]

const durationLines = ({ startTime, completionTime }: JobStatus): Lines =>
  startTime === undefined || completionTime === undefined
    ? []
    : [`Duration:\t${humanDuration(Date.parse(completionTime) - Date.parse(startTime))}`]

const podsStatuses = ({ active = 0, ready, succeeded = 0, failed = 0 }: JobStatus): string => {
  const readyPart = ready === undefined ? '' : ` (${ready} Ready)`
  return `${active} Active${readyPart} / ${succeeded} Succeeded / ${failed} Failed`
}

const indexesLengthMin = 50

/** Long lists of indexes are cut after the next comma. */
const shortened = (indexes = ''): string => {
  if (indexes === '') return '<none>'
  const comma = indexes.length > indexesLengthMin ? indexes.indexOf(',', indexesLengthMin) : -1
  return comma < 0 ? indexes : `${indexes.slice(0, comma + 1)}...`
}
