import type { CronJobObject } from '../../../domain/kubernetes/cron-job-object.ts'
import type { JobObject } from '../../../domain/kubernetes/job-object.ts'
import type { PodObject } from '../../../domain/kubernetes/pod-object.ts'
import { cronJobRows } from '../../../projections/tables/cron-jobs-table.ts'
import { age } from '../../../projections/tables/human-duration.ts'
import { jobRows } from '../../../projections/tables/jobs-table.ts'
import { field, textField } from '../../../projections/tables/loose-fields.ts'
import { podRows } from '../../../projections/tables/pods-table.ts'
import type { ResourceName } from '../api-kind.ts'
import type { JsonObject } from '../body/decode-object.ts'
import { coreEvent } from '../event-forms.ts'
import { column, type Columns, named, wide } from './column.ts'
import { storedColumns } from './stored-columns.ts'

const workload = [wide('Containers'), wide('Images'), wide('Selector')]

/** Both groups have the same columns. */
const eventColumns = (form: (event: JsonObject) => JsonObject): Columns => ({
  columns: [
    ...['Last Seen', 'Type', 'Reason', 'Object'].map((name) => column(name)),
    ...['Subobject', 'Source'].map(wide),
    column('Message'),
    ...['First Seen', 'Count'].map(wide),
    column('Name', { format: 'name', isWide: true }),
  ],
  cells: (object, now) => {
    const event = form(object)
    const text = (...path: ReadonlyArray<string>) => textField(event, ...path)
    const count = field(event, 'series', 'count') ?? field(event, 'count')
    return [
      age(text('series', 'lastObservedTime') || text('lastTimestamp') || text('eventTime'), now),
      text('type'),
      text('reason'),
      `${text('involvedObject', 'kind').toLowerCase()}/${text('involvedObject', 'name')}`,
      text('involvedObject', 'fieldPath'),
      [text('source', 'component') || text('reportingComponent'), text('source', 'host')].filter(Boolean).join(', '),
      text('message').trim(),
      age(text('firstTimestamp') || text('eventTime'), now),
      typeof count === 'number' ? count : 1,
      object.metadata.name,
    ]
  },
})

/** The columns of every kind that is served. Objects are what their resource answers. */
export const columnsOf = (name: ResourceName): Columns =>
  columns[name === 'cronjobs.v1beta1' ? 'cronjobs' : name] ?? plain

/** Of kinds that have no columns of their own. */
const plain: Columns = {
  columns: [named, column('Created At', { type: 'date' })],
  cells: ({ metadata }) => [metadata.name, metadata.creationTimestamp ?? ''],
}

const columns: { readonly [Name in ResourceName]?: Columns } = {
  jobs: {
    columns: [named, ...['Status', 'Completions', 'Duration', 'Age'].map((name) => column(name)), ...workload],
    cells: (job, now) => jobRows([job as JobObject], { now, wide: true }).rows[0] ?? [],
  },
  cronjobs: {
    columns: [
      named,
      column('Schedule'),
      column('Timezone'),
      column('Suspend', { type: 'boolean' }),
      column('Active', { type: 'integer' }),
      column('Last Schedule'),
      column('Age'),
      ...workload,
    ],
    cells: (cronJob, now) =>
      (cronJobRows([cronJob as CronJobObject], { now, wide: true }).rows[0] ?? []).map((cell, place) =>
        place === activePlace ? Number(cell) : cell,
      ),
  },
  pods: {
    columns: [
      named,
      ...['Ready', 'Status', 'Restarts', 'Age'].map((name) => column(name)),
      ...['IP', 'Node', 'Nominated Node', 'Readiness Gates'].map(wide),
    ],
    cells: (pod, now) => podRows([pod as PodObject], { now, wide: true }).rows[0] ?? [],
  },
  events: eventColumns((event) => event),
  'events.events.k8s.io': eventColumns(coreEvent),
  namespaces: {
    columns: [named, column('Status'), column('Age')],
    cells: ({ metadata, ...rest }, now) => [
      metadata.name,
      textField(rest, 'status', 'phase'),
      age(metadata.creationTimestamp, now),
    ],
  },
  ...storedColumns,
}

const activePlace = 4
