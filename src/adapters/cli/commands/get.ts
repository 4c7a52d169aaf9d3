import type { JobObject } from '../../../domain/kubernetes/job-object.ts'
import type { PodObject } from '../../../domain/kubernetes/pod-object.ts'
import { livePods } from '../../../domain/job/pod-columns.ts'
import { E } from '../../../prelude.ts'
import { jobObject } from '../../../projections/job-object.ts'
import type { JobView } from '../../../projections/job-view.ts'
import { podObject } from '../../../projections/pod-object.ts'
import { CliError } from '../cli-error.ts'
import type { CliPorts, Reading } from '../cli-ports.ts'
import { jobRows, jobsTable } from '../print/jobs-table.ts'
import {
  objectListOutput,
  objectName,
  objectOutput,
  type OutputFormat,
  parseOutputFormat,
} from '../print/object-output.ts'
import { podRows, podsTable } from '../print/pods-table.ts'
import { noResourcesFound, type Table, tableWatcher } from '../print/table.ts'
import { type Kind, requireJob, requirePod, targetsOf } from '../targets.ts'

export type GetOptions = {
  readonly namespace: string
  readonly allNamespaces: boolean
  readonly output: string | undefined
  readonly watch: boolean
  readonly headers: boolean
  readonly selector: string | undefined
}

/** `get jobs|pods|all [NAME...]`, as kubectl prints it. With `watch`, prints each later state until interrupted. */
export const get = async (
  ports: CliPorts,
  reading: Reading,
  words: ReadonlyArray<string>,
  options: GetOptions,
): Promise<void> => {
  const format = options.output === undefined ? null : outputOf(options.output)
  const targets = targetsOf(words)
  if (options.watch && new Set(targets.map(({ kind }) => kind)).size > 1)
    throw new CliError('you may only specify a single resource type when watching')
  const objects = targets.flatMap(({ kind, name }) => objectsOf(reading, kind, name, options))
  const [first] = objects
  const named = targets.every(({ name }) => name !== null)
  if (first === undefined && !options.watch) {
    if (format === 'json' || format === 'yaml') ports.out(objectListOutput(format, []))
    else ports.err(`${noResourcesFound(options.allNamespaces ? undefined : options.namespace)}\n`)
    return
  }
  if (options.watch) return watch(ports, reading, targets, objects, format, options)
  if (format === null || format === 'wide') ports.out(tablesOf(objects, ports.now(), format === 'wide', options))
  else if (named && first !== undefined && objects.length === 1) ports.out(objectOutput(format, first))
  else ports.out(objectListOutput(format, objects))
}

type Shown = JobObject | PodObject

const outputOf = (text: string): OutputFormat => {
  const format = parseOutputFormat(text)
  if (E.isLeft(format)) throw new CliError(format.left)
  return format.right
}

const objectsOf = (reading: Reading, kind: Kind, name: string | null, options: GetOptions): ReadonlyArray<Shown> => {
  if (kind === 'jobs')
    return (name === null ? jobsIn(reading, options) : [requireJob(reading, options.namespace, name)])
      .flatMap((view) => jobObject(view) ?? [])
      .filter(matches(options.selector))
  if (name === null) return podsIn(reading, options).filter(matches(options.selector))
  const { view, pod } = requirePod(reading, options.namespace, name)
  const object = podObject(view, pod)
  return object === null ? [] : [object]
}

const inNamespace =
  ({ namespace, allNamespaces }: GetOptions) =>
  ({ state }: JobView): boolean =>
    state._tag === 'Job' && (allNamespaces || state.namespace === namespace)

const jobsIn = ({ ledger }: Reading, options: GetOptions): ReadonlyArray<JobView> =>
  ledger.list().filter(inNamespace(options))

const podsIn = ({ ledger }: Reading, options: GetOptions): ReadonlyArray<PodObject> =>
  ledger.all().filter(inNamespace(options)).flatMap(podsOf)

const podsOf = (view: JobView): ReadonlyArray<PodObject> =>
  view.state._tag === 'NoJob' ? [] : [...livePods(view.state.pods)].flatMap((pod) => podObject(view, pod) ?? [])

/** Equality selectors (`a=b,c!=d,e`), as far as people type them; sets come with the API. */
const matches =
  (selector: string | undefined) =>
  ({ metadata }: Shown): boolean =>
    selector === undefined ||
    selector.split(',').every((term) => {
      const [, key = '', operator = '', value = ''] = /^([^=!]+)(!=|==|=)?(.*)$/.exec(term.trim()) ?? []
      const actual = metadata.labels?.[key]
      if (operator === '') return actual !== undefined
      return operator === '!=' ? actual !== value : actual === value
    })

/** One table for each kind; names begin with the kind when there are several. */
const tablesOf = (objects: ReadonlyArray<Shown>, now: number, wide: boolean, options: GetOptions): string => {
  const table = { now, wide, noHeaders: !options.headers, allNamespaces: options.allNamespaces }
  const kinds = [...new Set(objects.map(({ kind }) => kind))]
  const named = kinds.length > 1 ? objects.map(withKindInName) : objects
  return kinds
    .map((kind) => (kind === 'Job' ? jobsTable(named.filter(isJob), table) : podsTable(named.filter(isPod), table)))
    .join('\n')
}

const isJob = (object: Shown): object is JobObject => object.kind === 'Job'
const isPod = (object: Shown): object is PodObject => object.kind === 'Pod'

const withKindInName = (object: Shown): Shown => {
  const name = objectName(object)
  return isJob(object)
    ? { ...object, metadata: { ...object.metadata, name } }
    : { ...object, metadata: { ...object.metadata, name } }
}

const watch = (
  ports: CliPorts,
  reading: Reading,
  targets: ReturnType<typeof targetsOf>,
  first: ReadonlyArray<Shown>,
  format: OutputFormat | null,
  options: GetOptions,
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
    else print(object.kind === 'Job' ? jobRows([object], table) : podRows([object], table))
  }
  if (first.length > 0 && (format === null || format === 'wide')) {
    const table = { now: ports.now(), wide: format === 'wide', allNamespaces: options.allNamespaces }
    const jobs = first.filter(isJob)
    print(jobs.length > 0 ? jobRows(jobs, table) : podRows(first.filter(isPod), table))
    for (const { metadata } of first) seen.set(metadata.uid ?? '', metadata.resourceVersion)
  } else for (const object of first) show(object)
  return new Promise((resolve) => {
    const subscription = reading.ledger.news$.subscribe((news) => {
      for (const { view, recorded } of news) {
        if (!inNamespace(options)(view)) continue
        for (const { kind, name } of targets) {
          const touched = new Set(recorded.flatMap(({ event }) => ('pod' in event ? [event.pod] : [])))
          const objects = kind === 'jobs' ? [jobObject(view)] : [...touched].map((pod) => podObject(view, pod))
          for (const object of objects)
            if (
              object !== null &&
              (name === null || object.metadata.name === name) &&
              matches(options.selector)(object)
            )
              if (seen.get(object.metadata.uid ?? '') !== object.metadata.resourceVersion) show(object)
        }
      }
    })
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
