import type { CronJobObject } from '../../domain/kubernetes/cron-job-object.ts'
import type { LabelSelector } from '../../domain/kubernetes/job-object.ts'
import { age } from './human-duration.ts'
import type { TableOptions } from './jobs-table.ts'
import { field } from './loose-fields.ts'
import { selectorText } from './selector-text.ts'
import type { Table } from './table.ts'

/** CronJobs as `kubectl get cronjobs` prints them: headers and cells. */
export const cronJobRows = (
  cronJobs: ReadonlyArray<CronJobObject>,
  { now, wide, allNamespaces }: TableOptions,
): Table => ({
  headers: [
    ...(allNamespaces ? ['NAMESPACE'] : []),
    ...['NAME', 'SCHEDULE', 'TIMEZONE', 'SUSPEND', 'ACTIVE', 'LAST SCHEDULE', 'AGE'],
    ...(wide ? ['CONTAINERS', 'IMAGES', 'SELECTOR'] : []),
  ],
  rows: cronJobs.map(({ metadata, spec, status }) => [
    ...(allNamespaces ? [metadata.namespace] : []),
    metadata.name,
    spec.schedule,
    spec.timeZone ?? '<none>',
    goBoolean(spec.suspend),
    `${status.active?.length ?? 0}`,
    status.lastScheduleTime === undefined ? '<none>' : age(status.lastScheduleTime, now),
    age(metadata.creationTimestamp, now),
    ...(wide ? wideCells(spec) : []),
  ]),
})

/** `True` or `False`, as kubectl writes it of CronJobs. */
export const goBoolean = (value: boolean): string => (value ? 'True' : 'False')

const wideCells = ({ jobTemplate }: CronJobObject['spec']): ReadonlyArray<string> => {
  const { containers } = jobTemplate.spec.template.spec
  return [
    containers.map(({ name }) => name).join(','),
    containers.map(({ image = '' }) => image).join(','),
    selectorText(field(jobTemplate.spec, 'selector') as LabelSelector | undefined),
  ]
}
