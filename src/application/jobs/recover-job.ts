import { hasIndex } from '../../domain/job/index-set.ts'
import { lifecycleOf, livePods, podRow, succeededPhase } from '../../domain/job/pod-columns.ts'
import { podIdentityOf, podPlaceOf } from '../../domain/job/pod-identity.ts'
import type { Job } from '../../domain/job/job.ts'
import { E } from '../../prelude.ts'
import { type JobView, podContainers } from '../../projections/job-view.ts'
import type { ControllerPorts } from './controller.ts'
import type { Patience } from '../log/patience.ts'
import { podToRunAgain } from './pod-to-run.ts'
import type { PodObserved, PodRuntime, ProcessIdentity } from '../ports/pod-runtime.ts'
import { storeWasAway } from '../log/store-was-away.ts'

/**
 * Heals what a crash left of a Job before anything new is created for it: processes that may still live are killed and waited for, their
 * Pods are lost (reason NodeLost), and Pods that were recorded but never got a process are started now. A log that is away is waited for.
 */
export const recoverJob = async (ports: ControllerPorts, uid: string, patience: Patience): Promise<void> => {
  const { ledger, runtime, writer } = ports
  const view = ledger.getByUid(uid)
  if (view === null) return
  const neverLaunched = podsWithoutProcess(view)
  const processes = processesOf(view)
  if (processes.length > 0) await runtime.fence(processes)
  const below = view.state._tag === 'Job' ? view.state.pods.size : 0
  const because = { actor: { kind: 'recovery' as const, name: 'restart' }, causationId: 'world:restart' }
  for (;;) {
    const outcome = await writer.handle(uid, { type: 'RecordLostPods', below }, because)()
    if (E.isRight(outcome) || outcome.left._tag === 'JobNotFound') break
    if (!storeWasAway(outcome.left)) return ports.onFatal(`a Job could not be recovered: ${outcome.left._tag}`)
    await patience('reason' in outcome.left ? outcome.left.reason : outcome.left._tag)
  }
  const present = writer.stateOf(uid)
  if (present._tag === 'NoJob') return
  for (const pod of neverLaunched) {
    const { live, phase, deleting } = lifecycleOf(present.pods, pod)
    const again = podToRunAgain(ledger.getByUid(uid) ?? view, pod)
    if (!live || phase >= succeededPhase || again === null) continue
    runtime.start(again)
    // Who asked for its deletion meanwhile was not heard by a runtime that did not know the Pod yet.
    if (deleting) runtime.stop(podPlaceOf(present, pod), podRow(present.pods, pod).graceSeconds)
  }
  ports.strayFacts?.(lostOnTheWay(view, present, ports.clock.now()))
  for (let pod = below; pod < present.pods.size; pod += 1) tellAgain(runtime, ledger.getByUid(uid) ?? view, pod)
}

/** Pods that the Job has let go meanwhile: nobody runs them any more, whoever has them now. */
const lostOnTheWay = ({ state }: JobView, present: Job, at: number): ReadonlyArray<PodObserved> =>
  state._tag === 'NoJob' || present.released.size === state.released.size
    ? []
    : [...livePods(state.pods)]
        .filter((pod) => lifecycleOf(state.pods, pod).phase < succeededPhase && hasIndex(present.released, pod))
        .map((pod) => ({
          job: state.uid,
          pod,
          observation: { type: 'PodFailed', reason: 'NodeLost', exitCode: null, at } as const,
        }))

/** A Pod that the Job has taken over meanwhile runs: what was said to the runtime since was not heard. */
const tellAgain = (runtime: PodRuntime, view: JobView, pod: number): void => {
  const { state } = view
  if (state._tag === 'NoJob' || !lifecycleOf(state.pods, pod).live) return
  const place = podPlaceOf(state, pod)
  for (const [container, record] of podContainers(view, pod).entries())
    if (isKnown(record) && record.state === 'running') runtime.confirm(place, container, record.restart)
  const { deleting, graceSeconds } = podRow(state.pods, pod)
  if (deleting) runtime.stop(place, graceSeconds)
}

/** Processes of Pods that have not ended, as far as the log knows them. */
const processesOf = (view: JobView): ReadonlyArray<ProcessIdentity> => {
  const { state } = view
  if (state._tag === 'NoJob') return []
  const processes: ProcessIdentity[] = []
  for (const pod of livePods(state.pods)) {
    if (lifecycleOf(state.pods, pod).phase >= succeededPhase) continue
    for (const { process } of podContainers(view, pod).filter(isKnown))
      if (process !== null)
        processes.push({ podUid: podIdentityOf(state, pod, podRow(state.pods, pod).index).uid, ...process })
  }
  return processes
}

/** Containers without a fact leave holes. */
const isKnown = <A>(record: A | undefined): record is A => record !== undefined

const podsWithoutProcess = ({ state }: JobView): ReadonlyArray<number> =>
  state._tag === 'NoJob'
    ? []
    : [...livePods(state.pods)].filter((pod) => {
        const { phase, launched, deleting } = lifecycleOf(state.pods, pod)
        return phase < succeededPhase && !launched && !deleting
      })
