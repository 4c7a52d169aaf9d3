import { free } from '../../../application/api/pod-lookup.ts'
import { holderOf } from '../../../application/pods/holder-of.ts'
import type { Ledger } from '../../../application/log/ledger.ts'
import { livePods, podRow } from '../../../domain/job/pod-columns.ts'
import { hasIndex } from '../../../domain/job/index-set.ts'
import { podIdentityOf } from '../../../domain/job/pod-identity.ts'
import type { PodSpec } from '../../../domain/kubernetes/pod-spec.ts'
import type { ContainerRecord } from '../../../projections/container-record.ts'
import type { FreePodView } from '../../../projections/free-pod-view.ts'
import { type JobView, podContainers } from '../../../projections/job-view.ts'
import { podObject } from '../../../projections/pod-object.ts'
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
  const pod = podOf(ports, reading, words, options.namespace)
  const container = containerOf(ports, pod, options.container)
  const restart = restartOf(pod.now(), container.place) - (options.previous ? 1 : 0)
  if (restart < 0)
    throw new CliError(`previous terminated container "${container.name}" in pod "${pod.name}" not found`)
  if (options.follow) reading.follow()
  let isUnread = false
  ports.onOutputGone(() => {
    isUnread = true
  })
  const ended = () => {
    if (isUnread) return true
    const now = pod.now()
    return now.hasEnded || restartOf(now, container.place) > restart
  }
  const place = { podUid: pod.uid, container: container.name, restart }
  for await (const piece of ports.containerLog(options.dataDir, place, options, ended)) ports.out(piece)
}

/** A Pod whose containers write, whoever has it, and how far it has come by now. */
type Writing = {
  readonly name: string
  readonly uid: string
  readonly spec: PodSpec
  readonly now: () => Progress
}
type Progress = { readonly containers: ReadonlyArray<ContainerRecord | undefined>; readonly hasEnded: boolean }

const restartOf = ({ containers }: Progress, place: number): number => containers[place]?.restart ?? 0

const podOf = (ports: CliPorts, reading: Reading, words: ReadonlyArray<string>, namespace: string): Writing => {
  const [word] = words
  if (word === undefined || words.length > 1) throw new CliError('name one Pod, or job/NAME')
  const [target] = word.includes('/') ? targetsOf([word]) : [{ kind: 'pods' as const, name: word }]
  if (target?.kind === 'cronjobs') throw new CliError('a CronJob has no Pods of its own: name one Pod, or job/NAME')
  if (target?.kind !== 'jobs') {
    const name = target?.name ?? word
    const alone = free(reading.ledger, namespace, name)
    if (alone?._tag === 'Free') return ofNobody(reading, alone.view)
    const { view, pod } = requirePod(reading, namespace, name)
    return ofJob(reading, view, pod)
  }
  const view = requireJob(reading, namespace, target.name ?? '')
  const pods = view.state._tag === 'Job' ? [...livePods(view.state.pods)] : []
  const [first] = pods
  if (first === undefined) throw new CliError(`job/${target.name} has no Pods`)
  const writing = ofJob(reading, view, first)
  if (pods.length > 1) ports.err(`Found ${pods.length} pods, using pod/${writing.name}\n`)
  return writing
}

const ofJob = ({ ledger }: Reading, view: JobView, pod: number): Writing => {
  const { state } = view
  if (state._tag === 'NoJob') throw new CliError('the Job does not exist')
  const { name, uid } = podIdentityOf(state, pod, podRow(state.pods, pod).index)
  const spec = podObject(view, pod)?.spec ?? { containers: [] }
  return { name, uid, spec, now: () => progressInJob(ledger, ledger.getByUid(state.uid) ?? view, pod, uid) }
}

const ofNobody = ({ ledger }: Reading, view: FreePodView): Writing => {
  const { state, form } = view
  if (state._tag === 'NoFreePod') throw new CliError('the Pod does not exist')
  const now = () => progressAlone(ledger, ledger.freePods.getByUid(state.uid) ?? view)
  return { name: state.name, uid: state.uid, spec: form?.spec ?? { containers: [] }, now }
}

/** A Pod may change hands while it is read. */
const progressInJob = (ledger: Ledger, view: JobView, pod: number, uid: string): Progress => {
  const { state } = view
  const alone = ledger.freePods.getByUid(uid)
  if (state._tag === 'Job' && hasIndex(state.released, pod) && alone !== null) return progressAlone(ledger, alone)
  const hasEnded = state._tag === 'NoJob' || podRow(state.pods, pod).finishedAt !== null
  return { containers: podContainers(view, pod), hasEnded }
}

const progressAlone = (ledger: Ledger, { state, containers }: FreePodView): Progress => {
  if (state._tag === 'NoFreePod') return { containers, hasEnded: true }
  const holder = holderOf(state, ledger)
  const view = holder === null ? null : ledger.getByUid(holder.job)
  return holder === null || view === null
    ? { containers, hasEnded: state.hasEnded || state.isRemoved }
    : progressInJob(ledger, view, holder.pod, state.uid)
}

const containerOf = (ports: CliPorts, { name: pod, spec }: Writing, wanted: string | undefined) => {
  const { initContainers = [], containers } = spec
  const names = [...initContainers, ...containers].map(({ name }) => name)
  const name = wanted ?? containers[0]?.name ?? ''
  const place = names.indexOf(name)
  if (place < 0)
    throw new CliError(`container ${name} is not valid for pod ${pod}; its containers are ${names.join(', ')}`)
  if (wanted === undefined && containers.length > 1)
    ports.err(`Defaulted container "${name}" out of: ${names.join(', ')}\n`)
  return { name, place }
}
