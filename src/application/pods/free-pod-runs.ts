import type { Subscription } from 'rxjs'
import type { Placement } from '../../domain/job/commands.ts'
import type { FreePod } from '../../domain/free-pod/free-pod.ts'
import type { PodObservation } from '../../domain/job/observations.ts'
import { podIdentityOf } from '../../domain/job/pod-identity.ts'
import { podRow } from '../../domain/job/pod-columns.ts'
import type { PodSpec } from '../../domain/kubernetes/pod-spec.ts'
import { E } from '../../prelude.ts'
import type { ContainerRecord } from '../../projections/container-record.ts'
import type { FreePodView } from '../../projections/free-pod-view.ts'
import { podStatus } from '../../projections/pod-object.ts'
import { factsOfReleased } from './facts-of-released.ts'
import type { FreePodWriter } from './free-pod-writer.ts'
import { holderOf } from './holder-of.ts'
import type { JobWriter } from '../jobs/job-writer.ts'
import type { Ledger, Step } from '../log/ledger.ts'
import { pause, retryMs } from '../log/patience.ts'
import type { Clock } from '../ports/clock.ts'
import type { PodObserved, PodRef, PodRuntime, PodToRun, ProcessIdentity } from '../ports/pod-runtime.ts'
import { storeWasAway } from '../log/store-was-away.ts'
import { whenApplied } from '../log/when-applied.ts'
import { whenBack } from '../log/when-back.ts'

export type FreePodRunsPorts = {
  readonly ledger: Ledger
  readonly podWriter: FreePodWriter
  readonly jobWriter: JobWriter
  readonly runtime: PodRuntime
  readonly clock: Clock
  /** Where such a Pod may run now. */
  readonly placementOf: (spec: PodSpec) => Placement
  readonly onFatal: (reason: string) => void
}

export type FreePodRuns = {
  /** What a crash left of such Pods is lost, or started if it never ran. */
  readonly heal: () => Promise<void>
  /** Facts about Pods that are no Job's, or not that of the Job that started them. */
  readonly record: (facts: ReadonlyArray<PodObserved>) => void
  /** There may be a node for those that wait. */
  readonly placeWaiting: () => void
  /** The node is gone: so are its Pods. */
  readonly loseNode: (node: string) => void
  readonly close: () => void
}

/**
 * Runs Pods that no Job controls where Pods run here: those that users create, from their beginning, and those that a Job has let go, on from
 * where they are. What is seen of a Pod after it has changed hands goes to whoever has it, in order.
 */
export const startFreePodRuns = (ports: FreePodRunsPorts): FreePodRuns => {
  const { ledger, podWriter, jobWriter, runtime, clock, placementOf, onFatal } = ports
  const because = { actor: { kind: 'saga' as const, name: 'ensure-pods-have-a-node' } }
  const seenBy = { actor: { kind: 'runtime' as const, name: runtime.name }, causationId: `world:${runtime.name}` }
  const surely = whenBack(clock)
  const waiting = new Set<string>()
  const queues = new Map<string, PodObservation[]>()
  const working = new Set<string>()

  const place = async (uid: string): Promise<void> => {
    const view = ledger.freePods.getByUid(uid)
    const form = view?.form ?? null
    if (view === null || form === null || !wantsNode(view)) return void waiting.delete(uid)
    const { spec } = form
    const { nodes, obstacle } = placementOf(spec)
    const [node] = nodes
    if (node !== undefined) {
      waiting.delete(uid)
      await surely(() => podWriter.handle(uid, { type: 'PlacePod', node }, because)())
    } else if (!waiting.has(uid)) {
      waiting.add(uid)
      if ((spec.nodeName ?? '') !== '') return
      const life = { ...view.life, unschedulable: true }
      const status = podStatus(form, { life, containers: [], isBound: false, obstacle, more: [] })
      const report = { type: 'ReportPod', status: { ...status }, hasEnded: false } as const
      await surely(() => podWriter.handle(uid, report, because)())
    }
  }

  const work = async (uid: string): Promise<void> => {
    if (working.has(uid)) return
    working.add(uid)
    for (let queue = queues.get(uid); queue !== undefined && queue.length > 0; queue = queues.get(uid)) {
      const observations = queue.slice(0, factsPerCommand)
      const outcome = await podWriter.handle(uid, { type: 'RecordFacts', observations }, seenBy)()
      if (E.isRight(outcome) || isGone(uid)) queue.splice(0, observations.length)
      else if (storeWasAway(outcome.left)) await pause(clock, retryMs)
      else if (outcome.left._tag === 'PodGivenAway') await tellHolder(uid, queue, observations)
      // A Pod that a Job has let go just now gets a stream of its own in a moment.
      else if (outcome.left._tag === 'PodNotFound') await pause(clock, soonMs)
      else return onFatal(`a fact about a Pod could not be recorded: ${outcome.left._tag}`)
    }
    queues.delete(uid)
    working.delete(uid)
  }

  /** The Job to which the Pod was given has it in a moment, or has let it go already: then it is free again in a moment. */
  const tellHolder = async (
    uid: string,
    queue: PodObservation[],
    observations: ReadonlyArray<PodObservation>,
  ): Promise<void> => {
    const free = ledger.freePods.getByUid(uid)?.state
    const holder = free?._tag === 'FreePod' ? holderOf(free, ledger) : null
    if (holder === null) return pause(clock, soonMs)
    const { job, pod } = holder
    const facts = observations.map((observation) => ({ pod, observation }))
    const outcome = await jobWriter.handle(job, { type: 'RecordPodFacts', facts }, seenBy)()
    if (E.isLeft(outcome)) return pause(clock, retryMs)
    const held = jobWriter.stateOf(job)
    const state = held._tag === 'Job' ? held : (ledger.getByUid(job)?.state ?? held)
    const left = state._tag === 'Job' ? factsOfReleased(state, facts, outcome.right.events).length : 0
    queue.splice(0, observations.length - left)
    if (left > 0) await pause(clock, soonMs)
  }

  const isGone = (uid: string): boolean => {
    const state = ledger.freePods.getByUid(uid)?.state
    return state?._tag === 'FreePod' && state.isRemoved
  }

  /** The Pod that the runtime knows by this place; null: it is nobody's. */
  const uidOf = ({ job, pod }: PodRef): string | null => {
    if (ledger.freePods.getByUid(job) !== null) return job
    const state = ledger.getByUid(job)?.state
    return state?._tag === 'Job' && pod < state.pods.size
      ? podIdentityOf(state, pod, podRow(state.pods, pod).index).uid
      : null
  }

  const react = ({ uid, view, recorded }: Step['freePods'][number]): void => {
    const { state } = view
    if (state._tag === 'NoFreePod') return
    if (wantsNode(view) && !waiting.has(uid)) void place(uid)
    for (const { event } of recorded) {
      if (event.type === 'FreePodPlaced') {
        const pod = podToRun(view, state)
        if (pod !== null) runtime.start(pod)
      } else if (event.type === 'FreePodObserved' && event.observation.type === 'ProcessStarted')
        runtime.confirm(state.place, event.observation.container, event.observation.restart)
      else if (event.type === 'FreePodDeletionRequested' && state.node !== null)
        runtime.stop(state.place, event.graceSeconds)
    }
  }

  const recover = async (view: FreePodView): Promise<void> => {
    const { state } = view
    if (state._tag === 'NoFreePod' || state.isRemoved || state.hasEnded || state.givenTo !== null) return
    if (state.node === null) return place(state.uid)
    const processes = processesOf(view, state.uid)
    if (processes.length > 0) await runtime.fence(processes)
    const pod = state.isLaunched || state.deletion !== null ? null : podToRun(view, state)
    if (pod !== null) return runtime.start(pod)
    const lost = { type: 'RecordFacts', observations: [nodeLost()] } as const
    const outcome = await surely(() => podWriter.handle(state.uid, lost, because)())
    if (E.isRight(outcome) && outcome.right.position !== null) await whenApplied(ledger, outcome.right.position)
  }

  const nodeLost = (): PodObservation => ({ type: 'PodFailed', reason: 'NodeLost', exitCode: null, at: clock.now() })

  const enqueue = (uid: string, observation: PodObservation): void => {
    const queue = queues.get(uid)
    if (queue === undefined) queues.set(uid, [observation])
    else queue.push(observation)
  }

  const subscription: Subscription = ledger.freePods.news$.subscribe((news) => {
    for (const one of news) react(one)
  })

  return {
    heal: async () => {
      await Promise.all([...ledger.freePods.all()].map(recover))
    },
    record: (facts) => {
      const uids = new Set<string>()
      for (const { observation, ...ref } of facts) {
        const uid = uidOf(ref)
        if (uid === null) continue
        uids.add(uid)
        enqueue(uid, observation)
      }
      for (const uid of uids) void work(uid)
    },
    placeWaiting: () => {
      for (const uid of waiting) void place(uid)
    },
    loseNode: (node) => {
      for (const { state } of ledger.freePods.list()) {
        if (state._tag === 'NoFreePod' || state.node !== node || state.hasEnded) continue
        const { uid } = state
        if (state.givenTo !== null) {
          // The Job that has the Pod loses it itself; one that is on its way is told.
          if (holderOf(state, ledger) !== null) continue
          enqueue(uid, nodeLost())
          void work(uid)
          runtime.stop(state.place, 0)
          continue
        }
        const lost = { type: 'RecordFacts', observations: [nodeLost()] } as const
        void surely(() => podWriter.handle(uid, lost, because)()).then(() =>
          surely(() => podWriter.handle(uid, { type: 'DeletePod', graceSeconds: 0 }, because)()),
        )
      }
    },
    close: () => subscription.unsubscribe(),
  }
}

const factsPerCommand = 900
const soonMs = 100

/** Nobody runs it yet, and nothing says that it should not be run. */
const wantsNode = ({ state, form }: FreePodView): boolean =>
  state._tag === 'FreePod' &&
  !state.isRemoved &&
  !state.hasEnded &&
  state.node === null &&
  state.givenTo === null &&
  state.deletion === null &&
  (form?.spec.schedulingGates ?? []).length === 0

const podToRun = ({ form }: FreePodView, state: FreePod): PodToRun | null =>
  form === null || state.node === null
    ? null
    : {
        ...state.place,
        uid: state.uid,
        name: state.name,
        namespace: state.namespace,
        index: null,
        attempt: 0,
        node: state.node,
        labels: form.metadata.labels ?? {},
        annotations: form.metadata.annotations ?? {},
        spec: form.spec,
      }

const processesOf = ({ containers }: FreePodView, podUid: string): ReadonlyArray<ProcessIdentity> =>
  containers.flatMap((record: ContainerRecord | undefined) => {
    const process = record?.process ?? null
    return process === null ? [] : [{ podUid, ...process }]
  })
