import type { Subscription } from 'rxjs'
import { decideFreePod, type FreePodCommand } from '../../domain/free-pod/decide.ts'
import {
  evolveFreePod,
  type FreePod,
  type FreePodState,
  isAdoptable,
  noFreePod,
} from '../../domain/free-pod/free-pod.ts'
import { isFinished, type Job, type JobState } from '../../domain/job/job.ts'
import { containerNames } from '../../domain/job/job-terms.ts'
import type { PodPlace, PodRun } from '../../domain/job/pod-run.ts'
import { podIdentityOf, podPlaceOf } from '../../domain/job/pod-identity.ts'
import { podRow } from '../../domain/job/pod-columns.ts'
import type { JobManifest } from '../../domain/kubernetes/job-object.ts'
import type { PodObject } from '../../domain/kubernetes/pod-object.ts'
import { podReport, type ReportedStatus } from '../../domain/kubernetes/pod-report.ts'
import { selects } from '../../domain/kubernetes/validation/selectors.ts'
import { E } from '../../prelude.ts'
import type { FreePodView } from '../../projections/free-pod-view.ts'
import { type JobView, nodeOf, podContainers } from '../../projections/job-view.ts'
import { observationsOf } from '../../projections/observations-of.ts'
import { releasedPod, trackingFinalizer } from '../../projections/pod-object.ts'
import type { JobWriter } from '../jobs/job-writer.ts'
import type { Ledger } from '../log/ledger.ts'
import type { Clock } from '../ports/clock.ts'
import { freePodCategory } from '../log/read-event.ts'
import { streamWriter, type WriterPorts } from '../log/stream-writer.ts'
import { whenApplied } from '../log/when-applied.ts'
import { whenBack } from '../log/when-back.ts'

/** Writes the streams of Pods that no Job controls. */
export const freePodWriter = (ports: WriterPorts) =>
  streamWriter(ports, { category: freePodCategory, initial: noFreePod, decide: decideFreePod, evolve: evolveFreePod })

export type FreePodWriter = ReturnType<typeof freePodWriter>

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
    const released = releasedPod(view, pod)
    if (released === null || view.state._tag === 'NoJob') return
    const { object, row } = released
    const { state } = view
    const node = nodeOf(view, pod)
    const { uid = '', name, namespace, finalizers = [] } = object.metadata
    const command: FreePodCommand = {
      type: 'ReceivePod',
      uid,
      namespace,
      name,
      from: { job: state.uid, pod },
      gracePeriodSeconds: object.spec.terminationGracePeriodSeconds ?? 30,
      hasNode: row.bound,
      hasEnded: row.finishedAt !== null,
      hasFinalizers: finalizers.length > 0,
      deletion: row.deletedAt === null ? null : { at: row.deletedAt, graceSeconds: row.graceSeconds },
      form: object,
      ...(node !== null &&
        !state.terms.podsRunElsewhere && {
          run: { node, place: podPlaceOf(state, pod), observations: observationsOf(row, podContainers(view, pod)) },
        }),
    }
    const outcome = await surely(() => podWriter.handle(uid, command, because)())
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

  /** [8.4] Nobody would ever take the finalizer off a Pod that no open Job has. */
  const freeOfTracking = async ({ state, form }: FreePodView): Promise<void> => {
    if (state._tag === 'NoFreePod' || state.isRemoved || state.givenTo !== null || form === null) return
    const { finalizers = [] } = form.metadata
    const left = finalizers.filter((name) => name !== trackingFinalizer)
    if (left.length === finalizers.length || !mayBeFreed(form, ledger)) return
    const hasFinalizers = left.length > 0
    const patch = { metadata: { finalizers: hasFinalizers ? left : null } }
    const change = { type: 'ChangePod', patch, hasNode: state.hasNode, hasFinalizers } as const
    await surely(() => podWriter.handle(state.uid, change, because)())
  }

  const noteChoosy = (view: JobView): void => {
    if (view.state._tag === 'NoJob') return
    if (view.manifest?.spec.manualSelector === true && isOpen(view.state)) choosy.add(view.state.uid)
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
      for (const pod of inTransit(view, ledger)) await receive(view, pod)
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

/** Pods that the Job has let go and that have not come into a stream of their own since. */
export const inTransit = ({ state }: JobView, ledger: Ledger): ReadonlyArray<number> =>
  state._tag === 'NoJob'
    ? []
    : state.released.filter((pod) => {
        const { uid } = podIdentityOf(state, pod, podRow(state.pods, pod).index)
        const there = ledger.freePods.getByUid(uid)?.state
        if (there?._tag !== 'FreePod') return true
        if (there.givenTo !== state.uid || (there.from?.job === state.uid && there.from.pod === pod)) return false
        // The Job may have had it, let it go and taken it over again: then it has several numbers there.
        return ![...state.adopted].some(([other, adopted]) => other > pod && adopted.uid === uid)
      })

/** Whether the Job has taken the Pod since it came last: another move was faster, and by now the Job may have let it go. */
const hasTaken = (job: JobState | undefined, { uid, from }: FreePod): boolean =>
  job?._tag === 'Job' &&
  [...job.adopted].some(([pod, adopted]) => adopted.uid === uid && !(from?.job === job.uid && pod <= from.pod))

/** Whether the Job to which a Pod was given has it. */
export const isTaken = (pod: FreePod, ledger: Ledger): boolean => holderOf(pod, ledger) !== null

/** That Job, and the Pod's number there; null: it does not have the Pod (yet, or any more). */
export const holderOf = ({ uid, givenTo }: FreePod, ledger: Ledger): PodPlace | null => {
  const state = givenTo === null ? undefined : ledger.getByUid(givenTo)?.state
  if (state?._tag !== 'Job') return null
  for (const [pod, other] of state.adopted)
    if (other.uid === uid && !state.released.includes(pod)) return { job: state.uid, pod }
  return null
}

/** The Pod was given to a Job that does not have it yet. */
const isUnderWay = (state: FreePodState, ledger: Ledger): state is FreePod & { readonly givenTo: string } =>
  state._tag === 'FreePod' && !state.isRemoved && state.givenTo !== null && !isTaken(state, ledger)

const controllerLabel = 'batch.kubernetes.io/controller-uid'

const isOpen = (job: Job): boolean => !job.deleted && job.deletion === null && !isFinished(job)

/** [8.1] The selector of an open Job finds the Pod. Where Pods run here, the Pod has to run here, too: one that waits for a node goes on waiting alone. */
const wants = ({ state, manifest }: JobView, pod: FreePodView): boolean =>
  state._tag === 'Job' &&
  isOpen(state) &&
  !state.terms.managedElsewhere &&
  pod.state._tag === 'FreePod' &&
  isAdoptable(pod.state) &&
  state.terms.podsRunElsewhere === (pod.state.node === null) &&
  pod.state.namespace === state.namespace &&
  manifest?.spec.selector !== undefined &&
  selects(manifest.spec.selector, pod.form?.metadata.labels ?? {})

/** The finalizer of Jobs is not part of the form: that the Job tracks the Pod says as much. */
const adoption = (view: FreePodView, { uid, name, hasNode, node, place }: FreePod, { manifest }: JobView) => {
  const { form } = view
  if (form === null || manifest === null) return null
  const { resourceVersion: _, finalizers = [], ...rest } = form.metadata
  const kept = finalizers.filter((finalizer) => finalizer !== trackingFinalizer)
  const hasFinalizers = kept.length > 0
  const metadata = { ...rest, ...(hasFinalizers && { finalizers: kept }) }
  const run: PodRun | null =
    node === null ? null : { node, place, observations: observationsOf(view.life, view.containers) }
  return {
    type: 'AdoptPod' as const,
    uid,
    name,
    index: indexOf(form),
    hasNode,
    hasFinalizers,
    createdAt: Date.parse(form.metadata.creationTimestamp ?? '') || 0,
    form: { metadata, spec: form.spec, ...(run === null && { status: form.status }) },
    ...(run === null ? { report: podReport(form.status as ReportedStatus, containersOf(manifest)) } : { run }),
  }
}

/** No controller of another kind has the Pod, and no Job that will account for it. */
const mayBeFreed = ({ metadata }: PodObject, ledger: Ledger): boolean => {
  const controller = metadata.ownerReferences?.find((owner) => owner.controller === true)
  if (controller === undefined) return true
  if (controller.kind !== 'Job' || controller.apiVersion !== 'batch/v1') return false
  const job = ledger.getByUid(controller.uid)?.state
  return job?._tag !== 'Job' || job.deleted || (isFinished(job) && !job.terms.managedElsewhere)
}

const containersOf = (manifest: JobManifest): ReadonlyArray<string> => containerNames(manifest.spec)

/** [4.2] Null: none that can be read. */
const indexOf = ({ metadata }: PodObject): number | null => {
  const text = metadata.annotations?.['batch.kubernetes.io/job-completion-index'] ?? ''
  return /^\d+$/.test(text) ? Number(text) : null
}
