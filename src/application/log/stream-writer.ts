import { E, type TE } from '../../prelude.ts'
import type { Actor, Origin } from '../../projections/recorded.ts'
import { appendSurely } from './append-surely.ts'
import type { Category } from './category.ts'
import { chainStart, seal } from './envelope.ts'
import type { Clock } from '../ports/clock.ts'
import type { Entropy } from '../ports/entropy.ts'
import { type AppendFailure, type EventStore, type NewEvent, noStream } from '../ports/event-store.ts'
import { readMetadata } from './read-event.ts'

/** What is written: the streams of one category, and the pure functions that decide on them. */
export type Decider<State, Command, Event, Refusal> = {
  readonly category: Category<Event>
  readonly initial: State
  readonly decide: (
    command: Command,
    moment: { readonly at: number; readonly seed: string },
  ) => (state: State) => E.Either<Refusal, ReadonlyArray<Event>>
  readonly evolve: (state: State, events: ReadonlyArray<Event>) => State
}

/** Who wishes it, and what made them: `causationId` and `correlationId` are absent for a user, whose command is the root. */
export type Because = {
  readonly actor: Actor
  readonly causationId?: string
  readonly correlationId?: string
  /** The revision that they have seen of the stream: what they wish is decided on a state that is no older. Absent: any. */
  readonly seen?: number
  /** Nobody can have written to the stream, whose uid was made for this command: it is not read first. */
  readonly isNew?: true
}

/** What a command came to: its events (none when it was so already), the position of the last event of its append, and when it was decided. */
export type Written<Event> = {
  readonly events: ReadonlyArray<Event>
  readonly position: bigint | null
  readonly decidedAt: number
}

export type StreamWriter<State, Command, Event, Refusal> = {
  /** Decides and appends. Commands on one stream are taken in order; those that wait meanwhile share the next append. */
  readonly handle: (
    uid: string,
    command: Command,
    because: Because,
  ) => TE.TaskEither<Refusal | AppendFailure, Written<Event>>
  /** The object as of its last append by this writer, or as loaded; the initial state when it is not held. */
  readonly stateOf: (uid: string) => State
  /** The revision of that state's last event; `noStream` when the object is not held. */
  readonly revisionOf: (uid: string) => number
  /** Correlation of the request that created the object; null when it is not held. */
  readonly rootOf: (uid: string) => string | null
  /** Lets an object go that will not be written to any more, once what is in flight is answered. */
  readonly release: (uid: string) => void
}

export type WriterPorts = { readonly store: EventStore; readonly clock: Clock; readonly entropy: Entropy }

/** The one way into the log: everything that changes an object passes here. Retrying is safe because deciding is pure. */
export const streamWriter = <State, Command, Event extends { readonly type: string }, Refusal>(
  ports: WriterPorts,
  decider: Decider<State, Command, Event, Refusal>,
): StreamWriter<State, Command, Event, Refusal> => {
  type OneDesk = Desk<State, Command, Event, Refusal>
  const serveDesk = serving(ports, decider)
  const desks = new Map<string, OneDesk>()
  const deskOf = (uid: string): OneDesk => {
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
        if (!desk.busy) void work(() => serveDesk(uid, desk), desk).finally(() => desk.isReleased && desks.delete(uid))
      }),
    stateOf: (uid) => desks.get(uid)?.live?.state ?? decider.initial,
    revisionOf: (uid) => desks.get(uid)?.live?.revision ?? noStream,
    rootOf: (uid) => desks.get(uid)?.live?.root ?? null,
    release: (uid) => {
      const desk = desks.get(uid)
      if (desk?.busy === true) desk.isReleased = true
      else desks.delete(uid)
    },
  }
}

/** An object in memory as its stream stands, with what the next append needs. */
type Live<State> = {
  readonly state: State
  readonly revision: number
  readonly hash: string
  readonly root: string | null
}

type Waiting<Command, Event, Refusal> = {
  readonly command: Command
  readonly because: Because
  readonly commandId: string
  readonly resolve: (outcome: E.Either<Refusal | AppendFailure, Written<Event>>) => void
}

/** One stream's place of work: at most one append is in flight. */
type Desk<State, Command, Event, Refusal> = {
  live: Live<State> | null
  waiting: Array<Waiting<Command, Event, Refusal>>
  busy: boolean
  isReleased: boolean
}

/**
 * One append holds at most this many events and bytes, unless a single command needs more. Beyond half of the events no further
 * command is decided, because it would often be decided in vain.
 */
const eventsPerAppend = 1000
const bytesPerAppend = 1 << 20

/** An append that loses a race is decided again on the fresh state; losing this often means something else is wrong. */
const attemptsMax = 10

const work = async (
  serve: () => Promise<void>,
  desk: { readonly waiting: ReadonlyArray<unknown>; busy: boolean },
): Promise<void> => {
  desk.busy = true
  await Promise.resolve()
  try {
    while (desk.waiting.length > 0) await serve()
  } finally {
    desk.busy = false
  }
}

/** An append of unknown outcome may land after the stream was read again: whoever waits may know more than the desk. */
const newestSeen = (waiting: ReadonlyArray<{ readonly because: Because }>): number =>
  waiting.reduce((newest, { because: { seen = noStream } }) => Math.max(newest, seen), noStream)

/** Serves as many waiting commands of a desk as one append holds. */
const serving =
  <State, Command, Event extends { readonly type: string }, Refusal>(
    ports: WriterPorts,
    decider: Decider<State, Command, Event, Refusal>,
  ) =>
  async (uid: string, desk: Desk<State, Command, Event, Refusal>): Promise<void> => {
    const stream = decider.category.stream(uid)
    for (let attempt = 1; ; attempt += 1) {
      if (desk.live !== null && desk.live.revision < newestSeen(desk.waiting)) desk.live = null
      if (desk.live === null && attempt === 1 && desk.waiting[0]?.because.isNew === true) desk.live = unwritten(decider)
      const loaded = desk.live === null ? await load(ports.store, stream, decider)() : E.right(desk.live)
      if (E.isLeft(loaded)) return refuse(desk, desk.waiting.length, loaded.left)
      desk.live = loaded.right
      const draft = decideWaiting(ports, decider, desk.live, desk.waiting)
      if (draft.events.length === 0) return settle(desk, draft, null)
      const outcome = await appendSurely(ports.store, stream, desk.live.revision, draft.events)()
      if (E.isRight(outcome)) {
        desk.live = { ...draft.live, revision: outcome.right.revision }
        return settle(desk, draft, outcome.right.position)
      }
      if (outcome.left._tag !== 'StoreUnavailable') desk.live = null
      if (outcome.left._tag !== 'WrongExpectedRevision' || attempt === attemptsMax)
        return refuse(desk, draft.answers.length, outcome.left)
    }
  }

type Draft<State, Event, Refusal> = {
  readonly live: Live<State>
  readonly events: ReadonlyArray<NewEvent>
  readonly answers: ReadonlyArray<E.Either<Refusal, Pick<Written<Event>, 'events' | 'decidedAt'>>>
}

/** Decides as many waiting commands as fit into one append, each on the state after the one before. */
const decideWaiting = <State, Command, Event extends { readonly type: string }, Refusal>(
  { clock, entropy }: WriterPorts,
  { category, decide, evolve }: Decider<State, Command, Event, Refusal>,
  before: Live<State>,
  waiting: ReadonlyArray<Waiting<Command, Event, Refusal>>,
): Draft<State, Event, Refusal> => {
  let live = before
  let bytes = 0
  const events: NewEvent[] = []
  const answers: Array<Draft<State, Event, Refusal>['answers'][number]> = []
  for (const { command, because, commandId } of waiting) {
    if (events.length > eventsPerAppend / 2) break
    const decidedAt = clock.now()
    const decision = decide(command, { at: decidedAt, seed: commandId })(live.state)
    const answer = E.isLeft(decision) ? decision : E.right({ events: decision.right, decidedAt })
    if (E.isLeft(decision) || decision.right.length === 0) {
      answers.push(answer)
      continue
    }
    const origin = originOf(because, commandId, live.root)
    const { sealed, hash } = seal(decision.right, origin, live.hash, entropy.digest, category.version)
    bytes += sealed.reduce((sum, { data, metadata }) => sum + data.length + metadata.length, 0)
    if (events.length > 0 && (events.length + sealed.length > eventsPerAppend || bytes > bytesPerAppend)) break
    answers.push(answer)
    for (const event of sealed) events.push(event)
    const state = evolve(live.state, decision.right)
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

const settle = <State, Command, Event, Refusal>(
  desk: Desk<State, Command, Event, Refusal>,
  { live, answers }: Draft<State, Event, Refusal>,
  position: bigint | null,
): void => {
  if (position === null) desk.live = live
  const served = desk.waiting.splice(0, answers.length)
  for (const [place, { resolve }] of served.entries()) {
    const answer = answers[place]
    if (answer === undefined) continue
    resolve(E.isLeft(answer) ? answer : E.right({ ...answer.right, position }))
  }
}

const refuse = <State, Command, Event, Refusal>(
  desk: Desk<State, Command, Event, Refusal>,
  count: number,
  failure: AppendFailure,
): void => {
  for (const { resolve } of desk.waiting.splice(0, count)) resolve(E.left(failure))
}

const unwritten = <State>({ initial }: { readonly initial: State }): Live<State> => ({
  state: initial,
  revision: noStream,
  hash: chainStart,
  root: null,
})

const pageSize = 2000

/** Folds an object from its stream. */
const load =
  <State, Command, Event, Refusal>(
    store: EventStore,
    stream: string,
    { category, initial, evolve }: Decider<State, Command, Event, Refusal>,
  ): TE.TaskEither<AppendFailure, Live<State>> =>
  async () => {
    let live = unwritten({ initial })
    for (;;) {
      const page = await store.readStream(stream, live.revision + 1, pageSize)()
      if (E.isLeft(page)) return page
      const last = page.right.at(-1)
      const first = page.right[0]
      if (last === undefined || first === undefined) return E.right(live)
      live = {
        state: evolve(
          live.state,
          page.right.map((stored) => category.read(stored).event),
        ),
        revision: last.revision,
        hash: readMetadata(last).hash,
        root: live.root ?? readMetadata(first).correlationId,
      }
    }
  }
