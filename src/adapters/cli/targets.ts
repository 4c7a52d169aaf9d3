import type { CronJobView } from '../../projections/cron-job-view.ts'
import type { JobView } from '../../projections/job-view.ts'
import { findPodByName } from '../../projections/pod-object.ts'
import type { Reading } from './cli-ports.ts'
import { CliError } from './cli-error.ts'

export type Kind = 'jobs' | 'cronjobs' | 'pods'

const kinds: Readonly<Record<string, Kind>> = {
  job: 'jobs',
  jobs: 'jobs',
  'job.batch': 'jobs',
  'jobs.batch': 'jobs',
  cronjob: 'cronjobs',
  cronjobs: 'cronjobs',
  cj: 'cronjobs',
  'cronjob.batch': 'cronjobs',
  'cronjobs.batch': 'cronjobs',
  pod: 'pods',
  pods: 'pods',
  po: 'pods',
}

/** A resource type as kubectl takes it (`job`, `jobs`, `pod`, `po`, …). */
const kindOf = (word: string): Kind => {
  const kind = Object.hasOwn(kinds, word) ? kinds[word] : undefined
  if (kind === undefined)
    throw new CliError(`the server doesn't have a resource type "${word}"; there are jobs, cronjobs and pods`)
  return kind
}

/** `jobs,pods` or `all`, as kubectl orders them. */
const kindsOf = (words: string): ReadonlyArray<Kind> => [
  ...new Set(
    words
      .split(',')
      .flatMap((word): ReadonlyArray<Kind> => (word === 'all' ? ['pods', 'cronjobs', 'jobs'] : [kindOf(word)])),
  ),
]

export type Target = { readonly kind: Kind; readonly name: string | null }

/** `job/pi pod/x`, `job pi ec`, `jobs,pods` or `all`: the things a command is about. Names are absent only without a `/`. */
export const targetsOf = (words: ReadonlyArray<string>): ReadonlyArray<Target> => {
  const [first, ...names] = words
  if (first === undefined) throw new CliError('say what: jobs, pods, job/NAME or pod/NAME')
  if (words.some((word) => word.includes('/')))
    return words.map((word) => {
      const [kind, name, ...rest] = word.split('/')
      if (!kind || !name || rest.length > 0)
        throw new CliError(`arguments in resource/name form must have a single resource and name: "${word}"`)
      return { kind: kindOf(kind), name }
    })
  return kindsOf(first).flatMap(
    (kind): ReadonlyArray<Target> =>
      names.length === 0 ? [{ kind, name: null }] : names.map((name) => ({ kind, name })),
  )
}

/** Where to look: in one namespace, or in all of them. */
export type Scope = { readonly namespace: string; readonly allNamespaces: boolean }

/** The same; refused when one thing is named and every namespace is asked for. */
export const targetsIn = ({ allNamespaces }: Scope, words: ReadonlyArray<string>): ReadonlyArray<Target> => {
  const targets = targetsOf(words)
  if (allNamespaces && targets.some(({ name }) => name !== null))
    throw new CliError('a resource cannot be retrieved by name across all namespaces')
  return targets
}

export const isInScope =
  ({ namespace, allNamespaces }: Scope) =>
  ({ state }: JobView | CronJobView): boolean =>
    'namespace' in state && (allNamespaces || state.namespace === namespace)

/** A Job or CronJob that a command is about. */
export type OneTarget = { readonly kind: 'jobs' | 'cronjobs'; readonly name: string }

/** The one Job or CronJob of `NAME` (a Job), `job/NAME`, `cronjob/NAME` or `job NAME`. */
export const oneTargetOf = (words: ReadonlyArray<string>): OneTarget => {
  const [target, ...more] =
    words.length === 1 && !words[0]?.includes('/')
      ? [{ kind: 'jobs' as const, name: words[0] ?? null }]
      : targetsOf(words)
  if (target === undefined || more.length > 0 || target.name === null || target.kind === 'pods')
    throw new CliError('name one Job or CronJob, as job/NAME or cronjob/NAME')
  return { kind: target.kind, name: target.name }
}

/** The name of a Job from `NAME`, `job/NAME` or `job NAME`. */
export const jobNameOf = (words: ReadonlyArray<string>): string => {
  const { kind, name } = oneTargetOf(words)
  if (kind !== 'jobs') throw new CliError('name one Job, as job/NAME')
  return name
}

export const requireJob = ({ ledger }: Reading, namespace: string, name: string): JobView => {
  const view = ledger.find(namespace, name)
  if (view === null) throw new CliError(`jobs.batch "${name}" not found`)
  return view
}

export const requireCronJob = ({ ledger }: Pick<Reading, 'ledger'>, namespace: string, name: string): CronJobView => {
  const view = ledger.cronJobs.find(namespace, name)
  if (view === null) throw new CliError(`cronjobs.batch "${name}" not found`)
  return view
}

/** The Pod of this name, with its Job. */
export const requirePod = (
  { ledger }: Reading,
  namespace: string,
  name: string,
): { readonly view: JobView; readonly pod: number } => {
  for (const view of ledger.all()) {
    if (view.state._tag === 'NoJob' || view.state.namespace !== namespace) continue
    const pod = findPodByName(view, name)
    if (pod !== null) return { view, pod }
  }
  throw new CliError(`pods "${name}" not found`)
}
