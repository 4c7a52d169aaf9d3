import { podRow } from '../../../domain/job/pod-columns.ts'
import { podIdentityOf } from '../../../domain/job/pod-identity.ts'
import { livePods } from '../../../domain/job/pod-columns.ts'
import { type JobView, podContainers } from '../../../projections/job-view.ts'
import { CliError } from '../cli-error.ts'
import type { CliPorts, Reading } from '../cli-ports.ts'
import { requireJob, requirePod, targetsOf } from '../targets.ts'

export type LogsOptions = {
  readonly dataDir: string
  readonly namespace: string
  readonly container: string | undefined
  readonly follow: boolean
  readonly previous: boolean
  readonly timestamps: boolean
  readonly tail: number | null
}

/** `logs POD` or `logs job/NAME` (its first Pod, as kubectl takes it): what a container wrote, `-f` until it ends. */
export const logs = async (
  ports: CliPorts,
  reading: Reading,
  words: ReadonlyArray<string>,
  options: LogsOptions,
): Promise<void> => {
  const { view, pod } = podOf(ports, reading, words, options.namespace)
  const container = containerOf(ports, view, options.container, podName(view, pod))
  const restart = restartOf(view, pod, container.place) - (options.previous ? 1 : 0)
  if (restart < 0)
    throw new CliError(`previous terminated container "${container.name}" in pod "${podName(view, pod)}" not found`)
  if (options.follow) reading.follow()
  let isUnread = false
  ports.onOutputGone(() => {
    isUnread = true
  })
  const ended = () => {
    if (isUnread) return true
    const latest = reading.ledger.getByUid(view.state._tag === 'Job' ? view.state.uid : '') ?? view
    return hasEnded(latest, pod) || restartOf(latest, pod, container.place) > restart
  }
  const place = { podUid: podUid(view, pod), container: container.name, restart }
  for await (const piece of ports.containerLog(options.dataDir, place, options, ended)) ports.out(piece)
}

const identity = ({ state }: JobView, pod: number) => {
  if (state._tag === 'NoJob') throw new CliError('the Job does not exist')
  return podIdentityOf(state, pod, podRow(state.pods, pod).index)
}
const podName = (view: JobView, pod: number): string => identity(view, pod).name
const podUid = (view: JobView, pod: number): string => identity(view, pod).uid

const hasEnded = ({ state }: JobView, pod: number): boolean =>
  state._tag === 'NoJob' || podRow(state.pods, pod).finishedAt !== null

const restartOf = (view: JobView, pod: number, place: number): number => podContainers(view, pod)[place]?.restart ?? 0

const podOf = (ports: CliPorts, reading: Reading, words: ReadonlyArray<string>, namespace: string) => {
  const [word] = words
  if (word === undefined || words.length > 1) throw new CliError('name one Pod, or job/NAME')
  const [target] = word.includes('/') ? targetsOf([word]) : [{ kind: 'pods' as const, name: word }]
  if (target?.kind === 'cronjobs') throw new CliError('a CronJob has no Pods of its own: name one Pod, or job/NAME')
  if (target?.kind !== 'jobs') return requirePod(reading, namespace, target?.name ?? word)
  const view = requireJob(reading, namespace, target.name ?? '')
  const pods = view.state._tag === 'Job' ? [...livePods(view.state.pods)] : []
  const [first] = pods
  if (first === undefined) throw new CliError(`job/${target.name} has no Pods`)
  if (pods.length > 1) ports.err(`Found ${pods.length} pods, using pod/${podName(view, first)}\n`)
  return { view, pod: first }
}

const containerOf = (ports: CliPorts, { manifest }: JobView, wanted: string | undefined, pod: string) => {
  const { initContainers = [], containers = [] } = manifest?.spec.template.spec ?? {}
  const names = [...initContainers, ...containers].map(({ name }) => name)
  const name = wanted ?? containers[0]?.name ?? ''
  const place = names.indexOf(name)
  if (place < 0)
    throw new CliError(`container ${name} is not valid for pod ${pod}; its containers are ${names.join(', ')}`)
  if (wanted === undefined && containers.length > 1)
    ports.err(`Defaulted container "${name}" out of: ${names.join(', ')}\n`)
  return { name, place }
}
