import type { Subscription } from 'rxjs'
import { decideFreePod, type FreePodCommand } from '../domain/free-pod/decide.ts'
import { evolveFreePod, type FreePod, isAdoptable, noFreePod } from '../domain/free-pod/free-pod.ts'
import { isFinished, type Job } from '../domain/job/job.ts'
import { containerNames } from '../domain/job/job-terms.ts'
import { podIdentityOf } from '../domain/job/pod-identity.ts'
import { podRow } from '../domain/job/pod-columns.ts'
import type { JobManifest } from '../domain/kubernetes/job-object.ts'
import type { PodObject } from '../domain/kubernetes/pod-object.ts'
import { podReport, type ReportedStatus } from '../domain/kubernetes/pod-report.ts'
import { selects } from '../domain/kubernetes/validation/selectors.ts'
import { E } from '../prelude.ts'
import type { FreePodView } from '../projections/free-pod-view.ts'
import { type JobView, nodeOf } from '../projections/job-view.ts'
import { observationsOf } from '../projections/observations-of.ts'
import { releasedPod, trackingFinalizer } from '../projections/pod-object.ts'
import type { JobWriter } from './job-writer.ts'
import type { Ledger } from './ledger.ts'
import { pause, retryMs } from './patience.ts'
import type { Clock } from './ports/clock.ts'
import { freePodCategory } from './read-event.ts'
import { storeWasAway } from './store-was-away.ts'
import { streamWriter, type WriterPorts } from './stream-writer.ts'

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
  readonly onFatal: (reason: string) => void
}

export type FreePods = {
  /** Takes over for a Job, before it creates any of its own, the Pods that its selector finds. */
  readonly claim: (uid: string) => Promise<void>
  readonly close: () => void
}

/**
 * Moves Pods between the streams of Jobs and their own. A move is told first by who gives (`PodReleased`, `FreePodGivenAway`), then by
 * who takes; what a crash cut in two is finished at the start.
 */
export const startFreePods = (ports: FreePodsPorts): FreePods => {
  const { ledger, jobWriter, podWriter, clock, windowMs } = ports
  const because = { actor: { kind: 'saga' as const, name: 'ensure-pods-have-their-owner' } }
  const choosy = new Set<string>()

  /** What is asked, and asked again as long as the log is away. */
  const whenBack = async <L extends { readonly _tag: string }, A>(
    ask: () => Promise<E.Either<L, A>>,
  ): Promise<E.Either<L, A>> => {
    for (;;) {
      const answer = await ask()
      if (E.isRight(answer) || !storeWasAway(answer.left)) return answer
      await pause(clock, retryMs)
    }
  }

  const receive = async (view: JobView, pod: number): Promise<void> => {
    const released = releasedPod(view, pod)
    if (released === null || view.state._tag === 'NoJob') return
    const { object, row } = released
    const node = nodeOf(view, pod)
    const { uid = '', name, namespace, finalizers = [] } = object.metadata
    const command: FreePodCommand = {
      type: 'ReceivePod',
      uid,
      namespace,
      name,
      from: { job: view.state.uid, pod },
      gracePeriodSeconds: object.spec.terminationGracePeriodSeconds ?? 30,
      hasNode: row.bound,
      hasEnded: row.finishedAt !== null,
      hasFinalizers: finalizers.length > 0,
      deletion: row.deletedAt === null ? null : { at: row.deletedAt, graceSeconds: row.graceSeconds },
      form: object,
      ...(node === null || view.state.terms.podsRunElsewhere
        ? {}
        : { run: { node, observations: observationsOf(view, pod) } }),
    }
    const outcome = await whenBack(() => podWriter.handle(uid, command, because)())
    if (E.isLeft(outcome)) ports.onFatal(`a Pod that was let go could not be kept: ${outcome.left._tag}`)
  }

  /** First the Pod's stream says whose it will be, then the Job's stream takes it; if that refuses, the Pod stays free. */
  const move = async (job: JobView, pod: FreePodView): Promise<void> => {
    const { state } = pod
    const command = state._tag === 'FreePod' ? adoption(pod, state, job) : null
    if (state._tag === 'NoFreePod' || command === null || job.state._tag === 'NoJob') return
    const { uid } = job.state
    const giving = { type: 'GiveAway', to: uid, version: state.version } as const
    const given = await whenBack(() => podWriter.handle(command.uid, giving, because)())
    if (E.isLeft(given)) return
    const taken = await whenBack(() => jobWriter.handle(uid, command, because)())
    if (E.isLeft(taken)) await whenBack(() => podWriter.handle(command.uid, { type: 'TakeBack' }, because)())
  }

  const look = async (podUid: string): Promise<void> => {
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
    await whenBack(() => podWriter.handle(state.uid, change, because)())
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
        for (const { event } of recorded) if (event.type === 'PodReleased') void receive(view, event.pod)
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

  const recover = async (): Promise<void> => {
    for (const view of ledger.all()) {
      noteChoosy(view)
      for (const pod of inTransit(view, ledger)) await receive(view, pod)
    }
    for (const view of ledger.freePods.all()) {
      if (view.state._tag === 'NoFreePod' || view.state.isRemoved) continue
      await freeOfTracking(view)
      if (view.state.givenTo === null) await look(view.state.uid)
      else if (!isTaken(view.state, ledger)) {
        const job = ledger.getByUid(view.state.givenTo)
        await (job === null ? podWriter.handle(view.state.uid, { type: 'TakeBack' }, because)() : move(job, view))
      }
    }
  }
  void recover()

  return {
    claim: async (uid) => {
      const job = ledger.getByUid(uid)
      if (job?.manifest?.spec.manualSelector !== true) return
      for (const pod of ledger.freePods.list()) if (wants(job, pod)) await move(job, pod)
    },
    close: () => {
      for (const subscription of subscriptions) subscription.unsubscribe()
    },
  }
}

/** Pods that the Job has let go and that have no stream of their own yet. */
export const inTransit = ({ state }: JobView, ledger: Ledger): ReadonlyArray<number> =>
  state._tag === 'NoJob'
    ? []
    : state.released.filter((pod) => {
        const { uid } = podIdentityOf(state, pod, podRow(state.pods, pod).index)
        const there = ledger.freePods.getByUid(uid)?.state
        return !(there?._tag === 'FreePod' && there.from?.job === state.uid && there.from.pod === pod)
      })

/** Whether the Job to which a Pod was given has it. */
export const isTaken = ({ uid, givenTo }: FreePod, ledger: Ledger): boolean => {
  const state = givenTo === null ? undefined : ledger.getByUid(givenTo)?.state
  return (
    state?._tag === 'Job' &&
    [...state.adopted].some(([pod, other]) => other.uid === uid && !state.released.includes(pod))
  )
}

const controllerLabel = 'batch.kubernetes.io/controller-uid'

const isOpen = (job: Job): boolean => !job.deleted && job.deletion === null && !isFinished(job)

/** [8.1] The selector of an open Job finds the Pod. */
const wants = ({ state, manifest }: JobView, pod: FreePodView): boolean =>
  state._tag === 'Job' &&
  isOpen(state) &&
  !state.terms.managedElsewhere &&
  pod.state._tag === 'FreePod' &&
  isAdoptable(pod.state) &&
  pod.state.namespace === state.namespace &&
  manifest?.spec.selector !== undefined &&
  selects(manifest.spec.selector, pod.form?.metadata.labels ?? {})

/** The finalizer of Jobs is not part of the form: that the Job tracks the Pod says as much. */
const adoption = ({ form }: FreePodView, { uid, name, hasNode }: FreePod, { manifest }: JobView) => {
  if (form === null || manifest === null) return null
  const { resourceVersion: _, finalizers = [], ...rest } = form.metadata
  const kept = finalizers.filter((finalizer) => finalizer !== trackingFinalizer)
  const hasFinalizers = kept.length > 0
  const metadata = { ...rest, ...(hasFinalizers && { finalizers: kept }) }
  return {
    type: 'AdoptPod' as const,
    uid,
    name,
    index: indexOf(form),
    hasNode,
    hasFinalizers,
    createdAt: Date.parse(form.metadata.creationTimestamp ?? '') || 0,
    form: { metadata, spec: form.spec, status: form.status },
    report: podReport(form.status as ReportedStatus, containersOf(manifest)),
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
