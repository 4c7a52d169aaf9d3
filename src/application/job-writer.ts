import type { JobCommand } from '../domain/job/commands.ts'
import { decide } from '../domain/job/decide.ts'
import type { JobEvent } from '../domain/job/events.ts'
import { evolveAll } from '../domain/job/evolve.ts'
import { type JobState, noJob } from '../domain/job/job.ts'
import type { JobRefusal } from '../domain/job/refusals.ts'
import { E, type TE } from '../prelude.ts'
import type { Actor, Origin } from '../projections/recorded.ts'
import { appendSurely } from './append-surely.ts'
import { chainStart, seal } from './envelope.ts'
import type { Clock } from './ports/clock.ts'
import type { Entropy } from './ports/entropy.ts'
import { type AppendFailure, type EventStore, type NewEvent, noStream } from './ports/event-store.ts'
import { jobStream, readEvent, readMetadata } from './read-event.ts'

/** Who wishes it, and what made them: `causationId` and `correlationId` are absent for a user, whose command is the root. */
export type Because = { readonly actor: Actor; readonly causationId?: string; readonly correlationId?: string }

export type CommandFailure = JobRefusal | AppendFailure

/** What a command came to: its events (none when it was so already) and the position of the last event of its append. */
export type Written = { readonly events: ReadonlyArray<JobEvent>; readonly position: bigint | null }

/** A Job in memory as its stream stands, with what the next append needs. */
type LiveJob = {
  readonly state: JobState
  readonly revision: number
  readonly hash: string
  /** Correlation of the request that created the Job. */
  readonly root: string | null
}

export type JobWriter = {
  /** Decides and appends. Commands on one Job are taken in order; those that wait meanwhile share the next append. */
  readonly handle: (uid: string, command: JobCommand, because: Because) => TE.TaskEither<CommandFailure, Written>
  /** The Job as of its last append by this writer, or as loaded; `noJob` when it is not held. */
  readonly stateOf: (uid: string) => JobState
  /** The revision of that state's last event; `noStream` when the Job is not held. */
  readonly revisionOf: (uid: string) => number
  readonly rootOf: (uid: string) => string | null
  /** Lets a Job go that will not be written to any more, once what is in flight is answered. */
  readonly release: (uid: string) => void
}

export type WriterPorts = { readonly store: EventStore; readonly clock: Clock; readonly entropy: Entropy }

/** The one way into the log: everything that changes a Job passes here. Retrying is safe because deciding is pure. */
export const jobWriter = (ports: WriterPorts): JobWriter => {
  const desks = new Map<string, Desk>()
  const deskOf = (uid: string): Desk => {
    const desk = desks.get(uid) ?? { live: null, waiting: [], busy: false, isReleased: false }
    desks.set(uid, desk)
    return desk
  }
  return {
    handle: (uid, command, because) => () =>
      new Promise((resolve) => {
        const desk = deskOf(uid)
        desk.waiting.push({ command, because, commandId: ports.entropy.uuid(), resolve })
        desk.isReleased = false
        if (!desk.busy) void work(ports, uid, desk).finally(() => desk.isReleased && desks.delete(uid))
      }),
    stateOf: (uid) => desks.get(uid)?.live?.state ?? noJob,
    revisionOf: (uid) => desks.get(uid)?.live?.revision ?? noStream,
    rootOf: (uid) => desks.get(uid)?.live?.root ?? null,
    release: (uid) => {
      const desk = desks.get(uid)
      if (desk?.busy === true) desk.isReleased = true
      else desks.delete(uid)
    },
  }
}

type Waiting = {
  readonly command: JobCommand
  readonly because: Because
  readonly commandId: string
  readonly resolve: (outcome: E.Either<CommandFailure, Written>) => void
}

/** One stream's place of work: at most one append is in flight. */
type Desk = { live: LiveJob | null; waiting: Waiting[]; busy: boolean; isReleased: boolean }

/**
 * One append holds at most this many events and bytes, unless a single command needs more. Beyond half of the events no further
 * command is decided, because it would often be decided in vain.
 */
const eventsPerAppend = 1000
const bytesPerAppend = 1 << 20

/** An append that loses a race is decided again on the fresh state; losing this often means something else is wrong. */
const attemptsMax = 10

const work = async (ports: WriterPorts, uid: string, desk: Desk): Promise<void> => {
  desk.busy = true
  await Promise.resolve()
  try {
    while (desk.waiting.length > 0) await serve(ports, uid, desk)
  } finally {
    desk.busy = false
  }
}

const serve = async (ports: WriterPorts, uid: string, desk: Desk): Promise<void> => {
  for (let attempt = 1; ; attempt += 1) {
    const loaded = desk.live === null ? await load(ports.store, uid)() : E.right(desk.live)
    if (E.isLeft(loaded)) return refuse(desk, desk.waiting.length, loaded.left)
    desk.live = loaded.right
    const draft = decideWaiting(ports, desk.live, desk.waiting)
    if (draft.events.length === 0) return settle(desk, draft, null)
    const outcome = await appendSurely(ports.store, jobStream(uid), desk.live.revision, draft.events)()
    if (E.isRight(outcome)) {
      desk.live = { ...draft.live, revision: outcome.right.revision }
      return settle(desk, draft, outcome.right.position)
    }
    if (outcome.left._tag !== 'StoreUnavailable') desk.live = null
    if (outcome.left._tag !== 'WrongExpectedRevision' || attempt === attemptsMax)
      return refuse(desk, draft.answers.length, outcome.left)
  }
}

type Draft = {
  readonly live: LiveJob
  readonly events: ReadonlyArray<NewEvent>
  readonly answers: ReadonlyArray<E.Either<JobRefusal, ReadonlyArray<JobEvent>>>
}

/** Decides as many waiting commands as fit into one append, each on the state after the one before. */
const decideWaiting = ({ clock, entropy }: WriterPorts, before: LiveJob, waiting: ReadonlyArray<Waiting>): Draft => {
  let live = before
  let bytes = 0
  const events: NewEvent[] = []
  const answers: Array<E.Either<JobRefusal, ReadonlyArray<JobEvent>>> = []
  for (const { command, because, commandId } of waiting) {
    if (events.length > eventsPerAppend / 2) break
    const decision = decide(command, { at: clock.now(), seed: commandId })(live.state)
    if (E.isLeft(decision) || decision.right.length === 0) {
      answers.push(decision)
      continue
    }
    const origin = originOf(because, commandId, live.root)
    const { sealed, hash } = seal(decision.right, origin, live.hash, entropy.digest)
    bytes += sealed.reduce((sum, { data, metadata }) => sum + data.length + metadata.length, 0)
    if (events.length > 0 && (events.length + sealed.length > eventsPerAppend || bytes > bytesPerAppend)) break
    answers.push(decision)
    for (const event of sealed) events.push(event)
    const state = evolveAll(live.state, decision.right)
    live = { state, hash, revision: live.revision, root: live.root ?? origin.correlationId }
  }
  return { live, events, answers }
}

const originOf = (because: Because, commandId: string, root: string | null): Origin => ({
  correlationId: because.correlationId ?? (because.actor.kind === 'user' ? commandId : (root ?? commandId)),
  causationId: because.causationId ?? commandId,
  actor: because.actor,
  commandId,
  seed: commandId,
})

const settle = (desk: Desk, { live, answers }: Draft, position: bigint | null): void => {
  if (position === null) desk.live = live
  const served = desk.waiting.splice(0, answers.length)
  for (const [place, { resolve }] of served.entries()) {
    const answer = answers[place]
    if (answer === undefined) continue
    resolve(E.isLeft(answer) ? answer : E.right({ events: answer.right, position }))
  }
}

const refuse = (desk: Desk, count: number, failure: AppendFailure): void => {
  for (const { resolve } of desk.waiting.splice(0, count)) resolve(E.left(failure))
}

const pageSize = 2000

/** Folds a Job from its stream. */
const load =
  (store: EventStore, uid: string): TE.TaskEither<AppendFailure, LiveJob> =>
  async () => {
    let live: LiveJob = { state: noJob, revision: noStream, hash: chainStart, root: null }
    for (;;) {
      const page = await store.readStream(jobStream(uid), live.revision + 1, pageSize)()
      if (E.isLeft(page)) return page
      const last = page.right.at(-1)
      const first = page.right[0]
      if (last === undefined || first === undefined) return E.right(live)
      live = {
        state: evolveAll(
          live.state,
          page.right.map((stored) => readEvent(stored).event),
        ),
        revision: last.revision,
        hash: readMetadata(last).hash,
        root: live.root ?? readMetadata(first).correlationId,
      }
    }
  }
