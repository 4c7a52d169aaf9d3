import { visible } from '../../../application/api/pod-lookup.ts'
import type { JobObject } from '../../../domain/kubernetes/job-object.ts'
import type { PodObject } from '../../../domain/kubernetes/pod-object.ts'
import type { CronJobObject } from '../../../domain/kubernetes/cron-job-object.ts'
import { E } from '../../../prelude.ts'
import { cronJobObject } from '../../../projections/cron-job-object.ts'
import type { CronJobView } from '../../../projections/cron-job-view.ts'
import { jobObject } from '../../../projections/job-object.ts'
import type { JobView } from '../../../projections/job-view.ts'
import { podObject } from '../../../projections/pod-object.ts'
import { CliError } from '../cli-error.ts'
import type { CliPorts, Reading } from '../cli-ports.ts'
import { cronJobRows } from '../../../projections/tables/cron-jobs-table.ts'
import { jobRows, type TableOptions } from '../../../projections/tables/jobs-table.ts'
import {
  objectListOutput,
  objectName,
  objectOutput,
  type OutputFormat,
  parseOutputFormat,
} from '../print/object-output.ts'
import { podRows } from '../../../projections/tables/pods-table.ts'
import type { Table } from '../../../projections/tables/table.ts'
import { noResourcesFound, tableText, tableWatcher } from '../print/table.ts'
import { type Selector, selectorOf } from '../selector.ts'
import { podsIn, requirePodObject } from '../shown-pods.ts'
import { isInScope, requireCronJob, requireJob, type Scope, type Target, targetsIn } from '../targets.ts'

export type GetOptions = Scope & {
  readonly output: string | undefined
  readonly watch: boolean
  readonly headers: boolean
  readonly selector: string | undefined
}

/** `get jobs|cronjobs|pods|all [NAME...]`, as kubectl prints it. With `watch`, prints each later state until interrupted. */
export const get = async (
  ports: CliPorts,
  reading: Reading,
  words: ReadonlyArray<string>,
  options: GetOptions,
): Promise<void> => {
  const format = options.output === undefined ? null : outputOf(options.output)
  const targets = targetsIn(options, words)
  const matches = selectorOf(options.selector)
  if (options.selector !== undefined && targets.some(({ name }) => name !== null))
    throw new CliError('name cannot be provided when a selector is specified')
  if (options.watch && new Set(targets.map(({ kind }) => kind)).size > 1)
    throw new CliError('you may only specify a single resource type when watching')
  const { objects, missing } = findAll(reading, targets, options, matches)
  if (missing.length > 0 && (objects.length === 0 || options.watch)) throw new CliError(missing.join('\n'))
  const [first] = objects
  const named = targets.every(({ name }) => name !== null)
  if (first === undefined && !options.watch) {
    if (format === 'json' || format === 'yaml') ports.out(objectListOutput(format, []))
    else ports.err(`${noResourcesFound(options.allNamespaces ? undefined : options.namespace)}\n`)
    return
  }
  if (options.watch) return watch(ports, reading, targets, objects, format, { ...options, matches })
  if (format === null || format === 'wide') ports.out(tablesOf(objects, ports.now(), format === 'wide', options))
  else if (named && first !== undefined && objects.length === 1) ports.out(objectOutput(format, first))
  else ports.out(objectListOutput(format, objects))
  if (missing.length > 0) throw new CliError(missing.join('\n'))
}

type Shown = JobObject | CronJobObject | PodObject

const outputOf = (text: string): OutputFormat => {
  const format = parseOutputFormat(text)
  if (E.isLeft(format)) throw new CliError(format.left)
  return format.right
}

/** What is there of the targets, and a sentence for each that was named and is not. */
const findAll = (reading: Reading, targets: ReadonlyArray<Target>, scope: Scope, matches: Selector) => {
  const objects: Shown[] = []
  const missing: string[] = []
  for (const target of targets)
    try {
      objects.push(...objectsOf(reading, target, scope).filter(({ metadata }) => matches(metadata.labels ?? {})))
    } catch (problem) {
      if (!(problem instanceof CliError)) throw problem
      missing.push(problem.message)
    }
  return { objects, missing }
}

const objectsOf = (reading: Reading, { kind, name }: Target, scope: Scope): ReadonlyArray<Shown> => {
  if (kind === 'cronjobs')
    return (name === null ? cronJobsIn(reading, scope) : [requireCronJob(reading, scope.namespace, name)]).flatMap(
      (view) => cronJobObject(view) ?? [],
    )
  if (kind === 'jobs')
    return (name === null ? jobsIn(reading, scope) : [requireJob(reading, scope.namespace, name)]).flatMap(
      (view) => jobObject(view) ?? [],
    )
  return name === null ? podsIn(reading, scope) : requirePodObject(reading, scope.namespace, name)
}

const jobsIn = ({ ledger }: Reading, scope: Scope): ReadonlyArray<JobView> => ledger.list().filter(isInScope(scope))

const cronJobsIn = ({ ledger }: Reading, scope: Scope): ReadonlyArray<CronJobView> =>
  ledger.cronJobs.list().filter(isInScope(scope))

/** One table for each kind; names begin with the kind when there are several. */
const tablesOf = (objects: ReadonlyArray<Shown>, now: number, wide: boolean, options: GetOptions): string => {
  const table = { now, wide, noHeaders: !options.headers, allNamespaces: options.allNamespaces }
  const kinds = [...new Set(objects.map(({ kind }) => kind))]
  const named = kinds.length > 1 ? objects.map(withKindInName) : objects
  return kinds
    .map((kind) =>
      tableText(
        rowsOf(
          named.filter((object) => object.kind === kind),
          table,
        ),
        table,
      ),
    )
    .join('\n')
}

/** Objects of one kind. */
const rowsOf = (objects: ReadonlyArray<Shown>, options: TableOptions): Table => {
  switch (objects[0]?.kind) {
    case 'CronJob':
      return cronJobRows(
        objects.filter((object) => object.kind === 'CronJob'),
        options,
      )
    case 'Pod':
      return podRows(
        objects.filter((object) => object.kind === 'Pod'),
        options,
      )
    default:
      return jobRows(
        objects.filter((object) => object.kind === 'Job'),
        options,
      )
  }
}

const withKindInName = (object: Shown): Shown => {
  const name = objectName(object)
  switch (object.kind) {
    case 'Job':
      return { ...object, metadata: { ...object.metadata, name } }
    case 'CronJob':
      return { ...object, metadata: { ...object.metadata, name } }
    case 'Pod':
      return { ...object, metadata: { ...object.metadata, name } }
  }
}

const watch = (
  ports: CliPorts,
  reading: Reading,
  targets: ReadonlyArray<Target>,
  first: ReadonlyArray<Shown>,
  format: OutputFormat | null,
  options: GetOptions & { readonly matches: Selector },
): Promise<void> => {
  let watcher = tableWatcher({ noHeaders: !options.headers })
  const print = (table: Table): void => {
    const printed = watcher.print(table)
    watcher = printed.watcher
    ports.out(printed.text)
  }
  const seen = new Map<string, string | undefined>()
  const show = (object: Shown): void => {
    seen.set(object.metadata.uid ?? '', object.metadata.resourceVersion)
    const table = { now: ports.now(), wide: format === 'wide', allNamespaces: options.allNamespaces }
    if (format !== null && format !== 'wide') ports.out(objectOutput(format, object))
    else print(rowsOf([object], table))
  }
  if (first.length > 0 && (format === null || format === 'wide')) {
    const table = { now: ports.now(), wide: format === 'wide', allNamespaces: options.allNamespaces }
    print(rowsOf(first, table))
    for (const { metadata } of first) seen.set(metadata.uid ?? '', metadata.resourceVersion)
  } else for (const object of first) show(object)
  const showNews = (kind: Target['kind'], objects: ReadonlyArray<Shown | null>): void => {
    for (const { name } of targets.filter((target) => target.kind === kind))
      for (const object of objects)
        if (
          object !== null &&
          (name === null || object.metadata.name === name) &&
          options.matches(object.metadata.labels ?? {})
        )
          if (seen.get(object.metadata.uid ?? '') !== object.metadata.resourceVersion) show(object)
  }
  return new Promise((resolve) => {
    const subscription = reading.ledger.news$.subscribe((news) => {
      for (const { view, recorded } of news) {
        if (!isInScope(options)(view)) continue
        showNews('jobs', [jobObject(view)])
        const touched = new Set(recorded.flatMap(({ event }) => ('pod' in event ? [event.pod] : [])))
        showNews(
          'pods',
          [...touched].map((pod) => podObject(view, pod)),
        )
      }
    })
    subscription.add(
      reading.ledger.cronJobs.news$.subscribe((news) => {
        for (const { view } of news) if (isInScope(options)(view)) showNews('cronjobs', [cronJobObject(view)])
      }),
    )
    subscription.add(
      reading.ledger.freePods.news$.subscribe((news) => {
        const namespace = options.allNamespaces ? null : options.namespace
        for (const { view } of news) showNews('pods', [visible(view, namespace, reading.ledger)])
      }),
    )
    reading.follow()
    const end = (): void => {
      subscription.unsubscribe()
      stop()
      resolve()
    }
    const stop = ports.onInterrupt(end)
    ports.onOutputGone(end)
  })
}
