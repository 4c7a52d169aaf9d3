import type { Subscription } from 'rxjs'
import type { FreePodCommand } from '../../domain/free-pod/decide.ts'
import { isAdoptable } from '../../domain/free-pod/free-pod.ts'
import { E } from '../../prelude.ts'
import type { FreePodView } from '../../projections/free-pod-view.ts'
import type { JobView } from '../../projections/job-view.ts'
import type { JobWriter } from '../jobs/job-writer.ts'
import type { Ledger } from '../log/ledger.ts'
import { whenApplied } from '../log/when-applied.ts'
import { whenBack } from '../log/when-back.ts'
import type { Clock } from '../ports/clock.ts'
import type { FreePodWriter } from './free-pod-writer.ts'
import { hasTaken, isUnderWay, podsInTransit } from './holder-of.ts'
import { adoption } from './moves/adoption.ts'
import { reception } from './moves/reception.ts'
import { untracking } from './moves/untracking.ts'
import { isChoosy, wants } from './moves/wants.ts'

export type FreePodsPorts = {
  readonly ledger: Ledger
  readonly jobWriter: JobWriter
  readonly podWriter: FreePodWriter
  readonly clock: Clock
  /** Between a change of a Pod and the look of Jobs at it, in milliseconds. */
  readonly windowMs: number
  /** At the start, when each Pod has one stream again: heals what a crash left of those that run here. */
  readonly heal: () => Promise<void>
  readonly onFatal: (reason: string) => void
}

export type FreePods = {
  /** Takes over for a Job, before it creates any of its own, the Pods that its selector finds. */
  readonly claim: (uid: string) => Promise<void>
  /** To be called once every Job has been taken up that was in the log: before, no Pod changes hands. */
  readonly start: () => void
  readonly close: () => void
}

/**
 * Moves Pods between the streams of Jobs and their own. A move is told first by who gives (`PodReleased`, `FreePodGivenAway`), then by
 * who takes; what a crash cut in two is finished at the start.
 */
export const startFreePods = (ports: FreePodsPorts): FreePods => {
  const { ledger, jobWriter, podWriter, clock, windowMs } = ports
  const because = { actor: { kind: 'saga' as const, name: 'ensure-pods-have-their-owner' } }
  const surely = whenBack(clock)
  const choosy = new Set<string>()
  /** Pods that Jobs have let go just now. */
  const arriving = new Set<Promise<void>>()

  const receive = async (view: JobView, pod: number): Promise<void> => {
    const command = reception(view, pod)
    if (command === null) return
    const outcome = await surely(() => podWriter.handle(command.uid, command, because)())
    if (E.isLeft(outcome)) return ports.onFatal(`a Pod that was let go could not be kept: ${outcome.left._tag}`)
    if (outcome.right.position !== null) await whenApplied(ledger, outcome.right.position)
  }

  const welcome = (view: JobView, pod: number): void => {
    const arrival = receive(view, pod).finally(() => arriving.delete(arrival))
    arriving.add(arrival)
  }

  /** First the Pod's stream says whose it will be, then the Job's stream takes it; if that refuses, the Pod stays free. */
  const move = async (job: JobView, pod: FreePodView): Promise<void> => {
    const { state } = pod
    const command = state._tag === 'FreePod' ? adoption(pod, state, job) : null
    if (state._tag === 'NoFreePod' || command === null || job.state._tag === 'NoJob') return
    const { uid } = job.state
    const giving = { type: 'GiveAway', to: uid, version: state.version } as const
    const given = await surely(() => podWriter.handle(command.uid, giving, because)())
    if (E.isLeft(given)) return
    const taken = await surely(() => jobWriter.handle(uid, command, because)())
    const states = [jobWriter.stateOf(uid), ledger.getByUid(uid)?.state]
    if (E.isRight(taken) || states.some((one) => hasTaken(one, state))) return
    await surely(() => podWriter.handle(command.uid, { type: 'TakeBack' }, because)())
  }

  const look = async (podUid: string): Promise<void> => {
    await healed
    const pod = ledger.freePods.getByUid(podUid)
    if (pod?.state._tag !== 'FreePod' || !isAdoptable(pod.state)) return
    for (const uid of [pod.form?.metadata.labels?.[controllerLabel] ?? '', ...choosy]) {
      const job = ledger.getByUid(uid)
      if (job !== null && wants(job, pod)) return move(job, pod)
    }
  }

  const freeOfTracking = async (view: FreePodView): Promise<void> => {
    const command = untracking(view, ledger)
    if (command === null || view.state._tag === 'NoFreePod') return
    const { uid } = view.state
    await surely(() => podWriter.handle(uid, command, because)())
  }

  const noteChoosy = (view: JobView): void => {
    if (view.state._tag === 'NoJob') return
    if (isChoosy(view)) choosy.add(view.state.uid)
    else choosy.delete(view.state.uid)
  }

  const subscriptions: Subscription[] = [
    ledger.news$.subscribe((news) => {
      for (const { view, recorded } of news) {
        noteChoosy(view)
        for (const { event } of recorded) if (event.type === 'PodReleased') welcome(view, event.pod)
      }
    }),
    ledger.freePods.news$.subscribe((news) => {
      for (const { uid, view } of news) {
        void freeOfTracking(view)
        if (view.state._tag === 'FreePod' && isAdoptable(view.state))
          clock.scheduler.schedule(() => void look(uid), windowMs)
      }
    }),
  ]

  /** Nobody runs any more what ran here before a crash: such a Pod is told to be lost before a Job takes it. */
  const recover = async (): Promise<void> => {
    for (const view of ledger.all()) {
      noteChoosy(view)
      for (const pod of podsInTransit(view, ledger)) await receive(view, pod)
    }
    for (const { state } of ledger.freePods.all())
      if (isUnderWay(state, ledger) && (state.node !== null || ledger.getByUid(state.givenTo) === null))
        await settle(state.uid, { type: 'TakeBack' })
    await ports.heal()
  }

  const settle = async (uid: string, command: FreePodCommand): Promise<void> => {
    const outcome = await surely(() => podWriter.handle(uid, command, because)())
    if (E.isRight(outcome) && outcome.right.position !== null) await whenApplied(ledger, outcome.right.position)
  }

  let start = (): void => {}
  const healed = new Promise<void>((resolve) => {
    start = () => resolve(recover())
  })

  const resume = async (): Promise<void> => {
    await healed
    for (const view of ledger.freePods.all()) {
      if (view.state._tag === 'NoFreePod' || view.state.isRemoved) continue
      await freeOfTracking(view)
      const job = isUnderWay(view.state, ledger) ? ledger.getByUid(view.state.givenTo) : null
      if (view.state.givenTo === null) await look(view.state.uid)
      else if (job !== null) await move(job, view)
    }
  }
  void resume()

  return {
    start,
    claim: async (uid) => {
      if (ledger.getByUid(uid)?.manifest?.spec.manualSelector !== true) return
      await healed
      await Promise.all(arriving)
      const job = ledger.getByUid(uid)
      if (job === null) return
      for (const pod of ledger.freePods.list())
        if (wants(job, pod) || (isUnderWay(pod.state, ledger) && pod.state.givenTo === uid)) await move(job, pod)
    },
    close: () => {
      for (const subscription of subscriptions) subscription.unsubscribe()
    },
  }
}

const controllerLabel = 'batch.kubernetes.io/controller-uid'
