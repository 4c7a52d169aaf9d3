import { Subject, type Subscription } from 'rxjs'
import type { Intent, JobCommand, RecordPodFacts } from '../../domain/job/commands.ts'
import { isFinished, type Job } from '../../domain/job/job.ts'
import { lifecycleOf } from '../../domain/job/pod-columns.ts'
import { podPlaceOf } from '../../domain/job/pod-identity.ts'
import type { JobView } from '../../projections/job-view.ts'
import { E } from '../../prelude.ts'
import { allSagas } from '../../sagas/all-sagas.ts'
import type { Moment, Wish } from '../../sagas/saga.ts'
import { factsOfReleased } from '../pods/facts-of-released.ts'
import type { JobWriter } from './job-writer.ts'
import type { JobNews, Ledger } from '../log/ledger.ts'
import { patience, pause, retryMs } from '../log/patience.ts'
import { podToRun, podToRunAgain } from './pod-to-run.ts'
import type { Clock } from '../ports/clock.ts'
import { type EventStore, noStream } from '../ports/event-store.ts'
import type { PodObserved, PodRuntime } from '../ports/pod-runtime.ts'
import { recoverJob } from './recover-job.ts'
import { storeWasAway } from '../log/store-was-away.ts'
import type { Written } from '../log/stream-writer.ts'
import { unappliedEvents } from '../log/unapplied-events.ts'
import { hasUnfinishedEnd } from './unfinished-end.ts'

export type ControllerPorts = {
  readonly store: EventStore
  readonly runtime: PodRuntime
  readonly clock: Clock
  readonly ledger: Ledger
  readonly writer: JobWriter
  /** Milliseconds between a fact and the sync that takes it into account; 0 for local runtimes. */
  readonly windowMs: number
  /** Takes facts about Pods that are no Job's, or no longer; absent: nobody wants to know. */
  readonly strayFacts?: (facts: ReadonlyArray<PodObserved>) => void
  /** The controller cannot go on: the log is lost, or a bug showed. The process should end. */
  readonly onFatal: (reason: string) => void
  /** What a person should know, such as that the log is away. */
  readonly onNotice?: (text: string) => void
  /** What has to be done before the first sync of a Job: there may be Pods for it to take over. */
  readonly beforeFirstSync?: (uid: string) => Promise<void>
  /** What else a decision about a Job needs to know, as it is now; absent: nothing. */
  readonly circumstancesOf?: (uid: string) => Pick<Intent, 'placement' | 'isBlocked'>
  /** Called after an append was answered and before anyone reacts to its events: a place where tests end the process. */
  readonly beforeReactions?: () => void
}

/** The loop that closes the straight line: facts come back from the log, runtimes and sagas react, their wishes become commands. */
export type Controller = {
  /**
   * Works for this Job from now on, after healing what a crash left of it. Others in the log are left alone, but for what is
   * left to do at their end: a time to live, and the Pods of a deleted Job.
   */
  readonly drive: (uid: string) => Promise<void>
  /** Something has changed that the log of this Job does not tell. */
  readonly lookAgain: (uid: string) => void
  /**
   * Takes back the active Pods of every Job worked for, uncounted, and resolves when the last one has ended. No Pod is created
   * from then on, and no other Job is taken up.
   */
  readonly withdraw: () => Promise<void>
  /** Kills what still runs and stops reacting. */
  readonly close: () => Promise<void>
}

export const startController = (ports: ControllerPorts): Controller => {
  const { store, runtime, clock, ledger, writer, onFatal } = ports
  const driven = new Set<string>()
  /** Nothing new happens for such a Job: what runs of it then is what ran before. */
  const recovering = new Set<string>()
  let isLeaving = false
  const moments$ = new Subject<Moment>()
  const facts = factRecorder(ports)
  const waiting = patience(clock, ports.onNotice ?? (() => {}))
  const subscriptions: Subscription[] = []

  const react = (news: JobNews): void => {
    const { state } = news.view
    if (!driven.has(news.uid)) {
      if (state._tag === 'Job' && hasUnfinishedEnd(state)) void drive(news.uid)
      return
    }
    if (recovering.has(news.uid)) return
    runPods(runtime, news)
    const last = news.recorded.at(-1)
    if (state._tag === 'NoJob' || last === undefined || isLeaving) return
    moments$.next({
      job: presentState(writer, state, last.revision),
      cause: last.id,
      correlationId: writer.rootOf(news.uid),
    })
    leaveIfOver(state)
  }

  const leaveIfOver = (state: Job): void => {
    if (!isOver(state)) return
    driven.delete(state.uid)
    writer.release(state.uid)
  }

  const grant = (wish: Wish): void => {
    if (isLeaving) return
    const actor = { kind: 'saga' as const, name: wish.saga }
    const because = { actor, causationId: wish.cause, ...(wish.correlationId && { correlationId: wish.correlationId }) }
    const wishedAt = clock.now()
    void firstClaims(wish)
      .then(() => {
        const intent = { type: wish.intent, ...ports.circumstancesOf?.(wish.job) }
        return writer.handle(wish.job, intent, { ...because, ...seenOf(ledger, wish.job) })()
      })
      .then((outcome) => {
        if (E.isRight(outcome)) return isTooEarly(outcome.right, wishedAt) ? tellAgain(wish.job) : undefined
        if (outcome.left._tag === 'JobNotFound') return
        if (storeWasAway(outcome.left)) clock.scheduler.schedule(() => tellAgain(wish.job), retryMs)
        else onFatal(`${wish.saga}: ${outcome.left._tag}`)
      })
  }

  const firstClaims = async ({ job, intent }: Wish): Promise<void> => {
    const state = ledger.getByUid(job)?.state
    if (intent === 'CreatePods' && state?._tag === 'Job' && !state.published.synced) await ports.beforeFirstSync?.(job)
  }

  const tellAgain = (uid: string): void => {
    const view = ledger.getByUid(uid)
    if (view?.state._tag !== 'Job' || !driven.has(uid)) return
    const job = presentState(writer, view.state, view.revision)
    moments$.next({ job, cause: view.lastEventId, correlationId: writer.rootOf(uid) })
  }

  const drive = async (uid: string): Promise<void> => {
    const view = ledger.getByUid(uid)
    if (isLeaving || driven.has(uid) || view === null || view.state._tag === 'NoJob') return
    driven.add(uid)
    recovering.add(uid)
    await recoverJob(ports, uid, waiting)
    recovering.delete(uid)
    tellAgain(uid)
    const present = ledger.getByUid(uid)?.state
    if (present?._tag === 'Job') leaveIfOver(present)
  }

  const listen = { error: (cause: unknown) => onFatal(textOf(cause)) }
  subscriptions.push(
    allSagas({ scheduler: clock.scheduler, windowMs: ports.windowMs })(moments$).subscribe({ next: grant, ...listen }),
    store.subscribeAll(ledger.position()).subscribe({
      next: (events) => {
        ports.beforeReactions?.()
        const fresh = unappliedEvents(events, ledger)
        if (fresh === null) return onFatal('the subscription skipped an event')
        for (const news of ledger.apply(fresh)) react(news)
      },
      ...listen,
    }),
    runtime.observed$.subscribe({ next: facts.record, ...listen }),
  )

  return {
    drive,
    lookAgain: tellAgain,
    withdraw: async () => {
      isLeaving = true
      await Promise.all([...driven].map((uid) => withdrawPods(ports, uid)))
    },
    close: async () => {
      for (const subscription of subscriptions) subscription.unsubscribe()
      await runtime.close()
    },
  }
}

/** The clock was set back after the wish: what was due is not due any more, and nobody else waits for it. */
const isTooEarly = ({ events, decidedAt }: Written<unknown>, wishedAt: number): boolean =>
  events.length === 0 && decidedAt < wishedAt

/** What the ledger shows of a Job, whoever reacts to it has seen. */
const seenOf = (ledger: Ledger, uid: string): { readonly seen: number } => ({
  seen: ledger.getByUid(uid)?.revision ?? noStream,
})

const textOf = (cause: unknown): string => (cause instanceof Error ? (cause.stack ?? cause.message) : String(cause))

/**
 * The newer of two states: what the writer holds, or what the ledger folded up to `revision`. The writer is behind while it waits for
 * the answer to an append whose events have come back already.
 */
const presentState = (writer: JobWriter, folded: Job, revision: number): Job => {
  const state = writer.stateOf(folded.uid)
  return state._tag === 'Job' && writer.revisionOf(folded.uid) >= revision ? state : folded
}

/** Nothing more to do for the Job: it is finished without a time to live and no Pod runs, or it and its Pods are gone. */
const isOver = (job: Job): boolean =>
  job.deleted
    ? job.live === 0
    : isFinished(job) &&
      job.terms.ttlSecondsAfterFinished === null &&
      job.counts.terminating === 0 &&
      job.deletion === null

/** What the events mean for processes: intent was recorded first, so a crash in between is healed and never doubled. */
const runPods = (runtime: PodRuntime, { before, view, recorded }: JobNews): void => {
  const { state } = view
  if (state._tag === 'NoJob') return
  for (const { event } of recorded) {
    if (event.type === 'PodCreated') {
      const pod = podToRun(view, event)
      if (pod !== null) runtime.start(pod)
    } else if (event.type === 'PodBound') {
      const pod = hasPod(before, event.pod) ? podToRunAgain(view, event.pod) : null
      if (pod !== null) runtime.start(pod)
    } else if (event.type === 'ProcessStarted')
      runtime.confirm(podPlaceOf(state, event.pod), event.container, event.restart)
    else if (event.type === 'PodDeletionRequested') runtime.stop(podPlaceOf(state, event.pod), event.graceSeconds)
  }
}

/** A Pod gets its node as it is made, or later. */
const hasPod = ({ state }: JobView, pod: number): boolean => state._tag === 'Job' && lifecycleOf(state.pods, pod).live

const factsPerCommand = 900

/** Records what the runtime sees, per Job in order; facts wait while the store is away, and are never dropped. */
const factRecorder = ({ ledger, writer, runtime, clock, strayFacts = () => {}, onFatal }: ControllerPorts) => {
  const queues = new Map<string, Array<RecordPodFacts['facts'][number]>>()
  const working = new Set<string>()
  const actor = { kind: 'runtime' as const, name: runtime.name }
  const because = { actor, causationId: `world:${runtime.name}` }

  const work = async (uid: string): Promise<void> => {
    if (working.has(uid)) return
    working.add(uid)
    for (let queue = queues.get(uid); queue !== undefined && queue.length > 0; queue = queues.get(uid)) {
      const facts = queue.slice(0, factsPerCommand)
      const outcome = await writer.handle(
        uid,
        { type: 'RecordPodFacts', facts },
        { ...because, ...seenOf(ledger, uid) },
      )()
      if (E.isRight(outcome) || outcome.left._tag === 'JobNotFound') {
        const held = writer.stateOf(uid)
        const state = held._tag === 'Job' ? held : (ledger.getByUid(uid)?.state ?? held)
        if (state._tag === 'Job' && state.released.size > 0)
          strayFacts(
            factsOfReleased(state, facts, E.isRight(outcome) ? outcome.right.events : []).map((fact) => ({
              job: uid,
              ...fact,
            })),
          )
        queue.splice(0, facts.length)
      } else if (storeWasAway(outcome.left)) await pause(clock, retryMs)
      else return onFatal(`a fact about a Pod could not be recorded: ${outcome.left._tag}`)
    }
    queues.delete(uid)
    working.delete(uid)
  }

  return {
    record: (observed: ReadonlyArray<PodObserved>): void => {
      const seen = new Set<string>()
      const strays = observed.filter(({ job }) => ledger.freePods.getByUid(job) !== null)
      if (strays.length > 0) strayFacts(strays)
      for (const { job, pod, observation } of observed) {
        if (ledger.freePods.getByUid(job) !== null) continue
        seen.add(job)
        const queue = queues.get(job)
        if (queue === undefined) queues.set(job, [{ pod, observation }])
        else queue.push({ pod, observation })
      }
      for (const uid of seen) void work(uid)
    },
  }
}

const withdrawPods = async ({ writer, ledger }: ControllerPorts, uid: string): Promise<void> => {
  const command: JobCommand = { type: 'WithdrawPods' }
  const because = { actor: { kind: 'recovery' as const, name: 'shutdown' }, causationId: 'world:shutdown' }
  for (;;) {
    const outcome = await writer.handle(uid, command, because)()
    if (E.isLeft(outcome)) return
    if (outcome.right.events.length === 0) break
  }
  await new Promise<void>((resolve) => {
    const isQuiet = () => {
      const view = ledger.getByUid(uid)
      return (
        view === null || view.state._tag === 'NoJob' || view.state.counts.terminating + view.state.counts.active === 0
      )
    }
    const subscription = ledger.news$.subscribe(() => {
      if (!isQuiet()) return
      subscription.unsubscribe()
      resolve()
    })
    if (isQuiet()) {
      subscription.unsubscribe()
      resolve()
    }
  })
}
